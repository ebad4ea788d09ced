"""A process's life in the database: when it began, that it lives, and what a dead one left open."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from pbx import tables


def begin(session: Session, boot: str, node: str, now: datetime) -> int:
    """Note this process and close what earlier ones of the same node left open; returns how many contacts.

    The caller holds the node's lock, so no other process of the node lives. A contact ends at its process's
    last heartbeat: later than that nobody knows of it.
    """
    closed = 0
    lost = session.execute(
        select(tables.node_boot).where(tables.node_boot.c.node == node, tables.node_boot.c.id != boot)
    )
    for row in lost.all():
        closed += _close(session, row.id, row.stopped_at or row.heartbeat_at)
    session.execute(insert(tables.node_boot).values(id=boot, node=node, started_at=now, heartbeat_at=now))
    return closed


def _close(session: Session, boot: str, at: datetime) -> int:
    contact, segment, recording = tables.contact, tables.segment, tables.recording
    open_contacts = select(contact.c.id).where(contact.c.boot_id == boot, contact.c.ended_at.is_(None))
    ids = list(session.scalars(open_contacts))
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        session.execute(
            update(segment)
            .where(segment.c.contact_id.in_(some), segment.c.ended_at.is_(None))
            .values(ended_at=at, outcome="node_lost")
        )
        session.execute(
            update(contact)
            .where(contact.c.id.in_(some))
            .values(ended_at=at, outcome="node_lost", end_reason="the telephone system restarted")
        )
        session.execute(
            update(recording)
            .where(recording.c.contact_id.in_(some), recording.c.ended_at.is_(None))
            .values(ended_at=at, state="interrupted")
        )
    return len(ids)


def heartbeat(session: Session, boot: str, now: datetime) -> None:
    """Say that this process lives."""
    session.execute(update(tables.node_boot).where(tables.node_boot.c.id == boot).values(heartbeat_at=now))


def end(session: Session, boot: str, now: datetime) -> None:
    """An orderly stop."""
    session.execute(
        update(tables.node_boot).where(tables.node_boot.c.id == boot).values(heartbeat_at=now, stopped_at=now)
    )
