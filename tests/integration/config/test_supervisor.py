"""Real processes under the supervisor: restarted when they die, none left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

CHILD = """
import os, signal, sys, time
from config.child import follow_parent
follow_parent()
def stop(*_):
    time.sleep(0.2)
    print("child stopped in order", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with open(sys.argv[1], "a") as file: file.write(f"{os.getpid()}\\n")
while True: time.sleep(0.05)
"""

SUPERVISOR = """
import sys
from twisted.internet import reactor
from config.logging import start_logging
from config.settings import LoggingSettings
from config.supervisor import Supervisor
start_logging(LoggingSettings(), "up", twisted=True)
children = {name: [sys.executable, "-c", sys.argv[1], f"{sys.argv[2]}/{name}"] for name in ("pbx", "web")}
supervisor = Supervisor(reactor, children, stop_time=5)
reactor.callWhenRunning(supervisor.start)
reactor.addSystemEventTrigger("before", "shutdown", supervisor.stop)
reactor.run()
"""


class Running:
    """A supervisor with two children, each of which writes its process id at every start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        words = [sys.executable, "-c", SUPERVISOR, CHILD, str(folder)]
        self.process = subprocess.Popen(
            words, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def started(self, name: str) -> list[int]:
        path = self._folder / name
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def all_started(self) -> list[int]:
        return [*self.started("pbx"), *self.started("web")]

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, "it did not happen within 20 s"
            time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    running.until(lambda: bool(running.started("pbx") and running.started("web")))
    yield running
    for pid in [running.process.pid, *running.all_started()]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.process.communicate()


def test_a_killed_child_is_started_again_and_the_other_is_left_alone(running: Running) -> None:
    (first,), (other,) = running.started("pbx"), running.started("web")

    os.kill(first, signal.SIGKILL)
    running.until(lambda: len(running.started("pbx")) == 2)

    assert is_alive(running.started("pbx")[1])
    assert running.started("web") == [other]
    assert is_alive(other)
    running.process.terminate()
    _, said = running.process.communicate(timeout=20)
    assert said.count("pbx ended and is started again: A process has ended") == 1
    assert "signal 9" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child_in_order_and_then_the_supervisor(
    running: Running, number: signal.Signals
) -> None:
    children = running.all_started()

    os.killpg(running.process.pid, number)
    _, said = running.process.communicate(timeout=20)

    assert [pid for pid in children if is_alive(pid)] == []
    assert said.splitlines().count("child stopped in order") == 2
    assert running.process.returncode == 0


def test_children_end_when_the_supervisor_is_killed(running: Running) -> None:
    children = running.all_started()

    running.process.kill()

    running.until(lambda: not any(is_alive(pid) for pid in children))
