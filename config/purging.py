"""Deleting what is old at once: every package deletes its own, through entry points."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from config.plugins import PURGE, required
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Purged:
    """What a package has deleted, in words, and of which contacts: what others keep of them goes too."""

    said: str
    contacts: frozenset[str] = frozenset()


def purge(
    sessions: sessionmaker[Session], settings: Settings, before: datetime, now: datetime
) -> Iterator[str]:
    """Delete what began before a moment, package by package; says what was deleted."""
    contacts: frozenset[str] = frozenset()
    for _, function in required(PURGE):
        with sessions.begin() as session:
            purged: Purged = function(session, settings, before, now, contacts)
        contacts |= purged.contacts
        yield purged.said
