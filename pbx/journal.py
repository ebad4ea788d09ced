"""Rows on their way to the database: written in order by one thread, kept on disk while the database is away.

Nothing on the reactor waits for it. Every row is written idempotently (insert or update by its key), so a row
that is written twice, after a crash between the commit and the removal of the spool, does no harm. Rows on disk
are written before newer ones, and the spool is removed before any newer one is: a row never goes back to what
it was.
"""

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.orm import Session, sessionmaker
from twisted.logger import Logger

from pbx.journal_rows import KINDS, Entry, Row, identity, merged, write
from pbx.journal_spool import Spool

__all__ = ["DatabaseJournal", "Journal", "MemoryJournal", "Row"]

_log = Logger()

BATCH = 500
GATHER_SECONDS = 0.05
"""Rows that come together are written together."""
REST_SECONDS = 1.0
ROOM_AFTER_SHEDDING = 0.9


class Journal(Protocol):
    """Where rows are handed in."""

    def write(self, kind: str, row: Row) -> None:
        """Insert or update one row of `kind`; columns that are not named keep their value."""


class DatabaseJournal:
    """Writes from a thread of its own; spools to a file of JSON lines while the database is away.

    At most `limit` rows wait: beyond that, rows that later ones overwrite are merged with them, then the oldest
    call events are given up, with an alarm, never a contact or a segment. `rest` is the pause in seconds between
    attempts.
    """

    def __init__(
        self, sessions: sessionmaker[Session], spool: Path, limit: int = 200_000, rest: float = REST_SECONDS
    ) -> None:
        self._sessions = sessions
        self._spool = Spool(spool)
        self._limit = self._shed_above = limit
        self._rest = rest
        self._changed = threading.Condition()
        self._disk = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        # All below are guarded by _changed.
        self._batch: list[Entry] = []
        self._rows: deque[Entry] = deque()
        self._spooled = 0
        self._spool_is_stale = False
        self._stopping = False
        self._away = False
        self._given_up = 0

    def start(self) -> None:
        """Take up what an earlier process left behind, and begin writing. Raises OSError."""
        left = self._spool.read()
        with self._changed:
            self._rows.extendleft(reversed(left))
            self._spooled = len(left)
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Write what is there; what cannot be written within `seconds` stays in the spool."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(seconds)
        if self.waiting:
            self._keep_on_disk()

    def write(self, kind: str, row: Row) -> None:
        """See Journal. Raises KeyError for an unknown kind or a row without its key."""
        identity(kind, row)
        with self._changed:
            self._rows.append((kind, row))
            if len(self._rows) > self._shed_above:
                self._shed()
            if len(self._rows) in (1, BATCH):
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """Rows not yet in the database."""
        return len(self._batch) + len(self._rows)

    @property
    def away(self) -> bool:
        """Whether rows wait for a database that does not answer."""
        return self._away

    def flushed(self, seconds: float) -> bool:
        """Wait (never on the reactor) until everything handed in is in the database; False when it is not."""
        with self._changed:
            return self._changed.wait_for(lambda: not self.waiting, seconds)

    # --- the thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while self._take_batch():
            if self._away or self._spool_is_stale:
                self._keep_on_disk()
            if self._write_batch():
                continue
            self._keep_on_disk()
            with self._changed:
                if self._changed.wait_for(lambda: self._stopping, self._rest):
                    return

    def _take_batch(self) -> bool:
        """Wait for rows; False when there are none and none will come. Rows on disk make batches of their own."""
        with self._changed:
            self._changed.wait_for(lambda: self.waiting or self._stopping)
            if not self._batch:
                self._changed.wait_for(lambda: self._stopping or self.waiting >= BATCH, GATHER_SECONDS)
                most = min(BATCH, self._spooled) if self._spooled else BATCH
                self._batch = [self._rows.popleft() for _ in range(min(most, len(self._rows)))]
            return bool(self._batch)

    def _write_batch(self) -> bool:
        """Whether the batch is dealt with; False when the database is away."""
        try:
            self._commit(self._batch)
        except Exception as error:
            if not is_refusal(error):
                return self._note_away(error)
            return self._write_one_by_one()
        self._dealt_with(len(self._batch))
        return True

    def _write_one_by_one(self) -> bool:
        """One bad row must not keep the others out."""
        for entry in tuple(self._batch):
            try:
                self._commit([entry])
            except Exception as error:
                if not is_refusal(error):
                    return self._note_away(error)
                _log.error("A row of {kind} is refused: {why}", kind=entry[0], why=_name_of(error))
            self._dealt_with(1)
        return True

    def _commit(self, entries: list[Entry]) -> None:
        with self._sessions() as session:
            write(session, entries)
            session.commit()

    def _dealt_with(self, count: int) -> None:
        with self._changed:
            del self._batch[:count]
            was_spooled = self._spooled > 0
            self._spooled = max(0, self._spooled - count)
            if was_spooled and not self._spooled:
                self._clear_spool()
            if self._away:
                _log.info("The database is back; {count} rows are being written", count=self.waiting)
            self._away = False
            self._shed_above = self._limit
            self._changed.notify_all()

    def _clear_spool(self) -> None:
        try:
            self._spool.remove()
        except OSError as error:
            _log.error("The rows on disk cannot be removed: {why}", why=_name_of(error))

    def _note_away(self, error: Exception) -> bool:
        if not self._away:
            _log.warn("The database is away ({why}); rows are kept on disk", why=_name_of(error))
        self._away = True
        return False

    def _keep_on_disk(self) -> None:
        """Bring the spool up to date: add what is new, or write it again after rows were given up."""
        with self._disk:
            with self._changed:
                everything = [*self._batch, *self._rows]
                stale, self._spool_is_stale = self._spool_is_stale, False
                known = 0 if stale else self._spooled
            if known == len(everything):
                return
            try:
                (self._spool.replace if stale else self._spool.append)(everything[known:])
            except OSError as error:
                _log.error("Rows cannot be kept on disk: {why}", why=_name_of(error))
                return
            with self._changed:
                self._spooled = len(everything)

    def _shed(self) -> None:
        """Make room. The spool is written again before anything else is, so it never contradicts the rows."""
        rows = merged(self._rows)
        surplus = len(rows) - int(self._limit * ROOM_AFTER_SHEDDING)
        kept: deque[Entry] = deque()
        for entry in rows:
            if surplus > 0 and entry[0] == "call_event":
                surplus -= 1
                self._given_up += 1
            else:
                kept.append(entry)
        self._rows = kept
        self._spool_is_stale = self._spooled > 0
        self._shed_above = max(self._limit, int(len(kept) / ROOM_AFTER_SHEDDING))
        _log.error("The journal is full; {count} call events were given up so far", count=self._given_up)


def is_refusal(error: Exception) -> bool:
    """Whether the row itself is wrong. Everything else is the database's trouble, and passes.

    A ProgrammingError with an SQLSTATE came from the server (a table is missing, say); one without came from
    the driver, which could not make anything of a value.
    """
    if isinstance(error, DataError | IntegrityError):
        return True
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) is None
    if isinstance(error, DBAPIError):
        return False
    return isinstance(error, StatementError) or not isinstance(error, SQLAlchemyError | OSError)


def _name_of(error: Exception) -> str:
    """What went wrong without the values: they are personal."""
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None)
    return " ".join(filter(None, (type(error).__name__, type(cause).__name__ if cause else "", state)))


class MemoryJournal:
    """A journal for tests of other parts: keeps the latest state of each row."""

    def __init__(self, on_write: Callable[[str, Row], None] = lambda kind, row: None) -> None:
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {kind: {} for kind in KINDS}
        self._on_write = on_write

    def write(self, kind: str, row: Row) -> None:
        """See Journal."""
        _, key = identity(kind, row)
        self.rows[kind].setdefault(key, {}).update(row)
        self._on_write(kind, row)
