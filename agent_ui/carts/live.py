"""Follows the pages and carts of the customers whom agents are busy with, and tells those agents."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import gevent

from agent_ui.carts.reading import Asked, CartFiles, Found
from agent_ui.messages import LiveCart
from agent_ui.realtime.audience import seen_by
from agent_ui.realtime.live import Live
from agent_ui.realtime.rooms import SUPERVISORS, Emit, room_of
from agent_ui.timeline.live import Timelines
from agent_ui.visitors.model import Visitor
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Workers
from pbx.contract.resources import ContactView

_log = logging.getLogger(__name__)

SPARE = 100
"""Contacts that are over and still remembered, so that each reading need not look for them."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the desks of a contact showed last, to know which changes concern it."""

    visitor_id: str | None
    cart_id: str | None
    customer_id: str | None
    is_open: bool = False

    def is_still(self, before: "Shown") -> bool:
        """Whether the open cart of before is shown, and open."""
        return self.is_open and self.cart_id == before.cart_id


class LiveCarts:
    """All of it is called on the event loop. What is read for a contact is read by one greenlet at a time, and once
    more if something changed meanwhile: what comes last is what is."""

    def __init__(
        self,
        files: CartFiles,
        workers: Workers,
        visitors: Visitors,
        emit: Emit,
        live: Callable[[], Live],
        timelines: Timelines,
        ordered: Callable[[str], None] = lambda contact_id: None,
    ) -> None:
        """`ordered` is told of a contact whose cart is no longer open: there may be an order more."""
        self._ordered = ordered
        self._files = files
        self._workers = workers
        self._visitors = visitors
        self._emit = emit
        self._live = live
        self._timelines = timelines
        self._shown: dict[str, Shown] = {}
        self._stale: set[str] = set()
        self._telling: set[str] = set()

    def read(self, contact: ContactView) -> LiveCart:
        """The page and the cart of a contact's customer; waits for a worker."""
        visitor = self._visitors.for_contact(contact)
        if visitor is not None:
            self._timelines.page_seen(contact, visitor)
        customer_id = contact.customer_id or (visitor.customer_id if visitor else None)
        asked = Asked(contact.id, visitor, customer_id, other_end(contact))
        found = self._workers.run(self._files.live, asked)
        self._remember(contact.id, visitor, found)
        self._timelines.cart_read(contact, found.view)
        return found.view

    def shown(self, contact_id: str) -> Shown | None:
        """What the desks of a contact showed last."""
        return self._shown.get(contact_id)

    def cart_changed(self, cart_id: str, customer_id: str | None = None) -> None:
        """A cart of the shop is not what it was."""
        for contact_id, shown in list(self._shown.items()):
            same_customer = customer_id is not None and shown.customer_id == customer_id
            if shown.cart_id == cart_id or same_customer:
                self.tell(contact_id)

    def visitor_changed(self, visitor: Visitor) -> None:
        """A visitor's page, cart or presence is not what it was."""
        for contact in self._live().contacts.values():
            if self._is_of(contact, visitor):
                self._timelines.page_seen(contact, visitor)
                self.tell(contact.id)

    def tell(self, contact_id: str) -> None:
        """Tell those who may see the contact how its cart is now."""
        self._stale.add(contact_id)
        if contact_id not in self._telling:
            self._telling.add(contact_id)
            gevent.spawn(self._tell, contact_id)

    def _tell(self, contact_id: str) -> None:
        try:
            while contact_id in self._stale:
                self._stale.discard(contact_id)
                self._tell_once(contact_id)
        except Exception:
            _log.exception("a cart could not be read for the desk")
        finally:
            self._telling.discard(contact_id)

    def _tell_once(self, contact_id: str) -> None:
        contact = self._live().contacts.get(contact_id)
        if contact is None or not seen_by(self._live(), contact_id):
            return
        before = self._shown.get(contact_id)
        view = self.read(contact)
        if before is not None and before.is_open and not self._shown[contact_id].is_still(before):
            self._ordered(contact_id)
        # Who has the contact may have changed while it was read.
        agents = seen_by(self._live(), contact_id)
        if agents:
            self._emit("cart", view, [*(room_of(agent) for agent in sorted(agents)), SUPERVISORS])

    def _is_of(self, contact: ContactView, visitor: Visitor) -> bool:
        shown = self._shown.get(contact.id)
        if contact.visitor == visitor.id or (shown is not None and shown.visitor_id == visitor.id):
            return True
        # Pages say something all the time, most of them nobody's who calls: that must cost little.
        joined = self._visitors.has_joined(contact.id, visitor.id)
        same_customer = contact.customer_id is not None and contact.customer_id == visitor.customer_id
        if contact.visitor is not None or not (joined or same_customer):
            return False
        found = self._visitors.for_contact(contact)
        return found is not None and found.id == visitor.id

    def _remember(self, contact_id: str, visitor: Visitor | None, found: Found) -> None:
        cart = found.view.cart
        self._shown[contact_id] = Shown(
            visitor.id if visitor else None,
            cart.id if cart else None,
            found.customer_id,
            cart is not None and cart.state == "open",
        )
        contacts = self._live().contacts
        if len(self._shown) > len(contacts) + SPARE:
            self._shown = {id_: shown for id_, shown in self._shown.items() if id_ in contacts}


def other_end(contact: ContactView) -> str | None:
    """The number of the customer; nobody is one in a call between colleagues, and a stranger may write any."""
    if contact.direction == "outbound":
        return contact.called
    return None if contact.direction == "internal" or contact.stranger else contact.caller
