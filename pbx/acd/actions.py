"""What the ACD decided. The imperatives are to be done by whoever runs it; the facts are to be published.

To do: `MakeOffer`, `CloseOffer`, `ConnectContact`, `DialCallback`, `Announce`, `LeaveQueue`.
To publish: everything else. Times in seconds of the clock given to `Acd.advance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pbx.acd.lifecycles import AgentState, OfferState, Status

LeaveOutcome = Literal["full", "max_wait", "no_agents", "queue_removed"]
Outcome = Literal[
    "answered",
    "abandoned",
    "short_abandon",
    "moved",
    "full",
    "max_wait",
    "no_agents",
    "queue_removed",
    "callback_failed",
    "callback_expired",
    "callback_canceled",
    "callback_merged",
    "callback_not_needed",
]


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """Ring these agents (one, or many for ring_all) for this contact; those in `auto_answer` pick up by
    themselves.

    The ACD itself closes the offer after `timeout` seconds with `CloseOffer`; nobody else need count.
    """

    offer: str
    contact: str
    queue: str
    agents: tuple[str, ...]
    timeout: float
    auto_answer: tuple[str, ...] = ()
    callback: bool = False


@dataclass(frozen=True, slots=True)
class CloseOffer:
    """The offer is over for this agent (every outcome but `accepted`): stop the phone if it still rings."""

    offer: str
    contact: str
    agent: str
    outcome: OfferState
    reason: str


@dataclass(frozen=True, slots=True)
class ConnectContact:
    """The agent accepted: bridge the customer with the agent, then say `CallConnected` or `ConnectFailed`."""

    contact: str
    queue: str
    agent: str
    offer: str


@dataclass(frozen=True, slots=True)
class DialCallback:
    """The agent accepted a callback: call the customer, then say `CallConnected` or `CallbackFailed`."""

    contact: str
    queue: str
    agent: str
    offer: str
    number: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell the waiting customer; a `None` is not said."""

    contact: str
    position: int | None
    wait_minutes: int | None


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The customer is on the line and out of the queue: let the flow go on at this outcome."""

    contact: str
    queue: str
    outcome: LeaveOutcome


@dataclass(frozen=True, slots=True)
class ContactJoined:
    """The contact is in the queue.

    Play its music. `wait_minutes` is None while the wait cannot be estimated.
    """

    contact: str
    queue: str
    position: int
    wait_minutes: int | None
    music: str | None


@dataclass(frozen=True, slots=True)
class ContactMoved:
    """The contact left one queue for another, keeping its time; `ContactJoined` follows."""

    contact: str
    source: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContactReturned:
    """An offer or connection came to nothing, or a callback is due again: the contact is at its old place."""

    contact: str
    queue: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ContactAnswered:
    """The customer is with an agent, `waited` seconds after joining the queue."""

    contact: str
    queue: str
    agent: str
    waited: float
    callback: bool


@dataclass(frozen=True, slots=True)
class ContactEnded:
    """The contact is finished for the ACD.

    Said exactly once for each. `waited`: from joining to answer or end.
    """

    contact: str
    queue: str
    outcome: Outcome
    agent: str | None
    waited: float


@dataclass(frozen=True, slots=True)
class CallbackPlaced:
    """The customer may hang up and will be called; `merged_into` names the callback that waited already."""

    contact: str
    queue: str
    number: str
    position: int
    merged_into: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackPostponed:
    """The customer did not answer; tried again at `retry_at`."""

    contact: str
    queue: str
    attempts: int
    retry_at: float
    reason: str


@dataclass(frozen=True, slots=True)
class AgentStateChanged:
    """The agent's state is another; `until` is when a wrap-up ends by itself."""

    agent: str
    previous: AgentState
    state: AgentState
    contact: str | None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class AgentStatusChanged:
    """The agent's status is another, chosen by the agent or, after too many misses only, by the system."""

    agent: str
    previous: Status
    status: Status
    reason: str
    chosen_by: Literal["agent", "system"] = "agent"


@dataclass(frozen=True, slots=True)
class AgentReachabilityChanged:
    """Offers to the agent stop (until `until`, or until the phone is back if None) or start again."""

    agent: str
    reachable: bool
    reason: str
    until: float | None = None


Action = (
    MakeOffer
    | CloseOffer
    | ConnectContact
    | DialCallback
    | Announce
    | LeaveQueue
    | ContactJoined
    | ContactMoved
    | ContactReturned
    | ContactAnswered
    | ContactEnded
    | CallbackPlaced
    | CallbackPostponed
    | AgentStateChanged
    | AgentStatusChanged
    | AgentReachabilityChanged
)
