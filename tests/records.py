"""The telephony's tables on each database, empty for every test, and ways to make the database unreachable."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session, sessionmaker

from config.database import create_engine_for, metadata, session_factory
from config.migrating import upgrade
from config.settings import DatabaseSettings
from pbx import tables

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RECORDS = [table for table in metadata.sorted_tables if table in vars(tables).values()]


def at(seconds: float) -> datetime:
    """That many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def a_contact(id: str = "c1", **changes: Any) -> dict[str, Any]:
    """A row of table `contact`."""
    return {
        "id": id, "boot_id": "b1", "channel": "voice", "direction": "inbound", "caller": "+33639980001",
        "called": "4000", "language": "fr", "path": [], "priority": 0, "started_at": NOON, "ended_at": None,
        **changes,
    }  # fmt: skip


def a_segment(contact: str = "c1", number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of table `segment`."""
    return {
        "contact_id": contact, "number": number, "kind": "ivr", "started_at": NOON, "ended_at": None, **changes
    }  # fmt: skip


def an_event(seq: int, contact: str = "c1", boot: str = "b1") -> dict[str, Any]:
    """A row of table `call_event`."""
    return {
        "boot_id": boot, "seq": seq, "contact_id": contact, "at": at(seq), "type": "call.held", "body": {"by": "a"}
    }  # fmt: skip


def a_recording(id: str = "r1", contact: str = "c1", **changes: Any) -> dict[str, Any]:
    """A row of table `recording`."""
    return {
        "id": id, "contact_id": contact, "kind": "contact", "path": "r1.wav", "started_at": NOON,
        "state": "recording", "pauses": [], "error": "", "ended_at": None, **changes,
    }  # fmt: skip


@dataclass(frozen=True)
class Records:
    """A database. `away` makes it unreachable for the time of a with block."""

    sessions: sessionmaker[Session]
    url: str
    away: Callable[[], AbstractContextManager[None]]

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """All rows, by primary key."""
        with self.sessions() as session:
            found = session.execute(select(table).order_by(*table.primary_key)).mappings()
            return [dict(row) for row in found]

    def add(self, table: Any, *rows: dict[str, Any]) -> None:
        """Insert rows."""
        with self.sessions() as session:
            for row in rows:
                session.execute(table.insert().values(**row))
            session.commit()


@pytest.fixture(scope="session")
def sqlite_records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("records") / "records.db"
    yield from _migrated(DatabaseSettings(url=f"sqlite:///{path}", busy_timeout=0.05))


@pytest.fixture(scope="session")
def postgresql_records(new_postgres_database: Callable[[], str]) -> Iterator[Engine]:
    yield from _migrated(DatabaseSettings(url=new_postgres_database()))


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest) -> Iterator[Records]:
    """The records on each kind of database."""
    engine: Engine = request.getfixturevalue(f"{request.param}_records")
    away = _locked if request.param == "sqlite" else _closed
    url = engine.url.render_as_string(hide_password=False)
    yield Records(session_factory(engine), url, lambda: away(engine))
    with engine.begin() as connection:
        for table in reversed(RECORDS):
            connection.execute(delete(table))


def _migrated(settings: DatabaseSettings) -> Iterator[Engine]:
    engine = create_engine_for(settings)
    upgrade(engine)
    yield engine
    engine.dispose()


@contextmanager
def _locked(engine: Engine) -> Iterator[None]:
    """Another writer holds SQLite's file."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        connection.rollback()


@contextmanager
def _closed(engine: Engine) -> Iterator[None]:
    """PostgreSQL ends the connections and takes no new ones."""
    url = engine.url
    with psycopg.connect(
        host=url.query["host"], user="postgres", dbname="postgres", autocommit=True
    ) as server:
        server.execute(f'alter database "{url.database}" allow_connections false')
        server.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [url.database]
        )
        yield
        server.execute(f'alter database "{url.database}" allow_connections true')
