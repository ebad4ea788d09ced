"""Replays are deleted when recordings are: after the same time, and with their contact's recording."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import gevent
from sqlalchemy.orm import Session as Database

from agent_ui.cobrowse.replay_store import Replay, expired, kept_replays, mark_deleted
from agent_ui.storage import Storage
from config.purging import Purged
from config.settings import Settings

DAY = 86_400.0

_log = logging.getLogger(__name__)


def purge(
    database: Database,
    settings: Settings,
    before: datetime,
    now: datetime,
    contacts: frozenset[str] = frozenset(),
) -> Purged:
    """Delete what began before a moment, or is of these contacts (`comptoir.purge`). Blocks. Raises OSError."""
    old = expired(kept_replays(database), before, contacts)
    delete(settings, old)
    mark_deleted(database, [one.session for one in old], now)
    return Purged(f"replays deleted: {len(old)}", frozenset(one.contact for one in old))


def delete(settings: Settings, replays: tuple[Replay, ...]) -> None:
    """Delete their files. Blocks. Raises OSError."""
    for one in replays:
        (settings.cobrowse.replays / one.file).unlink(missing_ok=True)


class ReplayRetention:
    """Deletes at the start, and every day from then on. `sleep` waits; `now` tells the time in UTC."""

    def __init__(
        self,
        storage: Storage,
        settings: Settings,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = gevent.sleep,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._now = now
        self._sleep = sleep

    def start(self) -> Callable[[], None]:
        """Begin; the returned function ends it."""
        running = gevent.spawn(self._daily)
        return lambda: running.kill(block=False)

    def run(self) -> None:
        """Delete what has expired by now."""
        kept_for, now = self._settings.recording.retention, self._now()
        if kept_for > 0:
            before = now - timedelta(seconds=kept_for)
            purged = self._storage.run(purge, self._settings, before, now)
            _log.info("retention: %s", purged.said)

    def _daily(self) -> None:
        while True:
            try:
                self.run()
            except Exception:
                _log.exception("old replays could not be deleted")
            self._sleep(DAY)
