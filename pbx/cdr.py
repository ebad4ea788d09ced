"""Call detail records: one row per contact and its segments, folded from the events and journaled.

The row is written when the contact starts to ring and again whenever something of it changes; every write is
the whole row, so it can be repeated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pbx.bus import Bus
from pbx.contract import events
from pbx.contract.resources import ContactView
from pbx.journal import Journal, Row

SPOKEN = frozenset({"agent", "conference"})
"""Kinds of segment that count as talking."""


@dataclass(slots=True)
class Segment:
    """A stretch of the contact."""

    number: int
    kind: str
    started_at: datetime
    ended_at: datetime | None = None
    queue: str | None = None
    agent: str | None = None
    outcome: str | None = None


@dataclass(slots=True)
class Record:
    """A contact's row in the making."""

    view: ContactView
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    wait_seconds: float | None = None
    outcome: str | None = None
    end_reason: str | None = None
    disposition: str | None = None
    note: str | None = None
    segments: list[Segment] = field(default_factory=list)
    wrapping: dict[str, Segment] = field(default_factory=dict)

    @property
    def current(self) -> Segment | None:
        """The segment that goes on now."""
        last = next((one for one in reversed(self.segments) if one.kind != "wrap_up"), None)
        return last if last is not None and last.ended_at is None else None

    @property
    def talk_seconds(self) -> float:
        """With agents, hold not counted."""
        return sum(
            (one.ended_at - one.started_at).total_seconds()
            for one in self.segments
            if one.kind in SPOKEN and one.ended_at is not None
        )

    def begin(self, kind: str, at: datetime, queue: str | None = None, agent: str | None = None) -> None:
        """End the current segment and start another."""
        self.finish(at, kind)
        self.segments.append(Segment(len(self.segments) + 1, kind, at, queue=queue, agent=agent))

    def finish(self, at: datetime, outcome: str) -> None:
        """End the current segment."""
        current = self.current
        if current is not None:
            current.ended_at, current.outcome = at, outcome


class CallRecords:
    """Writes the records of one boot."""

    def __init__(self, bus: Bus, journal: Journal, boot: str) -> None:
        self._journal = journal
        self._boot = boot
        self._open: dict[str, Record] = {}
        folds: Mapping[type[Any], Callable[[Record, Any], None]] = {
            events.ContactChanged: _changed,
            events.FlowNodeEntered: _node_entered,
            events.ContactQueued: _queued,
            events.CallBridged: _bridged,
            events.CallHeld: _held,
            events.CallResumed: _resumed,
            events.ConferenceStarted: _conference,
            events.ContactAbandoned: _abandoned,
            events.VoicemailLeft: _voicemail,
            events.WrapUpSaved: _wrap_up_saved,
            events.ContactEnded: _ended,
        }
        self._stops = [bus.subscribe(events.ContactStarted, self._started)]
        self._stops += [bus.subscribe(kind, self._folding(fold)) for kind, fold in folds.items()]
        self._stops.append(bus.subscribe(events.AgentStateChanged, self._agent_changed))

    def stop(self) -> None:
        """Record no more."""
        for stop in self._stops:
            stop()

    def _started(self, event: events.ContactStarted) -> None:
        record = self._open[event.view.id] = Record(event.view)
        self._write(record)

    def _folding(self, fold: Callable[[Record, Any], None]) -> Callable[[events.Event], None]:
        def on_event(event: events.Event) -> None:
            record = self._open.get(event.contact or "")
            if record is None:
                return
            before = self._rows(record)
            fold(record, event)
            self._write(record, before)
            self._forget(record)

        return on_event

    def _agent_changed(self, event: events.AgentStateChanged) -> None:
        """Wrap-up belongs to the contact, though it goes on after its end."""
        agent = event.agent
        for record in tuple(self._open.values()):
            segment = record.wrapping.get(agent.id)
            if segment is not None and (agent.state != "wrap_up" or agent.contact != record.view.id):
                segment.ended_at = event.at
                del record.wrapping[agent.id]
                self._write(record)
                self._forget(record)
        mine = self._open.get(agent.contact or "")
        if agent.state == "wrap_up" and mine is not None and agent.id not in mine.wrapping:
            segment = Segment(len(mine.segments) + 1, "wrap_up", event.at, agent=agent.id)
            mine.segments.append(segment)
            mine.wrapping[agent.id] = segment
            self._write(mine)

    def _forget(self, record: Record) -> None:
        if record.ended_at is not None and not record.wrapping and record.view.state == "ended":
            self._open.pop(record.view.id, None)

    def _write(self, record: Record, before: Mapping[tuple[str, int], Row] | None = None) -> None:
        for (kind, number), row in self._rows(record).items():
            if before is None or before.get((kind, number)) != row:
                self._journal.write(kind, row)

    def _rows(self, record: Record) -> dict[tuple[str, int], Row]:
        rows: dict[tuple[str, int], Row] = {("contact", 0): contact_row(record, self._boot)}
        for one in record.segments:
            rows["segment", one.number] = segment_row(record, one)
        return rows


def contact_row(record: Record, boot: str) -> Row:
    """The row of table `contact`."""
    view = record.view
    return {
        "id": view.id, "boot_id": boot, "channel": view.channel, "direction": view.direction,
        "caller": view.caller, "called": view.called, "customer_id": view.customer_id,
        "order_number": view.order_number, "language": view.language, "flow_id": view.flow,
        "flow_version": view.flow_version, "path": [one.model_dump() for one in view.path],
        "queue_id": view.queue, "agent_id": view.agent, "priority": view.priority,
        "started_at": view.started_at, "answered_at": view.answered_at, "queued_at": view.queued_at,
        "connected_at": record.connected_at, "ended_at": record.ended_at, "wait_seconds": record.wait_seconds,
        "talk_seconds": round(record.talk_seconds, 3) if record.ended_at else None,
        "outcome": record.outcome, "end_reason": record.end_reason,
        "disposition": record.disposition, "note": record.note,
    }  # fmt: skip


def segment_row(record: Record, segment: Segment) -> Row:
    """The row of table `segment`."""
    return {
        "contact_id": record.view.id, "number": segment.number, "kind": segment.kind,
        "queue_id": segment.queue, "agent_id": segment.agent, "started_at": segment.started_at,
        "ended_at": segment.ended_at, "outcome": segment.outcome,
    }  # fmt: skip


def _changed(record: Record, event: events.ContactChanged) -> None:
    record.view = event.view


def _node_entered(record: Record, event: events.FlowNodeEntered) -> None:
    if record.current is None or record.current.kind not in ("ivr", "voicemail"):
        record.begin("ivr", event.at)


def _queued(record: Record, event: events.ContactQueued) -> None:
    record.view = event.view
    record.begin("queue", event.at, queue=event.queue)


def _bridged(record: Record, event: events.CallBridged) -> None:
    current = record.current
    if current is not None and current.kind == "queue" and record.wait_seconds is None:
        since = record.view.queued_at or current.started_at
        record.wait_seconds = round((event.at - since).total_seconds(), 3)
    record.connected_at = record.connected_at or event.at
    record.begin("agent", event.at, queue=record.view.queue, agent=event.agent)


def _held(record: Record, event: events.CallHeld) -> None:
    record.begin("hold", event.at, agent=event.by)


def _resumed(record: Record, event: events.CallResumed) -> None:
    record.begin("agent", event.at, queue=record.view.queue, agent=event.by)


def _conference(record: Record, event: events.ConferenceStarted) -> None:
    record.begin("conference", event.at, agent=event.by)


def _abandoned(record: Record, event: events.ContactAbandoned) -> None:
    record.wait_seconds = round(event.wait_seconds, 3)


def _voicemail(record: Record, event: events.VoicemailLeft) -> None:
    record.begin("voicemail", event.at)


def _wrap_up_saved(record: Record, event: events.WrapUpSaved) -> None:
    record.disposition = event.disposition or record.disposition
    record.note = event.note if event.note is not None else record.note


def _ended(record: Record, event: events.ContactEnded) -> None:
    record.finish(event.at, event.outcome)
    record.ended_at = event.at
    record.outcome = event.outcome
    record.end_reason = event.reason[:120]
