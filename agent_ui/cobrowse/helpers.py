"""Tells a visitor's pages which agent they could show themselves to, on whatever phone the two speak."""

from agent_ui.realtime.live import Live
from agent_ui.visitors.registry import Visitors
from pbx.contract.events import AnyEvent
from pbx.contract.resources import ContactView

WITH_AGENT = ("talking", "held")


class Helpers:
    """Listens to the telephone system's events."""

    def __init__(self, visitors: Visitors, kept: bool) -> None:
        """`kept`: what an agent sees of a page is kept; who offers to show it knows that before."""
        self._visitors = visitors
        self._kept = kept

    def started_over(self, live: Live) -> None:
        """Everything may have changed."""
        for contact in live.contacts.values():
            visitor = self._of(contact)
            if visitor is not None:
                self._tell(visitor, first_name(contact, live))

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        """One event: told when another agent speaks, none any more, or another customer."""
        was, now = before.contacts.get(event.contact or ""), after.contacts.get(event.contact or "")
        if _of_interest(was, before) == _of_interest(now, after):
            return
        left, there = self._of(was), self._of(now)
        if left is not None and left != there:
            self._tell(left, None)
        if there is not None and now is not None:
            self._tell(there, first_name(now, after))

    def link_changed(self, up: bool) -> None:
        """Nothing to tell: whoever speaks goes on."""

    def greeting(self, visitor_id: str, live: Live) -> dict[str, object]:
        """What a page is told when it connects."""
        contact = contact_of(visitor_id, self._visitors, live)
        return {"helper": self._message(first_name(contact, live) if contact else None)}

    def _tell(self, visitor: str, agent: str | None) -> None:
        self._visitors.tell(visitor, {"type": "agent", **self._message(agent)})

    def _message(self, agent: str | None) -> dict[str, object]:
        return {"agent": agent, "kept": self._kept}

    def _of(self, contact: ContactView | None) -> str | None:
        visitor = self._visitors.for_contact(contact) if contact else None
        return visitor.id if visitor else None


def contact_of(visitor_id: str, visitors: Visitors, live: Live) -> ContactView | None:
    """The contact in which an agent speaks with this visitor, by the page's call or by a phone."""
    for contact in live.contacts.values():
        if contact.state in WITH_AGENT:
            known = visitors.for_contact(contact)
            if known is not None and known.id == visitor_id:
                return contact
    return None


def first_name(contact: ContactView, live: Live) -> str | None:
    """What the customer calls the agent who speaks with them: nothing for one without a name, None for no agent."""
    if contact.state not in WITH_AGENT:
        return None
    agent = live.agents.get(contact.agent or "")
    return agent.name.split()[0] if agent and agent.name.strip() else ""


def _of_interest(contact: ContactView | None, live: Live) -> tuple[str | None, ...]:
    if contact is None:
        return (None,)
    return (first_name(contact, live), contact.visitor, contact.customer_id)
