"""A media side for tests: remembers what it was told, and lets the test play the peers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pbx.bus import Bus
from pbx.calls.ports import DialTarget, Edge
from pbx.events import (
    LegAnswered,
    LegDigit,
    LegEnded,
    LegHeld,
    LegId,
    LegIncoming,
    LegMediaReady,
    LegResumed,
    LegRinging,
    PlaybackEnded,
    PlaybackId,
    Profile,
    RecordingId,
    RecordingStopped,
)


@dataclass(slots=True)
class FakeLeg:
    """What the test can see of a leg."""

    target: DialTarget | None = None
    answered: bool = False
    ended: bool = False
    ringing: bool = False
    status: int = 0
    playing: PlaybackId | None = None
    files: tuple[Path, ...] = ()
    looping: bool = False
    digits: str = ""
    notified: list[int] = field(default_factory=list)
    silence: float = 0.0


class FakeMedia:
    """`pbx.calls.ports.Media`. Ends, answers and playbacks happen when the test says so, except hang-ups.

    With `slow_hang_ups`, a leg that is hung up ends only at `finish_hang_ups`, as over a network.
    """

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.phones_ring = True
        self.slow_hang_ups = False
        self.ending: dict[LegId, LegEnded] = {}
        self.legs: dict[LegId, FakeLeg] = {}
        self.mixes: dict[str, frozenset[Edge]] = {}
        self.recordings: dict[RecordingId, list[str]] = {}
        self.recorded_to: dict[RecordingId, Path] = {}

    # --- what the test does ---------------------------------------------------------------------------------

    def peer_calls(
        self, leg: LegId, caller: str, called: str, profile: Profile = "plain", **headers: str
    ) -> None:
        """An INVITE arrives."""
        self.legs[leg] = FakeLeg()
        self.bus.publish(LegIncoming(leg, caller, "", called, profile, headers=headers))

    def peer_rings(self, leg: LegId) -> None:
        """The called phone rings."""
        self.bus.publish(LegRinging(leg))

    def peer_answers(self, leg: LegId) -> None:
        """The called phone is picked up, unless it was told to stop."""
        if self.legs[leg].ended or leg in self.ending:
            return
        self.legs[leg].answered = True
        self.bus.publish(LegAnswered(leg))
        self.bus.publish(LegMediaReady(leg))

    def peer_ends(self, leg: LegId, status: int = 200, reason: str = "") -> None:
        """The peer hangs up, or refuses."""
        self._end(leg, LegEnded(leg, status, reason, "remote"))

    def peer_vanishes(self, leg: LegId) -> None:
        """No more RTP comes."""
        self._end(leg, LegEnded(leg, 408, "no audio", "rtp_timeout"))

    def peer_is_silent(self, leg: LegId, seconds: float) -> None:
        """The last RTP packet came so many seconds ago."""
        self.legs[leg].silence = seconds

    def peer_holds(self, leg: LegId) -> None:
        """The peer puts us on hold."""
        self.bus.publish(LegHeld(leg))

    def peer_resumes(self, leg: LegId) -> None:
        """The peer takes us off hold."""
        self.bus.publish(LegResumed(leg))

    def finish_hang_ups(self) -> None:
        """The peers have confirmed what we hung up."""
        ending, self.ending = self.ending, {}
        for leg, event in ending.items():
            self._end(leg, event)

    def peer_presses(self, leg: LegId, keys: str) -> None:
        """Keys on the phone."""
        for key in keys:
            self.bus.publish(LegDigit(leg, key, "rfc4733"))

    def finish_playback(self, leg: LegId) -> None:
        """What plays came to its end."""
        self._playback_over(leg, completed=True)

    def dialed(self) -> dict[LegId, DialTarget]:
        """The outgoing legs that are alive."""
        return {id: leg.target for id, leg in self.legs.items() if leg.target and not leg.ended}

    def hears(self, group: str) -> frozenset[Edge]:
        """Who hears whom in a call."""
        return self.mixes.get(group, frozenset())

    # --- pbx.calls.ports.Media ------------------------------------------------------------------------------

    def ring(self, leg: LegId) -> None:
        """See Media."""
        self.legs[leg].ringing = True

    def answer(self, leg: LegId) -> None:
        """See Media."""
        if not self.legs[leg].answered:
            self.peer_answers(leg)

    def reject(self, leg: LegId, status: int, reason: str = "", retry_after: int | None = None) -> None:
        """See Media."""
        self._hang_up(leg, LegEnded(leg, status, reason, "local"))

    def dial(self, leg: LegId, target: DialTarget) -> None:
        """See Media."""
        self.legs[leg] = FakeLeg(target=target)
        if self.phones_ring:
            self.peer_rings(leg)

    def hang_up(self, leg: LegId, status: int = 0, reason: str = "") -> None:
        """See Media."""
        found = self.legs[leg]
        usual = 200 if found.answered else 487 if found.target else 480
        self._hang_up(leg, LegEnded(leg, status or usual, reason, "local"))

    def play(self, leg: LegId, playback: PlaybackId, files: Sequence[Path], loop: bool = False) -> None:
        """See Media."""
        if leg not in self.legs or self.legs[leg].ended:
            return
        self._playback_over(leg, completed=False)
        found = self.legs[leg]
        found.playing, found.files, found.looping = playback, tuple(files), loop

    def stop_playback(self, leg: LegId) -> None:
        """See Media."""
        self._playback_over(leg, completed=False)

    def mix(self, group: str, edges: frozenset[Edge]) -> None:
        """See Media."""
        self.mixes[group] = edges

    def send_digits(self, leg: LegId, digits: str) -> None:
        """See Media."""
        self.legs[leg].digits += digits

    def transfer_progress(self, leg: LegId, status: int) -> None:
        """See Media."""
        self.legs[leg].notified.append(status)

    def record(self, recording: RecordingId, left: LegId, right: LegId | None, path: Path) -> None:
        """See Media."""
        self.recordings[recording] = [f"{left}|{right or ''}"]
        self.recorded_to[recording] = path

    def record_with(self, recording: RecordingId, right: LegId) -> None:
        """See Media."""
        self.recordings[recording].append(f"with {right}")

    def record_left(self, recording: RecordingId, left: LegId) -> None:
        """See Media."""
        self.recordings[recording].append(f"left {left}")

    def pause_recording(self, recording: RecordingId) -> None:
        """See Media."""
        self.recordings[recording].append("paused")

    def resume_recording(self, recording: RecordingId) -> None:
        """See Media."""
        self.recordings[recording].append("resumed")

    def stop_recording(self, recording: RecordingId) -> None:
        """See Media."""
        if "stopped" not in self.recordings.get(recording, ["stopped"]):
            self.recordings[recording].append("stopped")
            self.bus.publish(RecordingStopped(recording, 12.0))

    def silent_for(self, leg: LegId) -> float:
        """See Media."""
        found = self.legs.get(leg)
        return found.silence if found and found.answered and not found.ended else 0.0

    def live_legs(self) -> int:
        """See Media."""
        return sum(not leg.ended for leg in self.legs.values())

    def _playback_over(self, leg: LegId, completed: bool) -> None:
        found = self.legs.get(leg)
        if found is not None and found.playing is not None:
            ended, found.playing, found.files, found.looping = found.playing, None, (), False
            self.bus.publish(PlaybackEnded(leg, ended, completed))

    def _hang_up(self, leg: LegId, event: LegEnded) -> None:
        if self.legs[leg].ended:
            return
        if self.slow_hang_ups:
            self.ending.setdefault(leg, event)
        else:
            self._end(leg, event)

    def _end(self, leg: LegId, event: LegEnded) -> None:
        self.ending.pop(leg, None)
        found = self.legs.get(leg)
        if found is None or found.ended:
            return
        found.ended, found.status = True, event.status
        self._playback_over(leg, completed=False)
        self.bus.publish(event)
