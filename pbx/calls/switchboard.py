"""All live calls: who is in which, what they hear, and who wants to know what happens to a leg."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from twisted.logger import Logger

from pbx.bus import Bus, Stop
from pbx.calls.call import Call, Participant
from pbx.calls.lines import Lines
from pbx.calls.mixing import edges, music_for
from pbx.calls.ports import Media
from pbx.calls.states import LegSignal
from pbx.clock import Clock
from pbx.contract.events import CallEnded, ContactChanged, ContactEnded, ContactStarted
from pbx.contract.resources import Outcome
from pbx.errors import IllegalTransition, NotFound
from pbx.events import (
    LegAnswered,
    LegAway,
    LegEnded,
    LegEvent,
    LegHeld,
    LegId,
    LegMediaReady,
    LegResumed,
    LegReturned,
    LegRinging,
)

Watcher = Callable[[LegEvent], None]
OnDeparture = Callable[[Call, Participant, LegEnded], None]
OnCall = Callable[[Call], None]

_log = Logger()


SIGNALS: dict[type[LegEvent], LegSignal] = {
    LegRinging: "ringing",
    LegAnswered: "answered",
    LegHeld: "held",
    LegResumed: "resumed",
    LegEnded: "ended",
}


def new_id() -> str:
    """A fresh id for a contact, a leg or a playback."""
    return uuid4().hex


class Switchboard:
    """Keeps calls and applies what the pure parts decide about audio; tells the world what changed.

    Every leg event first moves the participant's state, then, if it is the end, is decided upon by whoever
    asked with `on_departure`, then reaches the watchers of that leg, in the order they came. One that fails
    is logged and keeps nobody else from hearing. Changes of one reactor turn are published once.
    """

    def __init__(
        self,
        reactor: Clock,
        bus: Bus,
        media: Media,
        utc_now: Callable[[], datetime],
        music: Callable[[str | None], Path],
    ) -> None:
        self.calls: dict[str, Call] = {}
        self.lines = Lines(media, bus)
        self.media: Media = self.lines
        self.bus = bus
        self.now = utc_now
        self._reactor = reactor
        self._music = music
        self._by_leg: dict[LegId, Call] = {}
        self._watchers: dict[LegId, list[Watcher]] = {}
        self._on_departure: list[OnDeparture] = []
        self._on_ended: list[OnCall] = []
        self._on_forgotten: list[OnCall] = []
        self._hearing_music: set[LegId] = set()
        self._dirty: dict[str, Call] = {}
        self._stop = bus.subscribe(LegEvent, self._on_leg_event)

    def stop(self) -> None:
        """Hear no more of the bus."""
        self._stop()
        self.lines.stop()

    def start(self, call: Call, first: Participant | None = None) -> None:
        """Take a new call in, with its first participant if somebody is there already."""
        self.calls[call.id] = call
        if first is not None:
            self._seat(call, first)
        self.bus.publish(ContactStarted(at=self.now(), contact=call.id, view=call.view()))

    def seat(self, call: Call, participant: Participant) -> None:
        """Add a participant."""
        self._seat(call, participant)
        self.changed(call)

    def move(self, call: Call, leg: LegId, other: Call) -> Participant:
        """Take a participant out of `call` and into `other` (attended transfer between two calls)."""
        participant = call.participants.pop(leg)
        self._seat(other, participant)
        self.changed(call)
        self.changed(other)
        return participant

    def call_of(self, leg: LegId) -> Call | None:
        """The call that a leg, or the line that carries one, belongs to, if any."""
        return self._by_leg.get(self.lines.leg(leg))

    def find(self, contact: str) -> Call:
        """The live call of a contact. Raises NotFound."""
        call = self.calls.get(contact)
        if call is None:
            raise NotFound("This contact is no longer live.", contact=contact)
        return call

    def watch(self, leg: LegId, watcher: Watcher) -> Stop:
        """Call `watcher` with everything that happens to a leg that is in a call; returns what ends it."""
        if leg not in self._by_leg:
            return lambda: None
        self._watchers.setdefault(leg, []).append(watcher)

        def stop() -> None:
            if watcher in self._watchers.get(leg, ()):
                self._watchers[leg].remove(watcher)

        return stop

    def on_departure(self, listener: OnDeparture) -> Stop:
        """Call `listener` whenever a participant has left a call; returns what ends it."""
        return _enlist(self._on_departure, listener)

    def on_ended(self, listener: OnCall) -> Stop:
        """Call `listener` when a call is over: its legs are being hung up."""
        return _enlist(self._on_ended, listener)

    def on_forgotten(self, listener: OnCall) -> Stop:
        """Call `listener` when a call has ended, everybody has left and all wrap-ups are done."""
        return _enlist(self._on_forgotten, listener)

    def changed(self, call: Call) -> None:
        """Apply the audio that the call's state asks for, and publish its view at the end of the turn."""
        self._apply_audio(call)
        if not self._dirty:
            self._reactor.callLater(0, self._publish)
        self._dirty[call.id] = call

    def end(self, call: Call, outcome: Outcome, reason: str) -> None:
        """Finish a call: hang up who is left and say how it went. Doing it twice changes nothing."""
        if call.over:
            return
        call.outcome = call.outcome or outcome
        call.ended_at = self.now()
        call.take("wrap_up" if call.wrapping else "end")
        self.hang_up(call.participants.values())
        self.bus.publish(
            ContactEnded(
                at=call.ended_at, contact=call.id, outcome=call.outcome, reason=reason, agent=call.agent
            )
        )
        for listener in tuple(self._on_ended):
            _guarded(listener, call)
        self.changed(call)
        self._forget_if_empty(call)

    def engaged(self, contact: str, agent: str) -> None:
        """An agent has the contact: it lives until the agent has wrapped it up too."""
        call = self.calls.get(contact)
        if call is not None:
            call.wrapping.add(agent)

    def wrapped_up(self, contact: str, agent: str) -> None:
        """An agent finished the wrap-up of a contact; after the last one it is no longer live."""
        call = self.calls.get(contact)
        if call is None or agent not in call.wrapping:
            return
        call.wrapping.discard(agent)
        if call.state == "wrap_up" and not call.wrapping:
            call.take("end")
            self.changed(call)
            self._forget_if_empty(call)

    def play_music(self, leg: LegId, queue: str | None) -> None:
        """The queue's music, or the house's, until something else plays."""
        self.media.play(leg, new_id(), [self._music(queue)], loop=True)

    def answer(self, participant: Participant) -> None:
        """Answer an incoming leg. From now on its end is a departure, even before its LegAnswered."""
        participant.joined = True
        self.media.answer(participant.leg)

    def set_away(self, call: Call, one: Participant, away: bool) -> None:
        """The page at the other end has gone for the moment, or is back."""
        one.away = away
        self._watched(LegAway(one.leg) if away else LegReturned(one.leg))
        self.changed(call)

    def take_back(self, call: Call, one: Participant, line: LegId, in_page: bool) -> None:
        """`line`, an incoming one, is answered and carries the participant's leg from now on, who is at its other
        end. The participant stays who it is: its place, role, mute and recording. The old line ends unheard."""
        if one.state == "held":  # that was the old phone's
            one.take("resumed")
        for event in self.lines.replace(one.leg, line, "taken back"):
            self._watched(event)
        one.in_page = in_page
        self.set_away(call, one, False)

    def lose(self, one: Participant, reason: str) -> None:
        """Nobody will come back on this leg: it ends now, as one whose phone has vanished."""
        self.lines.abandon(one.leg, reason)
        self._take(LegEnded(one.leg, 408, reason, "rtp_timeout"))

    def hang_up(self, participants: Iterable[Participant], reason: str = "") -> None:
        """Hang up some legs; nobody hears them any more, and their LegEnded events do the rest."""
        for one in tuple(participants):
            one.leaving = True
            self.media.hang_up(one.leg, reason=reason)
            if call := self._by_leg.get(one.leg):
                self.changed(call)

    def _seat(self, call: Call, participant: Participant) -> None:
        call.participants[participant.leg] = participant
        self._by_leg[participant.leg] = call

    def _on_leg_event(self, event: LegEvent) -> None:
        named = self.lines.named(event)
        if named is not None:
            self._take(named)

    def _take(self, event: LegEvent) -> None:
        call = self._by_leg.get(event.leg)
        if call is None:
            return
        participant = call.participants[event.leg]
        self._update(call, participant, event)
        for decide in tuple(self._on_departure) if isinstance(event, LegEnded) else ():
            _guarded(decide, call, participant, event)
        self._watched(event)
        if isinstance(event, LegEnded):
            self._watchers.pop(event.leg, None)
        self._forget_if_empty(call)

    def _watched(self, event: LegEvent) -> None:
        for watcher in tuple(self._watchers.get(event.leg, ())):
            if watcher in self._watchers[event.leg]:  # it may have been stopped meanwhile
                _guarded(watcher, event)

    def _update(self, call: Call, participant: Participant, event: LegEvent) -> None:
        signal = SIGNALS.get(type(event))
        if signal is not None:
            try:
                participant.take(signal)
            except IllegalTransition:
                return
        if isinstance(event, LegEnded):
            self._drop(call, participant, event)
        if signal is not None or isinstance(event, LegMediaReady):
            self.changed(call)

    def _drop(self, call: Call, participant: Participant, event: LegEnded) -> None:
        del call.participants[participant.leg]
        del self._by_leg[participant.leg]
        self._hearing_music.discard(participant.leg)
        self.bus.publish(
            CallEnded(
                at=self.now(), contact=call.id, leg=participant.leg, status=event.status,
                reason=event.reason, agent=participant.agent,
            )
        )  # fmt: skip

    def _forget_if_empty(self, call: Call) -> None:
        if call.state == "ended" and not call.participants and call.id in self.calls:
            del self.calls[call.id]
            for listener in tuple(self._on_forgotten):
                _guarded(listener, call)

    def _apply_audio(self, call: Call) -> None:
        self.media.mix(call.id, edges(call.participants.values()))
        wanted = music_for(call)
        for leg in wanted - self._hearing_music:
            self.play_music(leg, call.queue)
        for leg in (self._hearing_music & call.participants.keys()) - wanted:
            self.media.stop_playback(leg)
        self._hearing_music = (self._hearing_music - call.participants.keys()) | wanted

    def _publish(self) -> None:
        dirty, self._dirty = self._dirty, {}
        for call in dirty.values():
            self.bus.publish(ContactChanged(at=self.now(), contact=call.id, view=call.view()))


def _enlist(listeners: list[Any], listener: Any) -> Stop:
    listeners.append(listener)
    return lambda: listeners.remove(listener)


def _guarded(listener: Callable[..., None], *facts: object) -> None:
    try:
        listener(*facts)
    except Exception:
        _log.failure("A listener failed on what happened to a leg")
