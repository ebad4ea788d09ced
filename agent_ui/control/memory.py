"""The control API's twin in memory: a telephone system without telephones, for tests and demonstrations."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import gevent
from gevent.event import Event as Signal

from agent_ui.control.errors import ControlAway, ControlRefused
from agent_ui.control.memory_calls import CALLS, Forbidden, Refused
from agent_ui.control.port import CdrQuery, EventStream, RecordingsQuery
from agent_ui.control.scene import agent_leg
from agent_ui.control.verbs import ContactVerb
from agent_ui.realtime.live import Live, folded, from_snapshot
from pbx.contract.base import Schema
from pbx.contract.commands import (
    AcceptOffer,
    DeclineOffer,
    Device,
    Dial,
    JoinVisitor,
    RequestCallback,
    SetStatus,
)
from pbx.contract.events import (
    AgentStateChanged,
    AgentStatusChanged,
    AnyEvent,
    CallbackChanged,
    CallbackRequested,
    ContactChanged,
    Envelope,
    OfferCreated,
    OfferEnded,
    Reset,
)
from pbx.contract.resources import (
    AgentState,
    AgentView,
    CallbackView,
    CdrView,
    ContactView,
    DirectoryEntry,
    OfferView,
    Problem,
    QueueStatus,
    RecordingView,
    Snapshot,
)

BUFFER = 1000
OFFER_SECONDS = 20.0


class MemoryControl:
    """Carries out commands by making the events that the real one would make. Safe to use from any thread."""

    def __init__(self, start: Snapshot, buffer: int = BUFFER) -> None:
        self.live: Live = from_snapshot(start)
        self.rows: list[CdrView] = []
        self.recorded: list[RecordingView] = []
        self.commands: list[tuple[Any, ...]] = []
        """Every command that was carried out: actor, what, on what, body."""
        self._buffer = buffer
        self._past: list[Envelope] = []
        self._away = False
        self._streams: list[_Stream] = []
        self._lock = threading.RLock()

    # What a test makes happen.

    def happens(self, *events: AnyEvent) -> None:
        """Let events happen, in order."""
        with self._lock:
            for event in events:
                envelope = Envelope(boot=self.live.boot, seq=self.live.seq + 1, event=event)
                self.live = folded(self.live, envelope)
                self._past = [*self._past, envelope][-self._buffer :]
            for stream in self._streams:
                stream.wake()

    def offers(self, id_: str, contact: ContactView, agent: str, seconds: float = OFFER_SECONDS) -> OfferView:
        """Offer a contact to an agent, whose phone rings."""
        now = datetime.now(UTC)
        ringing = agent_leg(contact.id, self.live.agents[agent]).model_copy(update={"state": "ringing"})
        legs = (*contact.participants, ringing)
        offered = contact.model_copy(update={"state": "offered", "participants": legs})
        offer = OfferView(
            id=id_,
            agent=agent,
            contact=offered,
            queue=contact.queue or "sales",
            created_at=now,
            expires_at=now + timedelta(seconds=seconds),
        )
        self.happens(
            ContactChanged(at=now, contact=contact.id, view=offered),
            AgentStateChanged(at=now, agent=self._agent(agent, "ringing", contact.id)),
            OfferCreated(at=now, contact=contact.id, offer=offer),
        )
        return offer

    def ends_offer(self, offer_id: str, state: Any, reason: str = "") -> None:
        """End an offer that was not accepted."""
        offer, now = self.live.offers[offer_id], datetime.now(UTC)
        legs = tuple(leg for leg in offer.contact.participants if leg.agent is None)
        left = offer.contact.model_copy(update={"state": "queued", "participants": legs})
        self.happens(
            OfferEnded(
                at=now,
                contact=offer.contact.id,
                offer=offer_id,
                agent=offer.agent,
                state=state,
                reason=reason,
            ),
            AgentStateChanged(at=now, agent=self._agent(offer.agent, "idle", None)),
            ContactChanged(at=now, contact=left.id, view=left),
        )

    def starts_over(self, start: Snapshot) -> None:
        """Be another process, which begins with this."""
        with self._lock:
            self._past, self.rows, self.commands = [], [], []
            self.live = from_snapshot(start)
            for stream in self._streams:
                stream.wake()

    def goes_away(self) -> None:
        """Stop answering; open streams end."""
        with self._lock:
            self._away = True
            for stream in self._streams:
                stream.wake()

    def comes_back(self, boot: str | None = None) -> None:
        """Answer again, after a restart if `boot` is given."""
        with self._lock:
            self._away = False
            if boot is not None:
                self._past = []
                self.live = replace(self.live, boot=boot, seq=0)

    # The port.

    def snapshot(self) -> Snapshot:
        """Everything live."""
        self._check()
        with self._lock:
            return self._snapshot()

    def events(self, boot: str, since: int) -> EventStream:
        """Events after `since`."""
        self._check()
        stream = _Stream(self, boot, since)
        self._streams.append(stream)
        return stream

    def directory(self) -> tuple[DirectoryEntry, ...]:
        """Agents and queues."""
        self._check()
        agents = (
            DirectoryEntry(
                target=f"agent:{one.id}",
                kind="agent",
                label=one.name,
                available=one.status == "available" and one.state == "idle" and one.phone_registered,
            )
            for one in self.live.agents.values()
        )
        queues = (
            DirectoryEntry(target=f"queue:{one.id}", kind="queue", label=one.name, available=True)
            for one in self.live.queues.values()
        )
        return (*agents, *queues)

    def cdr(self, query: CdrQuery) -> tuple[CdrView, ...]:
        """The rows that a test put there, latest first."""
        self._check()
        wanted = {"customer_id": query.customer_id, "caller": query.caller, "agent": query.agent}
        filters = {name: value for name, value in wanted.items() if value is not None}
        found = [row for row in self.rows if all(getattr(row, n) == v for n, v in filters.items())]
        return tuple(sorted(found, key=lambda row: row.started_at, reverse=True)[: query.limit])

    def record(self, contact: str) -> CdrView:
        """One of the rows."""
        self._check()
        for row in self.rows:
            if row.contact == contact:
                return row
        raise _refusal(404, "pbx.not_found", "there is no such record")

    def recordings(self, query: RecordingsQuery) -> tuple[RecordingView, ...]:
        """What a test put there, latest first, with the rows."""
        self._check()
        rows = {row.contact: row for row in self.rows}
        found = [
            one.model_copy(update={"record": rows.get(one.contact)})
            for one in self.recorded
            if query.contact in (None, one.contact)
            and query.agent in (None, getattr(rows.get(one.contact), "agent", None))
            and (query.since is None or one.started_at >= query.since)
            and (query.until is None or one.started_at < query.until)
        ]
        return tuple(sorted(found, key=lambda one: one.started_at, reverse=True)[: query.limit])

    def set_status(self, actor: str, agent: str, status: SetStatus) -> None:
        """Change a status."""
        self._carry_out(actor, "status", agent, status)
        changed = self._known(agent).model_copy(
            update={
                "status": status.status,
                "pause_reason": status.pause_reason,
                "status_since": datetime.now(UTC),
            }
        )
        self.happens(AgentStatusChanged(at=datetime.now(UTC), agent=changed))

    def accept(self, actor: str, offer: str, device: Device = "phone") -> None:
        """Connect the customer and the agent, whichever device answers."""
        self._own(actor, offer)
        self._carry_out(actor, "accept", offer, AcceptOffer(device=device))
        self.happens(*CALLS["accept"](self.live, actor, offer, None))

    def decline(self, actor: str, offer: str, decline: DeclineOffer) -> None:
        """Put the contact back into its queue."""
        self._own(actor, offer)
        self._carry_out(actor, "decline", offer, decline)
        self.ends_offer(offer, "rejected", decline.reason)

    def on_contact(self, actor: str, contact: str, verb: ContactVerb, body: Schema | None = None) -> None:
        """Do what the verb says."""
        self._do(actor, contact, verb, body)

    def join_visitor(self, actor: str, contact: str, join: JoinVisitor) -> None:
        """The contact is this visitor's."""
        self._do(actor, contact, "visitor", join)

    def _do(self, actor: str, contact: str, what: str, body: Schema | None) -> None:
        self._check()
        if contact not in self.live.contacts:
            raise _refusal(404, "pbx.not_found", "there is no such contact")
        try:
            events = CALLS[what](self.live, actor, contact, body)
        except Refused as refused:
            raise _refusal(409, "pbx.wrong_state", str(refused)) from None
        except Forbidden as refused:
            raise _refusal(403, "pbx.not_allowed", str(refused)) from None
        self._carry_out(actor, what, contact, body)
        self.happens(*events)

    def queue_status(self, queue: str, number: str | None = None) -> QueueStatus:
        """Open as soon as an agent is logged in; the twin has no calendars."""
        self._check()
        if queue not in self.live.queues:
            raise _refusal(404, "pbx.not_found", "there is no such queue")
        view = self.live.queues[queue]
        logged_in = [
            one for one in self.live.agents.values() if queue in one.queues and one.status != "offline"
        ]
        return QueueStatus(
            queue=queue,
            open=bool(logged_in),
            closed=None if logged_in else "no_agents",
            agents_available=sum(one.status == "available" and one.state == "idle" for one in logged_in),
            waiting=view.waiting,
            expected_wait_minutes=view.expected_wait_minutes,
        )

    def request_callback(self, actor: str, request: RequestCallback) -> CallbackView:
        """Promise one; one number has one open callback."""
        self._check()
        if request.queue not in self.live.queues:
            raise _refusal(404, "pbx.not_found", "there is no such queue")
        if any(one.number == request.number for one in self.live.callbacks.values()):
            raise _refusal(409, "pbx.callback_exists", "this number is to be called back already")
        now = datetime.now(UTC)
        view = CallbackView(
            id=f"callback-{self.live.seq}",
            queue=request.queue,
            number=request.number,
            customer_id=request.customer_id,
            requested_at=now,
            state="waiting",
        )
        self._carry_out(actor, "callback", view.id, request)
        self.happens(CallbackRequested(at=now, contact=view.id, callback=view))
        return view

    def callback(self, id_: str) -> CallbackView:
        """An open one."""
        self._check()
        if id_ not in self.live.callbacks:
            raise _refusal(404, "pbx.not_found", "there is no such callback, or it is over")
        return self.live.callbacks[id_]

    def cancel_callback(self, actor: str, id_: str) -> None:
        """It is not wanted any more."""
        view = self.callback(id_).model_copy(update={"state": "canceled"})
        self._carry_out(actor, "cancel_callback", id_)
        self.happens(CallbackChanged(at=datetime.now(UTC), contact=id_, callback=view))

    def dial(self, actor: str, agent: str, dial: Dial) -> None:
        """Call somebody."""
        self._known(agent)
        self._carry_out(actor, "dial", agent, dial)
        self.happens(*CALLS["dial"](self.live, actor, f"out-{self.live.seq}", dial))

    def reload(self, actor: str) -> None:
        """Nothing to read again."""
        self._carry_out(actor, "reload", "")

    def _snapshot(self) -> Snapshot:
        live = self.live
        return Snapshot(
            boot=live.boot,
            seq=live.seq,
            at=datetime.now(UTC),
            agents=tuple(live.agents.values()),
            queues=tuple(live.queues.values()),
            contacts=tuple(live.contacts.values()),
            offers=tuple(live.offers.values()),
            callbacks=tuple(live.callbacks.values()),
            pause_reasons=live.pause_reasons,
            dispositions=live.dispositions,
        )

    def _check(self) -> None:
        if self._away:
            raise ControlAway("the telephone system was made to go away")

    def _carry_out(self, actor: str, what: str, on: str, body: Schema | None = None) -> None:
        self._check()
        self.commands.append((actor, what, on, body))

    def _known(self, agent: str) -> AgentView:
        self._check()
        if agent not in self.live.agents:
            raise _refusal(404, "pbx.not_found", "there is no such agent")
        return self.live.agents[agent]

    def _own(self, actor: str, offer: str) -> None:
        self._check()
        if offer not in self.live.offers:
            raise _refusal(404, "pbx.not_found", "there is no such offer")
        if self.live.offers[offer].agent != actor:
            raise _refusal(403, "pbx.not_allowed", "the offer is for another agent")

    def _agent(self, agent: str, state: AgentState, contact: str | None) -> AgentView:
        changes = {"state": state, "state_since": datetime.now(UTC), "contact": contact}
        return self.live.agents[agent].model_copy(update=changes)

    def after(self, boot: str, seq: int) -> list[Envelope] | None:
        """The events after a number of a boot, or None if some are gone. For the streams."""
        with self._lock:
            if self._away:
                raise ControlAway("the telephone system was made to go away")
            if boot != self.live.boot or seq > self.live.seq:
                return None
            if (self._past[0].seq - 1 if self._past else self.live.seq) > seq:
                return None
            return [envelope for envelope in self._past if envelope.seq > seq]

    def forget(self, stream: "_Stream") -> None:
        """A stream was closed."""
        if stream in self._streams:
            self._streams.remove(stream)


class _Stream:
    """Events for one reader, who waits on the event loop while others may be made in any thread."""

    def __init__(self, control: MemoryControl, boot: str, since: int) -> None:
        self._control = control
        self._boot = boot
        self._seq = since
        self._signal = Signal()
        self._watcher = gevent.get_hub().loop.async_()
        self._watcher.start(self._signal.set)
        self._closed = False

    def __iter__(self) -> Iterator[Envelope | Reset]:
        while not self._closed:
            self._signal.clear()
            missed = self._control.after(self._boot, self._seq)
            if missed is None:
                yield Reset(boot=self._control.live.boot, oldest=self._control.live.seq)
                return
            for envelope in missed:
                self._seq = envelope.seq
                yield envelope
            if not missed:
                self._signal.wait()

    def wake(self) -> None:
        """Look for new events; from any thread."""
        self._watcher.send()

    def close(self) -> None:
        """End the iteration."""
        self._closed = True
        self._control.forget(self)
        self._signal.set()
        self._watcher.stop()
        self._watcher.close()


def _refusal(status: int, id_: str, detail: str) -> ControlRefused:
    return ControlRefused(status, Problem(id=id_, title=id_, detail=detail))
