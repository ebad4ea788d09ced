"""Recording of contacts: what is recorded, paused and kept, above the media side that writes the files.

The row that links a file to its contact is written before the first sample. A recording never starts, and a
running one ends, when the disk is nearly full; one that stops growing is reported.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import uuid4

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from config.settings import RecordingSettings
from pbx import recording_files
from pbx.background import start
from pbx.bus import Bus, Stop
from pbx.calls.ports import Media
from pbx.clock import Clock
from pbx.contract.events import RecordingChanged
from pbx.events import LegId, RecordingId, RecordingStopped

_log = Logger()
GROWTH_SECONDS = 10.0
FINISH_SECONDS = 5.0
ContactId = str
Phase = Literal["opening", "recording", "paused", "closing"]
Command = Literal["opened", "pause", "resume", "stop"]
Change = Literal[
    "recording.started", "recording.paused", "recording.resumed", "recording.finished", "recording.failed"
]
NO_SPACE, NO_GROWTH, NO_ROW = "no_space", "no_growth", "not_saved"
"""Reasons in RecordingChanged: the disk is nearly full; the file stopped growing; the row was not written."""

NEXT: Mapping[tuple[Phase, Command], Phase] = {
    ("opening", "opened"): "recording",
    ("opening", "stop"): "closing",
    ("recording", "pause"): "paused",
    ("recording", "stop"): "closing",
    ("paused", "resume"): "recording",
    ("paused", "stop"): "closing",
}
"""A command that is not here does nothing in that phase."""


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """What is written before a recording starts."""

    id: RecordingId
    contact: ContactId
    queue: str | None
    path: Path
    started_at: datetime


@dataclass(frozen=True, slots=True)
class RecordingEnd:
    """What is written when it ended. `ended_at` is None for one that an earlier process left open, which is
    closed already; `began_at` is when the first sample was asked for; `pauses` are seconds since then."""

    ended_at: datetime | None
    seconds: float
    pauses: tuple[tuple[float, float], ...] = ()
    error: str = ""
    began_at: datetime | None = None


class RecordingStore(Protocol):
    """Where recordings are listed. Raises DatabaseAway."""

    async def opened(self, row: RecordingRow) -> None:
        """Keep the row of a recording that is about to start."""

    async def closed(self, recording: RecordingId, end: RecordingEnd) -> None:
        """Complete the row; an unknown recording is left alone."""


@dataclass(slots=True, eq=False)
class Running:
    """One contact's recording."""

    row: RecordingRow
    left: LegId
    right: LegId
    phase: Phase = "opening"
    since: float = 0.0
    began_at: datetime | None = None
    paused_at: float = 0.0
    pauses: list[tuple[float, float]] = field(default_factory=list)
    size: int = -1
    grew: float = 0.0
    reported: bool = False
    reason: str = ""

    def take(self, command: Command) -> bool:
        """Go to the next phase; False when the table has none."""
        after = NEXT.get((self.phase, command))
        self.phase = after or self.phase
        return after is not None


class Recordings:
    """Starts, pauses and stops the recordings of contacts. `in_thread` runs a blocking function elsewhere
    (deferToThread); `now` tells the time in UTC; `free` the free bytes of the recordings' disk."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        media: Media,
        store: RecordingStore,
        settings: RecordingSettings,
        *,
        in_thread: Callable[..., Deferred[Any]],
        now: Callable[[], datetime],
        free: Callable[[Path], int] = lambda directory: shutil.disk_usage(directory).free,
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._media = media
        self._store = store
        self._settings = settings
        self._in_thread = in_thread
        self._now = now
        self._free = free
        self._running: dict[ContactId, Running] = {}
        self._closing: dict[RecordingId, Running] = {}
        self._writing = 0
        self._checking = LoopingCall(self._check_in_background)
        self._checking.clock = clock  # type: ignore[assignment]

    async def open(self) -> Stop:
        """Make the directory, finish what an earlier process left behind, and watch from now on. Raises OSError."""
        directory = self._settings.directory
        await self._in_thread(lambda: directory.mkdir(parents=True, exist_ok=True, mode=0o750))
        for path, seconds in await self._in_thread(recording_files.rescue, directory):
            await self._rescued(path, seconds)
        unsubscribe = self._bus.subscribe(RecordingStopped, self._on_stopped)
        self._checking.start(self._settings.check_interval, now=False)

        def close() -> None:
            unsubscribe()
            if self._checking.running:
                self._checking.stop()

        return close

    async def _rescued(self, path: Path, seconds: float | None) -> None:
        error = "" if seconds is not None else "The recording was cut off and could not be repaired."
        await self._store.closed(path.stem, RecordingEnd(None, seconds or 0.0, error=error))

    async def finish(self) -> None:
        """Before the process stops: end all recordings and wait until their rows are complete."""
        for contact in tuple(self._running):
            self.stop(contact)
        deadline = self._clock.seconds() + FINISH_SECONDS
        while (self._running or self._closing or self._writing) and self._clock.seconds() < deadline:
            tick: Deferred[None] = Deferred()
            self._clock.callLater(0.05, tick.callback, None)
            await tick

    # What calls ask for, by contact.

    def start(self, contact: ContactId, queue: str | None, left: LegId, right: LegId) -> None:
        """Record a contact, the customer `left` and the agent `right`; a running recording goes on."""
        running = self._running.get(contact)
        if running is not None and running.phase != "closing":
            self.record_with(contact, right)
            return
        identifier, moment = uuid4().hex, self._now()
        path = self._settings.directory / moment.strftime("%Y/%m/%d") / f"{identifier}.wav"
        row = RecordingRow(identifier, contact, queue, path, moment)
        self._running[contact] = made = Running(row, left, right)
        start(self._open(made), "start a recording")

    async def _open(self, running: Running) -> None:
        path = running.row.path
        try:
            await self._in_thread(lambda: path.parent.mkdir(parents=True, exist_ok=True, mode=0o750))
            if await self._in_thread(self._free, path.parent) < self._settings.min_free:
                self._give_up(running, NO_SPACE)
                return
            await self._store.opened(running.row)
        except Exception:
            _log.failure("A recording could not be listed and does not start")
            self._give_up(running, NO_ROW)
            return
        if not running.take("opened"):
            self._forget(running)
            await self._store.closed(running.row.id, RecordingEnd(self._now(), 0.0))
            return
        running.since = running.grew = self._clock.seconds()
        running.began_at = self._now()
        self._media.record(running.row.id, running.left, running.right, path)
        self._tell(running, "recording.started")

    def _give_up(self, running: Running, reason: str) -> None:
        self._forget(running)
        self._tell(running, "recording.failed", reason)

    def _forget(self, running: Running) -> None:
        if self._running.get(running.row.contact) is running:
            del self._running[running.row.contact]

    def record_with(self, contact: ContactId, right: LegId) -> None:
        """Another agent speaks from now on."""
        running = self._running.get(contact)
        if running is not None and running.right != right:
            running.right = right
            if running.phase in ("recording", "paused"):
                self._media.record_with(running.row.id, right)

    def pause(self, contact: ContactId) -> bool:
        """Record silence from now on; False when nothing is being recorded."""
        running = self._running.get(contact)
        if running is None or not running.take("pause"):
            return False
        running.paused_at = self._clock.seconds() - running.since
        self._media.pause_recording(running.row.id)
        self._tell(running, "recording.paused")
        return True

    def resume(self, contact: ContactId) -> bool:
        """Record speech again; False when nothing is paused."""
        running = self._running.get(contact)
        if running is None or not running.take("resume"):
            return False
        self._end_pause(running)
        self._media.resume_recording(running.row.id)
        self._tell(running, "recording.resumed")
        return True

    def _end_pause(self, running: Running) -> None:
        running.pauses.append((running.paused_at, self._clock.seconds() - running.since))

    def stop(self, contact: ContactId, reason: str = "") -> None:
        """End a contact's recording, if there is one."""
        running = self._running.get(contact)
        if running is None:
            return
        before, running.reason = running.phase, reason
        if not running.take("stop"):
            return
        if before == "paused":
            self._end_pause(running)
        if before != "opening":
            self._forget(running)
            self._closing[running.row.id] = running
            self._media.stop_recording(running.row.id)

    def state(self, contact: ContactId) -> Literal["off", "recording", "paused"]:
        """What is being done with a contact's speech."""
        phase = self._running[contact].phase if contact in self._running else "closing"
        return "paused" if phase == "paused" else "recording" if phase == "recording" else "off"

    # What comes back.

    def _on_stopped(self, event: RecordingStopped) -> None:
        """As asked, while the contact may be recorded anew already; or by itself, when it could not go on."""
        found = (one for one in self._running.values() if one.row.id == event.recording)
        running = self._closing.pop(event.recording, None) or next(found, None)
        if running is not None:
            running.phase = "closing"
            self._forget(running)
            self._finish(running, event)

    def _finish(self, running: Running, event: RecordingStopped) -> None:
        error = event.error or running.reason
        end = RecordingEnd(self._now(), event.seconds, tuple(running.pauses), error, running.began_at)
        start(self._complete(running.row.id, end), "complete a recording's row")
        if error:
            self._tell(running, "recording.failed", running.reason or event.error)
        else:
            self._tell(running, "recording.finished")

    async def _complete(self, recording: RecordingId, end: RecordingEnd) -> None:
        self._writing += 1
        try:
            await self._store.closed(recording, end)
        finally:
            self._writing -= 1

    def _tell(self, running: Running, change: Change, reason: str = "") -> None:
        self._bus.publish(
            RecordingChanged(
                type=change,
                at=self._now(),
                contact=running.row.contact,
                recording=running.row.id,
                reason=reason,
            )
        )

    # The watch over disk and growth.

    def _check_in_background(self) -> Deferred[None]:
        return start(self.check(), "check recordings")

    async def check(self) -> None:
        """One look at the disk and at the size of every running recording."""
        active = [one for one in self._running.values() if one.phase in ("recording", "paused")]
        if not active:
            return
        free, sizes = await self._in_thread(self._measure, [one.row.path for one in active])
        for running, size in zip(active, sizes, strict=True):
            if free < self._settings.min_free:
                self.stop(running.row.contact, NO_SPACE)
            else:
                self._note_growth(running, size)

    def _measure(self, paths: list[Path]) -> tuple[int, list[int]]:
        return self._free(self._settings.directory), [recording_files.size(path) for path in paths]

    def _note_growth(self, running: Running, size: int) -> None:
        now = self._clock.seconds()
        if size > running.size:
            running.size, running.grew, running.reported = size, now, False
        elif now - running.grew >= GROWTH_SECONDS and not running.reported:
            running.reported = True
            _log.error("A recording does not grow: {recording}", recording=running.row.id)
            self._tell(running, "recording.failed", NO_GROWTH)
