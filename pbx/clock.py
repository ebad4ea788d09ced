"""The part of a reactor that everything timed needs; twisted.internet.task.Clock has it too."""

from collections.abc import Callable
from typing import Any, Protocol


class Timer(Protocol):
    """A call that has not been made yet."""

    def active(self) -> bool:
        """Whether it is still to come."""

    def cancel(self) -> None:
        """Do not make it."""


class Clock(Protocol):
    """Delayed calls and monotonic seconds."""

    def callLater(self, delay: float, callable: Callable[..., Any], *args: Any) -> Timer:  # noqa: N802
        """Call after `delay` seconds."""

    def seconds(self) -> float:
        """Seconds on a clock that never goes back."""


class ThreadedClock(Clock, Protocol):
    """A reactor that other threads can hand work to."""

    def callFromThread(self, callable: Callable[..., Any], *args: Any) -> None:  # noqa: N802
        """Call on the reactor's thread."""
