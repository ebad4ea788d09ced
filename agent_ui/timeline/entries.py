"""What is worth a line of a contact's timeline, and how it is put. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from agent_ui.cobrowse.store import ConsentEntry
from agent_ui.messages import ActorKind, CartChangeView, OrderView, TimelineEntry
from agent_ui.realtime.live import Live
from agent_ui.visitors.model import Visitor
from pbx.contract.events import (
    AnyEvent,
    CallHeld,
    CallResumed,
    CallTransferred,
    ConferenceStarted,
    ContactEnded,
    ContactQueued,
    RecordingChanged,
)
from pbx.contract.resources import ContactView

LONGEST_TITLE = 120

_SILENT = ("recording.finished",)
_BY_CONSENT: Mapping[str, ActorKind] = {"customer": "customer", "system": "system"}


def of_beginning(contact: ContactView) -> tuple[TimelineEntry, ...]:
    """How a contact came: what its view remembers, whenever it is seen for the first time."""
    by: ActorKind = "customer" if contact.direction == "inbound" else "agent"
    actor = "" if by == "customer" else contact.agent or ""
    began = entry("contact.began", contact.started_at, by, actor, id_="began")
    return (began,) if contact.queued_at is None else (began, _queued(contact.queued_at))


def of_event(before: Live, event: AnyEvent, after: Live) -> tuple[TimelineEntry, ...]:
    """What an event of the telephone system adds to the timeline of its contact."""
    if isinstance(event, CallHeld | CallResumed | ConferenceStarted):
        return (entry(event.type, event.at, "agent", event.by or ""),)
    if isinstance(event, CallTransferred):
        return (entry(event.type, event.at, "agent", event.by or "", to=event.to_agent or ""),)
    if isinstance(event, RecordingChanged):
        return () if event.type in _SILENT else (entry(event.type, event.at, "system"),)
    if isinstance(event, ContactQueued):
        return (_queued(event.view.queued_at or event.at),)
    if isinstance(event, ContactEnded):
        return (entry(event.type, event.at, "system", id_="ended"),)
    return _came_and_went(before, event, after)


def of_page(visitor: Visitor) -> TimelineEntry:
    """The customer is on another page."""
    title = visitor.title.strip()[:LONGEST_TITLE]
    at = visitor.seen_at
    return entry(
        "page.opened", at, "customer", title=title, url=visitor.url, step=visitor.checkout_step or ""
    )


def of_consent(told: ConsentEntry) -> TimelineEntry:
    """A line of the consent record."""
    kind = _BY_CONSENT.get(told.by, "agent")
    id_ = f"{told.session} {told.action} {told.tier} {told.at.isoformat()}"
    actor = told.by if kind == "agent" else ""
    return entry(f"cobrowse.{told.action}", told.at, kind, actor, id_=id_, tier=told.tier)


def of_paying(at: datetime, on: bool) -> TimelineEntry:
    """The customer began to pay, or ended it."""
    return entry("paying.began" if on else "paying.ended", at, "customer")


def of_cart(contact: ContactView, changes: Iterable[CartChangeView]) -> tuple[TimelineEntry, ...]:
    """What became of the cart since the contact began."""
    return tuple(
        TimelineEntry(
            id=change.id,
            at=change.at,
            what=change.action,
            actor_kind=change.actor_kind,
            actor=change.actor if change.actor_kind == "agent" else "",
            sku=change.sku,
            name=change.name,
            details=change.details,
        )
        for change in changes
        if change.at >= contact.started_at
    )


def of_orders(contact: ContactView, orders: Iterable[OrderView]) -> tuple[TimelineEntry, ...]:
    """The orders placed since the contact began."""
    return tuple(
        entry("order.placed", order.placed_at, "customer", id_=f"order {order.id}", number=order.number)
        for order in orders
        if order.placed_at >= contact.started_at
    )


def entry(
    what: str, at: datetime, kind: ActorKind, actor: str = "", id_: str = "", **details: str
) -> TimelineEntry:
    """A line; its id is made of what and when, where nothing else names it."""
    told = {name: value for name, value in details.items() if value}
    id_ = id_ or f"{what} {at.isoformat()}"
    return TimelineEntry(id=id_, at=at, what=what, actor_kind=kind, actor=actor, details=dict(told))


def _queued(at: datetime) -> TimelineEntry:
    return entry("contact.queued", at, "system")


def _came_and_went(before: Live, event: AnyEvent, after: Live) -> tuple[TimelineEntry, ...]:
    """The agents who are heard now and were not, and the other way round."""
    earlier, now = (speaking(live.contacts.get(event.contact or "")) for live in (before, after))
    came = [entry("agent.came", event.at, "agent", one, f"{one} came {event.at}") for one in now - earlier]
    went = [entry("agent.left", event.at, "agent", one, f"{one} left {event.at}") for one in earlier - now]
    return (*came, *went)


def speaking(contact: ContactView | None) -> frozenset[str]:
    """The agents who are heard in a contact."""
    legs = contact.participants if contact is not None else ()
    return frozenset(leg.agent for leg in legs if leg.agent and leg.state in ("connected", "held"))
