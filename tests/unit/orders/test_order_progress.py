from dataclasses import replace
from datetime import timedelta

import pytest

from orders.errors import IllegalTransition, LineNotFound, OrderNotFound, ShipmentNotFound
from orders.events import OrderStateChanged, ShopEvent
from orders.model.order import Order, paid_for
from orders.model.order_state import OrderState
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.ports import UnitOfWork
from orders.services import order_progress
from orders.services.order_lookup import get_order
from tests.shop import AGENT, NOW, an_order, eur

LATER = NOW + timedelta(hours=1)
PAID = Payment("p1", "card", eur(5_000), "captured", LATER)
PARCEL = Shipment("s1", "Correios", "PT123", 3, None, LATER)


def given(uow: UnitOfWork, order: Order) -> Order:
    with uow:
        saved = uow.orders.save(order)
        uow.commit()
    return saved


def stock(uow: UnitOfWork) -> dict[str, int]:
    with uow:
        return {product.id: product.stock for product in uow.products.list(10)}


def test_an_order_goes_from_placed_to_delivered(uow: UnitOfWork, published: list[ShopEvent]) -> None:
    order_id = given(uow, an_order()).id

    order_progress.record_payment(uow, order_id, PAID, AGENT, LATER)
    order_progress.pack_order(uow, order_id, AGENT, LATER)
    order_progress.ship_order(uow, order_id, PARCEL, AGENT, LATER)
    order = order_progress.deliver_shipment(uow, order_id, "s1", AGENT, LATER)

    assert order == get_order(uow, order_id)
    assert order.shipments == (replace(PARCEL, delivered_at=LATER),)
    after = [event.after for event in published if isinstance(event, OrderStateChanged)]
    assert after == [OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED]
    with uow:
        actions = [entry.action for entry in uow.audit.of("order", order_id)]
    assert actions == ["order.payment_recorded", "order.packed", "order.shipped", "order.parcel_delivered"]


def test_an_order_is_paid_once_enough_is_captured(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(payments=(replace(PAID, state="pending"),))).id

    half = order_progress.record_payment(uow, order_id, replace(PAID, amount=eur(2_500)), AGENT, LATER)
    rest = replace(PAID, id="p2", amount=eur(2_500))
    whole = order_progress.record_payment(uow, order_id, rest, AGENT, LATER)

    assert (half.state, len(half.payments)) == (OrderState.PLACED, 1)
    assert (whole.state, len(whole.payments)) == (OrderState.PAID, 2)


def test_an_order_in_two_parcels_is_delivered_with_the_second(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.PACKED)).id
    for parcel in (replace(PARCEL, item_count=1), replace(PARCEL, id="s2", item_count=2)):
        order_progress.ship_order(uow, order_id, parcel, AGENT, LATER)

    first = order_progress.deliver_shipment(uow, order_id, "s1", AGENT, LATER)
    second = order_progress.deliver_shipment(uow, order_id, "s2", AGENT, LATER)

    assert (first.state, second.state) == (OrderState.SHIPPED, OrderState.DELIVERED)


def test_a_canceled_order_puts_its_items_back(uow: UnitOfWork) -> None:
    order = order_progress.cancel_order(uow, given(uow, an_order()).id, AGENT, LATER)

    assert order.state is OrderState.CANCELED
    assert stock(uow) == {"mug": 12, "lamp": 11}


def test_an_illegal_step_changes_nothing(uow: UnitOfWork, published: list[ShopEvent]) -> None:
    order = given(uow, an_order(state=OrderState.SHIPPED, shipments=(PARCEL,)))

    with pytest.raises(IllegalTransition):
        order_progress.cancel_order(uow, order.id, AGENT, LATER)

    assert get_order(uow, order.id) == order
    assert stock(uow) == {"mug": 10, "lamp": 10}
    assert published == []


def test_a_return_is_requested_received_and_in_stock_again(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.DELIVERED)).id

    asked = order_progress.request_return(uow, order_id, "mug", 1, "damaged", AGENT, LATER)
    received = order_progress.receive_return(uow, order_id, AGENT, LATER)

    assert asked.state is OrderState.RETURN_REQUESTED
    assert [(item.product_id, item.refund, item.state) for item in received.returns] == [
        ("mug", eur(1_250), "received")
    ]
    assert received.state is OrderState.RETURNED
    assert stock(uow) == {"mug": 11, "lamp": 10}


def test_a_refused_return_leaves_the_order_delivered(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.DELIVERED)).id
    order_progress.request_return(uow, order_id, "mug", 1, "changed_mind", AGENT, LATER)

    order = order_progress.refuse_return(uow, order_id, AGENT, LATER)

    assert (order.state, order.returns[0].state, order.returns[0].closed_at) == (
        OrderState.DELIVERED,
        "refused",
        LATER,
    )
    assert stock(uow) == {"mug": 10, "lamp": 10}


def test_a_parcel_nobody_took_comes_back_whole(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.SHIPPED, shipments=(PARCEL,))).id

    order = order_progress.receive_return(uow, order_id, AGENT, LATER)

    assert [(item.product_id, item.quantity, item.reason) for item in order.returns] == [
        ("mug", 2, "undelivered"),
        ("lamp", 1, "undelivered"),
    ]
    assert stock(uow) == {"mug": 12, "lamp": 11}


def test_no_more_is_returned_than_was_bought(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.DELIVERED)).id

    for product_id, quantity in (("mug", 3), ("mug", 0), ("sofa", 1)):
        with pytest.raises(LineNotFound):
            order_progress.request_return(uow, order_id, product_id, quantity, "damaged", AGENT, LATER)


def test_a_discount_is_not_paid_back() -> None:
    order = an_order()
    discounted = replace(order, totals=replace(order.totals, discount=eur(450)))

    assert paid_for(discounted, "mug", 1) == eur(1_125)


def test_what_does_not_exist_is_an_error(uow: UnitOfWork) -> None:
    order_id = given(uow, an_order(state=OrderState.SHIPPED)).id

    with pytest.raises(ShipmentNotFound):
        order_progress.deliver_shipment(uow, order_id, "no such parcel", AGENT, LATER)
    with pytest.raises(OrderNotFound):
        order_progress.pack_order(uow, "no such order", AGENT, LATER)
