"""The demonstration shop: believable, the same each time, and loaded once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from orders.adapters import tables
from orders.adapters.demo import DEMO_CALLERS, DemoCaller, load
from orders.adapters.demodata.places import countries
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.order import Order
from orders.model.order_number import parse_order_number
from orders.model.order_state import OrderState
from orders.services.customers import find_customer_by_number
from orders.services.order_lookup import find_order, latest_order
from orders.services.order_status import order_status
from orders.services.overview import customer_overview
from tests.shop import RULES

TODAY = date(2026, 3, 2)
Sessions = sessionmaker[Session]
Rows = dict[str, list[tuple[object, ...]]]


def loaded(sessions: Sessions, seed: int = 7) -> dict[str, int]:
    with sessions.begin() as session:
        return load(session, seed, TODAY)


def everything(sessions: Sessions) -> Rows:
    with sessions() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in vars(tables).values()
            if isinstance(table, type(tables.cart))
        }


def emptied(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for table in reversed(tables.metadata.sorted_tables):
            if table in vars(tables).values():
                session.execute(table.delete())


def all_orders(sessions: Sessions) -> Iterator[Order]:
    with sessions() as session:
        customer_ids = session.scalars(select(tables.customer.c.id)).all()
    with SqlUnitOfWork(sessions) as uow:
        for customer_id in customer_ids:
            yield from uow.orders.of_customer(customer_id, 1_000)


def test_there_are_customers_products_orders_and_carts_enough(sessions: Sessions) -> None:
    summary = loaded(sessions)

    assert summary["customers"] >= 200
    assert summary["products"] >= 60
    assert summary["orders"] >= 500
    assert summary["open_carts"] >= 40
    assert min(summary[part] for part in ("payments", "shipments", "returns")) > 20


def test_a_second_load_changes_nothing(sessions: Sessions) -> None:
    first = loaded(sessions)
    before = everything(sessions)

    second = loaded(sessions, seed=8)

    assert second == first
    assert everything(sessions) == before


def test_the_same_seed_gives_the_same_shop_and_another_seed_another(sessions: Sessions) -> None:
    shops = []
    for seed in (7, 7, 8):
        loaded(sessions, seed)
        shops.append(everything(sessions))
        emptied(sessions)

    assert shops[0] == shops[1]
    assert shops[0] != shops[2]


def test_nothing_lasts_if_the_transaction_is_rolled_back(sessions: Sessions) -> None:
    with sessions() as session:
        load(session, 7, TODAY)

    assert not any(everything(sessions).values())


def test_every_order_is_whole_and_its_past_fits_its_state(demo_sessions: Sessions) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    states: Counter[OrderState] = Counter()

    for order in all_orders(demo_sessions):
        states[order.state] += 1
        status = order_status(order, TODAY)
        totals = order.totals
        assert parse_order_number(order.number) == order.number
        assert totals.total == totals.subtotal - totals.discount + totals.shipping
        assert sum(line.amount.minor for line in order.lines) == totals.subtotal.minor
        assert order.placed_at < midnight
        assert all(parcel.shipped_at < midnight for parcel in order.shipments)
        assert all((parcel.delivered_at or order.placed_at) < midnight for parcel in order.shipments)
        sent = order.state in (
            OrderState.SHIPPED,
            OrderState.DELIVERED,
            OrderState.RETURN_REQUESTED,
            OrderState.RETURNED,
        )
        assert (status.items_to_ship == 0) == (sent or order.state is OrderState.CANCELED)
        assert bool(order.shipments) == sent
        assert bool(status.amount_due) == (order.state is OrderState.PLACED)
        assert bool(order.returns) == (order.state in (OrderState.RETURN_REQUESTED, OrderState.RETURNED))

    assert set(states) == set(OrderState)
    assert min(states.values()) >= 10


def test_some_customers_wait_for_a_refund_and_some_orders_are_late(demo_sessions: Sessions) -> None:
    statuses = [order_status(order, TODAY) for order in all_orders(demo_sessions)]

    assert any(status.is_late for status in statuses)
    assert any(status.refund_due for status in statuses)
    assert any(status.state is OrderState.CANCELED and not status.refund_due for status in statuses)


def test_every_language_is_spoken_and_every_number_is_e164(demo_sessions: Sessions) -> None:
    with demo_sessions() as session:
        languages = Counter(session.scalars(select(tables.customer.c.language)))
        phones = session.scalars(select(tables.customer_phone.c.e164)).all()

    assert set(languages) == {"en", "fr", "pt"}
    assert min(languages.values()) >= 60
    assert len(phones) == len(set(phones)) > 200
    for phone in phones:
        parsed = phonenumbers.parse(phone, None)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == phone


@pytest.mark.parametrize("n", [0, 49, 99])
def test_every_way_to_write_a_number_is_read(n: int) -> None:
    for country in countries():
        for each in range(n, n - 6, -1):
            written = country.phone(each % 100)
            assert PhoneNumberParser().e164(written, country.code), written


@pytest.mark.parametrize("caller", DEMO_CALLERS, ids=lambda caller: caller.language)
def test_a_documented_caller_has_an_open_cart_and_a_shipped_order(
    demo_sessions: Sessions, caller: DemoCaller
) -> None:
    uow, parser = SqlUnitOfWork(demo_sessions), PhoneNumberParser()

    customer = find_customer_by_number(uow, caller.phone, caller.address.country, parser)
    order = find_order(uow, caller.order_number, caller.postal_code, caller.address.country, parser)

    assert customer is not None
    assert (customer.id, customer.name, customer.language) == (
        caller.customer_id,
        caller.name,
        caller.language,
    )
    assert order is not None
    assert order == latest_order(uow, customer.id)
    status = order_status(order, TODAY)
    assert (status.state, status.carrier) == (OrderState.SHIPPED, caller.carrier)
    assert (status.expected_on, status.is_late) == (TODAY + timedelta(days=3), False)
    overview = customer_overview(uow, customer.id, RULES, TODAY)
    assert overview.cart is not None
    assert overview.cart.cart.item_count == caller.cart_items
    assert overview.order_count == 2


def test_the_documented_callers_are_these() -> None:
    assert [(caller.phone, caller.order_number) for caller in DEMO_CALLERS] == [
        ("+442079460001", "2001018"),
        ("+33639980001", "2002029"),
        ("+351200000001", "2003031"),
    ]
