"""SIPp on both sides of the edge: an independent stack follows our Via, Record-Route and Contact."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from pbx.sip.edge_settings import EdgeSettings
from tests.integration.sip.edge_lab import DID, ReactorThread, running

SCENARIOS = Path(__file__).parent / "scenarios"
SIPP = shutil.which("sipp")
MODES = {"UDP": "u1", "TCP": "t1"}

pytestmark = pytest.mark.skipif(SIPP is None, reason="sipp is not installed (Debian package sip-tester)")


def sipp(scenario: str, *arguments: str, folder: Path) -> "subprocess.Popen[bytes]":
    command = [
        str(SIPP),
        "-sf",
        str(SCENARIOS / f"{scenario}.xml"),
        *("-i", "127.0.0.1", "-nostdin", "-trace_err", "-timeout", "15s", "-timeout_error"),
        *arguments,
    ]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_taken(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the media stands listening: what comes sooner over TCP is not repeated."""
    deadline = time.monotonic() + 15
    while process.poll() is None and time.monotonic() < deadline:
        if f":{port:04X} " in Path("/proc/net/udp").read_text():
            return
        time.sleep(0.02)
    raise AssertionError("sipp does not listen")


def finished_well(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    _, said = process.communicate(timeout=20)
    errors = "\n".join(path.read_text()[:2000] for path in folder.glob("*_errors.log"))
    assert process.returncode == 0, f"{said.decode()[-500:]}\n{errors}"


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
@pytest.mark.parametrize(
    ("caller", "media"),
    [
        ("caller_hangs_up", "media_answers"),
        ("caller_waits", "media_hangs_up"),
        ("caller_cancels", "media_is_cancelled"),
    ],
)
def test_twenty_calls_end_as_they_should(
    reactor_thread: ReactorThread, tmp_path: Path, transport: str, caller: str, media: str
) -> None:
    media_port = free_port()
    with running(reactor_thread, media_address=("127.0.0.1", media_port)) as lab:
        folders = [tmp_path / "caller", tmp_path / "media"]
        for folder in folders:
            folder.mkdir()
        called = sipp(media, "-p", str(media_port), "-m", "20", folder=folders[1])
        wait_until_taken(media_port, called)
        edge = lab.udp() if transport == "UDP" else lab.tcp()
        calling = sipp(
            caller,
            f"{edge[0]}:{edge[1]}",
            *("-t", MODES[transport], "-s", DID, "-m", "20", "-r", "50"),
            folder=folders[0],
        )
        finished_well(calling, folders[0])
        finished_well(called, folders[1])


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_a_phone_registers_with_another_stack_s_digest(
    reactor_thread: ReactorThread, tmp_path: Path, transport: str
) -> None:
    with running(reactor_thread, settings=EdgeSettings(algorithms=("MD5",))) as lab:  # all that SIPp knows
        edge = lab.udp() if transport == "UDP" else lab.tcp()
        phone = sipp("registers", f"{edge[0]}:{edge[1]}", "-t", MODES[transport], "-m", "1", folder=tmp_path)
        finished_well(phone, tmp_path)
        assert len(lab.call(lab.edge.registrations, "ana")) == 1
