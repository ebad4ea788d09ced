"""An order's way as its customer sees it."""

from dataclasses import dataclass
from datetime import datetime

from orders.model.order import Order
from orders.model.order_state import OrderState

WAY = (
    OrderState.PLACED,
    OrderState.PAID,
    OrderState.PACKED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
)

_SPECIAL = {
    OrderState.RETURN_REQUESTED: (OrderState.RETURN_REQUESTED,),
    OrderState.RETURNED: (OrderState.RETURNED,),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A state on the way; `at` is when it was reached, where that is known."""

    state: OrderState
    is_done: bool
    is_now: bool
    at: datetime | None


def timeline(order: Order) -> tuple[Stage, ...]:
    """The way of an order: what it has passed, where it is, what will come."""
    if order.state is OrderState.CANCELED:
        return _stages(order, (OrderState.PLACED, OrderState.CANCELED))
    return _stages(order, (*WAY, *_SPECIAL.get(order.state, ())))


def _stages(order: Order, way: tuple[OrderState, ...]) -> tuple[Stage, ...]:
    reached = way.index(order.state)
    return tuple(
        Stage(state, n <= reached, n == reached, _moment(order, state) if n <= reached else None)
        for n, state in enumerate(way)
    )


def _moment(order: Order, state: OrderState) -> datetime | None:
    shipped = [parcel.shipped_at for parcel in order.shipments]
    delivered = [parcel.delivered_at for parcel in order.shipments if parcel.delivered_at]
    captured = [payment.at for payment in order.payments if payment.state == "captured"]
    moments = {
        OrderState.PLACED: [order.placed_at],
        OrderState.PAID: captured,
        OrderState.SHIPPED: shipped,
        OrderState.DELIVERED: delivered,
        OrderState.RETURN_REQUESTED: [item.requested_at for item in order.returns],
        OrderState.RETURNED: [item.closed_at for item in order.returns if item.closed_at],
    }.get(state, [])
    return max(moments, default=None)
