"""The feed follows the telephone system through lost connections and restarts, and misses nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import gevent
import pytest

from agent_ui.control import scene
from agent_ui.control.errors import ControlAway
from agent_ui.control.memory import MemoryControl
from agent_ui.realtime.feed import PAUSES, Feed
from agent_ui.realtime.live import Live
from agent_ui.workers import Workers
from pbx.contract.events import AnyEvent, CallHeld, ConfigurationReloaded, ContactChanged

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


class Recorder:
    """Notes what it is told, in order."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def started_over(self, live: Live) -> None:
        self.told.append(("started over", live.boot, live.seq))

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        self.told.append((event.type, after.seq))

    def link_changed(self, up: bool) -> None:
        self.told.append(("link", up))


class Scene:
    """A feed on a telephone system in memory. Its pauses end when the test says so."""

    def __init__(self) -> None:
        self.control = MemoryControl(scene.snapshot([scene.agent("alice")]), buffer=5)
        self.recorder = Recorder()
        self.pauses: list[float] = []
        self._awake = gevent.event.Event()
        self.feed = Feed(self.control, Workers(1), self.recorder, self._sleep)
        self.greenlet = gevent.spawn(self.feed.run)

    def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self._awake.wait()
        self._awake.clear()

    def wake(self) -> None:
        self._awake.set()

    def hold(self, contact: str = "c1") -> None:
        self.control.happens(CallHeld(at=NOW, contact=contact))

    def until(self, condition: Callable[[], bool]) -> None:
        """Let greenlets and workers run until it holds."""
        with gevent.Timeout(5):
            while not condition():
                gevent.sleep(0.001)

    def until_told(self, what: Any) -> None:
        self.until(lambda: what in self.recorder.told)


@pytest.fixture
def stage() -> Iterator[Scene]:
    made = Scene()
    made.until_told(("link", True))
    yield made
    made.greenlet.kill()


def test_it_begins_with_a_snapshot_and_goes_on_with_events(stage: Scene) -> None:
    stage.hold()
    stage.until_told(("call.held", 1))
    assert stage.recorder.told == [("started over", "boot-1", 0), ("link", True), ("call.held", 1)]


def test_events_missed_during_a_lost_connection_are_replayed(stage: Scene) -> None:
    stage.control.goes_away()
    stage.until_told(("link", False))
    stage.hold()
    stage.hold()
    stage.control.comes_back()
    stage.wake()
    stage.until_told(("call.held", 2))
    assert stage.recorder.told[2:] == [("link", False), ("link", True), ("call.held", 1), ("call.held", 2)]


def test_more_missed_events_than_are_kept_make_it_start_over(stage: Scene) -> None:
    stage.control.goes_away()
    stage.until_told(("link", False))
    for _ in range(9):
        stage.hold()
    stage.control.comes_back()
    stage.wake()
    stage.until_told(("started over", "boot-1", 9))
    stage.hold()
    stage.until_told(("call.held", 10))
    assert ("call.held", 3) not in stage.recorder.told


def test_a_restarted_telephone_system_makes_it_start_over(stage: Scene) -> None:
    stage.hold()
    stage.until_told(("call.held", 1))
    stage.control.goes_away()
    stage.until_told(("link", False))
    stage.control.comes_back(boot="boot-2")
    stage.wake()
    stage.until_told(("started over", "boot-2", 0))
    stage.hold()
    stage.until(lambda: stage.feed.live.seq == 1)
    assert stage.feed.live.boot == "boot-2"


def test_a_new_configuration_makes_it_read_everything_again(stage: Scene) -> None:
    stage.control.happens(ConfigurationReloaded(at=NOW))
    stage.until_told(("started over", "boot-1", 1))
    stage.hold()
    stage.until_told(("call.held", 2))
    assert ("link", False) not in stage.recorder.told


def test_its_pauses_grow_while_nobody_answers_and_start_small_again(stage: Scene) -> None:
    stage.control.goes_away()
    for count in range(1, 8):
        stage.until(lambda count=count: len(stage.pauses) == count)
        stage.wake()
    assert tuple(stage.pauses[:5]) == PAUSES
    assert stage.pauses[5] == PAUSES[-1]
    stage.control.comes_back()
    stage.wake()
    stage.until(lambda: stage.feed.up)
    stage.control.goes_away()
    stage.until(lambda: not stage.feed.up)
    stage.until(lambda: stage.pauses[-1] == PAUSES[0])


def test_pages_are_told_once_that_the_telephone_system_is_away(stage: Scene) -> None:
    stage.control.goes_away()
    for count in range(1, 4):
        stage.until(lambda count=count: len(stage.pauses) == count)
        stage.wake()
    assert stage.recorder.told.count(("link", False)) == 1


def test_a_listener_that_fails_on_one_event_does_not_end_the_feed(stage: Scene) -> None:
    failing = [True]
    heard = stage.recorder.happened

    def happened(before: Live, event: AnyEvent, after: Live) -> None:
        if failing.pop() if failing else False:
            raise RuntimeError("a page could not be told")
        heard(before, event, after)

    stage.recorder.happened = happened  # type: ignore[method-assign]
    stage.hold()
    stage.until(lambda: len(stage.pauses) == 1)
    stage.wake()
    stage.until_told(("started over", "boot-1", 1))
    stage.control.happens(ContactChanged(at=NOW, contact="c1", view=scene.contact("c1")))
    stage.until_told(("contact.changed", 2))


def test_stopping_it_closes_its_stream() -> None:
    control = MemoryControl(scene.snapshot())
    feed = Feed(control, Workers(1), Recorder())
    stop = feed.start()
    with gevent.Timeout(5):
        while not feed.up:
            gevent.sleep(0.001)
    stop()
    assert control._streams == []


def test_a_telephone_system_that_was_never_there_is_away() -> None:
    control = MemoryControl(scene.snapshot())
    control.goes_away()
    with pytest.raises(ControlAway):
        control.snapshot()
