"""Writes registrations behind: in order, one batch at a time, again and again while the database is away."""

from collections.abc import Iterable

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import Logger

from pbx.errors import DatabaseAway
from pbx.sip.clock import Clock, Timer
from pbx.sip.registration_store import Change, Put, RegistrationStore

_LONGEST_WAIT = 30.0
_log = Logger()


class RegistrationWriter:
    """What waits is the latest change of each registration, so an absent database costs bounded memory."""

    def __init__(self, clock: Clock, store: RegistrationStore) -> None:
        self._clock = clock
        self._store = store
        self._waiting: dict[str, Change] = {}
        self._running: Deferred[None] | None = None
        self._retry: Timer | None = None
        self._wait = 1.0

    def write(self, changes: Iterable[Change]) -> None:
        """Have the changes written, soon."""
        for change in changes:
            key = change.registration.id if isinstance(change, Put) else change.id
            self._waiting.pop(key, None)
            self._waiting[key] = change
        self._start()

    async def close(self) -> None:
        """Wait for what is being written, and try once to write the rest."""
        self._retry_no_more()
        self._start()
        if self._running is not None:
            await _shared(self._running)
        self._retry_no_more()

    def _retry_no_more(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None

    def _start(self) -> None:
        if self._waiting and self._running is None and self._retry is None:
            running = self._running = ensureDeferred(self._run())
            running.addErrback(lambda failure: _log.failure("Registrations not written", failure=failure))
            if running.called:
                self._running = None

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._write_batch()
            self._wait = 1.0
        except DatabaseAway:
            _log.warn("Registrations wait for the database")
            self._retry = self._clock.callLater(self._wait, self._try_again)
            self._wait = min(_LONGEST_WAIT, self._wait * 2)
        finally:
            self._running = None

    async def _write_batch(self) -> None:
        batch, self._waiting = self._waiting, {}
        try:
            await self._store.apply(tuple(batch.values()))
        except DatabaseAway:
            self._waiting = batch | self._waiting
            raise
        except Exception:
            # Repeating what the database refuses would keep all that follows from being written.
            _log.failure("The database refuses {count} changes of registrations", count=len(batch))

    def _try_again(self) -> None:
        self._retry = None
        self._start()


def _shared(running: Deferred[None]) -> Deferred[None]:
    """A Deferred that fires when `running` does, without taking its result away."""
    waiter: Deferred[None] = Deferred()

    def passed_on(result: None) -> None:
        waiter.callback(None)
        return result

    running.addBoth(passed_on)
    return waiter
