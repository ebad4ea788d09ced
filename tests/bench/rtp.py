"""Speech for hundreds of calls, and the bare relay that is the floor: two small C programs, compiled here."""

import json
import subprocess
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent


class CompilerMissing(Exception):
    """The load's C programs cannot be compiled."""


def build(name: str, directory: Path) -> Path:
    """Compile `name`.c unless it is there and newer; returns the program."""
    source, program = SOURCES / f"{name}.c", directory / name
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    directory.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["cc", "-O2", "-Wall", "-o", str(program), str(source), "-lm"], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise CompilerMissing(f"{source.name} does not compile (Debian: build-essential): {done.stderr}")
    return program


class _Program:
    """A C program that says it is ready and ends with its standard input."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    @property
    def pid(self) -> int:
        return self.process.pid

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended by itself ({self.process.wait()})")
        return dict(json.loads(line))

    def close(self) -> None:
        self.process.communicate(timeout=10)


class Speech(_Program):
    """Side 0 of each call speaks 500 Hz and side 1 1000 Hz, 50 packets a second; see rtpload.c."""

    def __init__(self, directory: Path, ports: tuple[int, int]) -> None:
        self.ports = ports
        super().__init__(str(build("rtpload", directory)), *map(str, ports))

    def call(self, side: int, first: int, count: int) -> None:
        """Speak to the ports first, first + 4, ... of a relay."""
        self._say(f"peers {side} {first} {count} 4")

    def forget(self) -> None:
        """Speak to nobody."""
        self._say("forget")

    def count(self) -> dict[str, Any]:
        """The counters since the start."""
        self._say("count")
        return self._answer()


class Relay(_Program):
    """Passes packets on, and nothing else; see udprelay.c."""

    def __init__(self, directory: Path, first: int, pairs: int, to: tuple[int, int]) -> None:
        super().__init__(str(build("udprelay", directory)), str(first), str(pairs), *map(str, to))


def heard(before: dict[str, Any], after: dict[str, Any]) -> dict[str, float]:
    """What both sides sent and received between two counts.

    `lost` are gaps in the sequence numbers of what came, `reported_lost` what the far end's receiver reports
    say that it missed, `right` the share of sampled packets in which the other side's tone was heard.
    """
    sums = {
        name: sum(now[name] - then[name] for now, then in zip(after["sides"], before["sides"], strict=True))
        for name in ("sent", "received", "lost", "late", "sampled", "right", "reported_lost")
    }
    expected = sums["received"] + sums["lost"]
    return {
        **sums,
        "lost_percent": 100 * sums["lost"] / expected if expected else 0.0,
        "reported_lost_percent": 100 * sums["reported_lost"] / sums["sent"] if sums["sent"] else 0.0,
        "heard_percent": 100 * sums["right"] / sums["sampled"] if sums["sampled"] else 0.0,
        "load_late_ticks": after["late_ticks"] - before["late_ticks"],
    }
