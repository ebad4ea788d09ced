"""The interpreter, set up so that calls do not wait for it.

Objects of the media stack may die on the reactor's thread only, and Python's collector runs in whatever thread
happens to allocate, for more than 100 ms at a time once everything is loaded. So it is switched off, and the
reactor collects in portions. What was there at the start is set aside for ever: a full collection then looks
only at what calls have left.
"""

import gc
import sys
from collections.abc import Callable

from twisted.internet.task import LoopingCall

from pbx.bus import Stop
from pbx.clock import Clock

SWITCH_SECONDS = 0.0005
"""How long a thread at work (a look-up, a prompt being converted) may keep the reactor waiting; Python's own
default is 5 ms, and the reactor waits after every call into the media stack."""
LOOK_SECONDS = 0.1
THRESHOLDS = (700, 10, 10)
"""Python's own: objects made since the youngest generation was collected, and collections of the one below."""
PAUSES = (0.1, 1.0, 30.0)
"""Seconds between two collections of a generation, at least."""
BUSY_PAUSE = 600.0
"""Seconds for which a full collection, of some 100 ms at a hundred calls a second, is put off while there are
calls. It finds little: nearly all that calls leave is found young."""


def favour_reactor() -> Stop:
    """Let the reactor's thread have its turn soon; returns what makes it as before."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    return lambda: sys.setswitchinterval(before)


class Collector:
    """Collects garbage on the reactor's thread from `start` on. `quiet` tells whether nobody would notice a
    pause; `collect` is gc.collect."""

    def __init__(
        self, clock: Clock, quiet: Callable[[], bool], collect: Callable[[int], int] = gc.collect
    ) -> None:
        self._clock = clock
        self._quiet = quiet
        self._collect = collect
        self._last = [clock.seconds()] * len(PAUSES)
        self._loop = LoopingCall(self._look)
        self._loop.clock = clock  # type: ignore[assignment]

    def start(self) -> Stop:
        """Take over from Python's own collector; returns what gives it back."""
        gc.disable()
        self._collect(2)
        gc.freeze()
        self._loop.start(LOOK_SECONDS, now=False)
        return self._stop

    def _stop(self) -> None:
        if self._loop.running:
            self._loop.stop()
        gc.unfreeze()
        gc.enable()

    def _look(self) -> None:
        now, counts = self._clock.seconds(), gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] >= THRESHOLDS[generation] and self._may(generation, now):
                self._last[: generation + 1] = [now] * (generation + 1)
                self._collect(generation)
                return

    def _may(self, generation: int, now: float) -> bool:
        waited = now - self._last[generation]
        put_off = generation == 2 and waited < BUSY_PAUSE and not self._quiet()
        return waited >= PAUSES[generation] and not put_off
