"""Plays WAV files to legs, and music to many legs at once.

pjsua2's player must never reach its end by itself (2.17 may then use it after it is gone), so each play list
ends in silence that nobody waits for: the end comes from a timer set by the files' own durations. A player is
first taken off the bridge and let go of a little later, from the reactor.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Protocol

from twisted.logger import Logger

from pbx import wav
from pbx.bus import Bus
from pbx.clock import Clock, Timer
from pbx.errors import PbxError
from pbx.events import LegId, PlaybackEnded, PlaybackId
from pbx.media.bridges import Audio, Bridges, Port

_log = Logger()
START_SECONDS = 0.04
"""From making a player to its first sample on the bridge: two frames at most."""
TAIL_SECONDS = 3.0
LET_GO_SECONDS = 0.2
LIST_LIMIT = 60
SHORTEST = 0.04


class OpenPlayer(Protocol):
    """Opens files of one sampling rate as one source of audio. Raises MediaError."""

    def __call__(self, files: Sequence[Path], loop: bool) -> Audio: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """Files of one rate that one player plays in a row."""

    rate: int
    files: tuple[Path, ...]
    seconds: float


@dataclass(slots=True, eq=False)
class Playback:
    """What plays, or will play, to a leg. `port` is the player on the bridge while there is one."""

    leg: LegId
    id: PlaybackId
    stretches: list[Stretch]
    loop: bool
    port: Port | None = None
    timer: Timer | None = None
    started: bool = False


@dataclass(slots=True, eq=False)
class Music:
    """One looping player that many legs hear."""

    port: Port
    audio: Audio
    listeners: set[LegId] = field(default_factory=set)


class Players:
    """At most one playback a leg. `silence` makes a silent file of a rate, `open_player` a player."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        bridges: Bridges,
        open_player: OpenPlayer,
        silence: Callable[[int], Path],
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._bridges = bridges
        self._open = open_player
        self._silence = silence
        self._playing: dict[LegId, Playback] = {}
        self._music: dict[tuple[Path, ...], Music] = {}
        self._shapes: dict[tuple[Path, int, int], wav.Shape] = {}
        self._let_go: dict[Port, Audio] = {}
        self._count = 0

    def play(self, leg: LegId, playback: PlaybackId, files: Sequence[Path], loop: bool) -> None:
        """Start, or as soon as the leg has audio; what played to the leg before is replaced."""
        self.stop(leg)
        stretches = self._stretches(files)
        if not stretches:
            self._bus.publish(PlaybackEnded(leg, playback, completed=False))
            return
        self._playing[leg] = Playback(leg, playback, stretches, loop)
        if self._bridges.attached(Port("leg", leg)):
            self.leg_has_audio(leg)

    def leg_has_audio(self, leg: LegId) -> None:
        """Start what waits for the leg's audio."""
        playback = self._playing.get(leg)
        if playback is None or playback.started:
            return
        playback.started = True
        if playback.loop:
            self._join_music(playback)
        else:
            self._next(playback)

    def stop(self, leg: LegId) -> None:
        """End what plays to the leg, if anything does."""
        self._finish(leg, completed=False)

    def playing(self) -> int:
        """Players that exist, for the count that must fall to zero."""
        return len(self._playing) + len(self._music) + len(self._let_go)

    def close(self) -> None:
        """Stop everything and let go of all players at once."""
        for leg in tuple(self._playing):
            self.stop(leg)
        self._let_go.clear()

    def _finish(self, leg: LegId, completed: bool) -> None:
        playback = self._playing.pop(leg, None)
        if playback is None:
            return
        self._silence_player(playback)
        self._bus.publish(PlaybackEnded(leg, playback.id, completed))

    def _silence_player(self, playback: Playback) -> None:
        if playback.timer is not None and playback.timer.active():
            playback.timer.cancel()
        if playback.loop:
            self._leave_music(playback)
        elif playback.port is not None:
            self._bridges.drop(playback.port)
            self._retire(playback.port)
        playback.port = None

    def _next(self, playback: Playback) -> None:
        if playback.port is not None:
            self._silence_player(playback)
        if not playback.stretches:
            self._finish(playback.leg, completed=True)
            return
        stretch = playback.stretches.pop(0)
        try:
            audio = self._open((*stretch.files, self._silence(stretch.rate)), loop=False)
        except PbxError as error:
            _log.warn("A prompt could not be played: {why}", why=error.detail)
            self._next(playback)
            return
        playback.port = self._add(audio, Port("leg", playback.leg))
        playback.timer = self._clock.callLater(stretch.seconds + START_SECONDS, self._next, playback)

    def _add(self, audio: Audio, sink: Port) -> Port:
        self._count += 1
        port = Port("player", str(self._count))
        self._let_go[port] = audio
        self._bridges.attach(port, audio)
        self._bridges.want(port, sink)
        return port

    def _retire(self, port: Port) -> None:
        """The port is off the bridge; its player may go once the bridge has noticed."""
        self._clock.callLater(LET_GO_SECONDS, self._let_go.pop, port, None)

    def _join_music(self, playback: Playback) -> None:
        files = tuple(path for stretch in playback.stretches[:1] for path in stretch.files)
        music = self._music.get(files)
        sink = Port("leg", playback.leg)
        if music is None:
            try:
                audio = self._open(files, loop=True)
            except PbxError as error:
                _log.warn("Music could not be played: {why}", why=error.detail)
                self._finish(playback.leg, completed=False)
                return
            self._music[files] = music = Music(self._add(audio, sink), audio)
        music.listeners.add(playback.leg)
        self._bridges.want(music.port, sink)

    def _leave_music(self, playback: Playback) -> None:
        for files, music in tuple(self._music.items()):
            if playback.leg in music.listeners:
                music.listeners.discard(playback.leg)
                self._bridges.unwant(music.port, Port("leg", playback.leg))
                if not music.listeners:
                    del self._music[files]
                    self._bridges.drop(music.port)
                    self._retire(music.port)

    def _stretches(self, files: Sequence[Path]) -> list[Stretch]:
        found = [(path, one) for path in files if (one := self._shape(path)) is not None]
        stretches = []
        for rate, group in groupby(found, key=lambda pair: pair[1].rate):
            pairs = list(group)
            for at in range(0, len(pairs), LIST_LIMIT):
                part = pairs[at : at + LIST_LIMIT]
                seconds = sum(one.seconds for _, one in part)
                stretches.append(Stretch(rate, tuple(path for path, _ in part), seconds))
        return stretches

    def _shape(self, path: Path) -> wav.Shape | None:
        try:
            status = path.stat()
            key = (path, status.st_mtime_ns, status.st_size)
            if key not in self._shapes:
                self._remember(key, wav.shape(path))
        except (OSError, PbxError) as error:
            _log.warn("A file cannot be played and is left out: {why}", why=type(error).__name__)
            return None
        found = self._shapes[key]
        return found if found.channels == 1 and found.seconds >= SHORTEST else None

    def _remember(self, key: tuple[Path, int, int], found: wav.Shape) -> None:
        if len(self._shapes) >= 10_000:
            self._shapes.clear()
        self._shapes[key] = found
