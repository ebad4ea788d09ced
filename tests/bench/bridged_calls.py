"""Callers connected to agents, speaking both ways, and the same speech through a bare relay beside it."""

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.installation import PLAIN, RECORDED, Installation
from tests.bench.meters import Usage, Window, percentile
from tests.bench.probe import Probe
from tests.bench.rtp import Relay, Speech, heard
from tests.bench.sipp import Sipp
from tests.lab import free_port

CALLS_A_SECOND = 25
SETTLE = 3.0
RELAY_PORTS = 10000


@dataclass(frozen=True, slots=True)
class Level:
    """So many conversations at a time, and what they cost. Times in milliseconds."""

    calls: int
    talking: int
    usage: Usage
    lost_percent: float = 0.0
    reported_lost_percent: float = 0.0
    heard_percent: float = 0.0
    packets_in: float = 0.0
    load_late_ticks: float = 0.0
    answer_p99: float = 0.0
    options_p99: float = 0.0
    options_worst: float = 0.0

    @property
    def cpu_a_call(self) -> float:
        """Percent of one core that one call costs."""
        return self.usage.cpu / self.talking if self.talking else 0.0


@dataclass(slots=True)
class Conversations:
    """All levels of one way to run."""

    name: str
    levels: list[Level] = field(default_factory=list)
    recordings: int = 0
    complaints: str = ""


def free_pair() -> int:
    """A port that is free together with the one after it."""
    while True:
        port = free_port(socket.SOCK_DGRAM)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class BridgedCalls:
    """The measurement on one installation, which is started here; `work` takes files, `build` the programs."""

    def __init__(self, lab: Installation, work: Path, build: Path, say: Callable[[str], None]) -> None:
        self._lab = lab
        self._work = work
        self._say = say
        self._speech = Speech(build, (free_pair(), free_pair()))
        self._phones: Sipp | None = None
        self._callers: list[Sipp] = []
        work.mkdir(parents=True, exist_ok=True)
        (work / "callers.csv").write_text(
            "SEQUENTIAL\n" + "".join(f"+33199{number:06};\n" for number in range(1000))
        )

    def run(self, name: str, counts: Sequence[int], recorded: bool, seconds: float) -> Conversations:
        """Measure each count of calls for so many seconds; the calls of one level stay for the next."""
        result = Conversations(name)
        self._begin(max(counts))
        try:
            for before, count in zip([0, *counts], counts, strict=False):
                self._say(f"{count} calls, {name}")
                self._add_calls(count - before, RECORDED if recorded else PLAIN)
                result.levels.append(self._measure(count, seconds))
        finally:
            self._end(result)
        return result

    def _begin(self, agents: int) -> None:
        port, names = free_port(socket.SOCK_DGRAM), list(self._lab.phones)[:agents]
        self._lab.start_and_settle()
        self._lab.register_phones(port, names)
        self._phones = Sipp(
            "agents_phone", self._work / "phones", "-p", str(port), "-key", "rtp", str(self._speech.ports[1])
        )
        self._lab.all_available(names)

    def _add_calls(self, count: int, number: str) -> None:
        self._callers.append(
            Sipp(
                "stays",
                self._work / f"callers-{len(self._callers)}",
                *("-p", str(free_port(socket.SOCK_DGRAM)), "-s", number, "-r", str(CALLS_A_SECOND)),
                *("-inf", str(self._work / "callers.csv"), "-key", "rtp", str(self._speech.ports[0])),
                *("-m", str(count), self._lab.server),
            )
        )
        time.sleep(count / CALLS_A_SECOND)

    def _measure(self, count: int, seconds: float) -> Level:
        assert self._lab.pbx is not None
        assert self._phones is not None
        self._lab.wait_for_calls(count, 15)
        time.sleep(SETTLE)
        load = (self._speech.pid, self._phones.pid, *(one.pid for one in self._callers))
        probe = Probe(("127.0.0.1", self._lab.sip_port))
        before, window = self._speech.count(), Window(self._lab.pbx.pid, load)
        time.sleep(seconds)
        usage, after = window.close(), self._speech.count()
        probe.close()
        answers, found = probe.take()[0], heard(before, after)
        return Level(
            calls=count,
            talking=self._lab.calls_with_agents(),
            usage=usage,
            lost_percent=found["lost_percent"],
            reported_lost_percent=found["reported_lost_percent"],
            heard_percent=found["heard_percent"],
            packets_in=found["sent"] / usage.seconds,
            load_late_ticks=found["load_late_ticks"],
            answer_p99=percentile([t for one in self._callers for t in one.counted().answered_ms], 0.99),
            options_p99=percentile(answers, 0.99),
            options_worst=max(answers, default=0.0),
        )

    def _end(self, result: Conversations) -> None:
        self._lab.stop_pbx()
        for one in (*self._callers, *([self._phones] if self._phones else [])):
            one.stop()
            result.complaints = result.complaints or one.errors()
        self._speech.close()
        result.recordings = sum(1 for _ in (self._lab.state / "recordings").rglob("*.wav"))


def run_relay(
    build: Path, counts: Sequence[int], seconds: float, say: Callable[[str], None]
) -> Conversations:
    """The floor: the same speech, through a program that does nothing but pass packets on."""
    result = Conversations("bare relay")
    for count in counts:
        say(f"{count} calls through the bare relay")
        result.levels.append(_relay_level(build, count, seconds))
    return result


def _relay_level(build: Path, count: int, seconds: float) -> Level:
    speech = Speech(build, (free_pair(), free_pair()))
    relay = Relay(build, RELAY_PORTS, count, speech.ports)
    speech.call(0, RELAY_PORTS, count)
    speech.call(1, RELAY_PORTS + 2, count)
    time.sleep(1.0)
    before, window = speech.count(), Window(relay.pid, (speech.pid,))
    time.sleep(seconds)
    usage, after = window.close(), speech.count()
    speech.close()
    relay.close()
    found = heard(before, after)
    return Level(
        calls=count, talking=count, usage=usage, lost_percent=found["lost_percent"],
        heard_percent=found["heard_percent"], packets_in=found["sent"] / usage.seconds,
        load_late_ticks=found["load_late_ticks"],
    )  # fmt: skip
