from datetime import timedelta

import pytest

from orders.errors import CustomerNotFound
from orders.ports import UnitOfWork
from orders.services.overview import customer_overview
from tests.shop import NOW, RULES, a_cart, a_customer, a_product, an_order, cart_line, eur


def test_an_agent_sees_customer_cart_with_totals_and_latest_orders(uow: UnitOfWork) -> None:
    with uow:
        uow.carts.save(a_cart(cart_line(a_product("mug"), 2)))
        for age in range(7):
            placed_at = NOW - timedelta(days=age)
            uow.orders.save(an_order(f"{age} days old", 300_000 + age, placed_at=placed_at))
        uow.commit()

    overview = customer_overview(uow, "ana", RULES, NOW.date(), recent=2)

    assert overview.customer == a_customer("ana")
    assert overview.cart is not None
    assert overview.cart.totals.total == eur(3_000)
    assert [each.order.id for each in overview.orders] == ["0 days old", "1 days old"]
    assert [each.status.outstanding for each in overview.orders] == ["payment", "payment"]
    assert overview.order_count == 7


def test_a_new_customer_has_neither_cart_nor_orders(uow: UnitOfWork) -> None:
    overview = customer_overview(uow, "ana", RULES, NOW.date())

    assert (overview.cart, overview.orders, overview.order_count) == (None, (), 0)


def test_nobody_unknown_has_an_overview(uow: UnitOfWork) -> None:
    with pytest.raises(CustomerNotFound):
        customer_overview(uow, "nobody", RULES, NOW.date())
