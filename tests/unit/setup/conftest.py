"""An installation with the demonstration for every test."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from console import Console, RunningPbx

from config import cli


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of an installation with the demonstration; others copy it."""
    directory = tmp_path_factory.mktemp("demonstration")
    settings = directory / "comptoir.toml"
    settings.write_text(f'[paths]\nstate_dir = "{directory / "state"}"\n')
    for verb in ("upgrade", "demo"):
        assert cli.main(["--settings", str(settings), "db", verb]) == 0
    return directory / "state"


@pytest.fixture
def console(demonstration: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Console:
    """The telephone system does not run."""
    made = Console(tmp_path, capsys)
    shutil.copytree(demonstration, made.database.parent)
    return made


@pytest.fixture
def pbx() -> Iterator[RunningPbx]:
    running = RunningPbx()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def running_console(
    console: Console, pbx: RunningPbx, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Console:
    """The telephone system runs, as `pbx`."""
    return Console(tmp_path, capsys, pbx.server.server_port)


@pytest.fixture
def flow_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes the shipped flow, changed by a function, to a file."""
    shipped = Path(__file__).parents[3] / "ivr" / "flows" / "shop.json"

    def write(change: Callable[[dict[str, Any]], None] = lambda flow: None) -> Path:
        flow = json.loads(shipped.read_text("utf-8"))
        change(flow)
        path = tmp_path / "flow.json"
        path.write_text(json.dumps(flow), "utf-8")
        return path

    return write
