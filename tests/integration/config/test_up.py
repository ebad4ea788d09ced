"""`comptoir up` with the real processes: it tells where to go, survives a crash, and leaves nothing behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path(sys.executable).with_name("comptoir")
PORTS = (
    "SIP_PORT",
    "SIP_INTERNAL_PORT",
    "MEDIA_PLAIN_PORT",
    "API_PORT",
    "WEB_PORT",
    "WEB_VIEWER_PORT",
    "SHOP_PORT",
    "SHOP_PAYMENT_PORT",
)


@dataclass
class Installation:
    """A state directory of its own and ports that nobody else uses."""

    environ: dict[str, str]
    ports: dict[str, int]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([BIN, *words], env=self.environ, capture_output=True, text=True, timeout=60)

    def up(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [BIN, "up"],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in taken]


def children(pid: int) -> dict[str, int]:
    """Map the supervised processes' names to their ids."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                words = stat.with_name("cmdline").read_bytes().rstrip(b"\0").split(b"\0")
                found[words[-1].decode()] = int(stat.parent.name)
    return found


def answers(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool], within: float = 30) -> float:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() < began + within, f"it did not happen within {within} s"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    environ |= {f"COMPTOIR_{name}": str(port) for name, port in ports.items()}
    environ |= {
        "COMPTOIR_PATHS_STATE_DIR": str(tmp_path_factory.mktemp("state")),
        "COMPTOIR_SIP_LISTEN": "127.0.0.1",
    }
    installation = Installation(environ, ports)
    assert "comptoir db upgrade" in installation.run("up").stderr
    assert installation.run("db", "upgrade").returncode == 0
    assert installation.run("db", "demo").returncode == 0
    return installation


@pytest.fixture(scope="module")
def comptoir(installation: Installation) -> Iterator[subprocess.Popen[str]]:
    process = installation.up()
    yield process
    for pid in [*children(process.pid).values(), process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def test_it_prints_the_addresses_and_the_numbers_when_both_processes_answer(
    comptoir: subprocess.Popen[str], installation: Installation
) -> None:
    assert comptoir.stdout is not None
    said = ""
    for line in comptoir.stdout:
        said += line
        if "Ctrl-C" in line:
            break

    assert f"http://127.0.0.1:{installation.ports['WEB_PORT']}" in said
    assert f"127.0.0.1:{installation.ports['SIP_PORT']} (UDP, TCP)" in said
    assert "4000" in said
    assert children(comptoir.pid).keys() == {"pbx", "web"}


def test_a_second_one_with_the_same_state_directory_is_refused(
    comptoir: subprocess.Popen[str], installation: Installation
) -> None:
    second = installation.run("up")

    assert second.returncode == 1
    assert f"Comptoir runs already (process {comptoir.pid})" in second.stderr


def test_a_killed_pbx_is_back_within_five_seconds_and_the_pages_never_went(
    comptoir: subprocess.Popen[str], installation: Installation
) -> None:
    before = children(comptoir.pid)

    os.kill(before["pbx"], signal.SIGKILL)
    until(lambda: before["pbx"] not in children(comptoir.pid).values())
    took = until(lambda: "pbx" in children(comptoir.pid) and answers(installation.ports["API_PORT"]))

    assert took < 5
    assert children(comptoir.pid)["web"] == before["web"]


def test_ctrl_c_stops_everything_and_frees_the_ports(
    comptoir: subprocess.Popen[str], installation: Installation
) -> None:
    before = children(comptoir.pid)

    os.killpg(comptoir.pid, signal.SIGINT)

    assert comptoir.wait(timeout=30) == 0
    assert len(before) == 2
    assert [pid for pid in before.values() if Path(f"/proc/{pid}").exists()] == []
    assert [name for name in ("API_PORT", "WEB_PORT", "SIP_PORT") if answers(installation.ports[name])] == []
