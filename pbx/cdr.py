"""Call detail records: one row per contact and its segments, folded from the events and journaled.

The row is written when the contact starts to ring and again whenever something of it changes; every write is
the whole row, so it can be repeated.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from pbx.bus import Bus
from pbx.call_record import FOLDS, Record, Segment
from pbx.contract import events
from pbx.journal import Journal, Row

LATE = 500
"""So many complete records are kept in mind for what comes after the end: a message, a disposition."""

Rows = Mapping[tuple[str, int], Row]


class CallRecords:
    """Writes the records of one boot."""

    def __init__(self, bus: Bus, journal: Journal, boot: str) -> None:
        self._journal = journal
        self._boot = boot
        self._open: dict[str, Record] = {}
        self._complete: OrderedDict[str, Record] = OrderedDict()
        self._written: dict[str, Rows] = {}
        self._wrapping: dict[str, Record] = {}
        self._stops = [bus.subscribe(events.ContactStarted, self._started)]
        self._stops += [bus.subscribe(kind, self._fold) for kind in FOLDS]
        self._stops.append(bus.subscribe(events.AgentStateChanged, self._agent_changed))

    def stop(self) -> None:
        """Record no more."""
        for stop in self._stops:
            stop()

    def _started(self, event: events.ContactStarted) -> None:
        record = self._open[event.view.id] = Record(event.view)
        self._write(record)

    def _fold(self, event: events.Event) -> None:
        contact = event.contact or ""
        record = self._open.get(contact) or self._complete.get(contact)
        if record is not None:
            FOLDS[type(event)](record, event)
            self._write(record)

    def _agent_changed(self, event: events.AgentStateChanged) -> None:
        """Wrap-up belongs to the contact, though it goes on after its end."""
        agent = event.agent
        contact = agent.contact if agent.state == "wrap_up" else None
        before = self._wrapping.get(agent.id)
        if before is not None and before.view.id != contact:
            del self._wrapping[agent.id]
            before.wrapped_up(agent.id, event.at)
            self._write(before)
        record = self._open.get(contact or "")
        if record is not None and agent.id not in record.wrapping:
            self._wrapping[agent.id] = record
            record.wrap_up(agent.id, event.at)
            self._write(record)

    def _write(self, record: Record) -> None:
        """Hand in what differs from what was handed in before."""
        rows, before = rows_of(record, self._boot), self._written.get(record.view.id, {})
        for (kind, number), row in rows.items():
            if before.get((kind, number)) != row:
                self._journal.write(kind, row)
        self._written[record.view.id] = rows
        if record.complete and record.view.id in self._open:
            self._put_aside(record)

    def _put_aside(self, record: Record) -> None:
        self._complete[record.view.id] = self._open.pop(record.view.id)
        if len(self._complete) > LATE:
            oldest, _ = self._complete.popitem(last=False)
            del self._written[oldest]


def rows_of(record: Record, boot: str) -> Rows:
    """All rows of a record, by table and number."""
    rows: dict[tuple[str, int], Row] = {("contact", 0): contact_row(record, boot)}
    for one in record.segments:
        rows["segment", one.number] = segment_row(record, one)
    return rows


def contact_row(record: Record, boot: str) -> Row:
    """The row of table `contact`."""
    view = record.view
    return {
        "id": view.id, "boot_id": boot, "channel": view.channel, "direction": view.direction,
        "caller": _short(view.caller, 120), "called": _short(view.called, 120),
        "customer_id": view.customer_id, "order_number": _short(view.order_number, 32),
        "language": view.language, "flow_id": view.flow, "flow_version": view.flow_version,
        "path": [one.model_dump() for one in view.path],
        "queue_id": view.queue, "agent_id": view.agent, "priority": view.priority,
        "started_at": view.started_at, "answered_at": view.answered_at, "queued_at": view.queued_at,
        "connected_at": record.connected_at, "ended_at": record.ended_at, "wait_seconds": record.wait_seconds,
        "talk_seconds": round(record.talk_seconds, 3) if record.ended_at else None,
        "outcome": record.outcome, "end_reason": _short(record.end_reason, 120),
        "disposition": record.disposition, "note": record.note,
    }  # fmt: skip


def segment_row(record: Record, segment: Segment) -> Row:
    """The row of table `segment`."""
    return {
        "contact_id": record.view.id, "number": segment.number, "kind": segment.kind,
        "queue_id": segment.queue, "agent_id": segment.agent, "started_at": segment.started_at,
        "ended_at": segment.ended_at, "outcome": _short(segment.outcome, 40),
    }  # fmt: skip


def _short(text: Any, most: int) -> str | None:
    """What peers send may be longer than the column: PostgreSQL would refuse the whole row."""
    return None if text is None else str(text).replace("\0", "")[:most]
