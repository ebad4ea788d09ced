"""What commands on a contact do in the in-memory telephone system: functions from what is live to events."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from agent_ui.control.scene import agent_leg, contact, customer_leg
from agent_ui.realtime.live import Live
from pbx.contract.commands import Conference, Dial, HangUp, JoinVisitor, Transfer, WrapUp
from pbx.contract.events import (
    AgentStateChanged,
    AnyEvent,
    CallHeld,
    CallResumed,
    CallTransferred,
    ContactChanged,
    ContactEnded,
    OfferEnded,
    RecordingChanged,
    WrapUpSaved,
)
from pbx.contract.guest import account_visitor
from pbx.contract.resources import AgentState, ContactView, ParticipantState, ParticipantView

WRAP_UP = timedelta(seconds=30)

Events = list[AnyEvent]


class Refused(Exception):
    """The contact is in no state for this."""


class Forbidden(Exception):
    """Not this person's contact."""


def accept(live: Live, actor: str, offer_id: str, _: object) -> Events:
    offer = live.offers[offer_id]
    others = tuple(leg for leg in offer.contact.participants if leg.agent != actor)
    view = offer.contact.model_copy(
        update={
            "state": "talking",
            "agent": actor,
            "answered_at": _now(),
            "recording": "recording",
            "participants": (*others, agent_leg(offer.contact.id, live.agents[actor])),
        }
    )
    return [
        OfferEnded(at=_now(), contact=view.id, offer=offer_id, agent=actor, state="accepted"),
        _view(view),
        _state(live, actor, "talking", view.id),
    ]


def hold(live: Live, actor: str, id_: str, _: object) -> Events:
    view = _in_state(live, id_, "talking")
    held = _customer(view, "held").model_copy(update={"state": "held"})
    event = CallHeld(at=_now(), contact=id_, by=actor)
    return [event, _view(held), _state(live, actor, "holding", id_)]


def resume(live: Live, actor: str, id_: str, _: object) -> Events:
    view = _in_state(live, id_, "held")
    talking = _customer(view, "connected").model_copy(update={"state": "talking"})
    event = CallResumed(at=_now(), contact=id_, by=actor)
    return [event, _view(talking), _state(live, actor, "talking", id_)]


def mute(live: Live, actor: str, id_: str, _: object) -> Events:
    return [_view(_muted(live.contacts[id_], actor, True))]


def unmute(live: Live, actor: str, id_: str, _: object) -> Events:
    return [_view(_muted(live.contacts[id_], actor, False))]


def digits(_: Live, __: str, ___: str, ____: object) -> Events:
    return []


def transfer(live: Live, actor: str, id_: str, body: Transfer) -> Events:
    view = live.contacts[id_]
    if body.kind == "blind":
        return _gone(live, actor, view, body.target, "blind")
    other = _other(live, id_, body.target, "consulted")
    held = _customer(view, "held")
    return [
        _view(held.model_copy(update={"state": "held", "participants": (*held.participants, other)})),
        _state(live, actor, "talking", id_),
    ]


def complete(live: Live, actor: str, id_: str, _: object) -> Events:
    view = live.contacts[id_]
    consulted = _consulted(view)
    return _gone(live, actor, view, f"agent:{consulted.agent}", "consult")


def cancel(live: Live, actor: str, id_: str, _: object) -> Events:
    view = live.contacts[id_]
    _consulted(view)
    staying = tuple(one for one in view.participants if one.role != "consulted")
    back = _customer(view.model_copy(update={"participants": staying, "state": "talking"}), "connected")
    return [_view(back), _state(live, actor, "talking", id_)]


def conference(live: Live, actor: str, id_: str, body: Conference | None) -> Events:
    view = live.contacts[id_]
    if body is not None and body.target is not None:
        joined = (*view.participants, _other(live, id_, body.target, "third_party"))
    else:
        _consulted(view)
        joined = tuple(
            one.model_copy(update={"role": "third_party"}) if one.role == "consulted" else one
            for one in view.participants
        )
    talking = view.model_copy(update={"participants": joined, "state": "talking"})
    return [_view(_customer(talking, "connected")), _state(live, actor, "talking", id_)]


def hang_up(live: Live, actor: str, id_: str, body: HangUp | None) -> Events:
    view = live.contacts[id_]
    _own(actor, view)
    if body is not None and body.participant is not None:
        staying = tuple(one for one in view.participants if one.id != body.participant)
        return [_view(view.model_copy(update={"participants": staying}))]
    return ended(live, id_)


def ended(live: Live, id_: str) -> Events:
    """Everybody leaves; the agent wraps up."""
    view = live.contacts[id_]
    over = view.model_copy(update={"state": "wrap_up", "participants": (), "recording": "off"})
    events: Events = [_view(over), ContactEnded(at=_now(), contact=id_, outcome="answered", reason="hung up")]
    if view.agent is not None:
        events.insert(1, _state(live, view.agent, "wrap_up", id_))
    return events


def wrap_up(live: Live, actor: str, id_: str, body: WrapUp) -> Events:
    me = live.agents[actor]
    if me.state != "wrap_up" or me.contact != id_:
        raise Refused("the contact is not over")
    events: Events = [
        WrapUpSaved(at=_now(), contact=id_, agent=actor, disposition=body.disposition, note=body.note)
    ]
    if body.extend_seconds:
        later = (me.wrap_up_ends or _now()) + timedelta(seconds=body.extend_seconds)
        events.append(AgentStateChanged(at=_now(), agent=me.model_copy(update={"wrap_up_ends": later})))
    if body.finish:
        events.append(_state(live, actor, "idle", None))
    return events


def pause_recording(live: Live, _: str, id_: str, __: object) -> Events:
    return _recording(live, id_, "paused", "recording.paused")


def resume_recording(live: Live, _: str, id_: str, __: object) -> Events:
    return _recording(live, id_, "recording", "recording.resumed")


def away(live: Live, actor: str, id_: str, _: object) -> Events:
    view = live.contacts[id_]
    is_visitor = _own(actor, view)
    legs = tuple(
        one.model_copy(update={"away": True})
        if (one.role == "customer" if is_visitor else one.agent == actor)
        else one
        for one in view.participants
    )
    return [_view(view.model_copy(update={"participants": legs}))]


def join_visitor(live: Live, actor: str, id_: str, body: JoinVisitor) -> Events:
    view = live.contacts[id_]
    if not any(one.agent == actor for one in view.participants):
        raise Forbidden("the agent is not in the contact")
    customer = view.customer_id or body.customer_id
    changes = {"visitor": body.visitor, "site": body.site, "customer_id": customer}
    return [_view(view.model_copy(update=changes))]


def dial(live: Live, actor: str, id_: str, body: Dial) -> Events:
    number = body.target.partition(":")[2]
    view = contact(id_, number, body.customer_id, keys=()).model_copy(
        update={
            "direction": "outbound",
            "state": "talking",
            "agent": actor,
            "called": number,
            "queue": None,
            "queued_at": None,
            "answered_at": _now(),
            "participants": (customer_leg(id_, number), agent_leg(id_, live.agents[actor])),
        }
    )
    return [_view(view), _state(live, actor, "talking", id_)]


CALLS: Mapping[str, Callable[[Live, str, str, Any], Events]] = {
    "accept": accept,
    "hold": hold,
    "resume": resume,
    "mute": mute,
    "unmute": unmute,
    "digits": digits,
    "transfer": transfer,
    "transfer/complete": complete,
    "transfer/cancel": cancel,
    "conference": conference,
    "hang-up": hang_up,
    "wrap-up": wrap_up,
    "recording/pause": pause_recording,
    "recording/resume": resume_recording,
    "dial": dial,
    "away": away,
    "visitor": join_visitor,
}


def _own(actor: str, view: ContactView) -> bool:
    """Whether a visitor acts, who does so in an own contact only."""
    visitor = account_visitor(actor)
    if visitor is not None and visitor != view.visitor:
        raise Forbidden("the contact is not this visitor's")
    return visitor is not None


def _gone(live: Live, actor: str, view: ContactView, target: str, kind: Any) -> Events:
    """The contact goes to somebody else; the agent wraps up."""
    kind_of_target, _, name = target.partition(":")
    to_agent = live.agents.get(name) if kind_of_target == "agent" else None
    customer = tuple(one for one in view.participants if one.role == "customer")
    legs = (*customer, agent_leg(view.id, to_agent)) if to_agent else customer
    moved = view.model_copy(
        update={
            "agent": to_agent.id if to_agent else None,
            "participants": legs,
            "state": "talking" if to_agent else "queued",
        }
    )
    events: Events = [
        CallTransferred(at=_now(), contact=view.id, kind=kind, target=target, by=actor),
        _state(live, actor, "wrap_up", view.id),
        _view(_customer(moved, "connected")),
    ]
    if to_agent:
        events.append(_state(live, to_agent.id, "talking", view.id))
    return events


def _other(live: Live, id_: str, target: str, role: Any) -> ParticipantView:
    kind, _, name = target.partition(":")
    who = live.agents.get(name) if kind == "agent" else None
    label = who.name if who else name
    return ParticipantView(
        id=f"{id_}-{name}", role=role, state="connected", label=label, agent=who.id if who else None
    )


def _consulted(view: ContactView) -> ParticipantView:
    found = next((one for one in view.participants if one.role == "consulted"), None)
    if found is None:
        raise Refused("nobody is being consulted")
    return found


def _in_state(live: Live, id_: str, state: str) -> ContactView:
    view = live.contacts[id_]
    if view.state != state:
        raise Refused(f"the contact is {view.state}")
    return view


def _customer(view: ContactView, state: ParticipantState) -> ContactView:
    legs = tuple(
        one.model_copy(update={"state": state}) if one.role == "customer" else one
        for one in view.participants
    )
    return view.model_copy(update={"participants": legs})


def _muted(view: ContactView, actor: str, muted: bool) -> ContactView:
    legs = tuple(
        one.model_copy(update={"muted": muted}) if one.agent == actor else one for one in view.participants
    )
    return view.model_copy(update={"participants": legs})


def _recording(live: Live, id_: str, state: Any, type_: Any) -> Events:
    view = live.contacts[id_].model_copy(update={"recording": state})
    return [RecordingChanged(type=type_, at=_now(), contact=id_, recording=f"rec-{id_}"), _view(view)]


def _view(view: ContactView) -> ContactChanged:
    return ContactChanged(at=_now(), contact=view.id, view=view)


def _state(live: Live, agent: str, state: AgentState, contact_id: str | None) -> AgentStateChanged:
    changes = {
        "state": state,
        "state_since": _now(),
        "contact": contact_id,
        "wrap_up_ends": _now() + WRAP_UP if state == "wrap_up" else None,
        "phone_busy": state in ("talking", "holding", "ringing"),
    }
    return AgentStateChanged(at=_now(), agent=live.agents[agent].model_copy(update=changes))


def _now() -> datetime:
    return datetime.now(UTC)
