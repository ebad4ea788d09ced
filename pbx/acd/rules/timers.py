"""What is due when. Setting a timer again replaces it.

A sorted list, the next one at its end. A heap would leave stale entries behind and have to be swept now and
then, which takes tens of milliseconds with ten thousand contacts; moving pointers aside takes microseconds
each time.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Literal

TimerKind = Literal[
    "offer",
    "wrap_up",
    "reach",
    "max_wait",
    "announce",
    "relax",
    "hold",
    "retry",
    "callback",
    "expire",
]
Timer = tuple[TimerKind, str]
_Slot = tuple[float, int]


class Timers:
    """Timers by kind and id; those due come out by time, then in the order in which they were set."""

    __slots__ = ("_count", "_slots", "_sorted")

    def __init__(self) -> None:
        self._sorted: list[tuple[_Slot, Timer]] = []
        self._slots: dict[Timer, _Slot] = {}
        self._count = 0

    def __repr__(self) -> str:
        return f"Timers({self._slots!r})"

    def set(self, kind: TimerKind, item: str, when: float) -> None:
        """Let (kind, item) be due at `when`, and no other time."""
        self.cancel(kind, item)
        self._count += 1
        slot = self._slots[kind, item] = -when, -self._count
        insort(self._sorted, (slot, (kind, item)))

    def cancel(self, kind: TimerKind, item: str) -> None:
        """Forget (kind, item) if it is set."""
        slot = self._slots.pop((kind, item), None)
        if slot is not None:
            del self._sorted[bisect_left(self._sorted, (slot, (kind, item)))]

    def when(self, kind: TimerKind, item: str) -> float | None:
        """When (kind, item) is due; None if it is not set."""
        slot = self._slots.get((kind, item))
        return -slot[0] if slot else None

    def next(self) -> float | None:
        """When the next one is due."""
        return -self._sorted[-1][0][0] if self._sorted else None

    def pop_due(self, now: float) -> Timer | None:
        """Take the first one that is due at `now`."""
        if not self._sorted or -self._sorted[-1][0][0] > now:
            return None
        timer = self._sorted.pop()[1]
        del self._slots[timer]
        return timer
