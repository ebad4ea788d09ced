"""How long a contact will wait, from how long agents have been taking."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

LOOK_BACK = 3600.0
FEWEST_SAMPLES = 5
MOST_SAMPLES = 500


@dataclass(slots=True)
class HandleTimes:
    """The agents' time that recent contacts of one queue took: talk, hold and wrap-up, in seconds.

    A contact that two agents had is one contact with the time of both.
    """

    _spans: deque[tuple[float, float, int]] = field(default_factory=deque)

    def record(self, now: float, seconds: float, contacts: int) -> None:
        """An agent spent `seconds` and thereby finished `contacts` (0 or 1) contacts."""
        self._spans.append((now, seconds, contacts))
        if len(self._spans) > MOST_SAMPLES:
            self._spans.popleft()

    def average(self, now: float) -> float | None:
        """AHT over the last hour, None with fewer than five contacts in it."""
        while self._spans and self._spans[0][0] < now - LOOK_BACK:
            self._spans.popleft()
        handled = sum(contacts for _, _, contacts in self._spans)
        if handled < FEWEST_SAMPLES:
            return None
        return sum(seconds for _, seconds, _ in self._spans) / handled


def expected_wait(
    position: int, aht: float | None, serving: float, longest_wait: float, length: int
) -> float | None:
    """Seconds until the contact at `position` (1 is next) of `length` is answered; None when nobody can know.

    position x AHT / agents, where `serving` counts an agent of k queues as 1/k. Never below what the line
    itself shows: who is at its head has waited `longest_wait`, so the line takes longest_wait / length a
    place.
    """
    if aht is None or serving <= 0:
        return None
    trend = longest_wait / length if length else 0.0
    return position * max(aht / serving, trend)


def spoken_minutes(seconds: float | None, told_before: int | None) -> int | None:
    """Whole minutes, rounded up, and never more than the customer was told before."""
    if seconds is None:
        return None
    minutes = max(1, math.ceil(seconds / 60))
    return minutes if told_before is None else min(minutes, told_before)
