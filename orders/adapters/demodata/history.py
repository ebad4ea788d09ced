"""An order of the demonstration shop in any state, with the payments, parcels and returns that led there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from orders.adapters.demodata.ids import demo_id
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import Order, OrderLine, paid_for
from orders.model.order_return import Return, ReturnReason
from orders.model.order_state import OrderState
from orders.model.payment import Payment, PaymentMethod
from orders.model.pricing import price_lines, usual_rules
from orders.model.product import Product
from orders.model.shipment import Shipment

METHODS: tuple[PaymentMethod, ...] = ("card", "card", "card", "wallet", "bank_transfer", "voucher")
REASONS: tuple[ReturnReason, ...] = ("changed_mind", "damaged", "wrong_item", "too_late")

_CARRIERS = {
    "GB": ("Royal Mail", "DPD"),
    "IE": ("An Post", "DPD"),
    "US": ("UPS", "FedEx"),
    "FR": ("La Poste", "Chronopost"),
    "PT": ("CTT", "DPD"),
}
_AGE_IN_DAYS = {
    OrderState.PLACED: (1, 3),
    OrderState.PAID: (1, 3),
    OrderState.PACKED: (2, 4),
    OrderState.SHIPPED: (3, 8),
    OrderState.DELIVERED: (10, 400),
    OrderState.RETURN_REQUESTED: (10, 30),
    OrderState.RETURNED: (20, 300),
    OrderState.CANCELED: (2, 300),
}
_SENT = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.RETURN_REQUESTED, OrderState.RETURNED)
_SHIPPED_AFTER = timedelta(days=1, hours=6)
_DELIVERED_AFTER = timedelta(days=4, hours=3)


@dataclass(frozen=True, slots=True)
class Purchase:
    """Who bought what; `name` makes the ids, `number` is the order's."""

    name: str
    number: str
    customer: Customer
    goods: Sequence[tuple[Product, int]]
    discount: int = 0


def placed_before(state: OrderState, midnight: datetime, rng: Random) -> datetime:
    """A moment at which an order that is in this state now may have been placed."""
    days = rng.randint(*_AGE_IN_DAYS[state])
    return midnight - timedelta(days=days, minutes=rng.randint(0, 1_000))


def order_in(state: OrderState, purchase: Purchase, placed_at: datetime, rng: Random) -> Order:
    """The order, with the past that belongs to its state."""
    order = _new_order(purchase, placed_at)
    order = replace(order, state=state, payments=_payments(order, state, rng))
    if state in _SENT:
        order = replace(order, shipments=_shipments(order, rng))
    if state in (OrderState.RETURN_REQUESTED, OrderState.RETURNED):
        order = _with_return(order, rng)
    return order


def _new_order(purchase: Purchase, placed_at: datetime) -> Order:
    lines = tuple(
        OrderLine(product.id, product.sku, product.name, quantity, product.price)
        for product, quantity in purchase.goods
    )
    currency = lines[0].unit_price.currency
    return Order(
        id=demo_id("order", purchase.name),
        number=purchase.number,
        customer_id=purchase.customer.id,
        cart_id=None,
        client_key=f"demo-{demo_id('key', purchase.name)}",
        placed_at=placed_at,
        state=OrderState.PLACED,
        ship_to=purchase.customer.address,
        lines=lines,
        totals=price_lines(currency, lines, purchase.discount, usual_rules(currency)),
    )


def _payments(order: Order, state: OrderState, rng: Random) -> tuple[Payment, ...]:
    method, total = rng.choice(METHODS), order.totals.total
    payment = Payment(demo_id("payment", order.id), method, total, "pending", order.placed_at)
    failed = replace(payment, id=demo_id("failed payment", order.id), state="failed")
    if state is OrderState.PLACED:
        return (failed, payment) if rng.random() < 0.3 else (payment,)
    captured = replace(payment, state="captured", at=order.placed_at + timedelta(minutes=4))
    if state is not OrderState.CANCELED:
        return (failed, captured) if rng.random() < 0.1 else (captured,)
    unpaid, waiting, done = (failed,), (captured,), (captured, _refund(order, total, method))
    return rng.choice((unpaid, waiting, done, done))


def _refund(order: Order, amount: Money, method: PaymentMethod) -> Payment:
    at = order.placed_at + timedelta(days=12)
    return Payment(demo_id("refund", order.id), method, amount, "refunded", at)


def _shipments(order: Order, rng: Random) -> tuple[Shipment, ...]:
    shipped_at = order.placed_at + _SHIPPED_AFTER
    arrived = order.state is not OrderState.SHIPPED
    parcel = Shipment(
        id=demo_id("shipment", order.id),
        carrier=rng.choice(_CARRIERS[order.ship_to.country]),
        tracking=f"{order.ship_to.country}{rng.randrange(10**9):09}",
        item_count=order.item_count,
        expected_on=shipped_at.date() + timedelta(days=rng.randint(3, 6)),
        shipped_at=shipped_at,
        delivered_at=order.placed_at + _DELIVERED_AFTER if arrived else None,
    )
    if order.item_count < 4 or rng.random() < 0.6:
        return (parcel,)
    second = replace(parcel, id=demo_id("second shipment", order.id), item_count=order.item_count - 1)
    return (replace(parcel, item_count=1), replace(second, tracking=f"{parcel.tracking}-2"))


def _with_return(order: Order, rng: Random) -> Order:
    line = rng.choice(order.lines)
    quantity = rng.randint(1, line.quantity)
    item = Return(
        id=demo_id("return", order.id),
        product_id=line.product_id,
        quantity=quantity,
        reason=rng.choice(REASONS),
        refund=paid_for(order, line.product_id, quantity),
        state="requested",
        requested_at=order.placed_at + timedelta(days=6),
    )
    if order.state is OrderState.RETURN_REQUESTED:
        return replace(order, returns=(item,))
    received = replace(item, state="received", closed_at=order.placed_at + timedelta(days=11))
    refund = _refund(order, item.refund, order.payments[-1].method)
    payments = (*order.payments, refund) if rng.random() < 0.7 else order.payments
    return replace(order, returns=(received,), payments=payments)
