from dataclasses import replace
from datetime import date, timedelta

import pytest

from orders.model.order_return import Return
from orders.model.order_state import OrderState
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.services.order_status import order_status
from tests.shop import NOW, an_order, eur

TODAY = NOW.date()
PAID = Payment("p", "card", eur(5_000), "captured", NOW)
PARCEL = Shipment("s1", "Correios", "PT123", 3, TODAY + timedelta(days=2), NOW)


def test_a_new_order_waits_for_its_payment() -> None:
    status = order_status(an_order(payments=(replace(PAID, state="pending"),)), TODAY)

    assert (status.state, status.outstanding) == (OrderState.PLACED, "payment")
    assert (status.total, status.amount_due) == (eur(5_000), eur(5_000))
    assert (status.placed_on, status.item_count, status.items_to_ship) == (TODAY, 3, 3)
    assert (status.expected_on, status.carrier, status.shipped_on) == (None, None, None)


def test_what_was_paid_already_is_not_due() -> None:
    order = an_order(payments=(replace(PAID, amount=eur(2_000)),))

    assert order_status(order, TODAY).amount_due == eur(3_000)


def test_a_shipped_order_tells_carrier_and_expected_date() -> None:
    status = order_status(an_order(state=OrderState.SHIPPED, payments=(PAID,), shipments=(PARCEL,)), TODAY)

    assert (status.carrier, status.tracking, status.shipped_on) == ("Correios", "PT123", TODAY)
    assert (status.expected_on, status.is_late) == (TODAY + timedelta(days=2), False)
    assert (status.outstanding, status.items_to_ship, status.amount_due) == ("delivery", 0, eur(0))


def test_an_order_is_late_the_day_after_it_was_expected() -> None:
    order = an_order(state=OrderState.SHIPPED, shipments=(PARCEL,))

    assert not order_status(order, TODAY + timedelta(days=2)).is_late
    assert order_status(order, TODAY + timedelta(days=3)).is_late


def test_of_several_parcels_the_last_expected_under_way_counts() -> None:
    arrived = replace(PARCEL, expected_on=TODAY + timedelta(days=9), item_count=1, delivered_at=NOW)
    slow = replace(PARCEL, id="s2", carrier="DHL", expected_on=TODAY + timedelta(days=4), item_count=1)
    quick = replace(PARCEL, id="s3", expected_on=TODAY + timedelta(days=1), item_count=1)

    status = order_status(an_order(state=OrderState.SHIPPED, shipments=(arrived, slow, quick)), TODAY)

    assert (status.carrier, status.expected_on) == ("DHL", TODAY + timedelta(days=4))
    assert status.items_to_ship == 0


def test_items_still_in_the_shop_are_counted() -> None:
    order = an_order(state=OrderState.SHIPPED, shipments=(replace(PARCEL, item_count=1),))

    assert order_status(order, TODAY).items_to_ship == 2


def test_a_delivered_order_is_expected_no_more() -> None:
    parcel = replace(PARCEL, delivered_at=NOW + timedelta(days=1))
    status = order_status(an_order(state=OrderState.DELIVERED, shipments=(parcel,)), date(2027, 1, 1))

    assert (status.delivered_on, status.expected_on) == (TODAY + timedelta(days=1), None)
    assert (status.is_late, status.outstanding) == (False, "nothing")


@pytest.mark.parametrize(("paid_back", "due"), [((), 5_000), ((5_000,), 0), ((2_000,), 3_000)])
def test_a_canceled_order_waits_until_all_is_paid_back(paid_back: tuple[int, ...], due: int) -> None:
    refunds = tuple(Payment(f"r{amount}", "card", eur(amount), "refunded", NOW) for amount in paid_back)
    status = order_status(an_order(state=OrderState.CANCELED, payments=(PAID, *refunds)), TODAY)

    assert status.refund_due == eur(due)
    assert status.outstanding == ("refund" if due else "nothing")
    assert (status.amount_due, status.items_to_ship) == (eur(0), 0)


def test_a_received_return_is_owed_and_a_requested_one_not_yet() -> None:
    wanted = Return("r", "mug", 1, "damaged", eur(1_250), "requested", NOW)
    asked = an_order(state=OrderState.RETURN_REQUESTED, payments=(PAID,), returns=(wanted,))
    received = replace(asked, state=OrderState.RETURNED, returns=(replace(wanted, state="received"),))

    assert (order_status(asked, TODAY).outstanding, order_status(asked, TODAY).refund_due) == (
        "return",
        eur(0),
    )
    assert order_status(received, TODAY).refund_due == eur(1_250)


def test_nothing_is_paid_back_that_was_never_paid() -> None:
    wanted = Return("r", "mug", 1, "undelivered", eur(1_250), "received", NOW)

    assert order_status(an_order(state=OrderState.RETURNED, returns=(wanted,)), TODAY).refund_due == eur(0)


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_has_a_status(state: OrderState) -> None:
    assert order_status(an_order(state=state), TODAY).state is state
