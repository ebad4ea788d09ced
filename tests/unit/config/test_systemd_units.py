"""The systemd units start what there is and stay locked up."""

import configparser
from pathlib import Path

import pytest

from config.commands.up import PROCESSES

UNITS = Path(__file__).parents[3] / "config" / "systemd"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNITS / f"comptoir-{name}.service")
    return parser


@pytest.mark.parametrize("process", PROCESSES)
def test_each_process_has_a_unit_that_runs_it_and_restarts_it(process: str) -> None:
    service = unit(process)["Service"]

    assert service["ExecStart"].split("/bin/")[-1] == f"comptoir {process}"
    assert service["Restart"] == "always"


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("CapabilityBoundingSet", ""),
        ("SystemCallFilter", "@system-service"),
    ],
)
def test_each_unit_is_hardened(process: str, key: str, value: str) -> None:
    assert unit(process)["Service"][key] == value


@pytest.mark.parametrize("process", PROCESSES)
def test_both_processes_share_one_user_and_one_state_directory(process: str) -> None:
    service = unit(process)["Service"]

    assert (service["User"], service["StateDirectory"]) == ("comptoir", "comptoir")
    assert service["Environment"] == "COMPTOIR_PATHS_STATE_DIR=/var/lib/comptoir"
