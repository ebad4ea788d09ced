"""Garbage is collected by the reactor, in portions, and by nobody else."""

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest
from twisted.internet.task import Clock

from pbx.interpreter import LOOK_SECONDS, PAUSES, SWITCH_SECONDS, THRESHOLDS, Collector, favour_reactor


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
    stop = Collector(Clock()).start()
    assert not gc.isenabled()
    assert gc.get_freeze_count() > 0
    stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_what_calls_leave_is_collected_on_the_next_look() -> None:
    clock = Clock()
    stop = Collector(clock).start()
    left = tie_knots()
    assert left() is not None
    clock.advance(LOOK_SECONDS)
    assert left() is None
    stop()


def test_nothing_is_collected_after_the_stop() -> None:
    clock, generations = Clock(), []
    stop = Collector(clock, lambda generation: generations.append(generation) or 0).start()
    stop()
    gc.disable()
    tie_knots()
    clock.pump([LOOK_SECONDS] * 20)
    assert generations == [2]


def test_a_full_collection_is_rare_however_much_there_is() -> None:
    clock, times = Clock(), []

    def collect(generation: int) -> int:
        times.append((clock.seconds(), generation))
        return gc.collect(generation)

    stop = Collector(clock, collect).start()
    for _ in range(int(2.5 * PAUSES[2] / LOOK_SECONDS)):
        tie_knots()
        clock.advance(LOOK_SECONDS)
    stop()
    full = [at for at, generation in times[1:] if generation == 2]
    assert 1 <= len(full) <= 2
    assert len([at for at, generation in times[1:] if generation == 0]) > 500


def test_the_reactor_waits_for_a_busy_thread_half_a_millisecond_at_most() -> None:
    before = sys.getswitchinterval()
    restore = favour_reactor()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)
    restore()
    assert sys.getswitchinterval() == pytest.approx(before)
