"""Calls a second against the shop's menu: answered, recognised, greeted by name, and hung up after 0.5 to 2 s."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.installation import MENU, Installation
from tests.bench.meters import MemoryTrace, Usage, Window, percentile, slope
from tests.bench.probe import Probe
from tests.bench.sipp import Sipp
from tests.lab import free_port

TRANSACTIONS_LIVE = 32.0
"""Seconds for which a SIP transaction over UDP stays in memory (RFC 3261 section 17: 64 T1)."""
SETTLED = 60.0
"""Seconds of steady load after which memory is to be flat."""
LONGEST_CALL = 2.0
STRANGERS = [f"+3363998{number:04}" for number in range(20)]
"""Callers whom the shop does not know."""


@dataclass(frozen=True, slots=True)
class Point:
    """One rate: what the callers saw, and what it cost. Times in milliseconds."""

    rate: int
    seconds: int
    calls: int
    failed: int
    why_failed: str
    retransmissions: int
    p50: float
    p99: float
    worst: float
    options_p50: float
    options_p99: float
    options_worst: float
    usage: Usage


@dataclass(slots=True)
class IvrResult:
    """All rates, and the memory during the longest one."""

    points: list[Point] = field(default_factory=list)
    long_rate: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)
    growth_mib_per_minute: float = 0.0
    memory_after_mib: float = 0.0
    complaints: str = ""


@contextmanager
def _open_ear() -> Iterator[int]:
    """A port that swallows the audio: without one each packet would come back as unreachable."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        yield int(ear.getsockname()[1])


class IvrCalls:
    """The measurement on one running installation; `work` takes files, `say` hears what goes on."""

    def __init__(self, lab: Installation, work: Path, say: Callable[[str], None]) -> None:
        self._lab = lab
        self._work = work
        self._say = say
        callers = [*lab.known_callers(20), *STRANGERS]
        self._callers = work / "callers.csv"
        work.mkdir(parents=True, exist_ok=True)
        self._callers.write_text("SEQUENTIAL\n" + "".join(f"{one};\n" for one in callers))

    def run(self, rates: list[tuple[int, int]]) -> IvrResult:
        """Measure (calls a second, seconds) one after the other; the longest also gives memory."""
        result = IvrResult()
        with _open_ear() as ear:
            self._warm_up(ear)
            longest = max(rates, key=lambda one: one[1])
            for rate, seconds in rates:
                self._say(f"{rate} calls/s for {seconds} s")
                trace = MemoryTrace(self._pid).start()
                result.points.append(self._measure(ear, rate, seconds, result))
                samples = trace.stop()
                if (rate, seconds) == longest:
                    _remember_memory(result, rate, samples, seconds)
            time.sleep(TRANSACTIONS_LIVE / 8)
            result.memory_after_mib = Window(self._pid).close().memory_mib
        return result

    def _warm_up(self, ear: int) -> None:
        """Let every caller be greeted, and wait until all that is said to them has been spoken once."""
        self._say("warming up: every greeting is spoken once")
        for turn in range(2):
            self._load(ear, f"warm-up-{turn}", 8, 10)
            before = -1
            while (spoken := sum(1 for _ in (self._lab.state / "prompts").rglob("*"))) != before:
                before = spoken
                time.sleep(1.5)

    @property
    def _pid(self) -> int:
        assert self._lab.pbx is not None
        return self._lab.pbx.pid

    def _start(self, ear: int, name: str, rate: int, seconds: int) -> Sipp:
        return Sipp(
            "hears_the_menu",
            self._work / name,
            *("-p", str(free_port(socket.SOCK_DGRAM)), "-s", MENU, "-inf", str(self._callers)),
            *("-key", "rtp", str(ear), "-r", str(rate), "-m", str(rate * seconds), self._lab.server),
        )

    def _load(self, ear: int, name: str, rate: int, seconds: int) -> Sipp:
        sipp = self._start(ear, name, rate, seconds)
        sipp.wait(seconds + 40)
        return sipp

    def _measure(self, ear: int, rate: int, seconds: int, result: IvrResult) -> Point:
        probe = Probe(("127.0.0.1", self._lab.sip_port))
        sipp = self._start(ear, f"rate-{rate}", rate, seconds)
        time.sleep(LONGEST_CALL)  # from then on as many calls end as begin
        window = Window(self._pid, (sipp.pid,))
        time.sleep(max(1.0, seconds - LONGEST_CALL))
        usage = window.close()
        sipp.wait(60)
        probe.close()
        result.complaints = result.complaints or sipp.errors()
        return _point(rate, seconds, sipp, probe, usage)


def _point(rate: int, seconds: int, sipp: Sipp, probe: Probe, usage: Usage) -> Point:
    counted, (answers, _) = sipp.counted(), probe.take()
    times: list[Any] = list(counted.answered_ms)
    return Point(
        rate=rate,
        seconds=seconds,
        calls=counted.calls,
        failed=counted.calls - counted.succeeded,
        why_failed=counted.why_failed,
        retransmissions=counted.retransmissions,
        p50=percentile(times, 0.5),
        p99=percentile(times, 0.99),
        worst=max(times, default=0.0),
        options_p50=percentile(answers, 0.5),
        options_p99=percentile(answers, 0.99),
        options_worst=max(answers, default=0.0),
        usage=usage,
    )


def _remember_memory(result: IvrResult, rate: int, samples: list[tuple[float, float]], seconds: int) -> None:
    result.long_rate, result.memory = rate, samples
    steady = [one for one in samples if SETTLED <= one[0] <= seconds]
    result.growth_mib_per_minute = slope(steady)
