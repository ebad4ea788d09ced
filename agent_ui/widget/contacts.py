"""Tells a visitor's pages how their call goes."""

from agent_ui.realtime.live import Live
from agent_ui.visitors.registry import Visitors
from pbx.contract.events import AnyEvent
from pbx.contract.resources import ContactView

_OVER = ("ended", "wrap_up")


class VisitorCalls:
    """Listens to the telephone system's events."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    def started_over(self, live: Live) -> None:
        """Everything may have changed."""
        for contact in live.contacts.values():
            if contact.visitor is not None:
                self._visitors.tell(contact.visitor, message_of(contact, live))

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        """One event."""
        contact_id = event.contact or ""
        was, now = before.contacts.get(contact_id), after.contacts.get(contact_id)
        contact = now or was
        if contact is None or contact.visitor is None or (was is now and event.type != "contact.ended"):
            return
        over = now is None or event.type == "contact.ended"
        self._visitors.tell(contact.visitor, OVER if over else message_of(contact, after))

    def link_changed(self, up: bool) -> None:
        """Nothing to tell: the call goes on."""


OVER: dict[str, object] = {"type": "call", "state": "ended", "agent": None, "away": False}


def message_of(contact: ContactView, live: Live) -> dict[str, object]:
    """What the customer's page is told of their contact: nothing that a caller would not hear."""
    agents = [one for one in contact.participants if one.role == "agent" and one.state != "dialing"]
    agent = live.agents.get(contact.agent or "")
    talking = contact.state in ("talking", "held")
    return {
        "type": "call",
        "state": "ended" if contact.state in _OVER else contact.state,
        "agent": agent.name.split()[0] if agent and talking and agent.name.strip() else None,
        "away": talking and bool(agents) and all(one.away for one in agents),
    }


def call_of(visitor_id: str, live: Live) -> ContactView | None:
    """The visitor's call that is under way: one in a page, which has no number, before one by telephone."""
    theirs = (contact for contact in live.contacts.values() if contact.visitor == visitor_id)
    under_way = (contact for contact in theirs if contact.state not in _OVER)
    return min(under_way, key=lambda contact: contact.caller is not None, default=None)


def greeting(visitor_id: str, live: Live) -> dict[str, object]:
    """What a page is told when it connects: the call that is under way."""
    contact = call_of(visitor_id, live)
    return {"call": message_of(contact, live) if contact else None}
