"""The shop on each of its databases, and in memory."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session, sessionmaker

from config.database import create_engine_for, session_factory
from config.migrating import upgrade
from config.settings import DatabaseSettings
from orders.adapters import tables
from orders.adapters.demo import load
from orders.adapters.memory import MemoryUnitOfWork, Shop
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.events import ShopEvent
from orders.ports import UnitOfWork

SHOP_TABLES = [table for table in tables.metadata.sorted_tables if table in vars(tables).values()]


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    directory: Path = tmp_path_factory.mktemp("shop")
    yield from migrated(f"sqlite:///{directory / 'shop.db'}")


@pytest.fixture(scope="session")
def postgresql_engine(new_postgres_database: Callable[[], str]) -> Iterator[Engine]:
    yield from migrated(new_postgres_database())


def migrated(url: str) -> Iterator[Engine]:
    engine = create_engine_for(DatabaseSettings(url=url))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def sessions(request: pytest.FixtureRequest) -> Iterator[sessionmaker[Session]]:
    """Sessions on a migrated, empty shop of each kind of database."""
    engine = request.getfixturevalue(f"{request.param}_engine")
    yield session_factory(engine)
    with engine.begin() as connection:
        for table in reversed(SHOP_TABLES):
            connection.execute(delete(table))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_sessions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sessionmaker[Session]]:
    """Sessions on the demonstration shop as loaded on 2 March 2026, to be read only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'shop.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_database")()
    for engine in migrated(url):
        sessions = session_factory(engine)
        with sessions.begin() as session:
            load(session, 7, date(2026, 3, 2))
        yield sessions


@pytest.fixture
def published() -> list[ShopEvent]:
    return []


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_uow(request: pytest.FixtureRequest, published: list[ShopEvent]) -> Iterator[Callable[[], UnitOfWork]]:
    """Makes units of work on one empty shop, of each kind there is."""
    if request.param == "memory":
        shop = Shop()
        yield lambda: MemoryUnitOfWork(shop, published.append)
        return
    engine = request.getfixturevalue(f"{request.param}_engine")
    maker = session_factory(engine)
    yield lambda: SqlUnitOfWork(maker, published.append)
    with engine.begin() as connection:
        for table in reversed(SHOP_TABLES):
            connection.execute(delete(table))


@pytest.fixture
def uow(new_uow: Callable[[], UnitOfWork]) -> UnitOfWork:
    return new_uow()
