"""Runs the machine: tells it what happens, carries out what it decides, wakes it in time."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from twisted.logger import Logger

from pbx.acd.actions import Action
from pbx.acd.errors import AcdError
from pbx.acd.events import Event, Tick
from pbx.acd.machine import Acd
from pbx.clock import Clock, Timer

_log = Logger()

Perform = Mapping[type[Any], Callable[[Any], None]]
Refused = Mapping[type[Any], Callable[[Any], None]]


class Loop:
    """What happens while actions are carried out is queued and taken afterwards, so that the machine is never
    re-entered. A failure while one action or event is dealt with is logged and costs nobody else anything.
    """

    def __init__(self, clock: Clock, acd: Acd) -> None:
        self._clock = clock
        self._acd = acd
        self._perform: Perform = {}
        self._refused: Refused = {}
        self._pending: deque[Event] = deque()
        self._running = False
        self._timer: Timer | None = None

    def wire(self, perform: Perform, refused: Refused) -> None:
        """Who carries out which action, and who hears that the machine has refused which event."""
        self._perform, self._refused = perform, refused

    def stop(self) -> None:
        """Wake no more."""
        self._stop_timer()

    def tell(self, event: Event) -> None:
        """Something happened. An event that does not fit is logged and changes nothing."""
        self._pending.append(event)
        if self._running:
            return
        self._running = True
        try:
            while self._pending:
                self._take(self._pending.popleft())
        finally:
            self._running = False
            self._schedule()

    def later(self, event: Event) -> None:
        """Tell it on the next turn: the caller's own state is settled by then."""
        self._clock.callLater(0, self.tell, event)

    def _take(self, event: Event) -> None:
        try:
            todo = self._acd.advance(event, self._clock.seconds())
        except AcdError as error:
            self._refuse(event, error)
        except Exception:
            _log.failure("The machine failed on {event}", event=type(event).__name__)
        else:
            for action in todo:
                self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        try:
            self._perform[type(action)](action)
        except Exception:
            _log.failure("{action} could not be carried out", action=type(action).__name__)

    def _refuse(self, event: Event, error: AcdError) -> None:
        _log.warn("{event} does not fit: {error}", event=type(event).__name__, error=error)
        try:
            self._refused.get(type(event), lambda refused: None)(event)
        except Exception:
            _log.failure("The refusal of {event} could not be dealt with", event=type(event).__name__)

    def _schedule(self) -> None:
        self._stop_timer()
        due = self._acd.next_wake()
        if due is not None:
            delay = max(0.0, due - self._clock.seconds())
            self._timer = self._clock.callLater(delay, self.tell, Tick())

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
