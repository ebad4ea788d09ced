"""Finds legs that are gone without a word: no audio for too long, or unknown to the library."""

from dataclasses import dataclass

import pjsua2 as pj
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from pbx.clock import Clock
from pbx.media.callbacks import Call
from pbx.media.leg import Leg
from pbx.media.legs import Legs

_log = Logger()
LONGEST_STEP = 5.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds without a received packet after which a leg is ended: while talking, and while on hold."""

    talking: float = 30.0
    held: float = 600.0


class Watch:
    """Looks at all legs every few seconds; `start` and `stop` it."""

    def __init__(self, clock: Clock, legs: Legs, patience: Patience) -> None:
        self._clock = clock
        self._legs = legs
        self._patience = patience
        self._loop = LoopingCall(self.look)
        self._loop.clock = clock

    def start(self) -> None:
        """Look from now on, a few times within the shorter patience."""
        self._loop.start(min(LONGEST_STEP, self._patience.talking / 4, self._patience.held / 4), now=False)

    def stop(self) -> None:
        """Look no more."""
        if self._loop.running:
            self._loop.stop()

    def look(self) -> None:
        """One look at every leg."""
        for leg in self._legs.all():
            try:
                self._look_at(leg)
            except Exception:
                _log.failure("A leg could not be looked at")
        self._legs.drop_lost(lost)

    def _look_at(self, leg: Leg) -> None:
        if lost(leg.call, leg.sip_call_id):
            self._legs.lose(leg)
        elif leg.phase == "talking":
            self._listen(leg)

    def _listen(self, leg: Leg) -> None:
        patience = self._patience.held if leg.held else self._patience.talking
        if leg.silent_for(self._clock.seconds()) >= patience:
            self._legs.hang_up(leg.id, 0, "No audio received", "rtp_timeout")


def lost(call: Call, sip_call_id: str = "") -> bool:
    """The library does not know the call any more, or has given its slot to another."""
    try:
        found = call.getInfo().callIdString
    except pj.Error:
        return True
    return bool(sip_call_id) and found != sip_call_id
