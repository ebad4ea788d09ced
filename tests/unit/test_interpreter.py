"""Garbage is collected by the reactor, in portions, and by nobody else."""

import gc
import sys
import weakref
from collections.abc import Iterator
from itertools import pairwise

import pytest
from twisted.internet.task import Clock

from pbx.interpreter import (
    BUSY_PAUSE,
    LOOK_SECONDS,
    PAUSES,
    SWITCH_SECONDS,
    THRESHOLDS,
    Collector,
    favour_reactor,
)


class Knot:
    """Refers to itself, so that only a collection ends it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def own_collector_afterwards() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def tie_knots() -> "weakref.ref[Knot]":
    first = Knot()
    for _ in range(THRESHOLDS[0] + 1):
        Knot()
    return weakref.ref(first)


def test_python_s_own_collector_rests_until_the_stop() -> None:
    stop = Collector(Clock(), lambda: True).start()
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0
    stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_calls_leave_is_collected_on_the_next_look() -> None:
    clock = Clock()
    stop = Collector(clock, lambda: True).start()
    left = tie_knots()
    assert left() is not None
    clock.advance(LOOK_SECONDS)
    assert left() is None
    stop()


def test_nothing_is_collected_after_the_stop() -> None:
    clock, generations = Clock(), []
    stop = Collector(clock, lambda: True, lambda generation: generations.append(generation) or 0).start()
    stop()
    gc.disable()
    tie_knots()
    clock.pump([LOOK_SECONDS] * 20)
    assert generations == [2]


class Recorder:
    """Collects, and notes when and what."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.seen: list[tuple[float, int]] = []

    def __call__(self, generation: int) -> int:
        self.seen.append((self.clock.seconds(), generation))
        return gc.collect(generation)

    def of(self, generation: int) -> list[float]:
        return [at for at, which in self.seen[1:] if which == generation]


def run_for(seconds: float, quiet: bool) -> Recorder:
    clock = Clock()
    recorder = Recorder(clock)
    stop = Collector(clock, lambda: quiet, recorder).start()
    while clock.seconds() < seconds:
        tie_knots()
        clock.advance(LOOK_SECONDS)
    stop()
    return recorder


def test_a_full_collection_is_rare_however_much_there_is() -> None:
    recorder = run_for(2.5 * PAUSES[2], quiet=True)
    assert 1 <= len(recorder.of(2)) <= 2
    assert len(recorder.of(0)) > 500


def test_a_full_collection_is_put_off_while_there_are_calls_but_not_for_ever() -> None:
    assert run_for(3 * PAUSES[2], quiet=False).of(2) == []
    clock = Clock()
    recorder = Recorder(clock)
    stop = Collector(clock, lambda: False, recorder).start()
    for _ in range(THRESHOLDS[2] * THRESHOLDS[1] * 3):
        tie_knots()
        clock.advance(BUSY_PAUSE / 100)
    stop()
    full = recorder.of(2)
    assert full
    assert all(after - before >= BUSY_PAUSE - 1 for before, after in pairwise([0.0, *full]))


def test_the_reactor_waits_for_a_busy_thread_half_a_millisecond_at_most() -> None:
    before = sys.getswitchinterval()
    restore = favour_reactor()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
    restore()
    assert sys.getswitchinterval() == pytest.approx(before)
