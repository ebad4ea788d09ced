"""Carries out what agents do with their customers' carts, and tells the customers' pages."""

from collections.abc import Callable
from datetime import UTC, datetime

from agent_ui.carts.errors import AnotherCart, NobodyToStartFor
from agent_ui.carts.live import LiveCarts, Shown
from agent_ui.messages import LiveCart
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Workers
from orders.events import CartChanged, Publish, ShopEvent
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.ports import UnitOfWork
from orders.services.carts import start_cart
from pbx.contract.resources import ContactView

Edit = Callable[[UnitOfWork, str, Actor, datetime], Cart]
"""A service of the shop's carts: within a unit of work, on the cart with this id, by somebody, at a moment."""


class CartEditing:
    """All of it is called on the event loop and waits for a worker."""

    def __init__(
        self,
        unit_of_work: Callable[[Publish], UnitOfWork],
        workers: Workers,
        carts: LiveCarts,
        visitors: Visitors,
        currency: str,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._workers = workers
        self._carts = carts
        self._visitors = visitors
        self._currency = currency

    def edit(self, contact: ContactView, cart_id: str, edit: Edit, actor: Actor) -> LiveCart:
        """The contact's cart after the change.

        Raises:
            AnotherCart: the contact's cart is not this one.
            OrdersError: the shop refuses.
        """
        shown = self._shown(contact)
        if shown.cart_id != cart_id:
            raise AnotherCart("the contact's cart is another one by now")
        return self._done(contact, lambda uow: edit(uow, cart_id, actor, datetime.now(UTC)))

    def start(self, contact: ContactView) -> LiveCart:
        """The contact's customer with an open cart.

        Raises:
            NobodyToStartFor: the customer is not known.
        """
        customer_id = self._shown(contact).customer_id
        if customer_id is None:
            raise NobodyToStartFor("a cart is started for a customer whom the shop knows")
        return self._done(
            contact, lambda uow: start_cart(uow, customer_id, self._currency, datetime.now(UTC))
        )

    def _shown(self, contact: ContactView) -> Shown:
        shown = self._carts.shown(contact.id)
        if shown is None:
            self._carts.read(contact)
            shown = self._carts.shown(contact.id)
        return shown or Shown(None, None, None)

    def _done(self, contact: ContactView, work: Callable[[UnitOfWork], Cart]) -> LiveCart:
        events: list[ShopEvent] = []
        cart = self._workers.run(work, self._unit_of_work(events.append))
        for event in events:
            if isinstance(event, CartChanged):
                self._carts.cart_changed(event.cart_id, event.customer_id)
        self._tell_page(contact, cart)
        return self._carts.read(contact)

    def _tell_page(self, contact: ContactView, cart: Cart) -> None:
        visitor = self._visitors.for_contact(contact)
        if visitor is not None:
            prepared = cart.prepared is not None
            self._visitors.tell(
                visitor.id, {"type": "cart", "cart": cart.id, "by": "agent", "prepared": prepared}
            )
