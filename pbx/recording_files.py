"""The files of a recording: what they are called while it runs, and how they become one file.

A stereo recording `x.wav` is written as `x.left.wav` and `x.right.wav`, a mono one as `x.mono.wav`. What a
crash leaves behind looks the same, except for the sizes in the headers.
"""

from collections.abc import Iterator
from pathlib import Path

from pbx import wav
from pbx.errors import PbxError

LEFT, RIGHT, MONO = ".left.wav", ".right.wav", ".mono.wav"


def parts(path: Path, stereo: bool) -> tuple[Path, ...]:
    """The files that are written while the recording `path` runs."""
    return tuple(path.with_suffix(suffix) for suffix in ((LEFT, RIGHT) if stereo else (MONO,)))


def finish(path: Path) -> float:
    """Make `path` from its parts and remove them; returns its seconds. Blocks.

    Raises NotPlayable when a part is no WAV file, and OSError (FileNotFoundError when there are no parts).
    """
    mono = path.with_suffix(MONO)
    if mono.exists():
        seconds = wav.repair(mono).seconds
        mono.replace(path)
        return seconds
    left, right = parts(path, stereo=True)
    for side in (left, right):
        wav.repair(side)
    unfinished = path.with_suffix(".part")
    seconds = wav.join_stereo(left, right, unfinished)
    unfinished.replace(path)
    left.unlink()
    right.unlink()
    return seconds


def orphans(directory: Path) -> Iterator[Path]:
    """The recordings in `directory` whose parts were left behind by a process that ended."""
    for suffix in (LEFT, MONO):
        for part in sorted(directory.rglob(f"*{suffix}")):
            yield part.with_name(part.name.removesuffix(suffix) + ".wav")


def size(path: Path) -> int:
    """Bytes written so far to the parts of a running recording; the smaller side counts. 0 if there is none."""
    for stereo in (True, False):
        present = [part.stat().st_size for part in parts(path, stereo) if part.exists()]
        if present:
            return min(present)
    return 0


def rescue(directory: Path) -> list[tuple[Path, float | None]]:
    """Finish every orphan; returns each with its seconds, or None when it could not be finished. Blocks."""
    return [(path, _rescued(path)) for path in orphans(directory)]


def _rescued(path: Path) -> float | None:
    try:
        return finish(path)
    except (OSError, PbxError):
        return None
