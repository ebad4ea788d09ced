"""What is read at all, and what comes first when there is too much: decided before anything is parsed."""

import re
from enum import IntEnum

from pbx.sip.edge_settings import GuardSettings

_METHOD = re.compile(rb"[ \t\r\n]*([A-Za-z]+)[ /]")
_TO_TAG = re.compile(rb"\n(?:to|t)[ \t]*:[^\n]*;[ \t]*tag[ \t]*=", re.IGNORECASE)
_CALLS_GO_ON = frozenset(
    {b"SIP", b"ACK", b"BYE", b"CANCEL", b"INFO", b"PRACK", b"UPDATE", b"REFER", b"NOTIFY"}
)
_HEAD = 4096


class Urgency(IntEnum):
    """How long a message is kept when load grows: the lower, the longer."""

    IN_DIALOG = 0
    INVITE = 1
    REGISTER = 2
    OTHER = 3


_NEEDED_FULLNESS = {Urgency.INVITE: 0.0, Urgency.REGISTER: 0.25, Urgency.OTHER: 0.5}
"""How full the bucket of new work must be for a message to be taken: the rest is kept for the urgent."""


def urgency_of(data: bytes) -> Urgency:
    """Judge a message by its first bytes, without parsing it."""
    found = _METHOD.match(data)
    method = found[1] if found else b""
    if method in _CALLS_GO_ON or _TO_TAG.search(data, 0, _HEAD):
        return Urgency.IN_DIALOG
    if method == b"INVITE":
        return Urgency.INVITE
    return Urgency.REGISTER if method == b"REGISTER" else Urgency.OTHER


class Load:
    """How much new work is taken: a rate that shrinks while the reactor falls behind.

    `admits` says whether to do the work, `answers` whether there is time to refuse it with 503 rather than
    to drop it. Times are the reactor's seconds.
    """

    def __init__(self, settings: GuardSettings, now: float) -> None:
        self._rate = settings.new_rate
        self._burst = max(20.0, settings.new_rate / 2)
        self._new = self._burst
        self._refusals = self._burst
        self._filled_at = now
        self._share = 1.0

    def admits(self, urgency: Urgency, now: float) -> bool:
        """Whether a message of this urgency is worked on."""
        if urgency is Urgency.IN_DIALOG:
            return True
        self._fill(now)
        if self._new < 1.0 or self._new < self._burst * _NEEDED_FULLNESS[urgency]:
            return False
        self._new -= 1.0
        return True

    def answers(self) -> bool:
        """Whether a message that was not admitted gets its 503."""
        if self._refusals < 1.0:
            return False
        self._refusals -= 1.0
        return True

    def lagged(self, seconds: float) -> None:
        """The reactor was late by so much: above 0.1 s take less new work, otherwise slowly more."""
        if seconds > 0.1:
            self._share = max(0.1, self._share * 0.8)
        else:
            self._share = min(1.0, self._share + 0.05)

    def _fill(self, now: float) -> None:
        gained = (now - self._filled_at) * self._rate
        self._filled_at = now
        self._new = min(self._burst, self._new + gained * self._share)
        self._refusals = min(self._burst, self._refusals + gained)
