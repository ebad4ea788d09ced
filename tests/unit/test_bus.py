"""Publish now, deliver on the next turn."""

from dataclasses import dataclass

import pytest
from twisted.internet.task import Clock

from pbx.bus import Bus


@dataclass(frozen=True)
class Happened:
    what: str = ""


@dataclass(frozen=True)
class HappenedAgain(Happened):
    pass


class Turns:
    def __init__(self) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.heard: list[str] = []

    def hear(self, kind: type[Happened] = Happened, name: str = "") -> object:
        return self.bus.subscribe(kind, lambda event: self.heard.append(f"{name}{event.what}"))

    def turn(self) -> None:
        self.clock.advance(0)


@pytest.fixture
def turns() -> Turns:
    return Turns()


def test_nobody_hears_before_the_next_turn(turns: Turns) -> None:
    turns.hear()
    turns.bus.publish(Happened("a"))
    assert turns.heard == []

    turns.turn()
    assert turns.heard == ["a"]


def test_events_come_in_the_order_they_were_published_to_listeners_in_the_order_they_came(
    turns: Turns,
) -> None:
    turns.hear(name="1")
    turns.hear(name="2")
    turns.bus.publish(Happened("a"))
    turns.bus.publish(Happened("b"))
    turns.turn()

    assert turns.heard == ["1a", "2a", "1b", "2b"]


def test_what_a_listener_publishes_comes_after_what_was_there_already(turns: Turns) -> None:
    turns.bus.subscribe(HappenedAgain, lambda event: turns.bus.publish(Happened("answer")))
    turns.hear()
    turns.bus.publish(HappenedAgain("question"))
    turns.bus.publish(Happened("other"))

    turns.turn()

    assert turns.heard == ["question", "other", "answer"]


def test_who_listens_for_a_kind_hears_its_subclasses_too(turns: Turns) -> None:
    turns.hear(Happened)
    turns.hear(HappenedAgain, name="again ")
    turns.bus.publish(HappenedAgain("a"))
    turns.bus.publish(Happened("b"))
    turns.turn()

    assert turns.heard == ["again a", "a", "b"]


def test_a_listener_that_fails_keeps_no_other_from_hearing(turns: Turns) -> None:
    turns.bus.subscribe(Happened, lambda event: 1 / 0)
    turns.hear()
    turns.bus.publish(Happened("a"))
    turns.turn()

    assert turns.heard == ["a"]


def test_who_has_stopped_hears_nothing_more_even_of_what_was_published_before(turns: Turns) -> None:
    stop = turns.bus.subscribe(Happened, lambda event: turns.heard.append(event.what))
    turns.bus.publish(Happened("a"))
    stop()
    stop()
    turns.turn()

    assert turns.heard == []
