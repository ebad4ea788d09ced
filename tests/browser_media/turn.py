"""A TURN server (coturn) on loopback, with credentials by shared secret, as installations run one for browsers.

with TurnServer(tmp_path) as turn:
    page.configure(iceServers=[turn.ice_server()], relayOnly=True)
"""

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from agent_ui.ice import ice_servers
from config.settings import WebrtcSettings
from tests.lab import free_port

SECRET = "a secret that the pages and coturn share"
PROGRAM = shutil.which("turnserver")


class TurnServer:
    """The process, in a directory of its own, relaying between loopback addresses only."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.port = free_port()

    def __enter__(self) -> Self:
        assert PROGRAM is not None
        first = 49152 + self.port % 15000
        self._log = (self._directory / "turn.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(
                    PROGRAM,
                    "-n",
                    "--no-cli",
                    "--no-tls",
                    "--no-dtls",
                    "--no-multicast-peers",
                    "--allow-loopback-peers",
                ),
                *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={self.port}"),
                *(f"--min-port={first}", f"--max-port={first + 100}", "--realm=comptoir"),
                *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--verbose"),
                *(f"--pidfile={self._directory / 'turn.pid'}", f"--userdb={self._directory / 'turn.db'}"),
                *("--log-file=stdout", "--simple-log"),
            ],
            cwd=self._directory,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.log()[-2000:]
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(f"coturn does not listen: {self.log()[-2000:]}")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._log.close()

    def log(self) -> str:
        return (self._directory / "turn.log").read_text(errors="replace")

    def ice_server(self, transport: str = "udp", secret: str = SECRET) -> dict[str, Any]:
        """For RTCPeerConnection's iceServers, as our pages are told it."""
        url = f"turn:127.0.0.1:{self.port}?transport={transport}"
        settings = WebrtcSettings(turn_urls=(url,), turn_secret=secret)
        return ice_servers(settings, "browser", time.time())[0].model_dump()
