"""The numbered log of everything the outside may know: bounded in memory, resumable from a number."""

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import cast

from twisted.logger import Logger

from pbx.bus import Bus, Stop
from pbx.contract.events import AnyEvent, ContactChanged, Envelope, Event, QueueChanged
from pbx.journal import Journal

Listener = Callable[[Envelope], None]

_log = Logger()

NOT_JOURNALED = (ContactChanged, QueueChanged)
"""Views that follow from other events; the database keeps what happened, not every view of it."""


class EventLog:
    """Numbers the events of one boot from 1 and keeps the latest `size` of them."""

    def __init__(self, bus: Bus, journal: Journal, boot: str, size: int) -> None:
        self.boot = boot
        self._journal = journal
        self._kept: deque[Envelope] = deque(maxlen=size)
        self._last = 0
        self._listeners: list[Listener] = []
        self._stop = bus.subscribe(Event, self._on_event)

    def stop(self) -> None:
        """Number no more."""
        self._stop()

    @property
    def last(self) -> int:
        """The number of the latest event, 0 before the first."""
        return self._last

    @property
    def oldest(self) -> int:
        """The smallest number from which the log can be read on."""
        return self._kept[0].seq if self._kept else self._last + 1

    def since(self, seq: int) -> tuple[Envelope, ...] | None:
        """What came after number `seq`; None when some of it is no longer kept, or has not happened yet."""
        if seq + 1 < self.oldest or seq > self._last:
            return None
        return tuple(islice(self._kept, seq + 1 - self.oldest, None))

    def listen(self, listener: Listener) -> Stop:
        """Hear every event from now on; returns what ends it."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def _on_event(self, event: Event) -> None:
        self._last += 1
        envelope = Envelope(boot=self.boot, seq=self._last, event=cast(AnyEvent, event))
        self._kept.append(envelope)
        if not isinstance(event, NOT_JOURNALED):
            self._keep(envelope)
        for listener in tuple(self._listeners):
            try:
                listener(envelope)
            except Exception:
                _log.failure("A listener of the event log failed on {seq}", seq=envelope.seq)

    def _keep(self, envelope: Envelope) -> None:
        event = envelope.event
        self._journal.write(
            "call_event",
            {
                "boot_id": self.boot,
                "seq": envelope.seq,
                "contact_id": event.contact,
                "at": event.at,
                "type": event.type,
                "body": event.model_dump(mode="json", exclude={"at", "type", "contact"}),
            },
        )
