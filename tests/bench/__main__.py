"""`make bench`: measures the telephone system on this machine, prints the figures and writes them as JSON.

make bench                         everything, about ten minutes
make bench BENCH=--quick           the same with few calls, about two minutes
make bench BENCH="--only ivr"      one part: ivr, bridged, webrtc, acd, edge, pop, cobrowse
make bench BENCH="--only cobrowse --minutes 10"   memory of co-browsing over ten minutes of use
make bench BENCH=--document        and put the figures into docs/benchmarks.md
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from tests.bench import bench_acd, bench_edge, webrtc_load  # noqa: E402
from tests.bench.bridged_calls import BridgedCalls, Conversations, run_relay  # noqa: E402
from tests.bench.cobrowse import CobrowseBench  # noqa: E402
from tests.bench.installation import Installation  # noqa: E402
from tests.bench.ivr_calls import IvrCalls  # noqa: E402
from tests.bench.meters import machine  # noqa: E402
from tests.bench.report import Results  # noqa: E402
from tests.bench.screen_pop import ScreenPops  # noqa: E402

BUILD = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "benchmarks.md"
PARTS = ("ivr", "bridged", "webrtc", "acd", "edge", "pop", "cobrowse")
NARROW, WIDE = 8000, 16000


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. `rates` are (calls a second, seconds); `ways` (clock rate, recorded, counts)."""

    rates: tuple[tuple[int, int], ...] = ((25, 20), (50, 20), (100, 100), (150, 20))
    ways: tuple[tuple[int, bool, tuple[int, ...]], ...] = (
        (NARROW, False, (50, 100, 200, 300, 500)),
        (NARROW, True, (50, 100, 200, 300)),
        (WIDE, True, (100, 300)),
    )
    relayed: tuple[int, ...] = (50, 100, 200, 300, 500)
    legs: tuple[int, ...] = (20, 50, 100)
    seconds: float = 8.0
    pops: tuple[int, int, int] = (200, 20, 60)
    """Pages, calls a second, seconds."""
    cobrowse: bool = True
    """Whether co-browsing is measured with as many probes as its figures need."""
    minutes: float = 1.0
    """How long co-browsing is used while its memory is looked at."""


QUICK = Plan(
    rates=((25, 5), (100, 10)),
    ways=((NARROW, False, (10, 50)), (NARROW, True, (10, 50)), (WIDE, True, (10, 50))),
    relayed=(10, 50),
    legs=(10, 20),
    seconds=4.0,
    pops=(40, 5, 15),
    cobrowse=False,
    minutes=0.3,
)


class Bench:
    """One run in a directory that goes away afterwards."""

    def __init__(self, plan: Plan, directory: Path) -> None:
        self._plan = plan
        self._directory = directory
        self._began = time.monotonic()
        self.results = Results(machine=machine())

    def run(self, parts: Sequence[str]) -> Results:
        """Measure the parts."""
        if "edge" in parts:
            self._say("the SIP edge alone")
            self.results.edge = bench_edge.measure()
        if "acd" in parts:
            self._say("routing decisions")
            self.results.acd = self._acd()
        if "webrtc" in parts:
            self.results.legs = webrtc_load.measure(
                self._directory / "legs", self._plan.legs, self._plan.seconds, self._say
            )
        if "cobrowse" in parts:
            mirror = CobrowseBench(
                self._directory / "cobrowse", self._say, not self._plan.cobrowse, self._plan.minutes
            )
            self.results.cobrowse = mirror.run()
        if {"ivr", "bridged", "pop"} & set(parts):
            self._calls(parts)
        return self.results

    def _say(self, words: str) -> None:
        print(f"[{time.monotonic() - self._began:4.0f} s] {words}", flush=True)

    def _acd(self) -> dict[str, object]:
        document = self._directory / "acd.json"
        bench_acd.main(str(document))
        return dict(json.loads(document.read_text()))

    def _calls(self, parts: Sequence[str]) -> None:
        self._say("installing")
        pattern = Installation(self._directory / "pattern", NARROW)
        pattern.install()
        pattern.add_agents(max(self._plan.pops[0], *(max(counts) for _, _, counts in self._plan.ways)))
        if "ivr" in parts:
            self._ivr(pattern)
        if "pop" in parts:
            self._pop(pattern)
        if "bridged" in parts:
            for rate, recorded, counts in self._plan.ways:
                self.results.conversations.append(self._bridged(pattern, rate, recorded, counts))
            self.results.relay = run_relay(BUILD, self._plan.relayed, self._plan.seconds, self._say)

    def _ivr(self, pattern: Installation) -> None:
        lab = self._copy(pattern, "ivr", NARROW)
        with lab:
            lab.start_and_settle()
            calls = IvrCalls(lab, self._directory / "ivr-load", self._say)
            self.results.ivr = calls.run(list(self._plan.rates))
            lab.stop_pbx()
        _tell_complaints(self.results.ivr.complaints, lab)

    def _pop(self, pattern: Installation) -> None:
        lab = self._copy(pattern, "pop", NARROW)
        with lab:
            pops = ScreenPops(lab, self._directory / "pop-load", self._say)
            self.results.pop = pops.run(*self._plan.pops)
        _tell_complaints("", lab)

    def _bridged(
        self, pattern: Installation, rate: int, recorded: bool, counts: Sequence[int]
    ) -> Conversations:
        name = f"{'recorded' if recorded else 'not recorded'}, {rate // 1000} kHz bridge"
        lab = self._copy(pattern, name.replace(" ", "-"), rate)
        with lab:
            calls = BridgedCalls(lab, self._directory / f"load of {name}", BUILD, self._say)
            found = calls.run(name, counts, recorded, self._plan.seconds)
        _tell_complaints(found.complaints, lab)
        return found

    def _copy(self, pattern: Installation, name: str, rate: int) -> Installation:
        lab = Installation(self._directory / name, rate)
        lab.copy_from(pattern)
        return lab


def _tell_complaints(complaints: str, lab: Installation) -> None:
    for source, words in (("SIPp", complaints), ("the telephone system", lab.log())):
        if words.strip():
            print(f"--- {source} says:\n{words.strip()[:1500]}", file=sys.stderr, flush=True)


def main() -> int:
    """Run, print, write; 0 unless a part could not be measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few calls, short times")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part (may be repeated)")
    parser.add_argument("--document", action="store_true", help=f"write the figures into {PAGE.name}")
    parser.add_argument("--minutes", type=float, help="how long co-browsing is used for its memory")
    wanted = parser.parse_args()
    plan = QUICK if wanted.quick else Plan()
    if wanted.minutes is not None:
        plan = replace(plan, minutes=wanted.minutes)
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=BUILD) as directory:
        results = Bench(plan, Path(directory)).run(wanted.only or PARTS)
    print()
    for table in results.tables():
        print(table)
    print(f"Figures and charts: {results.write(BUILD).parent.relative_to(ROOT)}/")
    if wanted.document:
        results.document(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
