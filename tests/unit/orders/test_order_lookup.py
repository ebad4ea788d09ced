from dataclasses import replace
from datetime import timedelta

import pytest

from orders.errors import OrderNotFound
from orders.model.address import Address
from orders.model.order import Order
from orders.ports import NumberParser, UnitOfWork
from orders.services.order_lookup import customer_orders, find_order, get_order, latest_order
from tests.shop import NOW, an_order

PRESENT = Address("12 Gift Road", "SW1A 1AA", "London", "GB")


@pytest.fixture
def order(uow: UnitOfWork) -> Order:
    """Ana's order of a present that is sent to London."""
    with uow:
        order = uow.orders.save(an_order(ship_to=PRESENT))
        uow.commit()
    return order


@pytest.mark.parametrize(
    "check", ["SW1A 1AA", "sw1a1aa", "7912122", "1200-195", "1200195", "+351200000101", "200 000 101"]
)
def test_an_order_is_found_by_number_and_what_its_customer_knows(
    uow: UnitOfWork, numbers: NumberParser, order: Order, check: str
) -> None:
    written = f" {order.number[:3]} {order.number[3:]}#"

    assert find_order(uow, written, check, "PT", numbers) == order


@pytest.mark.parametrize("check", ["", "1200", "1200-196", "+351200000102", "SW1A", "anonymous"])
def test_a_wrong_check_has_the_answer_of_a_wrong_number(
    uow: UnitOfWork, numbers: NumberParser, order: Order, check: str
) -> None:
    nonexistent = an_order(payload=654_321).number

    with_wrong_check = find_order(uow, order.number, check, "PT", numbers)
    with_wrong_number = find_order(uow, nonexistent, "1200-195", "PT", numbers)

    assert with_wrong_check is with_wrong_number is None


@pytest.mark.parametrize("written", ["", "12 34 A", "1" * 17, "---"])
def test_what_can_be_no_number_does_not_reach_the_database(numbers: NumberParser, written: str) -> None:
    class Untouchable:
        def __getattr__(self, name: str) -> None:
            raise AssertionError("the database was asked")

    assert find_order(Untouchable(), written, "1200-195", "PT", numbers) is None  # type: ignore[arg-type]


def test_orders_of_two_shops_with_one_number_are_told_apart_by_the_check(
    uow: UnitOfWork, numbers: NumberParser
) -> None:
    there = replace(PRESENT, postal_code="EC1A 1BB")
    with uow:
        first = uow.orders.save(an_order("a", number="727", site="atelier", ship_to=PRESENT))
        second = uow.orders.save(an_order("b", number="727", site="papel", ship_to=there))
        uow.commit()

    assert find_order(uow, "727", "SW1A 1AA", "PT", numbers) == first
    assert find_order(uow, "727", "EC1A 1BB", "PT", numbers) == second
    assert find_order(uow, "727", "EC1A 1BC", "PT", numbers) is None


def test_orders_come_latest_first(uow: UnitOfWork) -> None:
    with uow:
        for age in (3, 1, 2):
            placed_at = NOW - timedelta(days=age)
            uow.orders.save(an_order(f"{age} days old", 200_000 + age, placed_at=placed_at))
        uow.commit()

    latest = latest_order(uow, "ana")

    assert latest is not None
    assert latest.id == "1 days old"
    assert [order.id for order in customer_orders(uow, "ana")] == ["1 days old", "2 days old", "3 days old"]
    assert [order.id for order in customer_orders(uow, "ana", limit=1, offset=1)] == ["2 days old"]


def test_who_has_no_orders_has_no_latest(uow: UnitOfWork) -> None:
    assert latest_order(uow, "ana") is None
    assert customer_orders(uow, "nobody") == ()


def test_an_order_is_got_by_id_or_it_is_an_error(uow: UnitOfWork, order: Order) -> None:
    assert get_order(uow, order.id) == order
    with pytest.raises(OrderNotFound):
        get_order(uow, "no such order")
