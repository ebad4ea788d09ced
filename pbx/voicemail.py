"""Messages left after the beep: recorded by the media side, noted in the journal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from twisted.logger import Logger

from pbx.bus import Stop
from pbx.calls.call import Call
from pbx.calls.switchboard import Switchboard, new_id
from pbx.clock import Clock, Timer
from pbx.contract.events import VoicemailLeft
from pbx.events import LegDigit, LegEnded, LegEvent, PlaybackEnded, RecordingStopped
from pbx.journal import Journal

_log = Logger()

END_KEY = "#"
SHORTEST = 1.0
"""Seconds; less is a hang-up, not a message."""


@dataclass(slots=True)
class _Message:
    id: str
    call: Call
    leg: str
    mailbox: str
    path: Path
    max_seconds: int
    done: Callable[[bool], None]
    began: datetime
    beep: str
    caller_there: bool = True
    timer: Timer | None = None
    stops: list[Stop] = field(default_factory=list)


class VoicemailBox:
    """`pbx.calls.services.Voicemails`."""

    def __init__(
        self,
        clock: Clock,
        switchboard: Switchboard,
        journal: Journal,
        directory: Path,
        beep: Callable[[], Path],
        room_for: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._switchboard = switchboard
        self._journal = journal
        self._directory = directory
        self._beep = beep
        self._room_for = room_for
        self._messages: dict[str, _Message] = {}
        self._stop = switchboard.bus.subscribe(RecordingStopped, self._on_stopped)

    def stop(self) -> None:
        """Hear no more of the bus."""
        self._stop()

    def record(self, call: Call, mailbox: str, max_seconds: int, done: Callable[[bool], None]) -> None:
        """See Voicemails. Without room on the disk the flow goes its failure way."""
        if call.customer is None or not self._room_for():
            self._clock.callLater(0, done, False)
            return
        id = new_id()
        message = self._messages[id] = _Message(
            id, call, call.customer.leg, mailbox, self._directory / "voicemail" / f"{id}.wav",
            max_seconds, done, self._switchboard.now(), new_id(),
        )  # fmt: skip
        message.stops.append(self._switchboard.watch(message.leg, lambda event: self._on_leg(message, event)))
        self._switchboard.media.play(message.leg, message.beep, [self._beep()])

    def _begin(self, message: _Message) -> None:
        message.began = self._switchboard.now()
        try:
            message.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            _log.error("A message cannot be recorded: {why}", why=type(error).__name__)
            self._finish(message, kept=False)
            return
        self._note_recording(message, state="recording", ended_at=None, seconds=None)
        self._switchboard.media.record(message.id, message.leg, None, message.path)
        message.timer = self._clock.callLater(
            message.max_seconds, self._switchboard.media.stop_recording, message.id
        )

    def _on_leg(self, message: _Message, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            message.caller_there = False
            if message.timer is None:
                self._finish(message, kept=False)
        elif isinstance(event, PlaybackEnded) and event.playback == message.beep:
            self._begin(message)
            return
        elif not (isinstance(event, LegDigit) and event.digit == END_KEY):
            return
        if message.timer is not None:
            self._switchboard.media.stop_recording(message.id)

    def _on_stopped(self, event: RecordingStopped) -> None:
        message = self._messages.get(event.recording)
        if message is None:
            return
        kept = not event.error and event.seconds >= SHORTEST
        self._note_recording(
            message, state="finished" if kept else "failed", ended_at=self._switchboard.now(),
            seconds=event.seconds, error=event.error,
        )  # fmt: skip
        if kept:
            self._note_message(message, event.seconds)
        self._finish(message, kept)

    def _finish(self, message: _Message, kept: bool) -> None:
        del self._messages[message.id]
        if message.timer is not None and message.timer.active():
            message.timer.cancel()
        for stop in message.stops:
            stop()
        if message.call.outcome is None and kept:
            message.call.outcome = "voicemail"
        if message.caller_there:
            message.done(kept)

    def _note_message(self, message: _Message, seconds: float) -> None:
        self._journal.write(
            "voicemail",
            {
                "id": message.id, "contact_id": message.call.id, "mailbox": message.mailbox,
                "caller": message.call.caller, "recording_id": message.id, "left_at": message.began,
                "seconds": seconds, "heard_at": None,
            },
        )  # fmt: skip
        self._switchboard.bus.publish(
            VoicemailLeft(
                at=self._switchboard.now(), contact=message.call.id, mailbox=message.mailbox,
                voicemail=message.id, seconds=seconds,
            )
        )  # fmt: skip

    def _note_recording(
        self,
        message: _Message,
        state: str,
        ended_at: datetime | None,
        seconds: float | None,
        error: str = "",
    ) -> None:
        self._journal.write(
            "recording",
            {
                "id": message.id, "contact_id": message.call.id, "kind": "voicemail",
                "path": str(message.path), "started_at": message.began, "ended_at": ended_at,
                "seconds": seconds, "state": state, "pauses": [], "error": error,
            },
        )  # fmt: skip
