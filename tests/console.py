"""The console command, run in this process, and what it sees of a running telephone system."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from config import cli


@dataclass
class Said:
    """A command's exit code and what it printed."""

    code: int
    out: str
    err: str


class Console:
    """Runs `comptoir WORDS` on an installation of its own."""

    def __init__(self, directory: Path, capture: pytest.CaptureFixture[str], api_port: int = 1) -> None:
        self.settings = directory / "comptoir.toml"
        self.database = directory / "state" / "comptoir.db"
        self._capture = capture
        self.settings.write_text(
            f'[paths]\nstate_dir = "{directory / "state"}"\n[api]\nport = {api_port}\ntoken = "{"t" * 40}"\n'
        )

    def __call__(self, *words: object) -> Said:
        try:
            code = cli.main(["--settings", str(self.settings), *map(str, words)])
        except SystemExit as end:  # argparse's own refusals
            code = int(end.code or 0)
        printed = self._capture.readouterr()
        return Said(code, printed.out, printed.err)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What the database holds."""
        engine = create_engine(f"sqlite:///{self.database}")
        try:
            with engine.begin() as connection:
                return [dict(row._mapping) for row in connection.execute(text(query))]
        finally:
            engine.dispose()


class RunningPbx:
    """What the console sees of a running telephone system: it counts reloads, or refuses them."""

    def __init__(self) -> None:
        self.reloads: list[dict[str, str]] = []
        self.refusal = ""
        outer = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.reloads.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
                self.send_response(503 if outer.refusal else 204)
                self.end_headers()
                if outer.refusal:
                    self.wfile.write(json.dumps({"detail": outer.refusal}).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
