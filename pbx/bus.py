"""The event bus of the softswitch: publish now, deliver on the next reactor turn."""

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from twisted.logger import Logger

from pbx.clock import Clock

E = TypeVar("E")
Stop = Callable[[], None]

_log = Logger()


class Bus:
    """Delivers events in the order they were published, each to its subscribers in the order they came.

    Delivery happens on a later reactor turn, so that no publisher is re-entered by what it caused. A
    subscriber that raises is logged and does not keep the others from hearing.
    """

    def __init__(self, reactor: Clock) -> None:
        self._reactor = reactor
        self._waiting: deque[object] = deque()
        self._scheduled = False
        self._subscribers: dict[type, list[Callable[[Any], None]]] = {}
        self._routes: dict[type, tuple[Callable[[Any], None], ...]] = {}

    def subscribe(self, kind: type[E], listener: Callable[[E], None]) -> Stop:
        """Call `listener` with every event of `kind` or of a subclass; returns what ends it."""
        self._subscribers.setdefault(kind, []).append(listener)
        self._routes.clear()

        def stop() -> None:
            if listener in self._subscribers.get(kind, ()):
                self._subscribers[kind].remove(listener)
                self._routes.clear()

        return stop

    def publish(self, event: object) -> None:
        """Queue `event` for the next turn. Reactor thread only."""
        self._waiting.append(event)
        if not self._scheduled:
            self._scheduled = True
            self._reactor.callLater(0, self._deliver)

    def _deliver(self) -> None:
        batch, self._waiting = self._waiting, deque()
        self._scheduled = False
        for event in batch:
            for listener in self._listeners(type(event)):
                try:
                    listener(event)
                except Exception:
                    _log.failure("A listener failed on {kind}", kind=type(event).__name__)

    def _listeners(self, kind: type) -> tuple[Callable[[Any], None], ...]:
        found = self._routes.get(kind)
        if found is None:
            found = tuple(one for base in kind.__mro__ for one in self._subscribers.get(base, ()))
            self._routes[kind] = found
        return found
