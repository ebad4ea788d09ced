"""What must hold in a center whatever has happened: checked after every step of a story, and when all is over."""

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from center_storm import Storm
from twisted.logger import LogLevel, globalLogPublisher

from pbx.calls.call import Call, Participant
from pbx.calls.fake_media import FakeLeg
from pbx.contract.events import AgentStateChanged, CallBridged, ContactEnded, ContactStarted

ON_CONTACT = frozenset({"talking", "holding"})
OFFERED = frozenset({"reserved", "ringing"})
HARMLESS = (
    "The flow cannot queue a caller", "What a flow asked for failed",
    "ContactQueued does not fit: there is no queue",
)  # fmt: skip
"""What the story's flow, database and administrator do wrong on purpose."""
CONSTANT = frozenset({"_stops", "_on_departure", "_on_ended", "_on_forgotten", "_perform", "_refused"})


class Failures:
    """Collects what the program logs as failed while the test runs."""

    def __init__(self) -> None:
        self.found: list[str] = []
        globalLogPublisher.addObserver(self._observe)

    def close(self) -> None:
        globalLogPublisher.removeObserver(self._observe)

    def _observe(self, event: dict[str, Any]) -> None:
        level = event.get("log_level", LogLevel.info)
        if level not in (LogLevel.warn, LogLevel.error, LogLevel.critical):
            return
        said = str(event.get("log_format", "")).format(**event)
        if not said.startswith(HARMLESS):
            self.found.append(event["log_failure"].getTraceback() if "log_failure" in event else said)


class Watch:
    """The invariants of one storm."""

    def __init__(self, storm: Storm) -> None:
        self.storm = storm
        self.world = storm.world
        self.center = storm.center
        self.media = storm.media
        self.board = storm.center.switchboard
        self._subscribers = self._count_subscribers()

    def quiet(self) -> list[str]:
        """What is wrong now, while nothing is under way on the reactor."""
        return [
            problem
            for check in (
                self._legs_and_calls, self._agents, self._offers, self._owners, self._waiting, self._audio,
                self._recorded, self._pages,
                self._callbacks, self._events,
            )
            for problem in check()
        ]  # fmt: skip

    # --- while people talk ----------------------------------------------------------------------------------

    def _calls(self) -> list[Call]:
        return list(self.board.calls.values())

    def _line(self, leg: str) -> FakeLeg:
        """The media side's leg that carries a leg now."""
        return self.media.legs[self.board.lines.line(leg)]

    def _alive(self, leg: str) -> bool:
        return not self._line(leg).ended

    def _going(self, leg: str) -> bool:
        return self.board.lines.line(leg) in self.media.ending

    def _hears(self, call: Call) -> set[tuple[str, str]]:
        """Who hears whom, by the names of the legs."""
        named = self.board.lines.leg
        return {(named(speaker), named(listener)) for speaker, listener in self.media.hears(call.id)}

    def _present(self, call: Call) -> list[Participant]:
        return [
            one for one in call.participants.values()
            if self._alive(one.leg) and not self._going(one.leg) and self._line(one.leg).answered
        ]  # fmt: skip

    def _legs_and_calls(self) -> Iterator[str]:
        for id, leg in self.media.legs.items():
            if not leg.ended and self.board.call_of(id) is None and id not in self.media.ending:
                yield f"leg {id} is alive and in no call"
        for call in self._calls():
            for leg in call.participants:
                if not self._alive(leg):
                    yield f"leg {leg} has ended and is still in call {call.id}"
                elif call.over and not self._going(leg):
                    yield f"leg {leg} outlives its call, which is {call.state}"
            if not call.participants and not call.over and not call.callback:
                yield f"call {call.id} is {call.state} and nobody is in it"
            if call.state == "ended" and not call.participants:
                yield f"call {call.id} has ended and is kept"
            if call.state == "wrap_up" and not call.wrapping:
                yield f"call {call.id} waits for nobody's wrap-up"

    def _agents(self) -> Iterator[str]:
        machine = {one.agent: one for one in self.center.acd.snapshot(self.world.clock.seconds()).agents}
        for view in self.center.roster.views():
            if view.id in machine and machine[view.id].state != view.state:
                yield f"{view.id} is shown {view.state} and is {machine[view.id].state}"
            call = self.board.calls.get(view.contact or "")
            if view.state in ON_CONTACT:
                yield from self._on_contact(view.id, view.state, call)
            if view.state == "wrap_up" and (call is None or view.id not in call.wrapping):
                yield f"{view.id} wraps up {view.contact}, which is gone or knows nothing of it"
            if view.phone_busy and not self._in_any_call(view.id):
                yield f"{view.id} is shown busy and is in no call"

    def _on_contact(self, agent: str, state: str, call: Call | None) -> Iterator[str]:
        if self._parting(call, agent):
            return
        if call is None or call.over:
            yield f"{agent} is {state} on a contact that is gone"
        elif not any(one.agent == agent for one in self._present(call)):
            yield f"{agent} is {state} and not in the call, which is {call.state}"
        else:
            dialing = call.callback and call.state == "ringing"
            if call.state != "held" if state == "holding" else call.state != "talking" and not dialing:
                yield f"{agent} is {state}, the call {call.state}"

    def _parting(self, call: Call | None, agent: str) -> bool:
        """Whether the agent was hung up and the phone has not confirmed it yet."""
        legs = [one.leg for one in call.participants.values() if one.agent == agent] if call else []
        return bool(legs) and all(self._going(leg) for leg in legs)

    def _in_any_call(self, agent: str) -> bool:
        phones = {view.phone for view in self.center.roster.views() if view.id == agent}
        return any(
            one.agent == agent or one.label in phones or self._from_phone(one.leg, phones)
            for call in self._calls() for one in call.participants.values()
        )  # fmt: skip

    def _from_phone(self, leg: str, phones: set[str]) -> bool:
        return leg.startswith("p") or leg in phones

    def _offers(self) -> Iterator[str]:
        offers = self.center.dispatch.offers()
        for offer in offers:
            call = self.board.calls.get(offer.contact.id)
            if call is None or call.over:
                yield f"offer {offer.id} is for a contact that is over"
                continue
            view = next((one for one in self.center.roster.views() if one.id == offer.agent), None)
            if view is None or (view.state not in OFFERED and not view.phone_busy):
                yield f"offer {offer.id} is open and its agent is {view and view.state}"
        named = Counter(offer.agent for offer in offers)
        for view in self.center.roster.views():
            if view.state in OFFERED and not named[view.id]:
                yield f"{view.id} is {view.state} without an offer"
            if named[view.id] > 1:
                yield f"{view.id} has {named[view.id]} offers"

    def _owners(self) -> Iterator[str]:
        views = {view.id: view for view in self.center.roster.views()}
        for call in self._calls():
            if call.state not in ("talking", "held"):
                continue
            present = self._present(call)
            parting = any(self._going(leg) for leg in call.participants)
            if not present and not parting:
                yield f"call {call.id} is {call.state} among nobody"
            if len(present) == 1 and not call.transferring and not self._rings(call) and not parting:
                yield f"{present[0].role} is alone in a call that is {call.state}"
            for one in present:
                view = views.get(one.agent or "")
                if view and not view.phone_busy and view.contact != call.id:
                    yield f"{view.id} talks and is neither busy nor on this contact ({view.state})"
            owners = [
                view.id for view in views.values() if view.contact == call.id and view.state in ON_CONTACT
            ]
            if len(owners) > 1:
                yield f"call {call.id} belongs to {owners}"

    def _rings(self, call: Call) -> bool:
        return any(not self._line(leg).answered and self._alive(leg) for leg in call.participants)

    def _waiting(self) -> Iterator[str]:
        known = {
            one.contact
            for queue in self.center.acd.snapshot(self.world.clock.seconds()).queues
            for one in self.center.acd.waiting(queue.queue)
        }
        for call in self._calls():
            if call.state not in ("queued", "offered"):
                continue
            customer = call.customer
            if customer is None or not self._alive(customer.leg):
                yield f"call {call.id} is {call.state} without a customer"
                continue
            if call.id not in known and call.outcome != "callback":
                yield f"call {call.id} is {call.state} and the queues do not know it"
            if self._line(customer.leg).playing is None and call.outcome != "callback":
                yield f"call {call.id} waits in silence"
            if any(customer.leg in edge for edge in self._hears(call)):
                yield f"the customer of {call.id} waits and is connected with somebody"
        for contact in known - self.board.calls.keys():
            if contact not in {view.id for view in self.center.callbacks.views()}:
                yield f"the queues keep {contact}, which is gone"

    def _audio(self) -> Iterator[str]:
        for call in self._calls():
            hears = self._hears(call)
            for speaker, listener in hears:
                if listener not in call.participants or speaker not in call.participants:
                    yield f"{listener} hears {speaker} in a call that both are not in"
                elif call.participants[speaker].away or call.participants[listener].away:
                    yield f"{listener} hears {speaker}, and one of them is away"
                elif self._line(listener).looping:
                    yield f"{listener} hears music under {speaker}"
            if call.state in ("talking", "held"):
                yield from self._heard(call, {listener for _, listener in hears})

    def _heard(self, call: Call, listeners: set[str]) -> Iterator[str]:
        present = self._present(call)
        for one in present:
            left = any(other.away and other.room == one.room for other in present if other is not one)
            if one.role not in ("customer", "third_party") and not left:
                continue
            if one.state != "connected" or one.away:
                continue
            muted = any(other.muted for other in present if other is not one)
            if one.leg not in listeners and self._line(one.leg).playing is None and not muted:
                yield f"{one.role} {one.leg} hears nothing in a call that is {call.state}"

    def _recorded(self) -> Iterator[str]:
        for call in self._calls():
            present = self._present(call)
            customer = any(one.role == "customer" for one in present)
            others = {one.leg for one in present if one.role in ("agent", "third_party")}
            running = self.world.recordings._running.get(call.id)
            if call.state in ("talking", "held") and customer and others and call.queue == "shop":
                if running is None or running.right not in others:
                    yield f"call {call.id} is {call.state} and its agent is not recorded"
            elif running is not None and not customer and not any(map(self._going, call.participants)):
                yield f"call {call.id} is {call.state} and recorded"
            if running is not None and running.phase in ("recording", "paused"):
                for leg, line in zip(
                    (running.left, running.right), self._recorded_lines(running.row.id), strict=True
                ):
                    if leg in call.participants and self.board.lines.line(leg) != line:
                        yield f"call {call.id} is recorded from {line}, and {leg} speaks elsewhere"

    def _recorded_lines(self, recording: str) -> tuple[str, str]:
        left, _, right = self.media.recordings[recording][0].partition("|")
        for note in self.media.recordings[recording][1:]:
            side, _, leg = note.partition(" ")
            left, right = (leg, right) if side == "left" else (left, leg) if side == "with" else (left, right)
        return left, right

    def _pages(self) -> Iterator[str]:
        absences = self.center.absences
        here = {one.leg: one for call in self._calls() for one in call.participants.values()}
        for leg, one in here.items():
            if one.away and leg not in absences._away:
                yield f"{leg} is away and nobody looks after it"
            if one.away and one.leaving:
                continue
            if leg in absences._away and not one.away:
                yield f"{leg} is looked after and is there"
        guests = Counter(
            one.account for one in here.values() if one.account.startswith("guest-") and not one.leaving
        )
        yield from (f"{guest} is in {count} calls" for guest, count in guests.items() if count > 1)

    def _callbacks(self) -> Iterator[str]:
        offered = {offer.contact.id for offer in self.center.dispatch.offers()}
        for view in self.center.callbacks.views():
            call = self.center.callbacks.call_id(view.id)
            if view.state == "offered" and call not in offered:
                yield f"callback {view.id} is shown as offered and is not"
            going = call in self.board.calls and any(map(self._going, self.board.calls[call].participants))
            if (
                view.state == "dialing"
                and not going
                and (call not in self.board.calls or self.board.calls[call].over)
            ):
                yield f"callback {view.id} is shown as being dialed and is not"

    def _events(self) -> Iterator[str]:
        ended = Counter(event.contact for event in self.world.told if isinstance(event, ContactEnded))
        started = Counter(event.contact for event in self.world.told if isinstance(event, ContactStarted))
        yield from (f"{contact} ended {times} times" for contact, times in ended.items() if times > 1)
        yield from (f"{contact} started {times} times" for contact, times in started.items() if times > 1)

    # --- when all is over -----------------------------------------------------------------------------------

    def over(self) -> list[str]:
        """What is left when everybody has gone home."""
        return [
            problem
            for check in (
                self.quiet, self._left_behind, self._outcomes, self._rows, self._segments, self._wrap_ups,
                self._leaks,
            )
            for problem in check()
        ]  # fmt: skip

    def _left_behind(self) -> Iterator[str]:
        yield from (f"call {call.id} is left, {call.state}" for call in self._calls())
        yield from (f"leg {id} is left" for id, leg in self.media.legs.items() if not leg.ended)
        yield from (f"offer {offer.id} is left" for offer in self.center.dispatch.offers())
        yield from (f"callback {view.id} is left, {view.state}" for view in self.center.callbacks.views())
        for view in self.center.roster.views():
            if view.state != "idle" or view.phone_busy or view.contact:
                yield f"{view.id} is left {view.state}, busy: {view.phone_busy}, contact: {view.contact}"

    def _outcomes(self) -> Iterator[str]:
        told = self.world.told
        bridged = self._bridged()
        started = {event.contact for event in told if isinstance(event, ContactStarted)}
        ended = {event.contact: event for event in told if isinstance(event, ContactEnded)}
        yield from (f"{contact} never ended" for contact in started - ended.keys())
        for contact, event in ended.items():
            if contact in bridged and event.outcome in (
                "abandoned",
                "short_abandoned",
                "self_served",
                "failed",
            ):
                yield f"{contact} was answered and counts as {event.outcome}"
            if contact not in bridged and event.outcome == "answered":
                yield f"{contact} counts as answered and nobody talked"

    def _rows(self) -> Iterator[str]:
        rows = self.world.journal.rows
        started = {event.contact for event in self.world.told if isinstance(event, ContactStarted)}
        if {row["id"] for row in rows["contact"].values()} != started:
            yield "not every contact has a row"
        for row in rows["contact"].values():
            if row["ended_at"] is None or row["outcome"] is None:
                yield f"the row of {row['id']} is open"
        for row in rows["segment"].values():
            if row["ended_at"] is None:
                yield f"a segment of {row['contact_id']} is open: {row['kind']}"
        for row in rows["callback"].values():
            if row["state"] not in ("done", "failed"):
                yield f"callback {row['id']} is {row['state']} in the database"
        yield from (f"recording {one} is open" for one in self.world.shelf.open)
        for row in rows["recording"].values():
            if row["state"] not in ("finished", "failed"):
                yield f"recording {row['id']} is {row['state']} in the database"

    def _segments(self) -> Iterator[str]:
        """A contact is in one place at a time, from its beginning to its end."""
        rows = self.world.journal.rows
        contacts = {row["id"]: row for row in rows["contact"].values()}
        for id, contact in contacts.items():
            until = contact["started_at"]
            mine = [
                row
                for row in rows["segment"].values()
                if row["contact_id"] == id and row["kind"] != "wrap_up"
            ]
            for row in sorted(mine, key=lambda row: (row["started_at"], row["number"])):
                if row["started_at"] < until or row["ended_at"] < row["started_at"]:
                    yield f"the segments of {id} overlap: {row['kind']}"
                if row["ended_at"] > contact["ended_at"]:
                    yield f"a segment of {id} ends after it: {row['kind']}"
                until = row["ended_at"]

    def _wrap_ups(self) -> Iterator[str]:
        """Whoever wraps up a contact is in its record."""
        told = [event.agent for event in self.world.told if isinstance(event, AgentStateChanged)]
        wrapped = {(one.contact, one.id) for one in told if one.state == "wrap_up"}
        rows = [row for row in self.world.journal.rows["segment"].values() if row["kind"] == "wrap_up"]
        written = {(row["contact_id"], row["agent_id"]) for row in rows}
        yield from (
            f"the wrap-up of {contact} by {agent} is not written" for contact, agent in wrapped - written
        )
        for row in self.world.journal.rows["contact"].values():
            if (row["connected_at"] is None) != (row["id"] not in self._bridged()):
                yield f"the record of {row['id']} errs about whether anybody talked"

    def _bridged(self) -> set[str]:
        return {event.contact or "" for event in self.world.told if isinstance(event, CallBridged)}

    def _leaks(self) -> Iterator[str]:
        dispatch = self.center.dispatch
        parts = (
            self.board, dispatch._offers, dispatch._waiting, dispatch._engagements, dispatch._loop,
            self.world.recordings, self.world.recorded, self.center.transfers,
            self.center.callbacks, self.center.room, self.center.voicemails, self.center.absences,
            self.board.lines,
        )  # fmt: skip
        for part in parts:
            for name, value in vars(part).items():
                if isinstance(value, dict | set | list | deque) and value and name not in CONSTANT:
                    yield f"{type(part).__name__}.{name} keeps {len(value)}"
        if (now := self._count_subscribers()) != self._subscribers:
            yield f"the bus has {now} subscribers, and had {self._subscribers}"
        if len(self.world.clock.getDelayedCalls()) > 3:
            yield "timers are left"

    def _count_subscribers(self) -> int:
        return sum(len(found) for found in self.world.bus._subscribers.values())
