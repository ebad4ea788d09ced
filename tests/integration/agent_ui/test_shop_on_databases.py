"""The shop's purchase on each database, pressed by two requests at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from agent_ui.shop.drafts import Draft, Recipient, draft_of, forget_draft, keep_draft
from agent_ui.shop.logins import AddressTaken, add_login, is_valid, sign_in
from agent_ui.shop.payment.tokens import Authorization
from agent_ui.shop.placing import Purchase, buy, contents
from config.database import create_engine_for, session_factory
from config.migrating import upgrade
from config.settings import DatabaseSettings
from orders.adapters import tables
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.errors import OrdersError
from orders.model.actor import Actor
from orders.model.order import Order
from orders.services.carts import add_to_cart, start_cart
from tests.pages_lab import QUICK
from tests.shop import NOW, RULES, a_customer, a_product

RUI = Recipient("Rui Sá", "rui@example.com", "200 000 177", "Rua Nova 1", "4000-001", "Porto", "PT")


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'shop.db'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = create_engine_for(DatabaseSettings(url=url))
    upgrade(engine)
    with SqlUnitOfWork(session_factory(engine)) as uow:
        uow.customers.save(a_customer())
        uow.products.save(a_product("mug", 1_250, stock=4))
        uow.commit()
    yield session_factory(engine)
    engine.dispose()


def count(sessions: sessionmaker[Session], table: Any) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_two_presses_at_the_same_moment_make_one_order_of_one_guest(sessions: sessionmaker[Session]) -> None:
    def uow() -> SqlUnitOfWork:
        return SqlUnitOfWork(sessions)

    started = start_cart(uow(), None, "EUR", NOW)
    cart = add_to_cart(uow(), started.id, "mug", 2, Actor("customer", "visitor"), NOW)
    paid = Authorization(cart.id, 3_000, "EUR")
    purchase = Purchase(cart.id, contents(cart), RUI, "home", paid, "pt")
    together = Barrier(2)

    def press() -> Order | OrdersError:
        together.wait(10)
        try:
            return buy(uow(), purchase, RULES, PhoneNumberParser(), NOW)
        except OrdersError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        answers = [one.result() for one in [pool.submit(press) for _ in range(2)]]
    again = buy(uow(), purchase, RULES, PhoneNumberParser(), NOW)

    assert [getattr(answer, "id", answer) for answer in answers] == [again.id, again.id]
    assert again.state.value == "paid"
    assert count(sessions, tables.shop_order) == 1
    assert count(sessions, tables.payment) == 1
    assert count(sessions, tables.customer) == 2, "Ana, and the guest"


def test_logins_and_drafts_are_kept(sessions: sessionmaker[Session]) -> None:
    cart = start_cart(SqlUnitOfWork(sessions), "ana", "EUR", NOW)
    with sessions.begin() as session:
        login = add_login(session, QUICK, "ana", "Ana@Example.com", "four unrelated words", NOW)
        keep_draft(session, cart.id, Draft(RUI, "point", "token"), NOW)
    with sessions.begin() as session:
        assert is_valid(session, login)
        assert sign_in(session, QUICK, "ana@example.com", "four unrelated words") == login
        assert draft_of(session, cart.id) == Draft(RUI, "point", "token")
        with pytest.raises(AddressTaken):
            add_login(session, QUICK, "rui", "ana@example.com", "four unrelated words", NOW)
        forget_draft(session, cart.id)
        assert draft_of(session, cart.id) == Draft()
