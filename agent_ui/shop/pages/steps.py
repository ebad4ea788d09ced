"""How far the visit is: recorded on the cart, so that an agent sees where the customer is."""

from contextlib import suppress
from datetime import UTC, datetime

from agent_ui.shop.visits import refresh, visit
from agent_ui.shop.wiring import services
from orders.errors import CartClosed, CartNotFound, Conflict
from orders.model.cart import CheckoutStep
from orders.services.carts import go_to_step


def reach(step: CheckoutStep) -> None:
    """The customer sees this step now."""
    found = visit()
    if found.cart is None or found.cart.checkout_step == step or not found.cart.lines:
        return
    with suppress(CartNotFound, CartClosed, Conflict):
        services().store.run(go_to_step, found.cart.id, step, found.actor, datetime.now(UTC))
    refresh()
