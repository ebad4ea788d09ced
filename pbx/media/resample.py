"""Brings speech to the bridge's rate and to an even loudness. Standard library only; run it off the reactor.

The resampler is a windowed-sinc polyphase filter (J. O. Smith, "Digital Audio Resampling"): for a ratio of
whole numbers up/down there are `up` sets of taps, and each output sample is one sum over the input.
"""

import math
import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from pathlib import Path

from pbx.wav import NotPlayable, write_mono

CROSSINGS = 8
"""Zero crossings of the sinc on each side: about 60 dB of rejection with the Blackman window."""
PASSBAND = 0.92
LOUDNESS = -20.0
"""Target RMS of speech in dB relative to full scale."""
PEAK = 0.89
LONGEST_SECONDS = 600
_QUIET = 10 ** (-50 / 20)
_MARGIN_SECONDS = 0.05


def convert(source: Path, target: Path, rate: int, *, speech: bool) -> None:
    """Write `source` as 16-bit mono at `rate`, atomically. Speech is trimmed and levelled as well. Blocks.

    Raises NotPlayable, with a message for the person who gave the file, and OSError.
    """
    samples, from_rate = read_mono(source)
    result = resample(samples, from_rate, rate)
    if speech:
        result = level(trim(result, rate))
    unfinished = target.with_suffix(".part")
    write_mono(unfinished, array("h", [round(one) for one in result]), rate)
    unfinished.replace(target)


def read_mono(path: Path) -> tuple[list[float], int]:
    """Samples in 16-bit scale and their rate, from PCM of 8 to 32 bits; channels are averaged."""
    try:
        with wave.open(str(path)) as source:
            channels, width, rate, count, _, _ = source.getparams()
            if count > LONGEST_SECONDS * rate:
                raise NotPlayable(f"The sound is longer than {LONGEST_SECONDS // 60} minutes.")
            if channels > 8 or not 8000 <= rate <= 192000:
                raise NotPlayable(
                    "The sound must have at most 8 channels and 8,000 to 192,000 samples a second."
                )
            samples = _decode(source.readframes(count), width)
    except (wave.Error, EOFError) as error:
        raise NotPlayable(f"This is not a WAV file of PCM samples ({error}).") from None
    if channels > 1:
        parts = [samples[at::channels] for at in range(channels)]
        samples = [sum(frame) / channels for frame in zip(*parts, strict=False)]
    if not samples:
        raise NotPlayable("The WAV file holds no sound.")
    return samples, rate


def _decode(raw: bytes, width: int) -> list[float]:
    if width == 1:
        return [(one - 128) * 256.0 for one in raw]
    if width == 2:
        return list(map(float, array("h", raw[: len(raw) - len(raw) % 2])))
    if width == 4:
        return [one / 65536 for one in array("i", raw[: len(raw) - len(raw) % 4])]
    return [int.from_bytes(raw[at : at + 3], "little", signed=True) / 256 for at in range(0, len(raw) - 2, 3)]


@lru_cache(maxsize=8)
def _taps(up: int, down: int) -> tuple[int, tuple[tuple[float, ...], ...]]:
    """Half the length of the filter in input samples, and one set of taps a phase."""
    cutoff = PASSBAND * min(1.0, up / down)
    half = math.ceil(CROSSINGS / cutoff)
    return half, tuple(_phase(phase / up, half, cutoff) for phase in range(up))


def _phase(offset: float, half: int, cutoff: float) -> tuple[float, ...]:
    taps = [
        _sinc((at - offset) * cutoff) * _blackman((at - offset) / half) for at in range(1 - half, half + 1)
    ]
    whole = sum(taps)
    return tuple(tap / whole for tap in taps)


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _blackman(x: float) -> float:
    return 0.42 + 0.5 * math.cos(math.pi * x) + 0.08 * math.cos(2 * math.pi * x) if abs(x) < 1 else 0.0


def resample(samples: Sequence[float], from_rate: int, to_rate: int) -> list[float]:
    """The same sound at another rate."""
    if from_rate == to_rate:
        return list(samples)
    common = math.gcd(from_rate, to_rate)
    up, down = to_rate // common, from_rate // common
    half, phases = _taps(up, down)
    padded = [0.0] * (half - 1) + list(samples) + [0.0] * (half + 1)
    width, result = 2 * half, []
    for number in range(len(samples) * up // down):
        at, phase = divmod(number * down, up)
        result.append(sum(map(mul, phases[phase], padded[at : at + width])))
    return result


def trim(samples: Sequence[float], rate: int) -> list[float]:
    """Without the silence before and after, but for a moment that keeps words apart."""
    loud = _QUIET * 32768
    first = next((at for at, one in enumerate(samples) if abs(one) > loud), 0)
    last = next((at for at in range(len(samples) - 1, -1, -1) if abs(samples[at]) > loud), len(samples) - 1)
    margin = int(_MARGIN_SECONDS * rate)
    return list(samples[max(0, first - margin) : last + 1 + margin])


def level(samples: Sequence[float]) -> list[float]:
    """At the target loudness, without clipping."""
    peak = max(map(abs, samples), default=0.0)
    power = math.sqrt(sum(one * one for one in samples) / max(1, len(samples)))
    if not power:
        return list(samples)
    gain = min(32768 * 10 ** (LOUDNESS / 20) / power, PEAK * 32767 / peak)
    return [one * gain for one in samples]
