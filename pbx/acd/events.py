"""Everything that can happen to the ACD. Ids are strings; times are seconds of one monotonic clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pbx.acd.contact import Contact
from pbx.acd.lifecycles import Status
from pbx.acd.settings import AgentConfig, QueueConfig

Departure = Literal["abandoned", "moved"]


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed: do what is due. Send it at `Acd.next_wake()`."""


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """A queue is new, or its settings are. Nobody waiting or talking is lost."""

    queue: QueueConfig


@dataclass(frozen=True, slots=True)
class QueueRemoved:
    """A queue is gone.

    Its contacts move to `move_to` with their place in time, or leave with `queue_removed`.
    """

    queue: str
    move_to: str | None = None


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """An agent is new (and offline), or the settings are. Calls and offers go on."""

    agent: AgentConfig


@dataclass(frozen=True, slots=True)
class AgentRemoved:
    """An agent is gone: an offer goes back to the queue, a call is finished first."""

    agent: str


@dataclass(frozen=True, slots=True)
class StatusChosen:
    """The agent chose a status.

    `reason` says what the break is for. During a call it counts when that ends.
    """

    agent: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgentBusy:
    """The agent is on a call that is not the ACD's (direct, outbound), on any device.

    Repeating it is harmless.
    """

    agent: str
    call: str


@dataclass(frozen=True, slots=True)
class AgentFree:
    """That other call is over. Repeating it is harmless."""

    agent: str
    call: str


@dataclass(frozen=True, slots=True)
class AgentUnreachable:
    """The agent's phone cannot be reached (not registered): no offers until `AgentReachable`."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True)
class AgentReachable:
    """The agent's phone can be reached again."""

    agent: str


@dataclass(frozen=True, slots=True)
class ContactQueued:
    """A contact joins its queue.

    `enqueued_at` if it has been waiting since before now (a restart, a transfer). `again`: it has been with
    an agent already and is not turned away because the queue is full.
    """

    contact: Contact
    enqueued_at: float | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class ContactLeft:
    """The customer hung up, or was taken out of the queue by something else than the ACD (`moved`).

    For a contact that asked for a callback and is not being called, hanging up means nothing: it keeps its
    place.
    """

    contact: str
    reason: Departure = "abandoned"


@dataclass(frozen=True, slots=True)
class MoveRequested:
    """Someone moves a waiting contact to another queue; it keeps the time since which it waits."""

    contact: str
    queue: str


@dataclass(frozen=True, slots=True)
class PriorityChanged:
    """What a waiting contact is worth has changed (the cart grew)."""

    contact: str
    priority: float


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    """A waiting contact wants to be called on this number (E.164) and keeps its place."""

    contact: str
    number: str


@dataclass(frozen=True, slots=True)
class CallbackCanceled:
    """A callback is not wanted any more."""

    contact: str


@dataclass(frozen=True, slots=True)
class OfferRinging:
    """The agent's phone rings."""

    offer: str
    agent: str


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """The agent answered. In a ring_all offer the first one wins."""

    offer: str
    agent: str


@dataclass(frozen=True, slots=True)
class OfferRejected:
    """The agent declined."""

    offer: str
    agent: str


@dataclass(frozen=True, slots=True)
class OfferFailed:
    """The agent's phone could not be reached. Not a miss: the agent rests as unreachable, visibly."""

    offer: str
    agent: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallConnected:
    """Customer and agent hear each other."""

    contact: str
    agent: str


@dataclass(frozen=True, slots=True)
class ConnectFailed:
    """After accepting, the agent's side could not be connected: the contact goes back to its place."""

    contact: str
    agent: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallbackFailed:
    """The customer who was called back did not answer."""

    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallHeld:
    """The agent put the customer on hold."""

    agent: str


@dataclass(frozen=True, slots=True)
class CallResumed:
    """The agent took the customer off hold."""

    agent: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The agent's part in the contact is over, whoever hung up; wrap-up begins."""

    agent: str


@dataclass(frozen=True, slots=True)
class ContactTransferred:
    """A connected contact goes on with another agent, who gets the credit; the first one wraps up."""

    contact: str
    agent: str


@dataclass(frozen=True, slots=True)
class ContactTaken:
    """An agent is connected with a contact that no queue gave (sent over by a colleague or by a flow)."""

    contact: Contact
    agent: str


@dataclass(frozen=True, slots=True)
class WrapUpDone:
    """The agent has finished before the time was up."""

    agent: str


@dataclass(frozen=True, slots=True)
class WrapUpExtended:
    """The agent needs this many seconds more."""

    agent: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CountersReset:
    """A new day: every counter starts from nothing; who waits and who talks is untouched."""


Event = (
    Tick
    | QueueChanged
    | QueueRemoved
    | AgentChanged
    | AgentRemoved
    | StatusChosen
    | AgentBusy
    | AgentFree
    | AgentUnreachable
    | AgentReachable
    | ContactQueued
    | ContactLeft
    | MoveRequested
    | PriorityChanged
    | CallbackRequested
    | CallbackCanceled
    | OfferRinging
    | OfferAccepted
    | OfferRejected
    | OfferFailed
    | CallConnected
    | ConnectFailed
    | CallbackFailed
    | CallHeld
    | CallResumed
    | CallEnded
    | ContactTransferred
    | ContactTaken
    | WrapUpDone
    | WrapUpExtended
    | CountersReset
)
