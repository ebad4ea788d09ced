"""The control API, as the pages need it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent_ui.control.verbs import ContactVerb
from pbx.contract.base import Schema
from pbx.contract.commands import DeclineOffer, Device, Dial, JoinVisitor, RequestCallback, SetStatus
from pbx.contract.events import Envelope, Reset
from pbx.contract.resources import CallbackView, CdrView, DirectoryEntry, QueueStatus, RecordingView, Snapshot


@dataclass(frozen=True, slots=True)
class CdrQuery:
    """Which CDRs to read, latest first; a filter that is None does not filter."""

    customer_id: str | None = None
    caller: str | None = None
    agent: str | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class RecordingsQuery:
    """Which recordings to read, latest first; a filter that is None does not filter."""

    contact: str | None = None
    agent: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


class EventStream(Protocol):
    """Events as they happen, until the connection ends or `close` is called."""

    def __iter__(self) -> Iterator[Envelope | Reset]:
        """The events, waiting for each without blocking other greenlets.

        Raises:
            ControlAway: the connection was lost.
        """
        ...

    def close(self) -> None:
        """End the stream, from any greenlet; the iterator stops."""
        ...


class Control(Protocol):
    """Reads and commands the telephone system. Commands name who acts: an agent's id, or a visitor's guest account
    (pbx.contract.guest) where visitors may act.

    All methods but `events` block their thread: they are called in a worker.

    Raises:
        ControlAway: it does not answer.
        ControlRefused: it refuses.
    """

    def snapshot(self) -> Snapshot: ...

    def events(self, boot: str, since: int) -> EventStream:
        """The events after number `since` of a `boot`, in order, starting with the ones that were missed.

        A Reset comes first if they are no longer all there. Called on the greenlet that will iterate.
        """
        ...

    def directory(self) -> tuple[DirectoryEntry, ...]: ...

    def cdr(self, query: CdrQuery) -> tuple[CdrView, ...]: ...

    def record(self, contact: str) -> CdrView: ...

    def recordings(self, query: RecordingsQuery) -> tuple[RecordingView, ...]:
        """Recordings and messages. Their files are on a disk that both processes see."""
        ...

    def set_status(self, actor: str, agent: str, status: SetStatus) -> None: ...

    def accept(self, actor: str, offer: str, device: Device = "phone") -> None: ...

    def decline(self, actor: str, offer: str, decline: DeclineOffer) -> None: ...

    def on_contact(self, actor: str, contact: str, verb: ContactVerb, body: Schema | None = None) -> None: ...

    def join_visitor(self, actor: str, contact: str, join: JoinVisitor) -> None:
        """The contact goes with this visitor's page; `actor` is an agent in the contact."""
        ...

    def queue_status(self, queue: str, number: str | None = None) -> QueueStatus:
        """What a caller of `number` (its opening hours count) would meet in the queue."""
        ...

    def request_callback(self, actor: str, request: RequestCallback) -> CallbackView: ...

    def callback(self, id_: str) -> CallbackView:
        """An open callback; one that is over is not found."""
        ...

    def cancel_callback(self, actor: str, id_: str) -> None: ...

    def dial(self, actor: str, agent: str, dial: Dial) -> None: ...

    def reload(self, actor: str) -> None:
        """Make the telephone system read its configuration (agents, phones) again."""
        ...
