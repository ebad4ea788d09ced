"""What a person is shown: the settings in force, and addresses that can be reached."""

import ipaddress
import tomllib
from pathlib import Path

import pytest

from config.addresses import bracketed, reachable_hosts
from config.commands.settings import run
from config.loader import load


def test_the_settings_in_force_are_valid_toml_without_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {
        "COMPTOIR_PATHS_STATE_DIR": str(tmp_path),
        "COMPTOIR_API_TOKEN": "hunter2",
        "COMPTOIR_SIP_PORT": "1",
    }

    code = run(type("Arguments", (), {"settings": tmp_path / "mine.toml"})(), load(environ=environ))  # type: ignore[arg-type]

    said = capsys.readouterr().out
    shown = tomllib.loads(said)
    assert code == 0
    assert "hunter2" not in said
    assert "mine.toml" in said
    assert shown["sip"]["port"] == 1
    assert shown["sip"]["listen"] == ["0.0.0.0", "::"]
    assert "token" not in shown["api"]


def test_what_is_shown_can_be_loaded_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = load(environ={"COMPTOIR_PATHS_STATE_DIR": str(tmp_path)})
    run(type("Arguments", (), {"settings": None})(), settings)  # type: ignore[arg-type]
    file = tmp_path / "shown.toml"
    file.write_text(capsys.readouterr().out)

    assert load(file, {}) == settings


def test_an_address_that_is_listened_on_is_shown_as_it_is_once() -> None:
    assert reachable_hosts(("192.0.2.7", "2001:db8::7", "192.0.2.7")) == ["192.0.2.7", "[2001:db8::7]"]


def test_for_every_address_one_of_the_machines_own_is_shown() -> None:
    (host,) = reachable_hosts(("0.0.0.0",))

    assert not ipaddress.ip_address(host).is_unspecified
    assert all(host.strip("[]") != "::" for host in reachable_hosts(("::",)))


def test_an_ipv6_address_is_bracketed_in_a_uri() -> None:
    assert (bracketed("::1"), bracketed("127.0.0.1")) == ("[::1]", "127.0.0.1")
