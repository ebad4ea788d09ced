"""What the queue of a site looks like from outside, asked at most every other second."""

import logging
from collections.abc import Callable
from time import monotonic

from agent_ui.control.errors import ControlError
from agent_ui.control.port import Control
from agent_ui.widget.messages import QueueNow
from agent_ui.workers import Workers
from orders.model.site import Site
from pbx.contract.resources import QueueStatus

FRESH = 2.0

_log = logging.getLogger(__name__)


class QueueStatuses:
    """One answer serves every page for FRESH seconds; a telephone system that is away is `unknown`."""

    def __init__(self, control: Control, workers: Workers, clock: Callable[[], float] = monotonic) -> None:
        self._control = control
        self._workers = workers
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[float, QueueNow]] = {}

    def of(self, site: Site, language: str) -> QueueNow:
        """The state of the site's queue."""
        key = (site.queue, site.number(language))
        read_at, known = self._known.get(key, (None, QueueNow(state="unknown")))
        now = self._clock()
        if read_at is None or now - read_at >= FRESH:
            # Whoever asks while the answer is on its way gets the one before.
            self._known[key] = (now, known)
            known = self._ask(*key)
            self._known[key] = (now, known)
        return known

    def _ask(self, queue: str, number: str) -> QueueNow:
        try:
            return queue_now(self._workers.run(self._control.queue_status, queue, number))
        except ControlError as error:
            _log.warning("the state of queue %s cannot be told: %s", queue, error)
            return QueueNow(state="unknown")


def queue_now(status: QueueStatus) -> QueueNow:
    """What a customer is told: free when somebody could answer at once."""
    if not status.open:
        return QueueNow(state="closed")
    free = status.agents_available > status.waiting
    wait = 0 if free else status.expected_wait_minutes
    return QueueNow(state="free" if free else "busy", waiting=status.waiting, wait_minutes=wait)
