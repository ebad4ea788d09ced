"""The media stack as calls see it: `pbx.calls.ports.Media` on pjsua2."""

import gc
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread
from twisted.logger import Logger

from config.settings import MediaSettings
from pbx import wav
from pbx.bus import Bus
from pbx.calls.ports import DialTarget, Edge
from pbx.events import LegId, PlaybackId, Profile, RecordingId
from pbx.media.bridges import Bridges
from pbx.media.endpoint import Endpoint
from pbx.media.files import open_player, open_recorder
from pbx.media.legs import Legs
from pbx.media.notes import Notes
from pbx.media.players import TAIL_SECONDS, Players
from pbx.media.recorder import Recorders
from pbx.media.trunks import TrunkAccount
from pbx.media.watch import Patience, Watch

_log = Logger()
HANG_UP_SECONDS = 3.0
SETTLE_SECONDS = 0.1


class MediaStack:
    """Implements the `Media` port. `start` it before the edge, whose pjsua2 address is `ports`; `stop` it after the
    edge drains. All methods are for the reactor thread. `domain` is the host of From in calls to phones."""

    def __init__(
        self,
        reactor: Any,
        bus: Bus,
        settings: MediaSettings,
        *,
        domain: str = "comptoir",
        session_expires: int = 1800,
        min_se: int = 90,
        in_thread: Callable[..., Deferred[Any]] = deferToThread,
    ) -> None:
        self._reactor = reactor
        notes = Notes(reactor)
        self._endpoint = Endpoint(reactor, settings, notes, session_expires=session_expires, min_se=min_se)
        self._bridges = Bridges(self._endpoint.silence, _wire_failed)
        self._players = Players(reactor, bus, self._bridges, open_player, self._silent_file)
        self._recorders = Recorders(reactor, bus, self._bridges, open_recorder, in_thread)
        self._legs = Legs(
            reactor,
            bus,
            notes,
            self._bridges,
            line_for=self._endpoint.line_for,
            domain=domain,
            on_audio=self._players.leg_has_audio,
            on_ended=self._players.stop,
        )
        patience = Patience(settings.rtp_timeout_talking, settings.rtp_timeout_held)
        self._watch = Watch(reactor, self._legs, patience)
        self._silent: dict[int, Path] = {}

    # Its own life.

    def start(self) -> None:
        """Start pjsua2 and polling. Raises pjsua2's Error (a port in use, no memory)."""
        self._work = tempfile.TemporaryDirectory(prefix="comptoir-media-")
        self._endpoint.start(self._legs.keep)
        self._watch.start()

    @property
    def ports(self) -> dict[Profile, int]:
        """The loopback port on which pjsua2 listens for each profile."""
        return self._endpoint.ports

    def poll_now(self) -> None:
        """Messages were handed to pjsua2: process them now."""
        self._endpoint.poll_now()

    def add_trunk(
        self, trunk: TrunkAccount, changed: Callable[[bool], None] = lambda registered: None
    ) -> None:
        """Add, or replace, the accounts of a trunk; `changed` hears whether it is registered."""
        self._endpoint.add_trunk(trunk, changed)

    def remove_trunk(self, name: str) -> None:
        """Forget a trunk."""
        self._endpoint.remove_trunk(name)

    async def stop(self) -> None:
        """Hang up, finish recordings, free the library. The edge must have stopped sending new calls."""
        for leg in self._legs.all():
            self.hang_up(leg.id, 0 if leg.phase == "talking" else 503)
        closed = self._recorders.stop_all()
        deadline = self._reactor.seconds() + HANG_UP_SECONDS
        while self._legs.remaining() and self._reactor.seconds() < deadline:
            await self._pause(0.02)
        self._watch.stop()
        await closed
        self._players.close()
        await self._pause(SETTLE_SECONDS)
        self._endpoint.close_accounts()
        await self._pause(SETTLE_SECONDS)
        self._legs.close()
        gc.collect()
        self._endpoint.destroy()
        self._work.cleanup()

    def _pause(self, seconds: float) -> Deferred[None]:
        return deferLater(self._reactor, seconds, lambda: None)

    def _silent_file(self, rate: int) -> Path:
        if rate not in self._silent:
            self._silent[rate] = path = Path(self._work.name) / f"silence-{rate}.wav"
            wav.write_silence(path, TAIL_SECONDS, rate)
        return self._silent[rate]

    # The port.

    def ring(self, leg: LegId) -> None:
        self._legs.ring(leg)

    def answer(self, leg: LegId) -> None:
        self._legs.answer(leg)

    def reject(self, leg: LegId, status: int, reason: str = "", retry_after: int | None = None) -> None:
        self._legs.reject(leg, status, reason, retry_after)

    def dial(self, leg: LegId, target: DialTarget) -> None:
        self._legs.dial(leg, target)

    def hang_up(self, leg: LegId, status: int = 0, reason: str = "") -> None:
        self._legs.hang_up(leg, status, reason)

    def play(self, leg: LegId, playback: PlaybackId, files: Sequence[Path], loop: bool = False) -> None:
        if leg in self._legs:
            self._players.play(leg, playback, files, loop)

    def stop_playback(self, leg: LegId) -> None:
        self._players.stop(leg)

    def mix(self, group: str, edges: frozenset[Edge]) -> None:
        self._bridges.mix(group, edges, self._legs.__contains__)

    def send_digits(self, leg: LegId, digits: str) -> None:
        self._legs.send_digits(leg, digits)

    def transfer_progress(self, leg: LegId, status: int) -> None:
        self._legs.transfer_progress(leg, status)

    def record(self, recording: RecordingId, left: LegId, right: LegId | None, path: Path) -> None:
        self._recorders.record(recording, left, right, path)

    def record_with(self, recording: RecordingId, right: LegId) -> None:
        self._recorders.record_with(recording, right)

    def record_left(self, recording: RecordingId, left: LegId) -> None:
        self._recorders.record_left(recording, left)

    def pause_recording(self, recording: RecordingId) -> None:
        self._recorders.pause(recording)

    def resume_recording(self, recording: RecordingId) -> None:
        self._recorders.resume(recording)

    def stop_recording(self, recording: RecordingId) -> None:
        self._recorders.stop(recording)

    def silent_for(self, leg: LegId) -> float:
        return self._legs.silent_for(leg)

    def live_legs(self) -> int:
        return self._legs.remaining()

    def legs(self) -> tuple[LegId, ...]:
        """The legs that have not ended."""
        return tuple(leg.id for leg in self._legs.all())

    def leftovers(self) -> dict[str, int]:
        """What exists at the moment; all zero when nobody is there."""
        ports, wires, groups = self._bridges.counts()
        return {
            "legs": self._legs.remaining(),
            "ports": ports,
            "wires": wires,
            "groups": groups,
            "players": self._players.playing(),
            "recorders": self._recorders.running(),
        }


def _wire_failed(error: Exception) -> None:
    _log.debug("A wire on the bridge would not hold: {why}", why=getattr(error, "reason", error))
