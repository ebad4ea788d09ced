"""Runs the orders' services in workers, and tells whoever watches carts what has changed."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from agent_ui.workers import Workers
from orders.events import CartChanged, Publish, ShopEvent
from orders.ports import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")


CartChangedPort = Callable[[str, str | None], None]
"""Told of a cart (its id) that a page changed, and of its customer's id if they are known.

Called on the event loop, after the change was committed.
"""


def nobody_watches(_cart_id: str, _customer_id: str | None) -> None:
    """A `CartChangedPort` for where nobody wants to know."""


class Store:
    """Each call has a unit of work of its own."""

    def __init__(
        self,
        new_uow: Callable[[Publish], UnitOfWork],
        workers: Workers,
        cart_changed: CartChangedPort = nobody_watches,
    ) -> None:
        self._new_uow = new_uow
        self._workers = workers
        self._cart_changed = cart_changed

    def run(self, service: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service in a worker, and tell of the changes it committed."""
        events: list[ShopEvent] = []
        uow = self._new_uow(events.append)
        try:
            return self._workers.run(service, uow, *args, **kwargs)
        finally:
            for event in events:
                if isinstance(event, CartChanged):
                    self._cart_changed(event.cart_id, event.customer_id)
