"""Rows on their way to the database: written in order by one thread, kept on disk while the database is away.

Nothing on the reactor waits for it. Every row is written idempotently (insert or update by its key), so a row
that is written twice, after a crash between the commit and the truncation of the spool, does no harm.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from twisted.logger import Logger

from pbx import tables

Row = Mapping[str, Any]

_log = Logger()

KINDS: Mapping[str, Table] = {
    "contact": tables.contact,
    "segment": tables.segment,
    "call_event": tables.call_event,
    "callback": tables.callback,
    "agent_status": tables.agent_status,
    "recording": tables.recording,
    "voicemail": tables.voicemail,
    "node_boot": tables.node_boot,
}
"""What can be journaled, and where it goes."""

NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {"call_event": ("boot_id", "seq")}
"""Where the key that makes a row the same is not the primary one."""

BATCH = 500
REST_SECONDS = 1.0
SPOOL_AFTER_SECONDS = 2.0


class Journal(Protocol):
    """Where rows are handed in."""

    def write(self, kind: str, row: Row) -> None:
        """Insert or update one row of `kind`; columns that are not named keep their value."""


class DatabaseJournal:
    """Writes from a thread of its own; spools to a file of JSON lines when the database is away.

    The spool holds at most `limit` rows: beyond that the oldest call events are given up first, with an alarm,
    never a contact or a segment.
    """

    def __init__(self, sessions: sessionmaker[Session], spool: Path, limit: int = 200_000) -> None:
        self._sessions = sessions
        self._spool = spool
        self._limit = limit
        self._rows: deque[tuple[str, Row]] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._idle = threading.Event()
        self._idle.set()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._away_since: float | None = None
        self._dropped = 0

    def start(self) -> None:
        """Take up what an earlier process left behind, and begin writing."""
        self._rows.extend(_read_spool(self._spool))
        self._thread.start()
        self._wake.set()

    def stop(self, seconds: float = 5.0) -> None:
        """Write what is there; what cannot be written within `seconds` stays in the spool."""
        self._stopping = True
        self._wake.set()
        self._thread.join(seconds)

    def write(self, kind: str, row: Row) -> None:
        """See Journal."""
        self._idle.clear()
        self._rows.append((kind, row))
        if len(self._rows) > self._limit:
            self._shed()
        self._wake.set()

    @property
    def waiting(self) -> int:
        """Rows not yet in the database."""
        return len(self._rows)

    @property
    def away(self) -> bool:
        """Whether rows wait for a database that does not answer."""
        return self._away_since is not None

    def flushed(self, seconds: float) -> bool:
        """Wait (never on the reactor) until everything handed in is in the database."""
        return self._idle.wait(seconds)

    def _run(self) -> None:
        while True:
            self._wake.wait(0.5)
            self._wake.clear()
            while self._rows and self._write_batch():
                pass
            if not self._rows:
                self._idle.set()
            if self._stopping:
                self._keep_on_disk()
                return

    def _write_batch(self) -> bool:
        batch = [self._rows[at] for at in range(min(BATCH, len(self._rows)))]
        try:
            with self._sessions() as session:
                for kind, row in batch:
                    session.execute(upsert(session.get_bind().dialect.name, kind, row))
                session.commit()
        except SQLAlchemyError as error:
            self._on_failure(batch, error)
            return False
        self._taken(len(batch))
        return True

    def _taken(self, count: int) -> None:
        for _ in range(count):
            self._rows.popleft()
        if self._away_since is not None:
            _log.info("The database is back; {count} rows are being written", count=len(self._rows))
            self._away_since = None
        if not self._rows:
            self._spool.unlink(missing_ok=True)

    def _on_failure(self, batch: list[tuple[str, Row]], error: SQLAlchemyError) -> None:
        if len(batch) == 1 and not _is_away(error):
            kind, _ = self._rows.popleft()
            _log.error("A row of {kind} is refused by the database: {error}", kind=kind, error=str(error))
            return
        if not _is_away(error):
            self._isolate(batch)
            return
        now = time.monotonic()
        if self._away_since is None:
            self._away_since = now
            _log.warn("The database is away; rows are kept on disk")
        if now - self._away_since >= SPOOL_AFTER_SECONDS:
            self._keep_on_disk()
        if not self._stopping:
            time.sleep(REST_SECONDS)

    def _isolate(self, batch: list[tuple[str, Row]]) -> None:
        """One bad row must not keep the others out: write them one by one."""
        for _ in batch:
            kind, row = self._rows[0]
            try:
                with self._sessions() as session:
                    session.execute(upsert(session.get_bind().dialect.name, kind, row))
                    session.commit()
            except SQLAlchemyError as error:
                if _is_away(error):
                    return
                _log.error("A row of {kind} is refused by the database: {error}", kind=kind, error=str(error))
            self._rows.popleft()

    def _keep_on_disk(self) -> None:
        if not self._rows:
            return
        self._spool.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._spool.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            for kind, row in tuple(self._rows):
                file.write(json.dumps([kind, row], default=_to_json) + "\n")
        fresh.chmod(0o600)
        fresh.replace(self._spool)

    def _shed(self) -> None:
        for at, (kind, _) in enumerate(self._rows):
            if kind == "call_event":
                del self._rows[at]
                break
        self._dropped += 1
        if self._dropped % 1000 == 1:
            _log.error("The journal is full; {count} call events were given up", count=self._dropped)


def upsert(dialect: str, kind: str, row: Row) -> Any:
    """The statement that inserts `row` or updates the one with its key."""
    table = KINDS[kind]
    keys = NATURAL_KEYS.get(kind) or tuple(column.name for column in table.primary_key)
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).values(**row)
    changes = {name: insert.excluded[name] for name in row if name not in keys}
    if not changes:
        return insert.on_conflict_do_nothing(index_elements=keys)
    return insert.on_conflict_do_update(index_elements=keys, set_=changes)


def _is_away(error: SQLAlchemyError) -> bool:
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return invalidated or isinstance(error, OperationalError | InterfaceError)


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    raise TypeError(f"{type(value).__name__} cannot be journaled")


def _from_json(pairs: dict[str, Any]) -> Any:
    return datetime.fromisoformat(pairs["$at"]) if set(pairs) == {"$at"} else pairs


def _read_spool(spool: Path) -> list[tuple[str, Row]]:
    """The rows of an earlier process; a line cut off by a crash is left out."""
    if not spool.exists():
        return []
    rows: list[tuple[str, Row]] = []
    for line in spool.read_text("utf-8").splitlines():
        try:
            kind, row = json.loads(line, object_hook=_from_json)
        except ValueError:
            continue
        rows.append((kind, row))
    return rows


class MemoryJournal:
    """A journal for tests of other parts: keeps the latest state of each row."""

    def __init__(self, on_write: Callable[[str, Row], None] = lambda kind, row: None) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        self._on_write = on_write

    def write(self, kind: str, row: Row) -> None:
        """See Journal."""
        keys = NATURAL_KEYS.get(kind) or tuple(column.name for column in KINDS[kind].primary_key)
        identity = tuple(row[key] for key in keys)
        self.rows.setdefault(kind, {}).setdefault(identity, {}).update(row)
        self._on_write(kind, row)
