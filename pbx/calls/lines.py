"""Legs under names that stay, whatever carries them: who takes a call back comes on another of the media's legs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pbx.bus import Bus
from pbx.calls.ports import DialTarget, Edge, Media
from pbx.events import (
    LegEnded,
    LegEvent,
    LegId,
    PlaybackEnded,
    PlaybackId,
    RecordingId,
    RecordingStopped,
)

Line = LegId
"""The media side's leg that carries a leg now. Until somebody takes a call back it is the leg itself."""


@dataclass(slots=True)
class _Playback:
    """What plays to a leg until its end is told; `wanted` no longer when it was stopped or replaced."""

    id: PlaybackId
    files: tuple[Path, ...]
    loop: bool
    wanted: bool = True


class Lines:
    """`pbx.calls.ports.Media` for calls, on the media side's. Calls name a leg as they first knew it, for ever;
    here alone it is known which line that is. A line that was let go ends unheard."""

    def __init__(self, media: Media, bus: Bus) -> None:
        self._media = media
        self._line_of: dict[LegId, Line] = {}
        self._leg_of: dict[Line, LegId] = {}
        self._let_go: set[Line] = set()
        self._playing: dict[LegId, dict[PlaybackId, _Playback]] = {}
        """By leg, and by the id under which its line plays it."""
        self._recorded: dict[RecordingId, tuple[LegId, LegId | None]] = {}
        self._stop = bus.subscribe(RecordingStopped, self._on_recorded)

    def stop(self) -> None:
        """Hear no more of the bus."""
        self._stop()

    def line(self, leg: LegId) -> Line:
        """What carries the leg now."""
        return self._line_of.get(leg, leg)

    def leg(self, line: Line) -> LegId:
        """Which leg the line carries."""
        return self._leg_of.get(line, line)

    def named(self, event: LegEvent) -> LegEvent | None:
        """What happened, under the leg's name; None for an old line's last words, which are nobody's business."""
        if event.leg in self._let_go:
            if isinstance(event, LegEnded):
                self._let_go.discard(event.leg)
            return None
        if event.leg in self._leg_of:
            event = replace(event, leg=self._leg_of[event.leg])
        if isinstance(event, PlaybackEnded):
            return self._played(event)
        if isinstance(event, LegEnded):
            self._forget(event.leg)
        return event

    def replace(self, leg: LegId, line: Line, reason: str) -> tuple[PlaybackEnded, ...]:
        """Answer `line`, which carries the leg from now on; what was heard on the old one is heard on it from the
        beginning, what was recorded goes on. The old one is let go; returned is what it would have told still. Who
        hears whom is mixed anew by whoever asks for this."""
        before = self.let_go(leg)
        self._line_of[leg], self._leg_of[line] = line, leg
        self._media.answer(line)
        self._record_again(leg, line)
        playing = self._playing.pop(leg, {}).values()
        for one in playing:
            if one.wanted:
                self._play(leg, replace(one), f"{one.id}.{line}")
        self._media.hang_up(before, reason=reason)
        return tuple(PlaybackEnded(leg, one.id, completed=False) for one in playing if not one.wanted)

    def abandon(self, leg: LegId, reason: str) -> None:
        """Nobody is at the other end any more: hang up, and let its end be unheard."""
        self._media.hang_up(self.let_go(leg), reason=reason)
        self._forget(leg)

    def let_go(self, leg: LegId) -> Line:
        """From now on nothing is heard of what carries the leg; returns it."""
        line = self.line(leg)
        self._let_go.add(line)
        self._leg_of.pop(line, None)
        return line

    # --- pbx.calls.ports.Media ------------------------------------------------------------------------------

    def ring(self, leg: LegId) -> None:
        """See Media."""
        self._media.ring(self.line(leg))

    def answer(self, leg: LegId) -> None:
        """See Media."""
        self._media.answer(self.line(leg))

    def reject(self, leg: LegId, status: int, reason: str = "", retry_after: int | None = None) -> None:
        """See Media."""
        self._media.reject(self.line(leg), status, reason, retry_after)

    def dial(self, leg: LegId, target: DialTarget) -> None:
        """See Media."""
        self._media.dial(leg, target)

    def hang_up(self, leg: LegId, status: int = 0, reason: str = "") -> None:
        """See Media."""
        self._media.hang_up(self.line(leg), status, reason)

    def play(self, leg: LegId, playback: PlaybackId, files: Sequence[Path], loop: bool = False) -> None:
        """See Media."""
        self._play(leg, _Playback(playback, tuple(files), loop), playback)

    def stop_playback(self, leg: LegId) -> None:
        """See Media."""
        self._unwant(leg)
        self._media.stop_playback(self.line(leg))

    def mix(self, group: str, edges: frozenset[Edge]) -> None:
        """See Media."""
        if self._line_of:
            edges = frozenset((self.line(speaker), self.line(listener)) for speaker, listener in edges)
        self._media.mix(group, edges)

    def send_digits(self, leg: LegId, digits: str) -> None:
        """See Media."""
        self._media.send_digits(self.line(leg), digits)

    def transfer_progress(self, leg: LegId, status: int) -> None:
        """See Media."""
        self._media.transfer_progress(self.line(leg), status)

    def silent_for(self, leg: LegId) -> float:
        """See Media."""
        return self._media.silent_for(self.line(leg))

    def record(self, recording: RecordingId, left: LegId, right: LegId | None, path: Path) -> None:
        """See Media."""
        self._recorded[recording] = (left, right)
        self._media.record(recording, self.line(left), self.line(right) if right else None, path)

    def record_with(self, recording: RecordingId, right: LegId) -> None:
        """See Media."""
        if recording in self._recorded:
            self._recorded[recording] = (self._recorded[recording][0], right)
        self._media.record_with(recording, self.line(right))

    def record_left(self, recording: RecordingId, left: LegId) -> None:
        """See Media."""
        if recording in self._recorded:
            self._recorded[recording] = (left, self._recorded[recording][1])
        self._media.record_left(recording, self.line(left))

    def pause_recording(self, recording: RecordingId) -> None:
        """See Media."""
        self._media.pause_recording(recording)

    def resume_recording(self, recording: RecordingId) -> None:
        """See Media."""
        self._media.resume_recording(recording)

    def stop_recording(self, recording: RecordingId) -> None:
        """See Media."""
        self._media.stop_recording(recording)

    def live_legs(self) -> int:
        """See Media."""
        return self._media.live_legs()

    # --- the steps ------------------------------------------------------------------------------------------

    def _play(self, leg: LegId, playback: _Playback, on_line: PlaybackId) -> None:
        self._unwant(leg)
        self._playing.setdefault(leg, {})[on_line] = playback
        self._media.play(self.line(leg), on_line, playback.files, playback.loop)

    def _unwant(self, leg: LegId) -> None:
        for one in self._playing.get(leg, {}).values():
            one.wanted = False

    def _played(self, event: PlaybackEnded) -> PlaybackEnded:
        playing = self._playing.get(event.leg, {})
        playback = playing.pop(event.playback, None)
        if not playing:
            self._playing.pop(event.leg, None)
        return event if playback is None else replace(event, playback=playback.id)

    def _record_again(self, leg: LegId, line: Line) -> None:
        for recording, (left, right) in self._recorded.items():
            if left == leg:
                self._media.record_left(recording, line)
            if right == leg:
                self._media.record_with(recording, line)

    def _on_recorded(self, event: RecordingStopped) -> None:
        self._recorded.pop(event.recording, None)

    def _forget(self, leg: LegId) -> None:
        self._playing.pop(leg, None)
        self._leg_of.pop(self._line_of.pop(leg, leg), None)
