"""What callers hear while they wait: music, their place, the expected wait, and how to be called back."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.speech.parts import Minutes, Ordinal, Part, Text
from pbx.background import start
from pbx.bus import Stop
from pbx.calls.call import Call
from pbx.calls.speaking import Speech
from pbx.calls.switchboard import Switchboard
from pbx.events import LegDigit, LegEvent, PlaybackEnded

CALLBACK_KEY = "1"


@dataclass(slots=True)
class _Seat:
    call: Call
    leg: str
    queue: str
    on_key: Callable[[str], None]
    stops: list[Stop] = field(default_factory=list)
    speaking: str | None = None


class WaitingRoom:
    """Plays to every waiting caller; music again after each announcement."""

    def __init__(self, switchboard: Switchboard, speech: Speech) -> None:
        self._switchboard = switchboard
        self._speech = speech
        self._seats: dict[str, _Seat] = {}

    def enter(self, call: Call, queue: str, on_key: Callable[[str], None]) -> None:
        """Start the music, unless the caller sits here already (another queue's music may then take over)."""
        if call.customer is None:
            return
        self.leave(call, silence=False)
        seat = self._seats[call.id] = _Seat(call, call.customer.leg, queue, on_key)
        seat.stops.append(self._switchboard.watch(seat.leg, lambda event: self._on_leg(seat, event)))
        self._switchboard.play_music(seat.leg, queue)

    def leave(self, call: Call, silence: bool = True) -> None:
        """The caller goes on elsewhere."""
        seat = self._seats.pop(call.id, None)
        if seat is None:
            return
        for stop in seat.stops:
            stop()
        if seat.speaking is not None:
            self._speech.tell_finished(call, seat.leg, completed=False)
        if silence:
            self._switchboard.media.stop_playback(seat.leg)

    def announce(self, call: Call, position: int | None, wait_minutes: int | None, callback: bool) -> None:
        """Say the place and the wait; None is not said."""
        seat = self._seats.get(call.id)
        parts = announcement(position, wait_minutes, callback)
        if seat is not None and parts:
            start(self._say(seat, parts), "queue announcement")

    async def _say(self, seat: _Seat, parts: tuple[Part, ...]) -> None:
        spoken = await self._speech.prepare(parts, seat.call.language)
        if spoken.files and self._seats.get(seat.call.id) is seat:
            seat.speaking = self._speech.play(seat.call, seat.leg, spoken)

    def _on_leg(self, seat: _Seat, event: LegEvent) -> None:
        if isinstance(event, LegDigit):
            seat.on_key(event.digit)
        elif isinstance(event, PlaybackEnded) and event.playback == seat.speaking:
            seat.speaking = None
            self._speech.tell_finished(seat.call, seat.leg, event.completed)
            self._switchboard.play_music(seat.leg, seat.queue)


def announcement(position: int | None, wait_minutes: int | None, callback: bool) -> tuple[Part, ...]:
    """The sentences of one announcement."""
    parts: list[Part] = []
    if position is not None:
        parts.append(Text("queue.position", {"position": Ordinal(position, "feminine")}))
    if wait_minutes is not None:
        parts.append(Text("queue.wait", {"wait": Minutes(max(1, wait_minutes))}))
    if callback:
        parts.append(Text("queue.callback_offer"))
    return tuple(parts)
