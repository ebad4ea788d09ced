"""Turning a cart into an order, exactly once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from orders.errors import (
    CartClosed,
    CartEmpty,
    CartHasNoCustomer,
    ClientKeyReused,
    Conflict,
    OutOfStock,
)
from orders.events import CartChanged, OrderPlaced
from orders.model.actor import Actor
from orders.model.address import Address
from orders.model.audit import Detail
from orders.model.cart import Cart
from orders.model.order import Order, OrderLine
from orders.model.order_number import draw_order_number
from orders.model.order_state import OrderEvent, OrderState, next_state
from orders.model.payment import Payment, PaymentMethod
from orders.model.pricing import PriceRules, price_lines
from orders.ports import UnitOfWork
from orders.services.auditing import audit_order
from orders.services.carts import known_cart
from orders.services.customers import known_customer


@dataclass(frozen=True, slots=True)
class Checkout:
    """What the customer decided: how to pay, where to send; without an address, to their own.

    `client_key` is made by the client, once for each intent to buy (at most 64 characters): the same key
    again gives the same order. `delivery` is the customer's choice where the shop gives one; it is audited.
    """

    client_key: str
    method: PaymentMethod
    ship_to: Address | None = None
    delivery: str | None = None


def place_order(
    uow: UnitOfWork,
    cart_id: str,
    checkout: Checkout,
    rules: PriceRules,
    actor: Actor,
    now: datetime,
    randbelow: Callable[[int], int] = secrets.randbelow,
) -> Order:
    """The order made from the cart, with a payment pending; or the one this key has already made.

    Raises:
        CartNotFound, CartEmpty, CartHasNoCustomer.
        CartClosed: the cart became an order with another key, or was abandoned.
        ClientKeyReused: the key has made an order of another cart.
        OutOfStock: the shop has too few of a product; nothing is taken.
        Conflict: somebody changed the cart at the same moment.
    """
    try:
        with uow:
            return _already_placed(uow, cart_id, checkout) or _placed(
                uow, cart_id, checkout, rules, actor, now, randbelow
            )
    except (Conflict, CartClosed):
        # The same key may have won a race against itself since it was looked for.
        with uow:
            order = _already_placed(uow, cart_id, checkout)
        if order is None:
            raise
        return order


def _already_placed(uow: UnitOfWork, cart_id: str, checkout: Checkout) -> Order | None:
    order = uow.orders.by_client_key(checkout.client_key)
    if order is not None and order.cart_id != cart_id:
        raise ClientKeyReused("this key has made an order of another cart")
    return order


def _placed(
    uow: UnitOfWork,
    cart_id: str,
    checkout: Checkout,
    rules: PriceRules,
    actor: Actor,
    now: datetime,
    randbelow: Callable[[int], int],
) -> Order:
    cart = known_cart(uow, cart_id)
    customer_id = _check_orderable(cart)
    uow.carts.save(replace(cart, state="ordered", updated_at=now))
    _take_stock(uow, cart)
    ship_to = checkout.ship_to or known_customer(uow, customer_id).address
    number = draw_order_number(randbelow, uow.orders.number_is_taken)
    order = uow.orders.save(_order_from(cart, customer_id, number, checkout, ship_to, rules, now))
    audit_order(uow, order.id, "order.placed", _details(cart, checkout), actor, now)
    uow.record(CartChanged(cart.id, customer_id))
    uow.record(OrderPlaced(order.id, cart.id, customer_id))
    uow.commit()
    return order


def _details(cart: Cart, checkout: Checkout) -> tuple[Detail, ...]:
    chosen: tuple[Detail, ...] = (("delivery", checkout.delivery),) if checkout.delivery else ()
    return (("cart", cart.id), *chosen)


def _check_orderable(cart: Cart) -> str:
    if cart.state != "open":
        raise CartClosed(f"cart {cart.id} is {cart.state}")
    if not cart.lines:
        raise CartEmpty(f"cart {cart.id} is empty")
    if cart.customer_id is None:
        raise CartHasNoCustomer(f"cart {cart.id} belongs to nobody yet")
    return cart.customer_id


def _take_stock(uow: UnitOfWork, cart: Cart) -> None:
    # In one order for everybody, or two customers could wait for each other's rows.
    for line in sorted(cart.lines, key=lambda line: line.product_id):
        if not uow.products.take_stock(line.product_id, line.quantity):
            raise OutOfStock(f"product {line.product_id} is out of stock")


def _order_from(
    cart: Cart,
    customer_id: str,
    number: str,
    checkout: Checkout,
    ship_to: Address,
    rules: PriceRules,
    now: datetime,
) -> Order:
    totals = price_lines(cart.currency, cart.lines, cart.discount_rate, rules)
    free = not totals.total
    return Order(
        id=uuid4().hex,
        number=number,
        customer_id=customer_id,
        cart_id=cart.id,
        client_key=checkout.client_key,
        placed_at=now,
        state=next_state(OrderState.PLACED, OrderEvent.PAY) if free else OrderState.PLACED,
        ship_to=ship_to,
        lines=tuple(
            OrderLine(line.product_id, line.sku, line.name, line.quantity, line.unit_price)
            for line in cart.lines
        ),
        totals=totals,
        payments=() if free else (Payment(uuid4().hex, checkout.method, totals.total, "pending", now),),
    )
