"""Retention on each database: the daily run and the command, with real files."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from config.settings import Settings
from pbx import retention, tables
from pbx.db import Database
from pbx.retention import DAY, Recorded, Retention
from tests.records import NOON, Records, a_recording, at

MONTH = timedelta(days=30)


class SameThread:
    """`pbx.db.Database` without its threads."""

    def __init__(self, records: Records) -> None:
        self._sessions = records.sessions

    async def run(self, work: Callable[[Any], Any], timeout: float = 5.0) -> Any:
        with self._sessions.begin() as session:
            return work(session)


def in_this_thread(work: Callable[..., Any], *args: Any) -> Deferred[Any]:
    return maybeDeferred(work, *args)


def keep(records: Records, directory: Path, name: str, seconds: float, **changes: Any) -> Path:
    """A recording with its file, begun so many seconds after noon."""
    path = directory / f"{name}.wav"
    path.write_bytes(b"RIFF")
    row = a_recording(name, f"contact-{name}", path=str(path), started_at=at(seconds))
    records.add(tables.recording, {**row, "state": "finished", "ended_at": at(seconds + 60), **changes})
    return path


def deleted(records: Records) -> dict[str, Any]:
    return {row["id"]: row["deleted_at"] for row in records.rows(tables.recording)}


def test_every_day_what_has_become_old_is_deleted(records: Records, tmp_path: Path) -> None:
    first = keep(records, tmp_path, "first", 0)
    second = keep(records, tmp_path, "second", DAY)
    running = keep(records, tmp_path, "running", 0, state="recording", ended_at=None)
    clock, told = Clock(), list[Recorded]()
    start = NOON + MONTH + timedelta(hours=1)
    run = Retention(
        clock, cast(Database, SameThread(records)), MONTH.total_seconds(), in_thread=in_this_thread,
        now=lambda: start + timedelta(seconds=clock.seconds()), deleted=told.append,
    )  # fmt: skip
    stop = run.start()
    assert (first.exists(), second.exists(), running.exists()) == (False, True, True)
    assert deleted(records) == {"first": start, "second": None, "running": None}
    clock.advance(DAY)
    assert (second.exists(), running.exists()) == (False, True)
    assert [one.contact for one in told] == ["contact-first", "contact-second"]
    stop()
    assert not clock.getDelayedCalls()


def test_without_a_time_everything_is_kept(records: Records, tmp_path: Path) -> None:
    path = keep(records, tmp_path, "first", 0)
    clock = Clock()
    database = cast(Database, SameThread(records))
    Retention(clock, database, 0, in_thread=in_this_thread, now=lambda: at(1e9)).start()()
    assert path.exists()
    assert not clock.getDelayedCalls()


def test_the_command_deletes_more_than_it_reads_at_once_and_says_how_many(
    records: Records, tmp_path: Path
) -> None:
    paths = [keep(records, tmp_path, f"r{number}", number) for number in range(retention.AT_ONCE + 3)]
    stubborn = tmp_path / "stubborn.wav"
    stubborn.mkdir()
    records.add(
        tables.recording, a_recording("stubborn", path=str(stubborn), state="finished", started_at=at(-1))
    )
    with records.sessions.begin() as session:
        purged = retention.purge(session, Settings(), at(1000), at(2000), frozenset())
    assert purged.said == f"recordings deleted: {len(paths)}, not deleted: 1"
    assert "contact-r7" in purged.contacts
    assert not any(path.exists() for path in paths)
    assert deleted(records)["stubborn"] is None
