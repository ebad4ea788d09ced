"""Where an order stands, as facts that can be spoken or shown in any language."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from orders.model.money import Money
from orders.model.order import Order
from orders.model.order_state import OrderState
from orders.model.shipment import Shipment

Outstanding = Literal["payment", "packing", "dispatch", "delivery", "return", "refund", "nothing"]
"""What the order waits for."""

_OUTSTANDING: dict[OrderState, Outstanding] = {
    OrderState.PLACED: "payment",
    OrderState.PAID: "packing",
    OrderState.PACKED: "dispatch",
    OrderState.SHIPPED: "delivery",
    OrderState.DELIVERED: "nothing",
    OrderState.RETURN_REQUESTED: "return",
    OrderState.RETURNED: "nothing",
    OrderState.CANCELED: "nothing",
}


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """Facts about an order on one day; dates are in UTC.

    `expected_on` is the latest promise of the parcels under way, `is_late` says that it has passed.
    `amount_due` is what the customer has yet to pay, `refund_due` what the shop has yet to pay back.
    `items_to_ship` counts the items that have not left the shop.
    """

    number: str
    state: OrderState
    placed_on: date
    expected_on: date | None
    is_late: bool
    shipped_on: date | None
    delivered_on: date | None
    carrier: str | None
    tracking: str | None
    item_count: int
    items_to_ship: int
    total: Money
    amount_due: Money
    refund_due: Money
    outstanding: Outstanding


def order_status(order: Order, today: date) -> OrderStatus:
    """The order's status as of `today`."""
    parcel = _current_parcel(order)
    expected_on = parcel.expected_on if parcel and order.state is OrderState.SHIPPED else None
    refund_due = _refund_due(order)
    return OrderStatus(
        number=order.number,
        state=order.state,
        placed_on=order.placed_at.date(),
        expected_on=expected_on,
        is_late=expected_on is not None and expected_on < today,
        shipped_on=parcel.shipped_at.date() if parcel else None,
        delivered_on=parcel.delivered_at.date() if parcel and parcel.delivered_at else None,
        carrier=parcel.carrier if parcel else None,
        tracking=parcel.tracking if parcel else None,
        item_count=order.item_count,
        items_to_ship=_items_to_ship(order),
        total=order.totals.total,
        amount_due=_amount_due(order),
        refund_due=refund_due,
        outstanding="refund" if refund_due else _OUTSTANDING[order.state],
    )


def _current_parcel(order: Order) -> Shipment | None:
    """The parcel under way that is promised last, or else the one that left last."""
    under_way = [parcel for parcel in order.shipments if parcel.delivered_at is None]
    parcels = under_way or order.shipments
    return max(parcels, key=lambda p: (p.expected_on or date.min, p.shipped_at), default=None)


def _items_to_ship(order: Order) -> int:
    if order.state is OrderState.CANCELED:
        return 0
    return max(0, order.item_count - sum(parcel.item_count for parcel in order.shipments))


def _paid(order: Order, *states: str) -> Money:
    amounts = (payment.amount for payment in order.payments if payment.state in states)
    return sum(amounts, Money.zero(order.currency))


def _amount_due(order: Order) -> Money:
    if order.state is not OrderState.PLACED:
        return Money.zero(order.currency)
    return max(order.totals.total - _paid(order, "authorized", "captured"), Money.zero(order.currency))


def _refund_due(order: Order) -> Money:
    """What was captured and is not the shop's to keep, less what has been paid back."""
    nothing = Money.zero(order.currency)
    captured, refunded = _paid(order, "captured"), _paid(order, "refunded")
    returned = sum((item.refund for item in order.returns if item.state == "received"), nothing)
    owed = captured if order.state is OrderState.CANCELED else min(returned, captured)
    return max(owed - refunded, nothing)
