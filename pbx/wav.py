"""WAV files of 16-bit samples: read their shape, repair, join, write. Plain files, no audio library."""

import math
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pbx.errors import PbxError

SAMPLE_BYTES = 2
HEADER_BYTES = 44
_CHUNK_FRAMES = 65536
_PCM = 1


class NotPlayable(PbxError):
    """The file is not a WAV file of 16-bit samples."""

    id = "media.not_playable"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a WAV file holds. `declared` is the header's data length in bytes, `present` the file's."""

    rate: int
    channels: int
    start: int
    declared: int
    present: int

    @property
    def length(self) -> int:
        """Bytes of samples that can be read: an unfinished header says 0 or too much."""
        whole = self.present - self.present % (SAMPLE_BYTES * self.channels)
        return min(self.declared, whole) if self.declared else whole

    @property
    def seconds(self) -> float:
        return self.length / (SAMPLE_BYTES * self.channels * self.rate)

    @property
    def finished(self) -> bool:
        """The header agrees with the file."""
        return 0 < self.declared <= self.present


def shape(path: Path) -> Shape:
    """Read the header. Raises NotPlayable, and OSError when the file cannot be read."""
    with path.open("rb") as source:
        riff, _, wave = struct.unpack("<4sI4s", _exactly(source, 12))
        if (riff, wave) != (b"RIFF", b"WAVE"):
            raise NotPlayable("This is not a WAV file.")
        rate = channels = 0
        while True:
            name, length = struct.unpack("<4sI", _exactly(source, 8))
            if name == b"fmt ":
                rate, channels = _format(_exactly(source, length))
            elif name == b"data":
                break
            else:
                source.seek(length + length % 2, 1)
        start = source.tell()
    if not rate:
        raise NotPlayable("The WAV file does not say its format.")
    return Shape(rate, channels, start, length, path.stat().st_size - start)


def _exactly(source: BinaryIO, length: int) -> bytes:
    found = source.read(length)
    if len(found) < length:
        raise NotPlayable("The WAV file ends within its header.")
    return found


def _format(chunk: bytes) -> tuple[int, int]:
    if len(chunk) < 16:
        raise NotPlayable("The WAV file's format is cut short.")
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag != _PCM or bits != 8 * SAMPLE_BYTES or channels not in (1, 2) or not rate:
        raise NotPlayable("Only WAV files of 16-bit PCM, mono or stereo, can be played.")
    return rate, channels


def header(rate: int, channels: int, length: int) -> bytes:
    """The 44 bytes before `length` bytes of samples."""
    frame = SAMPLE_BYTES * channels
    shape_fields = (16, _PCM, channels, rate, rate * frame, frame, 8 * SAMPLE_BYTES)
    return (
        struct.pack("<4sI4s", b"RIFF", HEADER_BYTES - 8 + length, b"WAVE")
        + struct.pack("<4sIHHIIHH", b"fmt ", *shape_fields)
        + struct.pack("<4sI", b"data", length)
    )


def repair(path: Path) -> Shape:
    """Make the header agree with the file, as after a crash. Raises NotPlayable and OSError."""
    found = shape(path)
    frame = SAMPLE_BYTES * found.channels
    length = found.present - found.present % frame
    if found.declared != length:
        with path.open("r+b") as target:
            target.seek(4)
            target.write(struct.pack("<I", found.start - 8 + length))
            target.seek(found.start - 4)
            target.write(struct.pack("<I", length))
    return Shape(found.rate, found.channels, found.start, length, length)


def join_stereo(left: Path, right: Path, target: Path) -> float:
    """Write two mono files as one stereo file, the shorter filled with silence; returns its seconds.

    Raises NotPlayable when a file is not mono or the rates differ, and OSError.
    """
    one, other = shape(left), shape(right)
    if one.channels != 1 or other.channels != 1 or one.rate != other.rate:
        raise NotPlayable("Only two mono files of one rate can be joined.")
    frames = max(one.length, other.length) // SAMPLE_BYTES
    with left.open("rb") as a, right.open("rb") as b, target.open("wb") as out:
        a.seek(one.start)
        b.seek(other.start)
        out.write(header(one.rate, 2, frames * 2 * SAMPLE_BYTES))
        _interleave(a, b, out, one.length, other.length)
    return frames / one.rate


def _interleave(a: BinaryIO, b: BinaryIO, out: BinaryIO, left: int, right: int) -> None:
    while left or right:
        count = min(_CHUNK_FRAMES, max(left, right) // SAMPLE_BYTES)
        pair = array("h", bytes(count * 2 * SAMPLE_BYTES))
        pair[0::2] = _samples(a, min(left, count * SAMPLE_BYTES), count)
        pair[1::2] = _samples(b, min(right, count * SAMPLE_BYTES), count)
        out.write(pair.tobytes())
        left -= min(left, count * SAMPLE_BYTES)
        right -= min(right, count * SAMPLE_BYTES)


def _samples(source: BinaryIO, length: int, count: int) -> "array[int]":
    found: array[int] = array("h", source.read(length))
    found.extend([0] * (count - len(found)))
    return found


def write_mono(path: Path, samples: "array[int]", rate: int) -> None:
    """Write 16-bit samples as a mono file."""
    with path.open("wb") as out:
        out.write(header(rate, 1, len(samples) * SAMPLE_BYTES))
        out.write(samples.tobytes())


def write_silence(path: Path, seconds: float, rate: int) -> None:
    """Write a mono file of silence."""
    write_mono(path, array("h", bytes(int(seconds * rate) * SAMPLE_BYTES)), rate)


def write_tone(path: Path, hertz: float, seconds: float, rate: int, level: float = -20.0) -> None:
    """Write a mono sine tone of `level` dB relative to full scale."""
    peak = 32767 * 10 ** (level / 20)
    step = 2 * math.pi * hertz / rate
    write_mono(path, array("h", (round(peak * math.sin(step * n)) for n in range(int(seconds * rate)))), rate)


def levels(path: Path) -> list[float]:
    """RMS of each second of a file in dB relative to full scale (silence: -96)."""
    found = shape(path)
    result = []
    with path.open("rb") as source:
        source.seek(found.start)
        left = found.length
        while left > 0:
            part = array("h", source.read(min(left, found.rate * found.channels * SAMPLE_BYTES)))
            left -= len(part) * SAMPLE_BYTES
            power = sum(sample * sample for sample in part) / max(1, len(part))
            result.append(10 * math.log10(max(power, 0.28) / 32768**2))
    return result
