"""What is going on right now: a snapshot, and every event folded into it. Nothing here does anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pbx.contract.events import (
    AgentStateChanged,
    AgentStatusChanged,
    AnyEvent,
    CallbackChanged,
    CallbackRequested,
    CallHeld,
    CallResumed,
    ContactChanged,
    ContactEnded,
    ContactQueued,
    ContactStarted,
    Envelope,
    OfferCreated,
    OfferEnded,
    QueueChanged,
    RecordingChanged,
)
from pbx.contract.resources import (
    AgentView,
    CallbackView,
    Choice,
    ContactState,
    ContactView,
    OfferView,
    QueueView,
    RecordingState,
    Snapshot,
)

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Live:
    """Everything live as of event `seq` of `boot`, by id."""

    boot: str = ""
    seq: int = 0
    agents: Mapping[str, AgentView] = field(default_factory=dict)
    queues: Mapping[str, QueueView] = field(default_factory=dict)
    contacts: Mapping[str, ContactView] = field(default_factory=dict)
    offers: Mapping[str, OfferView] = field(default_factory=dict)
    callbacks: Mapping[str, CallbackView] = field(default_factory=dict)
    pause_reasons: tuple[Choice, ...] = ()
    dispositions: tuple[Choice, ...] = ()


def from_snapshot(snapshot: Snapshot) -> Live:
    """The live data of a snapshot."""
    contacts = {offer.contact.id: offer.contact for offer in snapshot.offers}
    return Live(
        boot=snapshot.boot,
        seq=snapshot.seq,
        agents={agent.id: agent for agent in snapshot.agents},
        queues={queue.id: queue for queue in snapshot.queues},
        contacts=contacts | {contact.id: contact for contact in snapshot.contacts},
        offers={offer.id: offer for offer in snapshot.offers},
        callbacks={callback.id: callback for callback in snapshot.callbacks},
        pause_reasons=snapshot.pause_reasons,
        dispositions=snapshot.dispositions,
    )


def follows(live: Live, envelope: Envelope) -> bool:
    """Whether the envelope is the very next one; if not, something was missed and a snapshot is needed."""
    return envelope.boot == live.boot and envelope.seq == live.seq + 1


def folded(live: Live, envelope: Envelope) -> Live:
    """The live data after an event. Events that change nothing live only advance the number."""
    change = _CHANGES.get(type(envelope.event))
    changed = change(live, envelope.event) if change else live
    return replace(changed, boot=envelope.boot, seq=envelope.seq)


def _with_view(live: Live, event: ContactStarted | ContactChanged | ContactQueued) -> Live:
    return _without_ended(replace(live, contacts=_put(live.contacts, event.view.id, event.view)))


def _contact_ended(live: Live, event: ContactEnded) -> Live:
    """An ended contact stays while an agent wraps it up."""
    contact = live.contacts.get(event.contact or "")
    if contact is None:
        return live
    ended = contact.model_copy(update={"state": "ended", "participants": ()})
    return _without_ended(replace(live, contacts=_put(live.contacts, contact.id, ended)))


def _agent_changed(live: Live, event: AgentStatusChanged | AgentStateChanged) -> Live:
    return _without_ended(replace(live, agents=_put(live.agents, event.agent.id, event.agent)))


def _without_ended(live: Live) -> Live:
    held = {agent.contact for agent in live.agents.values()}
    kept = {id_: contact for id_, contact in live.contacts.items() if contact.state != "ended" or id_ in held}
    return live if len(kept) == len(live.contacts) else replace(live, contacts=kept)


def _offer_created(live: Live, event: OfferCreated) -> Live:
    offer = event.offer
    contacts = _put(live.contacts, offer.contact.id, offer.contact)
    return replace(live, contacts=contacts, offers=_put(live.offers, offer.id, offer))


def _offer_ended(live: Live, event: OfferEnded) -> Live:
    return replace(live, offers=_drop(live.offers, event.offer))


def _queue_changed(live: Live, event: QueueChanged) -> Live:
    return replace(live, queues=_put(live.queues, event.queue.id, event.queue))


def _callback(live: Live, event: CallbackRequested | CallbackChanged) -> Live:
    callback = event.callback
    if callback.state in ("done", "failed", "canceled"):
        return replace(live, callbacks=_drop(live.callbacks, callback.id))
    return replace(live, callbacks=_put(live.callbacks, callback.id, callback))


def _held(live: Live, event: CallHeld) -> Live:
    return _contact_state(live, event.contact, "held")


def _resumed(live: Live, event: CallResumed) -> Live:
    return _contact_state(live, event.contact, "talking")


def _contact_state(live: Live, contact_id: str | None, state: ContactState) -> Live:
    contact = live.contacts.get(contact_id or "")
    if contact is None:
        return live
    changed = contact.model_copy(update={"state": state})
    return replace(live, contacts=_put(live.contacts, contact.id, changed))


_RECORDING: Mapping[str, RecordingState] = {
    "recording.started": "recording",
    "recording.paused": "paused",
    "recording.resumed": "recording",
    "recording.finished": "off",
    "recording.failed": "failed",
}


def _recording(live: Live, event: RecordingChanged) -> Live:
    contact = live.contacts.get(event.contact or "")
    if contact is None:
        return live
    changed = contact.model_copy(update={"recording": _RECORDING[event.type]})
    return replace(live, contacts=_put(live.contacts, contact.id, changed))


_CHANGES: Mapping[type[AnyEvent], Callable[..., Live]] = {
    ContactStarted: _with_view,
    ContactChanged: _with_view,
    ContactQueued: _with_view,
    ContactEnded: _contact_ended,
    OfferCreated: _offer_created,
    OfferEnded: _offer_ended,
    AgentStatusChanged: _agent_changed,
    AgentStateChanged: _agent_changed,
    QueueChanged: _queue_changed,
    CallbackRequested: _callback,
    CallbackChanged: _callback,
    CallHeld: _held,
    CallResumed: _resumed,
    RecordingChanged: _recording,
}


def _put(items: Mapping[str, V], id_: str, item: V) -> Mapping[str, V]:
    return {**items, id_: item}


def _drop(items: Mapping[str, V], id_: str) -> Mapping[str, V]:
    return {key: item for key, item in items.items() if key != id_}
