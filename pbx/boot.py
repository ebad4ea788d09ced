"""A process's life in the database: when it began, that it lives, and what a dead one left open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, exists, insert, literal, select, update
from sqlalchemy.orm import Session

from pbx import tables

LOST = "node_lost"


def begin(session: Session, boot: str, node: str, now: datetime) -> int:
    """Note this process and close what earlier ones of the same node left open; returns how many contacts.

    The caller holds the node's lock, so no other process of the node lives, and has written what an earlier
    process left in the journal's spool: a row from there must not open again what is closed here. A contact
    ends at its process's last heartbeat (later than that nobody knows of it), but never before it began.
    """
    closed = 0
    for row in _dead(session, boot, node):
        closed += _close(session, row.id, row.stopped_at or row.heartbeat_at)
    session.execute(insert(tables.node_boot).values(id=boot, node=node, started_at=now, heartbeat_at=now))
    return closed


def _dead(session: Session, boot: str, node: str) -> Sequence[Any]:
    """The processes that may have left something open: the last one, those that died, those with open contacts."""
    table, contact = tables.node_boot, tables.contact
    earlier = select(table).where(table.c.node == node, table.c.id != boot)
    has_open = exists().where(contact.c.boot_id == table.c.id, contact.c.ended_at.is_(None))
    last = session.execute(earlier.order_by(table.c.started_at.desc()).limit(1)).all()
    others = session.execute(earlier.where(table.c.stopped_at.is_(None) | has_open)).all()
    return list({row.id: row for row in (*last, *others)}.values())


def _close(session: Session, boot: str, at: datetime) -> int:
    """Close what a dead process left open: contacts, their segments (a wrap-up goes on longer), recordings."""
    contact, segment, recording = tables.contact, tables.segment, tables.recording
    of_boot = select(contact.c.id).where(contact.c.boot_id == boot)
    session.execute(
        update(segment)
        .where(segment.c.ended_at.is_(None), segment.c.contact_id.in_(of_boot))
        .values(ended_at=_not_before(segment.c.started_at, at), outcome=LOST)
    )
    session.execute(
        update(recording)
        .where(recording.c.ended_at.is_(None), recording.c.contact_id.in_(of_boot))
        .values(ended_at=_not_before(recording.c.started_at, at), state="interrupted")
    )
    session.execute(
        update(tables.node_boot)
        .where(tables.node_boot.c.id == boot, tables.node_boot.c.stopped_at.is_(None))
        .values(stopped_at=at)
    )
    closed = session.execute(
        update(contact)
        .where(contact.c.boot_id == boot, contact.c.ended_at.is_(None))
        .values(
            ended_at=_not_before(contact.c.started_at, at),
            outcome=LOST,
            end_reason="the telephone system restarted",
        )
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]


def _not_before(begun: ColumnElement[datetime], at: datetime) -> ColumnElement[datetime]:
    moment = literal(at, begun.type)
    return case((begun > moment, begun), else_=moment)


def heartbeat(session: Session, boot: str, now: datetime) -> None:
    """Say that this process lives."""
    session.execute(update(tables.node_boot).where(tables.node_boot.c.id == boot).values(heartbeat_at=now))


def end(session: Session, boot: str, now: datetime) -> None:
    """An orderly stop."""
    session.execute(
        update(tables.node_boot).where(tables.node_boot.c.id == boot).values(heartbeat_at=now, stopped_at=now)
    )
