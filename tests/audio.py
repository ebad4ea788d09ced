"""Measures audio as audio: tones, levels and keys in WAV files and in RTP payloads.

Levels are dB relative to full scale; a sine of full amplitude is -3 dB RMS and is reported as 0 dB by
`tone_level`, which measures the amplitude of one frequency.
"""

import math
import wave
from pathlib import Path

import numpy as np

SILENCE = -96.0
_LOW, _HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")


def read(path: Path | str) -> tuple[np.ndarray, int]:
    """Samples from -1 to 1, shaped (frames, channels), and the rate in Hz."""
    with wave.open(str(path)) as source:
        assert source.getsampwidth() == 2, "16-bit samples only"
        raw = np.frombuffer(source.readframes(source.getnframes()), "<i2")
        return raw.reshape(-1, source.getnchannels()) / 32768, source.getframerate()


def write(path: Path | str, samples: np.ndarray, rate: int = 8000) -> Path:
    """Write samples from -1 to 1, shaped (frames,) or (frames, channels)."""
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        target.setsampwidth(2)
        target.setframerate(rate)
        target.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return Path(path)


def tone(hertz: float, seconds: float, rate: int = 8000, level: float = -12.0) -> np.ndarray:
    """A sine whose amplitude is `level` dB."""
    return 10 ** (level / 20) * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def write_tone(
    path: Path | str, hertz: float, seconds: float, rate: int = 8000, level: float = -12.0
) -> Path:
    return write(path, tone(hertz, seconds, rate, level), rate)


def part(
    path: Path | str, start: float = 0, end: float | None = None, channel: int = 0
) -> tuple[np.ndarray, int]:
    """One channel of a WAV file between two times in seconds (negative: from the end)."""
    samples, rate = read(path)
    return samples[int(start * rate) : None if end is None else int(end * rate), channel], rate


def amplitude(samples: np.ndarray, rate: int, hertz: float) -> float:
    """The amplitude in dB of one frequency, over the whole of `samples` (Goertzel's sum, by numpy)."""
    if not len(samples):
        return SILENCE
    window = np.hanning(len(samples))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(samples)) / rate)
    return _db(2 * abs(np.sum(samples * window * turn)) / np.sum(window))


def rms(samples: np.ndarray) -> float:
    """Power in dB."""
    return _db(math.sqrt(float(np.mean(samples**2)))) if len(samples) else SILENCE


def _db(value: float) -> float:
    return max(SILENCE, 20 * math.log10(max(value, 1e-9)))


def tone_level(
    path: Path | str, hertz: float, start: float = 0, end: float | None = None, channel: int = 0
) -> float:
    """The amplitude in dB of one frequency in a WAV file: the mean power of windows of 100 ms, so that a packet
    lost on a busy machine, which turns the phase, does not hide the tone."""
    samples, rate = part(path, start, end, channel)
    width = max(1, min(rate // 10, len(samples)))
    levels = [
        amplitude(samples[at : at + width], rate, hertz) for at in range(0, len(samples) - width + 1, width)
    ]
    return 10 * math.log10(sum(10 ** (one / 10) for one in levels) / len(levels)) if levels else SILENCE


def level(path: Path | str, start: float = 0, end: float | None = None, channel: int = 0) -> float:
    """RMS in dB of a WAV file's channel."""
    return rms(part(path, start, end, channel)[0])


def loudest(path: Path | str, start: float = 0, end: float | None = None, channel: int = 0) -> float:
    """The frequency in Hz with the most power above 50 Hz."""
    samples, rate = part(path, start, end, channel)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    spectrum[: int(50 * len(samples) / rate)] = 0
    return float(np.argmax(spectrum) * rate / len(samples))


def onset(path: Path | str, hertz: float, channel: int = 0, threshold: float = -35.0) -> float | None:
    """The time in seconds when a tone is first heard (in steps of 5 ms, windows of 20 ms)."""
    samples, rate = part(path, channel=channel)
    width, step = rate // 50, rate // 200
    for at in range(0, len(samples) - width, step):
        if amplitude(samples[at : at + width], rate, hertz) > threshold:
            return at / rate
    return None


def speech_seconds(path: Path | str, threshold: float = -45.0, channel: int = 0) -> float:
    """How long something is heard, in windows of 50 ms."""
    samples, rate = part(path, channel=channel)
    width = rate // 20
    return sum(
        0.05 for at in range(0, len(samples) - width, width) if rms(samples[at : at + width]) > threshold
    )


def keys(path: Path | str, channel: int = 0, threshold: float = -25.0) -> str:
    """Keys heard as tones (ITU-T Q.23), in windows of 40 ms."""
    samples, rate = part(path, channel=channel)
    width, heard, last = rate // 25, "", ""
    for at in range(0, len(samples) - width, width // 2):
        key = _key(samples[at : at + width], rate, threshold)
        heard += key if key != last else ""
        last = key
    return heard


def _key(samples: np.ndarray, rate: int, threshold: float) -> str:
    low, high = ([amplitude(samples, rate, f) for f in group] for group in (_LOW, _HIGH))
    if max(low) < threshold or max(high) < threshold:
        return ""
    return _KEYS[low.index(max(low))][high.index(max(high))]


def decode_ulaw(payload: bytes) -> np.ndarray:
    """G.711 mu-law bytes (RTP payload type 0) as samples."""
    code = ~np.frombuffer(payload, np.uint8).astype(np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + 132 << ((code & 0x70) >> 4)) - 132
    return np.where(code & 0x80, -magnitude, magnitude) / 32768
