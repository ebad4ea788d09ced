"""Prompts as files: text rendered once and kept, recorded files converted once. A missing prompt is left out."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from ivr.speech.parts import Recorded, Segment
from pbx.background import start
from pbx.clock import Clock
from pbx.errors import PbxError
from pbx.media.resample import convert
from pbx.media.tts import Voice
from pbx.wav import NotPlayable

_log = Logger()
PERSONAL_SECONDS = 3600.0
"""How long speech that may concern one person only is kept."""
LARGEST = 512 * 1024 * 1024
PRUNE_SECONDS = 600.0
_SPOKEN, _PERSONAL, _IMPORTED = "spoken", "personal", "imported"


class RenderedPrompts:
    """`pbx.calls.ports.Prompts`. Files are 16-bit mono at `rate`, the bridge's. `recorded` is the directory that
    recorded segments are named in; `in_thread` runs a blocking function elsewhere (deferToThread)."""

    def __init__(
        self,
        clock: Clock,
        voice: Voice,
        *,
        cache: Path,
        recorded: Path,
        rate: int,
        in_thread: Callable[..., Deferred[Any]],
        largest: int = LARGEST,
    ) -> None:
        self._voice = voice
        self._cache = cache
        self._recorded = recorded
        self._rate = rate
        self._in_thread = in_thread
        self._pending: dict[Path, list[Deferred[Path | None]]] = {}
        self._pruning = LoopingCall(lambda: in_thread(prune, cache, largest))
        self._pruning.clock = clock

    def start(self) -> None:
        """Make the directories and keep the cache within its bounds from now on. Raises OSError."""
        for name in (_SPOKEN, _PERSONAL, _IMPORTED):
            (self._cache / name).mkdir(parents=True, exist_ok=True)
        self._recorded.mkdir(parents=True, exist_ok=True)
        (self._cache / _PERSONAL).chmod(0o700)
        self._pruning.start(PRUNE_SECONDS, now=True).addErrback(_prune_failed)

    def stop(self) -> None:
        """Prune no more."""
        if self._pruning.running:
            self._pruning.stop()

    async def files(self, segments: Sequence[Segment], language: str) -> tuple[Path, ...]:
        """WAV paths in order, without what could not be made."""
        waiting = [self._file(segment) for segment in segments]
        found = [await one for one in waiting]
        return tuple(path for path in found if path is not None)

    async def warm(self, segments: Iterable[Segment]) -> int:
        """Make the files of a flow's fixed texts beforehand; returns how many there are. One after the other, so
        that a caller's prompt never waits behind them."""
        made = 0
        for segment in segments:
            if _lasting(segment) and await self._file(segment) is not None:
                made += 1
        return made

    async def import_wav(self, source: Path) -> Path:
        """Convert an uploaded WAV file for the bridge. Raises NotPlayable with what is wrong, and OSError."""
        key = await self._in_thread(_digest, source, self._rate)
        target = self._cache / _IMPORTED / f"{key}.wav"
        if not target.exists():
            await self._in_thread(convert, source, target, self._rate, speech=False)
        return target

    def _file(self, segment: Segment) -> Deferred[Path | None]:
        waiter: Deferred[Path | None] = Deferred()
        target = self._target(segment)
        if target.exists():
            waiter.callback(target)
            return waiter
        pending = self._pending.setdefault(target, [])
        pending.append(waiter)
        if len(pending) == 1:
            start(self._make(segment, target), "make a prompt")
        return waiter

    def _target(self, segment: Segment) -> Path:
        """Where the segment's file is kept. For recorded files their content decides, so that this name only
        joins those who ask at the same time."""
        if isinstance(segment, Recorded):
            return self._cache / _IMPORTED / f".{_hash(segment.name)}"
        kept = _SPOKEN if segment.fixed else _PERSONAL
        key = _hash(self._voice.name(segment.language), segment.language, segment.text, str(self._rate))
        return self._cache / kept / f"{key}.wav"

    async def _make(self, segment: Segment, target: Path) -> None:
        try:
            made: Path | None = await self._made(segment, target)
        except (PbxError, OSError) as error:
            _log.warn("A prompt is missing and is left out: {why}", why=str(error))
            made = None
        for waiter in self._pending.pop(target, ()):
            if not waiter.called:
                waiter.callback(made)

    async def _made(self, segment: Segment, target: Path) -> Path:
        if isinstance(segment, Recorded):
            return await self.import_wav(self._within(segment.name))
        raw = target.with_suffix(".raw.wav")
        try:
            await self._voice.render(segment.text, segment.language, str(raw))
            await self._in_thread(convert, raw, target, self._rate, speech=True)
        finally:
            raw.unlink(missing_ok=True)
        return target

    def _within(self, name: str) -> Path:
        path = (self._recorded / name).resolve()
        if not path.is_relative_to(self._recorded.resolve()):
            raise NotPlayable("A recorded prompt's name leads out of the prompt directory.")
        return path


def _lasting(segment: Segment) -> bool:
    return isinstance(segment, Recorded) or segment.fixed


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _digest(source: Path, rate: int) -> str:
    with source.open("rb") as content:
        return f"{hashlib.file_digest(content, 'sha256').hexdigest()[:40]}-{rate}"


def _prune_failed(failure: Any) -> None:
    _log.failure("The prompt cache could not be pruned", failure=failure)


def prune(cache: Path, largest: int, now: float | None = None) -> None:
    """Remove personal speech that is too old, and the oldest files beyond `largest` bytes. Blocks."""
    moment = time.time() if now is None else now
    files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in cache.glob("*/*.wav"))
    excess = sum(size for _, size, _ in files) - largest
    for changed, size, path in files:
        if excess > 0 or (path.parent.name == _PERSONAL and moment - changed > PERSONAL_SECONDS):
            path.unlink(missing_ok=True)
            excess -= size
