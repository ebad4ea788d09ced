"""Follows the telephone system's events for as long as the process runs, and keeps what is live."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import gevent

from agent_ui.control.errors import ControlAway, ControlError
from agent_ui.control.port import Control, EventStream
from agent_ui.realtime.live import Live, folded, follows, from_snapshot
from agent_ui.workers import Workers
from pbx.contract.events import AnyEvent, ConfigurationReloaded, Envelope, Reset
from pbx.contract.resources import Snapshot

PAUSES = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to reach a telephone system that is away; the last one is repeated."""

_log = logging.getLogger(__name__)


class Listener(Protocol):
    """Is told, in order, what happens; none of it may block."""

    def started_over(self, live: Live) -> None:
        """Everything may have changed: this is how things stand now."""
        ...

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        """One event."""
        ...

    def link_changed(self, up: bool) -> None:
        """The telephone system can be reached, or no longer."""
        ...


@dataclass(frozen=True, slots=True)
class Listeners:
    """Several listeners, told one after the other."""

    listeners: tuple[Listener, ...]

    def started_over(self, live: Live) -> None:
        """See Listener."""
        for listener in self.listeners:
            listener.started_over(live)

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        """See Listener."""
        for listener in self.listeners:
            listener.happened(before, event, after)

    def link_changed(self, up: bool) -> None:
        """See Listener."""
        for listener in self.listeners:
            listener.link_changed(up)


class Feed:
    """`live` is how things stood at the last event, `up` whether events are coming."""

    def __init__(
        self,
        control: Control,
        workers: Workers,
        listener: Listener,
        sleep: Callable[[float], object] = gevent.sleep,
    ) -> None:
        self.live = Live()
        self.up = False
        self._control = control
        self._workers = workers
        self._listener = listener
        self._sleep = sleep
        self._stream: EventStream | None = None
        self._needs_snapshot = True

    def start(self) -> Callable[[], None]:
        """Follow the events in a greenlet; the returned function ends that."""
        greenlet = gevent.spawn(self.run)

        def stop() -> None:
            greenlet.kill()
            self._close()

        return stop

    def run(self) -> None:
        """Follow the events, again and again, until killed."""
        pauses = _growing()
        while True:
            try:
                self._follow()
                pauses = _growing()
            except ControlError as error:
                pauses = _growing() if self.up else pauses
                self._away(error)
                self._sleep(next(pauses))
            except Exception:
                _log.exception("an event could not be taken; everything is read again")
                self._needs_snapshot = True
                self._sleep(next(pauses))

    def _follow(self) -> None:
        """One connection: catch up, then fold events until one is missing or the connection ends."""
        self._catch_up(self._workers.run(self._control.snapshot))
        stream = self._stream = self._control.events(self.live.boot, self.live.seq)
        try:
            self._link(True)
            for item in stream:
                if not self._took(item):
                    return
            raise ControlAway("the event stream ended")
        finally:
            self._close()

    def _catch_up(self, snapshot: Snapshot) -> None:
        """After a lost connection the missed events are replayed; after a restart everything starts over."""
        behind = snapshot.boot == self.live.boot and snapshot.seq >= self.live.seq
        if not behind or self._needs_snapshot:
            self.live = from_snapshot(snapshot)
            self._needs_snapshot = False
            self._listener.started_over(self.live)

    def _took(self, item: Envelope | Reset) -> bool:
        """Whether the stream can go on after this item."""
        if isinstance(item, Reset):
            self._needs_snapshot = True
            return False
        if item.boot == self.live.boot and item.seq <= self.live.seq:
            return True
        if not follows(self.live, item) or isinstance(item.event, ConfigurationReloaded):
            self._needs_snapshot = True
            return False
        before, self.live = self.live, folded(self.live, item)
        self._listener.happened(before, item.event, self.live)
        return True

    def _away(self, error: ControlError) -> None:
        if self.up:
            _log.warning("the telephone system cannot be reached: %s", error)
        self._link(False)

    def _link(self, up: bool) -> None:
        if up != self.up:
            self.up = up
            self._listener.link_changed(up)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _growing() -> Iterator[float]:
    yield from PAUSES
    while True:
        yield PAUSES[-1]
