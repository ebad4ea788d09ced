"""Who has opened which contact: nobody hears or watches anything without having opened it, on record."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

LASTS = 12 * 3600.0
"""Seconds after which it has to be opened anew."""
MOST = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """A contact that somebody opened: their sign-in, and the files by the ids of recordings and sessions."""

    session: str
    files: Mapping[str, Path]
    at: float


class Watches:
    """In memory: after a restart of the pages, contacts are opened anew."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._opened: dict[str, Opened] = {}

    def open(self, session: str, files: Mapping[str, Path]) -> str:
        """Let a sign-in read these files; gives what names this."""
        now = self._clock()
        self._opened = {name: one for name, one in self._opened.items() if now - one.at < LASTS}
        while len(self._opened) >= MOST:
            del self._opened[next(iter(self._opened))]
        name = secrets.token_urlsafe(16)
        self._opened[name] = Opened(session, files, now)
        return name

    def file(self, name: str, session: str, part: str) -> Path | None:
        """A file of an opened contact, for the sign-in that has opened it."""
        opened = self._opened.get(name)
        if opened is None or opened.session != session or self._clock() - opened.at >= LASTS:
            return None
        return opened.files.get(part)
