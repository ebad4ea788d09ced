"""Retention: recordings and messages are deleted when they are old enough; their rows stay and say when."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from config.purging import Purged
from config.settings import Settings
from pbx import tables
from pbx.background import start
from pbx.bus import Stop
from pbx.clock import Clock
from pbx.db import Database
from pbx.recording_files import parts

_log = Logger()
DAY = 86_400.0
AT_ONCE = 200
RUNNING = "recording"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is needed of a recording's row."""

    id: str
    contact: str
    path: Path
    state: str
    started_at: datetime
    deleted_at: datetime | None = None


def expired(recordings: Iterable[Recorded], before: datetime) -> tuple[Recorded, ...]:
    """Those begun before a moment; one that runs is left alone however long it does."""
    return tuple(
        one
        for one in recordings
        if one.deleted_at is None and one.state != RUNNING and one.started_at < before
    )


def old_recordings(
    session: Session, before: datetime, most: int, but: Collection[str] = ()
) -> tuple[Recorded, ...]:
    """The oldest `most` that have expired, without those `but`."""
    table = tables.recording
    begun = select(table).where(
        table.c.started_at < before, table.c.deleted_at.is_(None), table.c.state != RUNNING
    )
    oldest = begun.where(table.c.id.not_in(but)).order_by(table.c.started_at).limit(most)
    rows = (
        Recorded(row.id, row.contact_id, Path(row.path), row.state, row.started_at, row.deleted_at)
        for row in session.execute(oldest)
    )
    return expired(rows, before)


def mark_deleted(session: Session, recordings: Collection[str], now: datetime) -> None:
    """Their files are gone."""
    table = tables.recording
    session.execute(update(table).where(table.c.id.in_(recordings)).values(deleted_at=now))


def delete_files(recordings: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Delete their files, and what an interrupted one has left; gives those that are gone. Blocks."""
    return tuple(one for one in recordings if _deleted(one.path))


def _deleted(path: Path) -> bool:
    try:
        for file in (path, *parts(path, stereo=True), *parts(path, stereo=False)):
            file.unlink(missing_ok=True)
    except OSError as error:
        _log.error("A recording's file cannot be deleted: {why}", why=type(error).__name__)
        return False
    return True


def purge(
    session: Session, settings: Settings, before: datetime, now: datetime, _contacts: frozenset[str]
) -> Purged:
    """Delete what is older at once (`comptoir.purge`)."""
    gone: list[Recorded] = []
    kept: set[str] = set()
    while old := old_recordings(session, before, AT_ONCE, kept):
        deleted = delete_files(old)
        mark_deleted(session, [one.id for one in deleted], now)
        kept |= {one.id for one in old} - {one.id for one in deleted}
        gone += deleted
    said = f"recordings deleted: {len(gone)}" + (f", not deleted: {len(kept)}" if kept else "")
    return Purged(said, frozenset(one.contact for one in gone))


class Retention:
    """Deletes at the start, and every day from then on. `seconds` is how long recordings are kept, 0 for ever;
    `in_thread` runs a blocking function elsewhere; `now` tells the time in UTC; `deleted` is told of each."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        seconds: float,
        *,
        in_thread: Callable[..., Deferred[Any]],
        now: Callable[[], datetime],
        deleted: Callable[[Recorded], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._seconds = seconds
        self._in_thread = in_thread
        self._now = now
        self._deleted = deleted
        self._daily = LoopingCall(lambda: start(self.run(), "delete old recordings"))
        self._daily.clock = clock  # type: ignore[assignment]

    def start(self) -> Stop:
        """Begin; the returned function ends it."""
        if self._seconds <= 0:
            return lambda: None
        self._daily.start(DAY)
        return lambda: self._daily.stop() if self._daily.running else None

    async def run(self) -> None:
        """Delete what has expired by now. Raises DatabaseAway."""
        now = self._now()
        before = now - timedelta(seconds=self._seconds)
        kept: set[str] = set()
        count = 0
        while old := await self._database.run(_old(before, frozenset(kept))):
            gone: tuple[Recorded, ...] = await self._in_thread(delete_files, old)
            ids = [one.id for one in gone]
            await self._database.run(lambda session, ids=ids: mark_deleted(session, ids, now))  # type: ignore[misc]
            kept |= {one.id for one in old} - set(ids)
            count += len(ids)
            for one in gone:
                self._deleted(one)
        if count or kept:
            _log.info("{count} old recordings were deleted, {kept} could not be", count=count, kept=len(kept))


def _old(before: datetime, but: frozenset[str]) -> Callable[[Session], tuple[Recorded, ...]]:
    return lambda session: old_recordings(session, before, AT_ONCE, but)
