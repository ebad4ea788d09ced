"""Progress of a long job: the step's name when it starts, its time when it ends."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Prints numbered steps with elapsed seconds; on a terminal the running step's time is live."""

    def __init__(
        self,
        name: str,
        steps: int,
        out: TextIO = sys.stderr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._steps = steps
        self._out = out
        self._clock = clock
        self._began = clock()
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce `title`, run the body, then print how long it took."""
        self._number += 1
        self._title = title
        self._step_began = self._clock()
        self._write(f"{self._prefix()} ...", live=True)
        yield
        now = self._clock()
        self._write(f"{self._prefix()}: {now - self._step_began:.0f} s ({now - self._began:.0f} s in all)\n")

    def tick(self) -> None:
        """Refresh the running step's elapsed time; does nothing where there is no terminal."""
        if self._out.isatty():
            self._write(f"{self._prefix()} ... {self._clock() - self._step_began:.0f} s", live=True)

    def _prefix(self) -> str:
        return f"{self._name} [{self._number}/{self._steps}] {self._title}"

    def _write(self, text: str, live: bool = False) -> None:
        if self._out.isatty():
            text = f"\r\x1b[K{text}"
        elif live:
            text += "\n"
        self._out.write(text)
        self._out.flush()
