"""Every state an order can be in and every way between them: all of it is in the table below."""

from enum import StrEnum

from orders.errors import IllegalTransition


class OrderState(StrEnum):
    """Where an order is; the values are stable ids, stored and spoken from."""

    PLACED = "placed"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    CANCELED = "canceled"


class OrderEvent(StrEnum):
    """What can happen to an order."""

    PAY = "pay"
    PACK = "pack"
    SHIP = "ship"
    DELIVER = "deliver"
    REQUEST_RETURN = "request_return"
    REFUSE_RETURN = "refuse_return"
    RECEIVE_RETURN = "receive_return"
    CANCEL = "cancel"


TRANSITIONS: dict[tuple[OrderState, OrderEvent], OrderState] = {
    (OrderState.PLACED, OrderEvent.PAY): OrderState.PAID,
    (OrderState.PLACED, OrderEvent.CANCEL): OrderState.CANCELED,
    (OrderState.PAID, OrderEvent.PACK): OrderState.PACKED,
    (OrderState.PAID, OrderEvent.CANCEL): OrderState.CANCELED,
    (OrderState.PACKED, OrderEvent.SHIP): OrderState.SHIPPED,
    (OrderState.PACKED, OrderEvent.CANCEL): OrderState.CANCELED,
    (OrderState.SHIPPED, OrderEvent.DELIVER): OrderState.DELIVERED,
    (OrderState.SHIPPED, OrderEvent.RECEIVE_RETURN): OrderState.RETURNED,
    (OrderState.DELIVERED, OrderEvent.REQUEST_RETURN): OrderState.RETURN_REQUESTED,
    (OrderState.RETURN_REQUESTED, OrderEvent.REFUSE_RETURN): OrderState.DELIVERED,
    (OrderState.RETURN_REQUESTED, OrderEvent.RECEIVE_RETURN): OrderState.RETURNED,
}
"""A shipped order that comes back undelivered is received as a return without having been requested."""


def next_state(state: OrderState, event: OrderEvent) -> OrderState:
    """The state after an event.

    Raises:
        IllegalTransition: the table has no such transition.
    """
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(f"an order that is {state} cannot {event}") from None
