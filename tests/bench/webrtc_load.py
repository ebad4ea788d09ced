"""Legs of each kind in pairs that hear each other: what SRTP, DTLS, ICE and Opus cost beside plain RTP.

The stack is alone in its process. The far ends are a second pjsua2 in a process of its own, with the same profile:
it does ICE, DTLS and SRTP as a browser does, at less cost. Every way is measured alike, in the same run,
each with a stack of its own.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tests import audio
from tests.bench.meters import Usage, Window
from tests.mediabox import MediaBox
from tests.phone import Phone

CLOCK_RATE = 16000
"""Of the bridge, as installed."""
SETTLE = 2.0
SPEECH_SECONDS = 20
FAR_PORTS = 40000


@dataclass(frozen=True, slots=True)
class Way:
    """How the legs' audio travels: the profile and the codec (as pjsua2 names it)."""

    name: str
    profile: str
    codec: str


WAYS = (
    Way("plain RTP, G.711", "plain", "PCMU"),
    Way("SDES-SRTP, G.711", "secure", "PCMU"),
    Way("WebRTC, G.711", "webrtc", "PCMU"),
    Way("plain RTP, Opus", "plain", "opus"),
    Way("WebRTC, Opus", "webrtc", "opus"),
)


@dataclass(frozen=True, slots=True)
class LegsLevel:
    """So many legs of one way at a time. `set_up` is how long they took, in seconds; loss is in percent."""

    legs: int
    talking: int
    usage: Usage
    set_up: float
    lost: float
    reported_lost: float

    @property
    def cpu_a_leg(self) -> float:
        """Percent of one core that one leg costs."""
        return self.usage.cpu / self.talking if self.talking else math.nan


@dataclass(slots=True)
class LegsResult:
    """All levels of one way."""

    name: str
    levels: list[LegsLevel] = field(default_factory=list)


def speech(path: Path) -> Path:
    """Something with the bands and pauses of speech, for Opus to have work: syllables of a voice with noise."""
    rate, length = CLOCK_RATE, SPEECH_SECONDS * CLOCK_RATE
    at = np.arange(length) / rate
    pitch = 2 * np.pi * np.cumsum(130 + 30 * np.sin(2 * np.pi * 0.7 * at)) / rate
    voice = sum(np.sin(pitch * partial) / partial for partial in range(1, 20))
    noise = np.random.default_rng(7).normal(0, 0.3, length)
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * at), 0, 1) * (np.sin(2 * np.pi * 0.3 * at) > -0.5)
    return audio.write(path, 0.2 * (voice + noise) * syllables, rate)


def measure(
    work: Path, counts: Sequence[int], seconds: float, say: Callable[[str], None], ways: Sequence[Way] = WAYS
) -> list[LegsResult]:
    """Every way at every count of legs (even numbers), each for so many seconds."""
    work.mkdir(parents=True, exist_ok=True)
    spoken = speech(work / "speech.wav")
    return [_measure_way(way, spoken, counts, seconds, say) for way in ways]


def _measure_way(
    way: Way, spoken: Path, counts: Sequence[int], seconds: float, say: Callable[[str], None]
) -> LegsResult:
    result = LegsResult(way.name)
    far_end = {
        "profile": way.profile,
        "codecs": (way.codec,),
        "max_calls": 4 * max(counts),
        "rtp_start": FAR_PORTS,
    }
    stack = {"clock_rate": CLOCK_RATE, "max_calls": 4 * max(counts), "conference_threads": 2}
    with MediaBox(**stack) as box, Phone(username="far", through_server=False, **far_end) as far:
        for before, count in zip([0, *counts], counts, strict=False):
            say(f"{count} legs, {way.name}")
            began = time.monotonic()
            for _ in range((count - before) // 2):
                _add_pair(box, far, way, spoken)
            result.levels.append(_measure(box, far, count, time.monotonic() - began, seconds))
    return result


def _add_pair(box: MediaBox, far: Phone, way: Way, spoken: Path) -> None:
    legs = []
    for _ in range(2):
        call = far.call(f"sip:100@127.0.0.1:{box.ports[way.profile]}")
        legs.append(box.answered(profile=way.profile))
        far.wait("media", call=call, active=True)
        far.play(call, spoken)
    first, second = legs
    box.mix(f"pair-{first}", (first, second), (second, first))


def _measure(box: MediaBox, far: Phone, count: int, set_up: float, seconds: float) -> LegsLevel:
    time.sleep(SETTLE)
    before, window = far.do("traffic"), Window(box.process.pid, (far.process.pid,))
    time.sleep(seconds)
    usage, after = window.close(), far.do("traffic")
    moved = {name: after[name] - before[name] for name in after}
    return LegsLevel(
        legs=count,
        talking=min(count, round(moved["received"] / usage.seconds / 50)),
        usage=usage,
        set_up=set_up,
        lost=_percent(moved["lost"], moved["received"] + moved["lost"]),
        reported_lost=_percent(moved["reported_lost"], moved["sent"]),
    )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
