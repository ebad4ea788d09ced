"""The console command and its plug-ins."""

import argparse
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from config import cli, plugins
from config.settings import Settings

CALLS: list[Settings] = []


def add_ping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    ping = commands.add_parser("ping")
    ping.add_argument("--code", type=int, default=0)
    ping.set_defaults(run=run_ping)


def run_ping(arguments: argparse.Namespace, settings: Settings) -> int:
    CALLS.append(settings)
    return int(arguments.code)


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    CALLS.clear()
    monkeypatch.setenv("COMPTOIR_PATHS_STATE_DIR", str(tmp_path))
    entries = (
        EntryPoint("ping", "config.cli:main", plugins.COMMANDS),
        EntryPoint("gone", "config.nowhere:add", plugins.COMMANDS),
    )
    monkeypatch.setattr(plugins, "entry_points", lambda group: entries)
    loaded = {"ping": add_ping}
    monkeypatch.setattr(
        EntryPoint, "load", lambda self: loaded[self.name] if self.name in loaded else missing()
    )


def missing() -> None:
    raise ImportError("No module named 'config.nowhere'")


def test_a_plugged_in_command_runs_with_the_settings_and_gives_the_exit_code(tmp_path: Path) -> None:
    assert cli.main(["ping", "--code", "7"]) == 7
    assert [settings.paths.state_dir for settings in CALLS] == [tmp_path]


def test_a_command_that_cannot_be_imported_says_so_and_leaves_the_others_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["gone"]) == 1
    assert "gone: cannot be loaded: config.nowhere:add: No module named" in capsys.readouterr().err
    assert cli.main(["ping"]) == 0


def test_wrong_settings_end_with_2_and_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text("[sip]\nport = 0.5\n")

    assert cli.main(["--settings", str(file), "ping"]) == 2
    assert f"comptoir: {file}:2: sip.port: 0.5 is not allowed" in capsys.readouterr().err
    assert CALLS == []


def test_an_unknown_command_ends_with_2() -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["fly"])
    assert caught.value.code == 2
