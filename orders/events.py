"""What happened in the shop, told to the rest of the system after it has been committed."""

from collections.abc import Callable
from dataclasses import dataclass

from orders.model.order_state import OrderState


@dataclass(frozen=True, slots=True)
class CartChanged:
    """A cart's lines, discount, step or owner are not what they were."""

    cart_id: str
    customer_id: str | None


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A cart became an order."""

    order_id: str
    cart_id: str
    customer_id: str


@dataclass(frozen=True, slots=True)
class OrderStateChanged:
    """An order went from one state to another."""

    order_id: str
    customer_id: str
    before: OrderState
    after: OrderState


ShopEvent = CartChanged | OrderPlaced | OrderStateChanged

Publish = Callable[[ShopEvent], None]
"""Passes an event on; called in the thread that committed."""


def nobody_listens(event: ShopEvent) -> None:
    """A `Publish` for where nobody wants to know."""
