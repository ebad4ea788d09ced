"""What only a real database can show: statements counted, and several writers at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from config.columns import UtcMoment
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.errors import CartClosed, Conflict, OrdersError, OutOfStock
from orders.model.order import Order
from orders.model.payment import Payment
from orders.services.carts import add_to_cart, get_cart
from orders.services.customers import find_customer_by_number
from orders.services.order_lookup import find_order
from orders.services.overview import customer_overview
from orders.services.place_order import Checkout, place_order
from tests.shop import AGENT, NOW, RULES, a_cart, a_customer, a_product, an_order, cart_line, eur

Sessions = sessionmaker[Session]


@contextmanager
def counted(sessions: Sessions) -> Iterator[list[str]]:
    statements: list[str] = []

    def keep(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    engine = sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", keep)
    yield statements
    event.remove(engine, "before_cursor_execute", keep)


def given(sessions: Sessions, orders: int, lines: int) -> None:
    products = [a_product(f"product {number}", stock=5) for number in range(lines)]
    uow = SqlUnitOfWork(sessions)
    with uow:
        uow.customers.save(a_customer("ana"))
        for product in products:
            uow.products.save(product)
        uow.carts.save(a_cart(*(cart_line(product) for product in products)))
        for number in range(orders):
            paid = Payment(f"p{number}", "card", eur(5_000), "captured", NOW)
            uow.orders.save(an_order(f"order {number}", 200_000 + number, payments=(paid,)))
        uow.commit()


@pytest.mark.parametrize(("orders", "lines"), [(0, 1), (1, 1), (9, 12)])
def test_an_overview_takes_ten_statements_however_much_there_is(
    sessions: Sessions, orders: int, lines: int
) -> None:
    given(sessions, orders, lines)

    with counted(sessions) as statements:
        overview = customer_overview(SqlUnitOfWork(sessions), "ana", RULES, NOW.date(), recent=8)

    assert len(overview.orders) == min(orders, 8)
    assert len(statements) == 10


def test_recognizing_a_caller_takes_two_statements(sessions: Sessions) -> None:
    given(sessions, 3, 3)

    with counted(sessions) as statements:
        found = find_customer_by_number(SqlUnitOfWork(sessions), "+351200000101", "PT", PhoneNumberParser())

    assert found is not None
    assert len(statements) == 2


def test_a_wrong_check_costs_the_statements_of_a_right_one(sessions: Sessions) -> None:
    given(sessions, 3, 3)
    number, parser = an_order(payload=200_001).number, PhoneNumberParser()

    with counted(sessions) as right:
        assert find_order(SqlUnitOfWork(sessions), number, "1200-195", "PT", parser)
    with counted(sessions) as wrong:
        assert find_order(SqlUnitOfWork(sessions), number, "1200-196", "PT", parser) is None

    assert len(right) == len(wrong) == 7


def at_once(work: list[Callable[[], object]]) -> list[object]:
    """What each piece of work gives, a domain error included, when all start together in threads."""
    barrier = Barrier(len(work))

    def run(piece: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return piece()
        except OrdersError as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_clicking_buy_four_times_at_once_gives_one_order(sessions: Sessions) -> None:
    given(sessions, 0, 3)
    checkout = Checkout("one intent", "card")

    orders = at_once(
        [lambda: place_order(SqlUnitOfWork(sessions), "cart-1", checkout, RULES, AGENT, NOW)] * 4
    )

    assert [order for order in orders if order != orders[0]] == []
    assert isinstance(orders[0], Order)
    with SqlUnitOfWork(sessions) as uow:
        assert uow.orders.count_of_customer("ana") == 1
        assert {product.stock for product in uow.products.list(10)} == {4}


def test_two_tabs_buying_one_cart_give_one_order(sessions: Sessions) -> None:
    given(sessions, 0, 3)
    tabs = [Checkout(f"tab {number}", "card") for number in range(3)]

    results = at_once(
        [
            lambda tab=tab: place_order(SqlUnitOfWork(sessions), "cart-1", tab, RULES, AGENT, NOW)
            for tab in tabs
        ]
    )

    losers = [result for result in results if isinstance(result, Conflict | CartClosed)]
    assert len(losers) == 2
    with SqlUnitOfWork(sessions) as uow:
        assert uow.orders.count_of_customer("ana") == 1


def test_the_last_items_are_sold_once(sessions: Sessions) -> None:
    product = a_product("last", stock=2)
    with SqlUnitOfWork(sessions) as uow:
        uow.products.save(product)
        for buyer in range(4):
            uow.customers.save(a_customer(f"buyer {buyer}"))
            uow.carts.save(a_cart(cart_line(product), cart_id=f"cart {buyer}", customer_id=f"buyer {buyer}"))
        uow.commit()

    def buy(buyer: int) -> object:
        checkout = Checkout(f"key {buyer}", "card")
        return place_order(SqlUnitOfWork(sessions), f"cart {buyer}", checkout, RULES, AGENT, NOW)

    results = at_once([lambda buyer=buyer: buy(buyer) for buyer in range(4)])

    assert sum(isinstance(result, OutOfStock) for result in results) == 2
    with SqlUnitOfWork(sessions) as uow:
        left = uow.products.get("last")
        assert left is not None
        assert left.stock == 0
        assert sum(uow.orders.count_of_customer(f"buyer {buyer}") for buyer in range(4)) == 2


def test_agent_and_customer_may_work_on_one_cart_at_once(sessions: Sessions) -> None:
    given(sessions, 0, 3)

    results = at_once(
        [
            lambda number=number: add_to_cart(
                SqlUnitOfWork(sessions), "cart-1", f"product {number}", 4, AGENT, NOW
            )
            for number in range(2)
        ]
    )

    assert [result for result in results if isinstance(result, OrdersError)] == []
    cart = get_cart(SqlUnitOfWork(sessions), "cart-1")
    assert [line.quantity for line in cart.lines] == [5, 5, 1]


def test_moments_come_back_in_utc_to_the_microsecond(sessions: Sessions) -> None:
    moment = datetime(2026, 7, 1, 0, 30, 0, 123_456, timezone(timedelta(hours=1)))
    with SqlUnitOfWork(sessions) as uow:
        uow.carts.save(a_cart(updated_at=moment, customer_id=None))
        uow.commit()

    cart = get_cart(SqlUnitOfWork(sessions), "cart-1")

    assert cart.updated_at == moment
    assert cart.updated_at.tzinfo is UTC


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcMoment().process_bind_param(NOW.replace(tzinfo=None), None)  # type: ignore[arg-type]
