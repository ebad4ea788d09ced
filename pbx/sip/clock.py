"""The reactor's time, as this package uses it."""

from collections.abc import Callable
from typing import Any, Protocol


class Timer(Protocol):
    """A call that will be made."""

    def active(self) -> bool:
        """Whether it has neither been made nor cancelled."""

    def cancel(self) -> None:
        """Do not make it."""


class Clock(Protocol):
    """Seconds since the epoch, and calls later (twisted's IReactorTime)."""

    def seconds(self) -> float:
        """Now."""

    def callLater(self, delay: float, function: Callable[..., Any], *arguments: Any) -> Timer:  # noqa: N802
        """Call `function` in `delay` seconds."""
