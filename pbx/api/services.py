"""What the control API stands on: named by protocols, put together in pbx.app, faked in tests."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from pbx.api.schemas import (
    BanView,
    CdrQuery,
    EventView,
    HealthView,
    RecordingsQuery,
    RegistrationView,
)
from pbx.bus import Stop
from pbx.contract.commands import (
    Conference,
    Device,
    Dial,
    HangUp,
    JoinVisitor,
    RequestCallback,
    SendDigits,
    SetStatus,
    Transfer,
    WrapUp,
)
from pbx.contract.events import Envelope
from pbx.contract.resources import (
    CallbackView,
    CdrView,
    ContactView,
    DirectoryEntry,
    QueueStatus,
    RecordingView,
    Snapshot,
)

Work = Coroutine[Any, Any, None]


class Calls(Protocol):
    """Live calls; see pbx.calls.control.CallControl."""

    def hold(self, contact: str, agent: str) -> None: ...

    def resume(self, contact: str, agent: str) -> None: ...

    def mute(self, contact: str, agent: str, muted: bool) -> None: ...

    def send_digits(self, contact: str, agent: str, command: SendDigits) -> None: ...

    def transfer(self, contact: str, agent: str, command: Transfer) -> None: ...

    def complete_transfer(self, contact: str, agent: str) -> None: ...

    def cancel_transfer(self, contact: str, agent: str) -> None: ...

    def conference(self, contact: str, agent: str, command: Conference) -> None: ...

    def hang_up(self, contact: str, agent: str, command: HangUp) -> None: ...

    def join_visitor(self, contact: str, agent: str, command: JoinVisitor) -> None: ...


class Absences(Protocol):
    """Pages that go away during a call; see pbx.calls.absences.Absences."""

    def leave(self, contact: str, actor: str) -> None:
        """The page of this agent or guest account says that it goes. Raises NotFound, NotAllowed."""


class Desk(Protocol):
    """Agents' own commands; see pbx.acd.dispatch.Dispatch."""

    def set_status(self, agent: str, command: SetStatus) -> None: ...

    def accept(self, offer: str, agent: str, device: Device = "phone") -> None: ...

    def decline(self, offer: str, agent: str, reason: str = "") -> None: ...

    def wrap_up(self, contact: str, agent: str, command: WrapUp) -> None: ...


class Dialer(Protocol):
    """Calls from the desk; see pbx.calls.click_to_dial.ClickToDial."""

    def dial(self, agent: str, command: Dial) -> str:
        """Ring the agent's phone, then the target; returns the contact's id."""


class Callbacks(Protocol):
    """Promised callbacks, and promises made in a page; see pbx.acd.requests.CallbackRequests."""

    def views(self) -> tuple[CallbackView, ...]:
        """All open ones, oldest first."""

    def view(self, callback: str) -> CallbackView:
        """An open one. Raises NotFound."""

    def request(self, command: RequestCallback) -> CallbackView:
        """Promise one. Raises NotFound (no such queue), NotDialable, CallbackExists."""

    def cancel(self, callback: str) -> None:
        """It is not wanted any more. Raises NotFound, WrongState (it is being dialed)."""


class Recordings(Protocol):
    """Running recordings, by contact; see pbx.recorded_contacts.RecordedContacts. Raises WrongState."""

    def pause(self, contact: str) -> None: ...

    def resume(self, contact: str) -> None: ...


class Log(Protocol):
    """The numbered events; see pbx.eventlog.EventLog."""

    @property
    def boot(self) -> str: ...

    @property
    def last(self) -> int: ...

    @property
    def oldest(self) -> int: ...

    def since(self, seq: int) -> tuple[Envelope, ...] | None: ...

    def listen(self, listener: Callable[[Envelope], None]) -> Stop: ...


class History(Protocol):
    """What the database keeps. All raise DatabaseAway."""

    async def cdrs(self, query: CdrQuery) -> tuple[CdrView, ...]:
        """The records that fit, newest first."""

    async def cdr(self, contact: str) -> CdrView:
        """One contact's record. Raises NotFound."""

    async def recordings(self, query: RecordingsQuery) -> tuple[RecordingView, ...]:
        """The recordings that fit, newest first."""

    async def events(self, contact: str) -> tuple[EventView, ...]:
        """What happened to a contact, in order. Raises NotFound."""


class Bans(Protocol):
    """Whom the SIP edge keeps out."""

    def list(self) -> tuple[BanView, ...]:
        """The bans in force."""

    def lift(self, ban: str) -> None:
        """End one. Raises NotFound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """Everything the routes call. `contact` and `queue_status` raise NotFound; `reload` reads the configuration
    again."""

    calls: Calls
    absences: Absences
    desk: Desk
    dialer: Dialer
    recordings: Recordings
    log: Log
    history: History
    bans: Bans
    snapshot: Callable[[], Snapshot]
    contact: Callable[[str], ContactView]
    callbacks: Callbacks
    queue_status: Callable[[str, str | None], QueueStatus]
    directory: Callable[[], tuple[DirectoryEntry, ...]]
    registrations: Callable[[], tuple[RegistrationView, ...]]
    health: Callable[[], HealthView]
    metrics: Callable[[], bytes]
    reload: Callable[[], Work]
