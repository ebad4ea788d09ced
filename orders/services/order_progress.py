"""What happens to an order after it was placed; each step is attributed to an actor and audited.

All raise `OrderNotFound`, `IllegalTransition` (nothing changes then) and `Conflict`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from orders.errors import ShipmentNotFound
from orders.events import OrderStateChanged
from orders.model.actor import Actor
from orders.model.audit import Detail
from orders.model.money import Money
from orders.model.order import Order, paid_for
from orders.model.order_return import Return, ReturnReason
from orders.model.order_state import OrderEvent, OrderState, next_state
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.ports import UnitOfWork
from orders.services.auditing import audit_order
from orders.services.order_lookup import known_order


@dataclass(frozen=True, slots=True)
class _Step:
    order: Order
    details: tuple[Detail, ...] = ()
    restock: tuple[tuple[str, int], ...] = ()


def record_payment(uow: UnitOfWork, order_id: str, payment: Payment, actor: Actor, now: datetime) -> Order:
    """The order with this payment, new or in its new state; paid once enough is captured."""

    def step(order: Order) -> _Step:
        others = tuple(known for known in order.payments if known.id != payment.id)
        known = replace(order, payments=(*others, payment))
        is_paid = order.state is OrderState.PLACED and _captured(known) >= order.totals.total
        return _Step(
            _after(known, OrderEvent.PAY) if is_paid else known,
            (("payment", payment.id), ("state", payment.state)),
        )

    return _stepped(uow, order_id, "order.payment_recorded", step, actor, now)


def pack_order(uow: UnitOfWork, order_id: str, actor: Actor, now: datetime) -> Order:
    """The order, packed."""
    return _stepped(
        uow, order_id, "order.packed", lambda order: _Step(_after(order, OrderEvent.PACK)), actor, now
    )


def ship_order(uow: UnitOfWork, order_id: str, shipment: Shipment, actor: Actor, now: datetime) -> Order:
    """The order with a parcel more under way; the first one makes it shipped."""

    def step(order: Order) -> _Step:
        sent = order if order.state is OrderState.SHIPPED else _after(order, OrderEvent.SHIP)
        parcels = (*order.shipments, shipment)
        return _Step(replace(sent, shipments=parcels), (("shipment", shipment.id),))

    return _stepped(uow, order_id, "order.shipped", step, actor, now)


def deliver_shipment(uow: UnitOfWork, order_id: str, shipment_id: str, actor: Actor, now: datetime) -> Order:
    """The order with this parcel delivered; delivered itself when every item is.

    Raises:
        ShipmentNotFound: the order has no such parcel.
    """

    def step(order: Order) -> _Step:
        parcels = _with_delivered(order, shipment_id, now)
        arrived = sum(parcel.item_count for parcel in parcels if parcel.delivered_at)
        moved = _after(order, OrderEvent.DELIVER) if arrived >= order.item_count else order
        return _Step(replace(moved, shipments=parcels), (("shipment", shipment_id),))

    return _stepped(uow, order_id, "order.parcel_delivered", step, actor, now)


def request_return(
    uow: UnitOfWork,
    order_id: str,
    product_id: str,
    quantity: int,
    reason: ReturnReason,
    actor: Actor,
    now: datetime,
) -> Order:
    """The delivered order with a return of some items requested.

    Raises:
        LineNotFound: the order holds fewer of the product.
    """

    def step(order: Order) -> _Step:
        wanted = _return_of(order, product_id, quantity, reason, now)
        asked = _after(order, OrderEvent.REQUEST_RETURN)
        return _Step(replace(asked, returns=(*order.returns, wanted)), (("return", wanted.id),))

    return _stepped(uow, order_id, "order.return_requested", step, actor, now)


def refuse_return(uow: UnitOfWork, order_id: str, actor: Actor, now: datetime) -> Order:
    """The order with the return that was requested refused."""

    def step(order: Order) -> _Step:
        kept = _after(order, OrderEvent.REFUSE_RETURN)
        refused = tuple(
            replace(item, state="refused", closed_at=now) if item.state == "requested" else item
            for item in order.returns
        )
        return _Step(replace(kept, returns=refused))

    return _stepped(uow, order_id, "order.return_refused", step, actor, now)


def receive_return(uow: UnitOfWork, order_id: str, actor: Actor, now: datetime) -> Order:
    """The order with what was sent back received and in stock again.

    An order that nobody took, and that comes back without a request, comes back whole.
    """

    def step(order: Order) -> _Step:
        back = _after(order, OrderEvent.RECEIVE_RETURN)
        coming = tuple(item for item in order.returns if item.state == "requested")
        if order.state is OrderState.SHIPPED:
            coming = tuple(_undelivered(order, now))
        received = tuple(replace(item, state="received", closed_at=now) for item in coming)
        others = tuple(item for item in order.returns if item.state != "requested")
        restock = tuple((item.product_id, item.quantity) for item in received)
        return _Step(replace(back, returns=(*others, *received)), restock=restock)

    return _stepped(uow, order_id, "order.return_received", step, actor, now)


def cancel_order(uow: UnitOfWork, order_id: str, actor: Actor, now: datetime) -> Order:
    """The order, canceled, with its items back in stock."""

    def step(order: Order) -> _Step:
        restock = tuple((line.product_id, line.quantity) for line in order.lines)
        return _Step(_after(order, OrderEvent.CANCEL), restock=restock)

    return _stepped(uow, order_id, "order.canceled", step, actor, now)


def _after(order: Order, event: OrderEvent) -> Order:
    return replace(order, state=next_state(order.state, event))


def _captured(order: Order) -> Money:
    amounts = (payment.amount for payment in order.payments if payment.state == "captured")
    return sum(amounts, Money.zero(order.currency))


def _with_delivered(order: Order, shipment_id: str, now: datetime) -> tuple[Shipment, ...]:
    if all(parcel.id != shipment_id for parcel in order.shipments):
        raise ShipmentNotFound(f"order {order.id} has no shipment {shipment_id}")
    return tuple(
        replace(parcel, delivered_at=now) if parcel.id == shipment_id else parcel
        for parcel in order.shipments
    )


def _return_of(order: Order, product_id: str, quantity: int, reason: ReturnReason, now: datetime) -> Return:
    refund = paid_for(order, product_id, quantity)
    return Return(uuid4().hex, product_id, quantity, reason, refund, "requested", now)


def _undelivered(order: Order, now: datetime) -> Iterable[Return]:
    for line in order.lines:
        yield _return_of(order, line.product_id, line.quantity, "undelivered", now)


def _stepped(
    uow: UnitOfWork,
    order_id: str,
    action: str,
    step: Callable[[Order], _Step],
    actor: Actor,
    now: datetime,
) -> Order:
    with uow:
        order = known_order(uow, order_id)
        taken = step(order)
        saved = uow.orders.save(taken.order)
        for product_id, quantity in sorted(taken.restock):
            uow.products.put_back(product_id, quantity)
        audit_order(uow, order.id, action, taken.details, actor, now)
        if saved.state is not order.state:
            uow.record(OrderStateChanged(order.id, order.customer_id, order.state, saved.state))
        uow.commit()
        return saved
