"""Legs that keep their names while what carries them changes."""

from pathlib import Path

import pytest
from twisted.internet.task import Clock

from pbx.bus import Bus
from pbx.calls.fake_media import FakeMedia
from pbx.calls.lines import Lines
from pbx.events import LegDigit, LegEnded, LegEvent, PlaybackEnded

PROMPT, MUSIC = [Path("/prompt.wav")], [Path("/music.wav")]


class Exchange:
    """Lines on a fake media side, and what is heard of them."""

    def __init__(self) -> None:
        self.clock = Clock()
        bus = Bus(self.clock)
        self.media = FakeMedia(bus)
        self.lines = Lines(self.media, bus)
        self.heard: list[LegEvent] = []
        bus.subscribe(LegEvent, self._on_event)
        for line in ("a", "b", "n"):
            self.media.peer_calls(line, "", "")
        for line in ("a", "b"):
            self.media.peer_answers(line)
        self.turn()

    def _on_event(self, event: LegEvent) -> None:
        named = self.lines.named(event)
        if named is not None:
            self.heard.append(named)

    def turn(self) -> list[LegEvent]:
        self.clock.advance(0)
        self.clock.advance(0)
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


def test_what_happens_on_the_new_line_happens_to_the_leg(exchange: Exchange) -> None:
    exchange.media.slow_hang_ups = True
    exchange.lines.replace("a", "n", "taken back")
    exchange.turn()
    exchange.media.peer_presses("n", "5")
    exchange.media.peer_presses("a", "7")
    assert exchange.turn() == [LegDigit("a", "5", "rfc4733")]
    exchange.media.peer_ends("n")
    assert exchange.turn() == [LegEnded("a", 200, "", "remote")]


def test_the_prompt_begins_again_and_ends_once_under_its_own_name(exchange: Exchange) -> None:
    exchange.lines.play("a", "p1", PROMPT)
    assert exchange.lines.replace("a", "n", "") == ()
    exchange.turn()
    assert exchange.media.legs["n"].files == tuple(PROMPT)

    exchange.media.finish_playback("n")

    assert exchange.turn() == [PlaybackEnded("a", "p1", completed=True)]


def test_what_was_stopped_or_replaced_does_not_begin_again_but_is_told_to_be_over(exchange: Exchange) -> None:
    exchange.lines.play("a", "p1", PROMPT)
    exchange.lines.play("a", "m1", MUSIC, loop=True)
    exchange.lines.stop_playback("a")

    over = exchange.lines.replace("a", "n", "")

    assert over == (PlaybackEnded("a", "p1", False), PlaybackEnded("a", "m1", False))
    assert exchange.media.legs["n"].playing is None
    assert not [event for event in exchange.turn() if isinstance(event, PlaybackEnded)]


def test_commands_reach_the_line_that_carries_the_leg(exchange: Exchange) -> None:
    exchange.lines.replace("a", "n", "")
    exchange.lines.send_digits("a", "12")
    exchange.lines.mix("call", frozenset({("a", "b"), ("b", "a")}))
    exchange.media.peer_is_silent("n", 3.0)
    assert exchange.media.legs["n"].digits == "12"
    assert exchange.media.hears("call") == {("n", "b"), ("b", "n")}
    assert exchange.lines.silent_for("a") == 3.0


def test_a_leg_that_is_given_up_is_heard_no_more(exchange: Exchange) -> None:
    exchange.lines.abandon("a", "gone")
    assert exchange.turn() == [] and exchange.media.legs["a"].ended
