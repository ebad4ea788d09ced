"""What the database keeps of contacts, as the contract shows it: queries behind /v1/cdr."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from pbx import tables
from pbx.contract.resources import CdrView, RecordingView, SegmentView
from pbx.errors import NotFound


@dataclass(frozen=True, slots=True)
class Filter:
    """Which records: None does not filter. `agent` is anybody who had a part in the contact."""

    customer_id: str | None = None
    caller: str | None = None
    agent: str | None = None
    before: datetime | None = None
    limit: int = 20


@dataclass(frozen=True, slots=True)
class RecordingFilter:
    """Which recordings: None does not filter. `agent` is anybody who had a part in the contact."""

    contact: str | None = None
    agent: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the append-only log of a contact."""

    boot: str
    seq: int
    at: datetime
    type: str
    body: Mapping[str, Any]


def records(session: Session, wanted: Filter) -> tuple[CdrView, ...]:
    """The records that fit, newest first."""
    contact = tables.contact
    query = _filtered(select(contact), wanted)
    newest = query.order_by(contact.c.started_at.desc(), contact.c.id.desc()).limit(wanted.limit)
    rows = session.execute(newest).all()
    segments = _segments(session, [row.id for row in rows])
    return tuple(_view(row, segments.get(row.id, ())) for row in rows)


def record(session: Session, id: str) -> CdrView:
    """One contact's record. Raises NotFound."""
    row = session.execute(select(tables.contact).where(tables.contact.c.id == id)).one_or_none()
    if row is None:
        raise NotFound("No contact was recorded under this id.", contact=id)
    return _view(row, _segments(session, [id]).get(id, ()))


def recordings(session: Session, wanted: RecordingFilter) -> tuple[RecordingView, ...]:
    """The recordings that fit, newest first, with their contacts' records; one that was deleted has no path."""
    table = tables.recording
    query = _recorded(select(table), wanted)
    rows = session.execute(query.order_by(table.c.started_at.desc(), table.c.id).limit(wanted.limit)).all()
    contacts = {row.contact_id for row in rows}
    found = session.execute(select(tables.contact).where(tables.contact.c.id.in_(contacts))).all()
    segments = _segments(session, [row.id for row in found])
    known = {row.id: _view(row, segments.get(row.id, ())) for row in found}
    return tuple(_recording(row, known.get(row.contact_id)) for row in rows)


def entries(session: Session, id: str) -> tuple[Entry, ...]:
    """What happened to a contact, in order, across restarts. Raises NotFound when nothing is known of it."""
    event = tables.call_event
    rows = session.execute(select(event).where(event.c.contact_id == id).order_by(event.c.id)).all()
    if not rows:
        record(session, id)
    return tuple(Entry(row.boot_id, row.seq, row.at, row.type, row.body) for row in rows)


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    contact, segment = tables.contact, tables.segment
    if wanted.customer_id is not None:
        query = query.where(contact.c.customer_id == wanted.customer_id)
    if wanted.caller is not None:
        query = query.where(contact.c.caller == wanted.caller)
    if wanted.agent is not None:
        had_a_part = exists().where(segment.c.contact_id == contact.c.id, segment.c.agent_id == wanted.agent)
        query = query.where((contact.c.agent_id == wanted.agent) | had_a_part)
    if wanted.before is not None:
        query = query.where(contact.c.started_at < wanted.before)
    return query


def _recorded(query: Select[Any], wanted: RecordingFilter) -> Select[Any]:
    table, contact, segment = tables.recording, tables.contact, tables.segment
    if wanted.contact is not None:
        query = query.where(table.c.contact_id == wanted.contact)
    if wanted.since is not None:
        query = query.where(table.c.started_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(table.c.started_at < wanted.until)
    if wanted.agent is not None:
        took_it = exists().where(contact.c.id == table.c.contact_id, contact.c.agent_id == wanted.agent)
        had_a_part = exists().where(
            segment.c.contact_id == table.c.contact_id, segment.c.agent_id == wanted.agent
        )
        query = query.where(took_it | had_a_part)
    return query


def _segments(session: Session, contacts: Sequence[str]) -> Mapping[str, Sequence[SegmentView]]:
    table = tables.segment
    rows = session.execute(
        select(table).where(table.c.contact_id.in_(contacts)).order_by(table.c.contact_id, table.c.number)
    )
    found: dict[str, list[SegmentView]] = {}
    for row in rows:
        view = SegmentView(
            kind=row.kind, started_at=row.started_at, ended_at=row.ended_at, queue=row.queue_id,
            agent=row.agent_id, outcome=row.outcome,
        )  # fmt: skip
        found.setdefault(row.contact_id, []).append(view)
    return found


def _view(row: Any, segments: Sequence[SegmentView]) -> CdrView:
    return CdrView(
        contact=row.id, channel=row.channel, direction=row.direction, caller=row.caller, called=row.called,
        customer_id=row.customer_id, order_number=row.order_number, language=row.language,
        queue=row.queue_id, agent=row.agent_id, started_at=row.started_at, answered_at=row.answered_at,
        ended_at=row.ended_at, wait_seconds=row.wait_seconds, talk_seconds=row.talk_seconds,
        outcome=row.outcome, disposition=row.disposition, note=row.note, segments=tuple(segments),
    )  # fmt: skip


def _recording(row: Any, record: CdrView | None) -> RecordingView:
    return RecordingView(
        id=row.id, contact=row.contact_id, kind=row.kind, state=row.state,
        path="" if row.deleted_at else row.path, started_at=row.started_at, ended_at=row.ended_at,
        seconds=row.seconds, pauses=tuple((begin, end) for begin, end in row.pauses),
        deleted_at=row.deleted_at, record=record,
    )  # fmt: skip
