"""Records two sides of a conversation, each on a mono recorder, and joins them into one stereo file at the end.

Both recorders hear silence all the time, so that they get a frame at every tick of the bridge's clock and stay
aligned: pauses, holds and lost audio are silence of the right length. The joining runs off the reactor thread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, DeferredList
from twisted.logger import Logger

from pbx import recording_files, wav
from pbx.bus import Bus
from pbx.clock import Clock
from pbx.errors import PbxError
from pbx.events import LegId, RecordingId, RecordingStopped
from pbx.media.bridges import SILENCE, Audio, Bridges, Port

_log = Logger()
CLOSE_POLL = 0.05
CLOSE_LIMIT = 3.0


@dataclass(slots=True, eq=False)
class Side:
    """One mono recorder and the leg it hears."""

    port: Port
    path: Path
    audio: Audio | None
    leg: LegId


@dataclass(slots=True, eq=False)
class Recording:
    """A running recording: one side (mono) or two."""

    id: RecordingId
    path: Path
    sides: list[Side] = field(default_factory=list)
    paused: bool = False


class Recorders:
    """All running recordings. `open_recorder` opens a file and raises MediaError; `in_thread` runs a blocking
    function elsewhere (twisted's deferToThread)."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        bridges: Bridges,
        open_recorder: Callable[[Path], Audio],
        in_thread: Callable[..., Deferred[Any]],
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._bridges = bridges
        self._open = open_recorder
        self._in_thread = in_thread
        self._running: dict[RecordingId, Recording] = {}
        self._closing: set[Deferred[Any]] = set()

    def record(self, recording: RecordingId, left: LegId, right: LegId | None, path: Path) -> None:
        """Start. A second recording of the same id is refused with RecordingStopped."""
        names = recording_files.parts(path, stereo=right is not None)
        running = Recording(recording, path)
        try:
            if recording in self._running:
                raise ValueError("This recording is running.")
            opened = [self._open(name) for name in names]
        except (PbxError, OSError, ValueError) as error:
            self._bus.publish(RecordingStopped(recording, 0.0, f"The recorder could not be opened: {error}"))
            return
        self._running[recording] = running
        for number, (name, audio) in enumerate(zip(names, opened, strict=True)):
            leg = left if number == 0 else right or left
            side = Side(Port("recorder", f"{recording}/{number}"), name, audio, leg)
            running.sides.append(side)
            self._bridges.attach(side.port, audio)
            self._bridges.want(SILENCE, side.port)
        self._listen(running)

    def _listen(self, running: Recording) -> None:
        for side in running.sides:
            self._bridges.want(Port("leg", side.leg), side.port)

    def _deafen(self, running: Recording) -> None:
        for side in running.sides:
            self._bridges.unwant(Port("leg", side.leg), side.port)

    def record_with(self, recording: RecordingId, right: LegId) -> None:
        """Another leg speaks on the right side."""
        running = self._running.get(recording)
        if running is not None and len(running.sides) == 2:
            self._speak(running, running.sides[1], right)

    def record_left(self, recording: RecordingId, left: LegId) -> None:
        """Another leg speaks on the left side, or on the only one."""
        running = self._running.get(recording)
        if running is not None:
            self._speak(running, running.sides[0], left)

    def _speak(self, running: Recording, side: Side, leg: LegId) -> None:
        self._deafen(running)
        side.leg = leg
        if not running.paused:
            self._listen(running)

    def pause(self, recording: RecordingId) -> None:
        """Silence on both sides."""
        running = self._running.get(recording)
        if running is not None and not running.paused:
            running.paused = True
            self._deafen(running)

    def resume(self, recording: RecordingId) -> None:
        """Both sides are heard again."""
        running = self._running.get(recording)
        if running is not None and running.paused:
            running.paused = False
            self._listen(running)

    def stop(self, recording: RecordingId) -> None:
        """Close; RecordingStopped follows when the file is complete."""
        running = self._running.pop(recording, None)
        if running is None:
            return
        for side in running.sides:
            self._bridges.drop(side.port)
            side.audio = None  # the library closes the file once the bridge has let go of it
        done: Deferred[None] = Deferred()
        self._closing.add(done)
        done.addBoth(lambda _: self._closing.discard(done))
        self._clock.callLater(
            CLOSE_POLL, self._when_closed, running, self._clock.seconds() + CLOSE_LIMIT, done
        )

    def _when_closed(self, running: Recording, deadline: float, done: Deferred[None]) -> None:
        if self._clock.seconds() < deadline and not all(_closed(side.path) for side in running.sides):
            self._clock.callLater(CLOSE_POLL, self._when_closed, running, deadline, done)
            return
        work = self._in_thread(recording_files.finish, running.path)
        work.addCallbacks(
            lambda seconds: self._bus.publish(RecordingStopped(running.id, seconds)),
            lambda failure: self._bus.publish(RecordingStopped(running.id, 0.0, failure.getErrorMessage())),
        )
        work.addBoth(lambda _: done.callback(None))

    def stop_all(self) -> Deferred[Any]:
        """Stop all recordings; fires when every file is complete."""
        for recording in tuple(self._running):
            self.stop(recording)
        return DeferredList(list(self._closing))

    def running(self) -> int:
        """How many recordings run or are being finished."""
        return len(self._running) + len(self._closing)


def _closed(path: Path) -> bool:
    try:
        return wav.shape(path).finished
    except (OSError, PbxError):
        return False
