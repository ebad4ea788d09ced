"""The shipped hold music and the beep, made by additive synthesis: nobody's recording, no licence.

Slow chords of soft partials, each note a raised cosine in time. Every frequency is a whole number of cycles in
the loop, and notes that ring past its end go on at its start, so that it repeats without a click. Nothing in it
is above 2 kHz, so 8,000 samples a second serve every bridge.
"""

import math
from array import array
from pathlib import Path

from pbx.wav import write_mono

RATE = 8000
LOOP_SECONDS = 64
CHORD_SECONDS = 8
LEVEL = -20.0
BEEP_HERTZ, BEEP_SECONDS = 1000, 0.35
_VERSION = 1
_A4 = 440.0
_CHORDS = (
    (45, 60, 64, 69), (41, 60, 65, 69), (48, 60, 64, 67), (43, 59, 62, 67),
    (45, 60, 64, 72), (38, 57, 62, 65), (41, 57, 60, 69), (43, 59, 62, 71),
)  # fmt: skip
"""MIDI note numbers: A minor, F, C, G, A minor, D minor, F, G."""
_PARTIALS = ((1, 1.0), (2, 0.35), (3, 0.12))


_TABLE = 4096


def hold_music(directory: Path, chosen: str = "") -> Path:
    """The file heard on hold: the `chosen` one, or ours, made once in `directory`. Blocks for some seconds."""
    if chosen:
        return Path(chosen)
    path = directory / f"hold-music-{_VERSION}.wav"
    if not path.exists():
        _write(path, _levelled(_loop()))
    return path


def beep(directory: Path) -> Path:
    """The tone after which a message is recorded. Blocks for a moment."""
    path = directory / f"beep-{_VERSION}.wav"
    if not path.exists():
        count = int(BEEP_SECONDS * RATE)
        _write(path, [_beep_sample(n, count, RATE // 100) for n in range(count)])
    return path


def _beep_sample(n: int, count: int, fade: int) -> float:
    return 0.2 * min(1.0, n / fade, (count - n) / fade) * math.sin(2 * math.pi * BEEP_HERTZ * n / RATE)


def _write(path: Path, samples: list[float]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    write_mono(unfinished, array("h", [round(32767 * one) for one in samples]), RATE)
    unfinished.replace(path)


def _loop() -> list[float]:
    table, envelope = _wave(), _envelope()
    mixed = [0.0] * (LOOP_SECONDS * RATE)
    for number, chord in enumerate(_CHORDS):
        for place, note in enumerate(chord):
            first = int((number * CHORD_SECONDS + 0.9 * place) * RATE)
            cycles = round(_A4 * 2 ** ((note - 69) / 12) * LOOP_SECONDS)
            _add_note(mixed, first, table, envelope, cycles * _TABLE / len(mixed))
    return mixed


def _wave() -> list[float]:
    """One cycle of a note."""
    turn = 2 * math.pi / _TABLE
    return [
        sum(weight * math.sin(partial * at * turn) for partial, weight in _PARTIALS) for at in range(_TABLE)
    ]


def _envelope() -> list[float]:
    """A note swells and fades over one and a half chords."""
    length = int(1.5 * CHORD_SECONDS * RATE)
    return [1 - math.cos(2 * math.pi * n / length) for n in range(length)]


def _add_note(mixed: list[float], first: int, table: list[float], envelope: list[float], step: float) -> None:
    size = len(mixed)
    for n, loudness in enumerate(envelope):
        at = (first + n) % size
        mixed[at] += loudness * table[int(at * step) % _TABLE]


def _levelled(samples: list[float]) -> list[float]:
    power = math.sqrt(sum(one * one for one in samples) / len(samples))
    gain = 10 ** (LEVEL / 20) / power
    return [max(-0.95, min(0.95, one * gain)) for one in samples]
