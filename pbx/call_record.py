"""A contact's record in the making: what each event means for it, as one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pbx.contract import events
from pbx.contract.resources import ContactView

SPOKEN = frozenset({"agent", "conference"})
"""Kinds of segment that count as talking."""

TOGETHER = frozenset({"agent", "hold", "conference"})
SAME_MOMENT = timedelta(milliseconds=50)
"""Of a conversation, what begins so soon after another stretch takes its place: both come from one command."""


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
    """A contact's row and its segments. Wrap-ups run beside the segment that goes on."""

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

    @property
    def complete(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.ended_at is not None and not self.wrapping and self.view.state == "ended"

    def begin(self, kind: str, at: datetime, queue: str | None = None, agent: str | None = None) -> None:
        """End the current segment and start another."""
        current = self.current
        if current is not None and {kind, current.kind} <= TOGETHER and at - current.started_at < SAME_MOMENT:
            current.kind, current.queue, current.agent = kind, queue, agent
            return
        self.finish(at, kind)
        self.add(kind, at, queue, agent)

    def add(self, kind: str, at: datetime, queue: str | None = None, agent: str | None = None) -> Segment:
        """Start a segment, whatever else goes on."""
        segment = Segment(len(self.segments) + 1, kind, at, queue=queue, agent=agent)
        self.segments.append(segment)
        return segment

    def finish(self, at: datetime, outcome: str) -> None:
        """End the current segment."""
        current = self.current
        if current is not None:
            current.ended_at, current.outcome = at, outcome

    def wrap_up(self, agent: str, at: datetime) -> None:
        """An agent writes up the contact."""
        self.wrapping[agent] = self.add("wrap_up", at, agent=agent)

    def wrapped_up(self, agent: str, at: datetime) -> None:
        """The agent has finished it."""
        self.wrapping.pop(agent).ended_at = at


def _changed(record: Record, event: events.ContactChanged) -> None:
    record.view = event.view


def _node_entered(record: Record, event: events.FlowNodeEntered) -> None:
    if record.current is None or record.current.kind not in ("ivr", "voicemail"):
        record.begin("ivr", event.at)


def _queued(record: Record, event: events.ContactQueued) -> None:
    record.view = event.view
    record.begin("queue", event.at, queue=event.queue)


def _diverted(record: Record, event: events.ContactDiverted) -> None:
    if record.current is not None and record.current.kind == "queue":
        record.finish(event.at, event.reason)


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


def _transferred(record: Record, event: events.CallTransferred) -> None:
    """Blind: nobody is there until the next one answers. Attended: the next one is there already."""
    if event.kind == "blind":
        record.finish(event.at, "transferred")
    elif event.kind == "attended":
        record.begin("agent", event.at, queue=record.view.queue, agent=event.to_agent)


def _conference(record: Record, event: events.ConferenceStarted) -> None:
    record.begin("conference", event.at, agent=event.by)


def _abandoned(record: Record, event: events.ContactAbandoned) -> None:
    record.wait_seconds = round(event.wait_seconds, 3)


def _voicemail(record: Record, event: events.VoicemailLeft) -> None:
    """The event comes when the message is kept: that may be after the caller has hung up."""
    last = record.segments[-1] if record.segments else None
    begun = max(
        event.at - timedelta(seconds=event.seconds), last.started_at if last else record.view.started_at
    )
    if record.ended_at is None:
        record.begin("voicemail", begun)
        return
    begun = min(begun, record.ended_at)
    if last is not None and last.ended_at is not None:
        last.ended_at = min(last.ended_at, begun)
    message = record.add("voicemail", begun)
    message.ended_at, message.outcome = record.ended_at, "voicemail"
    if record.outcome == "self_served":
        record.outcome = "voicemail"


def _wrap_up_saved(record: Record, event: events.WrapUpSaved) -> None:
    record.disposition = event.disposition or record.disposition
    record.note = event.note if event.note is not None else record.note


def _ended(record: Record, event: events.ContactEnded) -> None:
    record.finish(event.at, event.outcome)
    record.ended_at = event.at
    record.outcome = event.outcome
    record.end_reason = event.reason


FOLDS: Mapping[type[events.Event], Callable[[Record, Any], None]] = {
    events.ContactChanged: _changed,
    events.FlowNodeEntered: _node_entered,
    events.ContactQueued: _queued,
    events.ContactDiverted: _diverted,
    events.CallBridged: _bridged,
    events.CallHeld: _held,
    events.CallResumed: _resumed,
    events.CallTransferred: _transferred,
    events.ConferenceStarted: _conference,
    events.ContactAbandoned: _abandoned,
    events.VoicemailLeft: _voicemail,
    events.WrapUpSaved: _wrap_up_saved,
    events.ContactEnded: _ended,
}
"""What is recorded of a contact that has begun. Wrap-up follows the agents' states; see pbx.cdr."""
