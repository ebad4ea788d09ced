"""The database that all tables share: its metadata, its engine, its sessions."""

from typing import Any

from sqlalchemy import URL, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

from config.settings import DatabaseSettings

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Constraints are named, or SQLite's batch migrations could not find them again."""


def cause_of(problem: Exception) -> str:
    """What the database itself said, without the statement and links that SQLAlchemy adds."""
    return str(getattr(problem, "orig", None) or problem).strip()


def create_engine_for(settings: DatabaseSettings) -> Engine:
    """Return the engine for `settings.url`; nothing is connected yet.

    SQLite gets write-ahead logging, enforced foreign keys and a busy timeout on every connection. Errors do not
    hold the values of their statement: they get into logs, and the values are people's names and addresses.
    """
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, settings)
    return create_engine(
        url,
        pool_size=settings.pool_size,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_server_arguments(url, settings),
    )


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a maker of sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def database_url(settings: DatabaseSettings) -> URL:
    """Return the URL with the password that is kept apart from it. Raises sqlalchemy.exc.ArgumentError."""
    url = make_url(settings.url)
    return url.set(password=settings.password) if settings.password else url


def _sqlite_engine(url: URL, settings: DatabaseSettings) -> Engine:
    arguments: dict[str, Any] = {"connect_args": {"timeout": settings.busy_timeout}}
    if not url.database or url.database == ":memory:":
        arguments = {"connect_args": {"check_same_thread": False}, "poolclass": StaticPool}
    engine = create_engine(url, hide_parameters=True, **arguments)

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in _pragmas(settings):
            cursor.execute(pragma)
        cursor.close()

    return engine


def _pragmas(settings: DatabaseSettings) -> tuple[str, ...]:
    return (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",  # with WAL, a power cut loses the last commits but corrupts nothing
        "PRAGMA foreign_keys = ON",
        f"PRAGMA busy_timeout = {int(settings.busy_timeout * 1000)}",
    )


def _server_arguments(url: URL, settings: DatabaseSettings) -> dict[str, Any]:
    if url.get_backend_name() == "postgresql":
        return {"connect_timeout": max(1, round(settings.connect_timeout))}
    return {}
