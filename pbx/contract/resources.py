"""What can be read from the control API: agents, queues, contacts, offers, callbacks, CDRs."""

from typing import Literal

from pydantic import Field

from pbx.contract.base import Channel, Direction, Id, Language, Moment, Schema

AgentStatus = Literal["offline", "available", "on_break"]
AgentState = Literal["idle", "reserved", "ringing", "talking", "holding", "wrap_up"]
OfferState = Literal["pending", "accepted", "rejected", "timed_out", "rescinded", "canceled"]
ContactState = Literal["ringing", "ivr", "queued", "offered", "talking", "held", "wrap_up", "ended"]
ParticipantRole = Literal["customer", "agent", "consulted", "third_party", "supervisor"]
ParticipantState = Literal["dialing", "ringing", "connected", "held"]
RecordingState = Literal["off", "recording", "paused", "failed"]
CallbackState = Literal["waiting", "offered", "dialing", "done", "failed", "canceled"]
ClosedBecause = Literal["hours", "full", "no_agents"]
Outcome = Literal[
    "answered", "abandoned", "short_abandoned", "self_served", "overflowed", "callback",
    "voicemail", "transferred", "rejected", "failed", "node_lost",
]  # fmt: skip


class AgentView(Schema):
    """An agent as the wallboard and the desk see it. `misses` counts offers missed in a row."""

    id: Id
    name: str
    status: AgentStatus
    pause_reason: str | None = None
    status_since: Moment
    state: AgentState
    state_since: Moment
    contact: Id | None = None
    queues: tuple[Id, ...] = ()
    phone: str
    """The user name of the SIP endpoint that rings for this agent."""
    phone_registered: bool = False
    phone_busy: bool = False
    misses: int = 0
    wrap_up_ends: Moment | None = None


class QueueView(Schema):
    """A queue's live figures. Service level: the default form of docs/acd.md, 0..1, None without samples."""

    id: Id
    name: str
    strategy: str
    waiting: int = 0
    callbacks: int = 0
    longest_wait_since: Moment | None = None
    agents_available: int = 0
    agents_busy: int = 0
    agents_on_break: int = 0
    answered: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    service_level: float | None = None
    average_speed_of_answer: float | None = None
    average_handle_time: float | None = None
    expected_wait_minutes: int | None = None


class QueueStatus(Schema):
    """What somebody who thinks of calling wants to know. `closed` says why the queue is not open: outside of
    opening hours, full, or nobody logged in."""

    queue: Id
    open: bool
    closed: ClosedBecause | None = None
    agents_available: int = 0
    waiting: int = 0
    expected_wait_minutes: int | None = None
    """None is unknown: too few calls lately to tell."""


class ParticipantView(Schema):
    """One leg of a contact. `label` is the name or number that the desk shows."""

    id: Id
    role: ParticipantRole
    state: ParticipantState
    label: str
    agent: Id | None = None
    muted: bool = False
    away: bool = False
    """A browser whose page went away in the call; it has some seconds to come back."""


class PressedKey(Schema):
    """What the caller chose in the IVR: the flow's node and the keys pressed there.

    `words` say what the choice means, by language, where the flow has words for it.
    """

    node: str
    keys: str
    words: dict[str, str] = Field(default_factory=dict)


class ContactView(Schema):
    """One customer communication, live. Only its agent and supervisors may see it."""

    id: Id
    channel: Channel = "voice"
    direction: Direction = "inbound"
    state: ContactState
    caller: str | None = None
    """E.164 when the number could be read, else what the peer sent, None when withheld."""
    stranger: bool = False
    """The caller's number is what somebody on the Internet wrote: nobody is to be recognised by it."""
    called: str
    language: Language
    customer_id: Id | None = None
    order_number: str | None = None
    flow: Id | None = None
    flow_version: int | None = None
    path: tuple[PressedKey, ...] = ()
    queue: Id | None = None
    priority: int = 0
    agent: Id | None = None
    participants: tuple[ParticipantView, ...] = ()
    recording: RecordingState = "off"
    started_at: Moment
    queued_at: Moment | None = None
    answered_at: Moment | None = None
    callback: bool = False
    visitor: Id | None = None
    """The page's session that the customer calls from, or was joined to."""
    site: Id | None = None


class OfferView(Schema):
    """A contact offered to an agent, until `expires_at`."""

    id: Id
    agent: Id
    contact: ContactView
    queue: Id
    state: OfferState = "pending"
    created_at: Moment
    expires_at: Moment


class CallbackView(Schema):
    """A caller who left a number and keeps the place in the queue."""

    id: Id
    queue: Id
    number: str
    customer_id: Id | None = None
    requested_at: Moment
    attempts: int = 0
    state: CallbackState


class SegmentView(Schema):
    """A stretch of a contact: in the IVR, in a queue, with an agent, on hold. Times in UTC."""

    kind: Literal["ivr", "queue", "agent", "hold", "consult", "conference", "voicemail", "wrap_up"]
    started_at: Moment
    ended_at: Moment | None = None
    queue: Id | None = None
    agent: Id | None = None
    outcome: str | None = None


class CdrView(Schema):
    """One row per contact, with its segments in order of time."""

    contact: Id
    channel: Channel
    direction: Direction
    caller: str | None
    called: str
    customer_id: Id | None = None
    order_number: str | None = None
    language: Language
    queue: Id | None = None
    agent: Id | None = None
    started_at: Moment
    answered_at: Moment | None = None
    ended_at: Moment | None = None
    wait_seconds: float | None = None
    talk_seconds: float | None = None
    outcome: Outcome | None = None
    disposition: str | None = None
    note: str | None = None
    segments: tuple[SegmentView, ...] = ()


class RecordingView(Schema):
    """A recording of a contact, or a message, with the contact's record.

    `path` is its file, for programs that see the same disk; there is none once it was deleted. `pauses` are silence
    in it, in seconds since its start.
    """

    id: Id
    contact: Id
    kind: Literal["call", "voicemail"]
    state: Literal["recording", "finished", "failed", "interrupted"]
    path: str
    started_at: Moment
    ended_at: Moment | None = None
    seconds: float | None = None
    pauses: tuple[tuple[float, float], ...] = ()
    deleted_at: Moment | None = None
    record: CdrView | None = None


class Choice(Schema):
    """Something a person picks from a list: a pause reason or a disposition, in each language's words."""

    id: Id
    labels: dict[str, str]


class DirectoryEntry(Schema):
    """Somewhere a call can be transferred to. `target` is what the transfer commands take."""

    target: str
    kind: Literal["agent", "queue", "endpoint"]
    label: str
    available: bool


class Snapshot(Schema):
    """Everything live, consistent with event number `seq`: a stream resumed from `seq` misses nothing."""

    boot: Id
    seq: int
    at: Moment
    agents: tuple[AgentView, ...]
    queues: tuple[QueueView, ...]
    contacts: tuple[ContactView, ...]
    offers: tuple[OfferView, ...]
    callbacks: tuple[CallbackView, ...]
    pause_reasons: tuple[Choice, ...]
    dispositions: tuple[Choice, ...]


class Problem(Schema):
    """Why a command was refused. `id` is stable; `detail` says what, where and what to do, in English;
    `params` lets a page say it in the reader's language."""

    id: str
    title: str
    detail: str
    params: dict[str, str] = Field(default_factory=dict)
