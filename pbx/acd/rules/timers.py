"""What is due when. Setting a timer again replaces it; canceling is cheap."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
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


class Timers:
    """Timers by kind and id; those due come out by time, then in the order in which they were set."""

    __slots__ = ("_count", "_heap", "_live")

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._live: dict[Timer, tuple[float, int]] = {}
        self._count = 0

    def __repr__(self) -> str:
        return f"Timers({self._live!r})"

    def set(self, kind: TimerKind, item: str, when: float) -> None:
        """Let (kind, item) be due at `when`, and no other time."""
        self._count += 1
        self._live[kind, item] = when, self._count
        heappush(self._heap, (when, self._count, (kind, item)))
        self._compact()

    def cancel(self, kind: TimerKind, item: str) -> None:
        """Forget (kind, item) if it is set."""
        self._live.pop((kind, item), None)

    def when(self, kind: TimerKind, item: str) -> float | None:
        """When (kind, item) is due; None if it is not set."""
        due = self._live.get((kind, item))
        return due[0] if due else None

    def next(self) -> float | None:
        """When the next one is due."""
        self._drop_stale()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> Timer | None:
        """Take the first one that is due at `now`."""
        self._drop_stale()
        if not self._heap or self._heap[0][0] > now:
            return None
        timer = heappop(self._heap)[2]
        del self._live[timer]
        return timer

    def _drop_stale(self) -> None:
        while self._heap and not self._is_live(self._heap[0]):
            heappop(self._heap)

    def _compact(self) -> None:
        """Stale entries must not pile up behind a far one; at half the heap, drop them all."""
        if len(self._heap) > 2 * len(self._live) + 64:
            self._heap = [entry for entry in self._heap if self._is_live(entry)]
            heapify(self._heap)

    def _is_live(self, entry: tuple[float, int, Timer]) -> bool:
        when, count, timer = entry
        return self._live.get(timer) == (when, count)
