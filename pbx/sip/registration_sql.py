"""Registrations in the database; every call runs in a worker thread."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pbx.errors import DatabaseAway
from pbx.sip.registration_store import Change, Put, Registration, Remove
from pbx.tables import registration as table

T = TypeVar("T")
InThread = Callable[[Callable[[], T]], Awaitable[T]]
"""Runs a function off the reactor thread: `deferToThreadPool` bound to the database's pool."""


class SqlRegistrationStore:
    """The store on SQLAlchemy Core."""

    def __init__(self, engine: Engine, in_thread: InThread[Any]) -> None:
        self._engine = engine
        self._in_thread = in_thread

    async def load(self) -> tuple[Registration, ...]:
        """All rows. Raises DatabaseAway."""
        return await self._run(_load)

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make all the changes in one transaction. Raises DatabaseAway."""
        await self._run(lambda connection: _apply(connection, tuple(changes)))

    async def _run(self, work: Callable[[Connection], T]) -> T:
        result: T = await self._in_thread(lambda: self._transact(work))
        return result

    def _transact(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (InterfaceError, OperationalError, PoolTimeoutError) as error:
            raise DatabaseAway(f"registrations: {type(error).__name__}") from error


def _load(connection: Connection) -> tuple[Registration, ...]:
    return tuple(_read(row) for row in connection.execute(select(table)))


def _read(row: Row[Any]) -> Registration:
    values = dict(row._mapping)
    for moment in ("registered_at", "expires_at"):
        if values[moment].tzinfo is None:  # SQLite keeps no time zone; what was written is UTC
            values[moment] = values[moment].replace(tzinfo=UTC)
    return Registration(**values)


def _apply(connection: Connection, changes: tuple[Change, ...]) -> None:
    for change in changes:
        if isinstance(change, Remove):
            connection.execute(delete(table).where(table.c.id == change.id))
        else:
            _put(connection, change)


def _put(connection: Connection, change: Put) -> None:
    values = {name: value for name, value in asdict(change.registration).items() if name != "connection"}
    if not connection.execute(update(table).where(table.c.id == values["id"]).values(values)).rowcount:
        connection.execute(insert(table).values(values))
