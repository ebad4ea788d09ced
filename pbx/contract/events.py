"""What happened, in the order it happened: the events that the stream carries."""

from typing import Annotated, Literal

from pydantic import Field

from pbx.contract.base import Id, Moment, Schema
from pbx.contract.resources import (
    AgentView,
    CallbackView,
    ContactView,
    OfferState,
    OfferView,
    Outcome,
    QueueView,
)


class Event(Schema):
    """Common to all events: when (UTC) and which contact, if any."""

    at: Moment
    contact: Id | None = None


class ContactStarted(Event):
    type: Literal["contact.started"] = "contact.started"
    view: ContactView


class ContactChanged(Event):
    """The contact's view after a change that has no event of its own."""

    type: Literal["contact.changed"] = "contact.changed"
    view: ContactView


class ContactQueued(Event):
    type: Literal["contact.queued"] = "contact.queued"
    queue: Id
    position: int
    view: ContactView


class ContactAbandoned(Event):
    type: Literal["contact.abandoned"] = "contact.abandoned"
    queue: Id
    wait_seconds: float
    short: bool


class ContactDiverted(Event):
    """Left a queue without an agent: full, waited too long, nobody logged in."""

    type: Literal["contact.diverted"] = "contact.diverted"
    queue: Id
    reason: str


class CallbackRequested(Event):
    type: Literal["contact.callback_requested"] = "contact.callback_requested"
    callback: CallbackView


class CallbackChanged(Event):
    type: Literal["callback.changed"] = "callback.changed"
    callback: CallbackView


class ContactEnded(Event):
    type: Literal["contact.ended"] = "contact.ended"
    outcome: Outcome
    reason: str
    agent: Id | None = None


class OfferCreated(Event):
    type: Literal["offer.created"] = "offer.created"
    offer: OfferView


class OfferEnded(Event):
    """`state` says how: accepted, rejected, timed_out, rescinded or canceled."""

    type: Literal["offer.ended"] = "offer.ended"
    offer: Id
    agent: Id
    state: OfferState
    reason: str = ""


class CallRinging(Event):
    type: Literal["call.ringing"] = "call.ringing"
    leg: Id
    agent: Id | None = None


class CallAnswered(Event):
    type: Literal["call.answered"] = "call.answered"
    leg: Id
    agent: Id | None = None


class CallBridged(Event):
    type: Literal["call.bridged"] = "call.bridged"
    legs: tuple[Id, ...]
    agent: Id | None = None


class CallHeld(Event):
    type: Literal["call.held"] = "call.held"
    by: Id | None = None


class CallResumed(Event):
    type: Literal["call.resumed"] = "call.resumed"
    by: Id | None = None


class CallTransferred(Event):
    type: Literal["call.transferred"] = "call.transferred"
    kind: Literal["blind", "consult", "attended"]
    target: str
    by: Id | None = None
    to_agent: Id | None = None


class ConferenceStarted(Event):
    type: Literal["call.conference_started"] = "call.conference_started"
    legs: tuple[Id, ...]
    by: Id | None = None


class CallEnded(Event):
    """A leg ended. `status` is the SIP status or 200 for a normal hang-up."""

    type: Literal["call.ended"] = "call.ended"
    leg: Id
    status: int
    reason: str
    agent: Id | None = None


class AgentStatusChanged(Event):
    type: Literal["agent.status_changed"] = "agent.status_changed"
    agent: AgentView


class AgentStateChanged(Event):
    type: Literal["agent.state_changed"] = "agent.state_changed"
    agent: AgentView


class QueueChanged(Event):
    """A queue's figures; at most one a second and queue."""

    type: Literal["queue.changed"] = "queue.changed"
    queue: QueueView


class PlaybackStarted(Event):
    type: Literal["playback.started"] = "playback.started"
    leg: Id
    text: str
    language: str


class PlaybackFinished(Event):
    type: Literal["playback.finished"] = "playback.finished"
    leg: Id
    completed: bool


class DigitsReceived(Event):
    """Keys that chose a branch. Check digits of a customer (postal code, number) are never carried."""

    type: Literal["digits.received"] = "digits.received"
    node: str
    keys: str


class FlowNodeEntered(Event):
    type: Literal["flow.node_entered"] = "flow.node_entered"
    flow: Id
    node: str


class RecordingChanged(Event):
    type: Literal["recording.started", "recording.paused", "recording.resumed", "recording.finished",
                  "recording.failed"]  # fmt: skip
    recording: Id
    reason: str = ""


class WrapUpSaved(Event):
    type: Literal["contact.wrapped_up"] = "contact.wrapped_up"
    agent: Id
    disposition: str | None
    note: str | None


class VoicemailLeft(Event):
    type: Literal["voicemail.left"] = "voicemail.left"
    mailbox: str
    voicemail: Id
    seconds: float


class ConfigurationReloaded(Event):
    type: Literal["configuration.reloaded"] = "configuration.reloaded"


AnyEvent = Annotated[
    ContactStarted | ContactChanged | ContactQueued | ContactAbandoned | ContactDiverted | CallbackRequested
    | CallbackChanged | ContactEnded | OfferCreated | OfferEnded | CallRinging | CallAnswered | CallBridged
    | CallHeld | CallResumed | CallTransferred | ConferenceStarted | CallEnded | AgentStatusChanged
    | AgentStateChanged | QueueChanged | PlaybackStarted | PlaybackFinished | DigitsReceived
    | FlowNodeEntered | RecordingChanged | WrapUpSaved | VoicemailLeft | ConfigurationReloaded,
    Field(discriminator="type"),
]  # fmt: skip


class Envelope(Schema):
    """What the stream sends: `seq` counts from 1 within a `boot`."""

    boot: Id
    seq: int
    event: AnyEvent


class Reset(Schema):
    """Sent first when the asked-for number is no longer in the buffer: take a snapshot, go on from its seq."""

    type: Literal["reset"] = "reset"
    boot: Id
    oldest: int
