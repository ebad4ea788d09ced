"""The rows of replays, and of who watched or heard what; each function is one step of a transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as Database

from agent_ui.cobrowse.tables import cobrowse_replay, recording_watch

RUNNING, FINISHED, CUT_OFF, FULL, NO_SPACE, FAILED = (
    "running",
    "finished",
    "cut_off",
    "full",
    "no_space",
    "failed",
)
"""How a replay stands: it is written, was ended, was left by a process that died, or stopped before its session."""

Action = Literal["heard", "watched"]


@dataclass(frozen=True, slots=True)
class Replay:
    """One kept session. `file` is below the replays' directory."""

    session: str
    contact: str
    site: str
    file: str
    started_at: datetime
    ended_at: datetime | None = None
    state: str = RUNNING
    bytes: int = 0
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody heard a recording, or watched a replay: the `subject`."""

    at: datetime
    login: str
    action: Action
    contact: str
    subject: str
    address: str


def expired(
    replays: Iterable[Replay], before: datetime, contacts: Collection[str] = ()
) -> tuple[Replay, ...]:
    """Those that are to be deleted: begun before a moment, or a deleted recording's; none that is being written."""
    return tuple(
        one
        for one in replays
        if one.deleted_at is None
        and one.state != RUNNING
        and (one.started_at < before or one.contact in contacts)
    )


def add_replay(database: Database, replay: Replay) -> None:
    """A replay is about to be written."""
    database.execute(
        insert(cobrowse_replay).values(
            session=replay.session, contact=replay.contact, site=replay.site, file=replay.file,
            started_at=replay.started_at, state=replay.state, bytes=0,
        )
    )  # fmt: skip


def close_replay(database: Database, session: str, state: str, size: int, at: datetime) -> None:
    """A replay is complete."""
    mine = cobrowse_replay.c.session == session
    database.execute(update(cobrowse_replay).where(mine).values(state=state, bytes=size, ended_at=at))


def kept_replays(database: Database) -> tuple[Replay, ...]:
    """All that were not deleted, oldest first."""
    table = cobrowse_replay
    return _read(database, select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.started_at))


def replays_of(database: Database, contacts: Collection[str]) -> tuple[Replay, ...]:
    """What is kept of these contacts, in order."""
    table = cobrowse_replay
    mine = select(table).where(table.c.contact.in_(contacts), table.c.deleted_at.is_(None))
    return _read(database, mine.order_by(table.c.started_at))


def replays_between(database: Database, since: datetime, until: datetime, most: int) -> tuple[Replay, ...]:
    """What was kept in a time, newest first."""
    table = cobrowse_replay
    then = table.c.started_at.between(since, until) & table.c.deleted_at.is_(None)
    return _read(database, select(table).where(then).order_by(table.c.started_at.desc()).limit(most))


def mark_deleted(database: Database, sessions: Collection[str], now: datetime) -> None:
    """Their files are gone; the rows stay."""
    database.execute(
        update(cobrowse_replay).where(cobrowse_replay.c.session.in_(sessions)).values(deleted_at=now)
    )


def add_watch(database: Database, watch: Watch) -> None:
    """One more line of the record."""
    database.execute(
        insert(recording_watch).values(
            at=watch.at, login=watch.login, action=watch.action, contact=watch.contact,
            subject=watch.subject, address=watch.address,
        )
    )  # fmt: skip


def watches_of(database: Database, contact: str) -> tuple[Watch, ...]:
    """Who watched or heard a contact, in order."""
    table = recording_watch
    rows = database.execute(select(table).where(table.c.contact == contact).order_by(table.c.id))
    return tuple(Watch(row.at, row.login, row.action, row.contact, row.subject, row.address) for row in rows)


def _read(database: Database, query: Any) -> tuple[Replay, ...]:
    return tuple(
        Replay(
            row.session, row.contact, row.site, row.file, row.started_at, row.ended_at, row.state, row.bytes
        )
        for row in database.execute(query)
    )
