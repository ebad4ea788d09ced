"""From a checkout to an order: once, paid for, and as the customer has seen it."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from agent_ui.shop.delivery import Delivery
from agent_ui.shop.drafts import Recipient
from agent_ui.shop.payment.tokens import Authorization
from orders.errors import CartClosed
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.model.order import Order
from orders.model.order_state import OrderState
from orders.model.pricing import PriceRules, price_lines
from orders.model.text import Language
from orders.ports import NumberParser, UnitOfWork
from orders.services.carts import claim_cart, get_cart
from orders.services.customers import NewCustomer, find_customers_by_number, register_customer
from orders.services.order_progress import record_payment
from orders.services.place_order import Checkout, place_order
from orders.services.retrying import retried

_TRIES = 5


class CartMoved(Exception):
    """The cart is not what the customer has seen; they look again first."""


class PaymentTooLow(Exception):
    """The card was accepted for less, or for another cart; the customer pays again."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a customer confirms: the cart as they saw it, sent there, paid like this."""

    cart_id: str
    seen: str
    recipient: Recipient
    delivery: Delivery
    payment: Authorization | None
    language: Language


def contents(cart: Cart) -> str:
    """Stands for what a cart holds at which price: another one as soon as anything of it changes."""
    lines = [(line.product_id, line.quantity, line.unit_price.minor) for line in cart.lines]
    return sha256(repr((lines, cart.discount_rate)).encode()).hexdigest()[:32]


def client_key(cart_id: str) -> str:
    """The key of the one order that a cart can become, however often it is asked for."""
    return f"shop-{cart_id}"[:64]


def guest_id(cart_id: str) -> str:
    """The id of the customer that a visitor's cart makes, however often it does."""
    return uuid5(NAMESPACE_URL, f"comptoir:guest:{cart_id}").hex


def buy(
    uow: UnitOfWork, purchase: Purchase, rules: PriceRules, numbers: NumberParser, now: datetime
) -> Order:
    """The paid order; the same one for the same cart, however often the button is pressed.

    Raises:
        CartMoved, PaymentTooLow; and what `orders.services.place_order.place_order` raises.
    """
    # The same button is pressed twice, or an agent works on the cart: what is there then counts.
    return retried(lambda: _bought(uow, purchase, rules, numbers, now), _TRIES)


def _bought(
    uow: UnitOfWork, purchase: Purchase, rules: PriceRules, numbers: NumberParser, now: datetime
) -> Order:
    cart = get_cart(uow, purchase.cart_id)
    if cart.state == "open":
        _check(cart, purchase, rules)
        cart = _owned(uow, cart, purchase, numbers, now)
    actor = Actor("customer", cart.customer_id or cart.id)
    checkout = Checkout(client_key(cart.id), "card", purchase.recipient.address, purchase.delivery)
    order = place_order(uow, cart.id, checkout, rules, actor, now)
    return _captured(uow, order, purchase.payment, now)


def _check(cart: Cart, purchase: Purchase, rules: PriceRules) -> None:
    if contents(cart) != purchase.seen:
        raise CartMoved
    total = price_lines(cart.currency, cart.lines, cart.discount_rate, rules).total
    if total and not (purchase.payment and purchase.payment.covers(cart.id, total)):
        raise PaymentTooLow


def _owned(uow: UnitOfWork, cart: Cart, purchase: Purchase, numbers: NumberParser, now: datetime) -> Cart:
    """The cart with an owner: a visitor becomes a customer with their order."""
    if cart.customer_id is not None:
        return cart
    customer_id = guest_id(cart.id)
    register_customer(uow, _guest(uow, purchase, numbers), numbers, customer_id)
    try:
        return claim_cart(uow, cart.id, customer_id, Actor("customer", customer_id), now)
    except CartClosed:
        # The other request of a button that was pressed twice has made it an order.
        return get_cart(uow, cart.id)


def _guest(uow: UnitOfWork, purchase: Purchase, numbers: NumberParser) -> NewCustomer:
    wanted = purchase.recipient
    phones = free_phones(uow, wanted.phone, wanted.country, numbers, guest_id(purchase.cart_id))
    return NewCustomer(wanted.name, wanted.email, phones, purchase.language, wanted.address)


def free_phones(
    uow: UnitOfWork, phone: str, country: str, numbers: NumberParser, own_id: str
) -> tuple[str, ...]:
    """The number, unless it is another customer's.

    Nobody has proved that it is theirs: a number that two customers share recognises neither when they call.
    """
    if not phone:
        return ()
    owners = find_customers_by_number(uow, phone, country, numbers)
    return () if any(owner.id != own_id for owner in owners) else (phone,)


def _captured(uow: UnitOfWork, order: Order, payment: Authorization | None, now: datetime) -> Order:
    """The order, paid. One that became dearer than what was authorized stays to be paid."""
    waiting = order.state is OrderState.PLACED and order.payments
    if not waiting or payment is None or not payment.covers(order.cart_id or "", order.totals.total):
        return order
    captured = replace(order.payments[0], state="captured", at=now)
    return record_payment(uow, order.id, captured, Actor("system", "payment"), now)
