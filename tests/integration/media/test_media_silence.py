"""`Media.silent_for`, on the fake and on the real stack alike."""

import signal
import time
from collections.abc import Iterator
from typing import Protocol

import pytest
from twisted.internet.task import Clock

from pbx.bus import Bus
from pbx.calls.fake_media import FakeMedia
from tests.phone import Phone


class Talk(Protocol):
    """A leg `leg` that talks, and what its peer can do."""

    leg: str

    def silent_for(self, leg: str) -> float: ...
    def goes_quiet_for(self, seconds: float) -> None: ...
    def ends(self) -> None: ...


class FakeTalk:
    """On FakeMedia."""

    leg = "a"

    def __init__(self) -> None:
        self.media = FakeMedia(Bus(Clock()))
        self.media.peer_calls("a", "1", "2")
        self.media.answer("a")
        self.silent_for = self.media.silent_for

    def goes_quiet_for(self, seconds: float) -> None:
        self.media.peer_is_silent("a", seconds)

    def ends(self) -> None:
        self.media.peer_ends("a")


class RealTalk:
    """On pjsua2, with a phone that is stopped as a machine that hangs."""

    def __init__(self, box, phone: Phone) -> None:
        self.box, self.phone = box, phone
        self.call = phone.call(f"sip:100@127.0.0.1:{box.port}")
        self.leg = box.answered()
        time.sleep(0.2)

    def silent_for(self, leg: str) -> float:
        return self.box.do("silent_for", leg)

    def goes_quiet_for(self, seconds: float) -> None:
        self.phone.process.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        self.silent_for(self.leg)
        time.sleep(seconds)

    def ends(self) -> None:
        self.phone.process.send_signal(signal.SIGCONT)
        self.phone.hang_up(self.call)
        self.box.wait("LegEnded", leg=self.leg)


@pytest.fixture(params=["fake", "real"])
def talk(request: pytest.FixtureRequest, box) -> Iterator[Talk]:
    if request.param == "fake":
        yield FakeTalk()
        return
    with Phone(username="carol", through_server=False) as carol:
        yield RealTalk(box, carol)
        carol.process.send_signal(signal.SIGCONT)


def test_a_leg_that_speaks_is_not_silent(talk: Talk) -> None:
    talk.silent_for(talk.leg)
    assert talk.silent_for(talk.leg) < 0.1


def test_a_leg_is_silent_for_as_long_as_no_packet_came(talk: Talk) -> None:
    talk.goes_quiet_for(0.6)
    assert 0.5 <= talk.silent_for(talk.leg) < 1.5


def test_a_leg_that_ended_is_not_silent(talk: Talk) -> None:
    talk.goes_quiet_for(0.3)
    talk.ends()
    assert talk.silent_for(talk.leg) == 0.0


def test_a_leg_that_nobody_knows_is_not_silent(talk: Talk) -> None:
    assert talk.silent_for("nobody") == 0.0


def test_asking_costs_next_to_nothing(box, alice) -> None:
    alice.call(f"sip:100@127.0.0.1:{box.port}")
    leg = box.answered()
    began = time.perf_counter()
    for _ in range(200):
        box.do("silent_for", leg)
    print(f"asked over a pipe: {(time.perf_counter() - began) / 200 * 1e6:.0f} microseconds")
    assert time.perf_counter() - began < 6, "30 ms each, with the pipe and a busy machine"
