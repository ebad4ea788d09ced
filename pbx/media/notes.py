"""What pjsua2's callbacks leave behind, and the queue they leave it in.

A callback runs inside the library, sometimes while one of our own calls into it is still going on. It only
puts a note here; the notes are read when the library has returned.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from twisted.logger import Logger

from pbx.clock import Clock
from pbx.events import LegId, Profile

_log = Logger()


@dataclass(frozen=True, slots=True)
class Note:
    """Something happened to the leg."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class Invited(Note):
    """An INVITE came in; its call is kept under the leg's id already."""

    message: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Rang(Note):
    """A provisional answer came to an outgoing leg."""

    status: int


@dataclass(frozen=True, slots=True)
class Confirmed(Note):
    """The dialog stands."""


@dataclass(frozen=True, slots=True)
class Disconnected(Note):
    """The library is done with the call."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class MediaChanged(Note):
    """The audio was negotiated, again or for the first time."""


@dataclass(frozen=True, slots=True)
class KeyPressed(Note):
    """One key."""

    digit: str
    method: Literal["rfc4733", "info"]


@dataclass(frozen=True, slots=True)
class Referred(Note):
    """REFER was accepted; `refer_to` is the header's value."""

    refer_to: str


class Notes:
    """A queue that is read after each poll, or on the next reactor turn when nothing polls."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: deque[Note] = deque()
        self._scheduled = False
        self._readers: dict[type[Note], Callable[..., None]] = {}

    def read_by(self, readers: dict[type[Note], Callable[..., None]]) -> None:
        """Who is called with each kind of note."""
        self._readers = readers

    def add(self, note: Note) -> None:
        """Called inside the library's callbacks."""
        self._waiting.append(note)
        if not self._scheduled:
            self._scheduled = True
            self._clock.callLater(0, self._deliver_later)

    def _deliver_later(self) -> None:
        self._scheduled = False
        self.deliver()

    def deliver(self) -> None:
        """Read everything that waits. A reader that raises is logged."""
        while self._waiting:
            note = self._waiting.popleft()
            try:
                self._readers[type(note)](note)
            except Exception:
                _log.failure("A note could not be read: {kind}", kind=type(note).__name__)
