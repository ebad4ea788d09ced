"""What somebody who thinks of calling would meet: the queue's state of this moment, in plain words."""

from collections.abc import Callable, Iterator
from datetime import datetime

from ivr.hours import Schedule, TimeZoneError, is_open
from ivr.nodes import OpeningHoursNode
from pbx.acd.machine import Acd
from pbx.acd.snapshot import QueueFigures
from pbx.catalog import Catalog
from pbx.clock import Clock
from pbx.contract.resources import ClosedBecause, QueueStatus
from pbx.errors import NotFound


class QueueStatuses:
    """Reads the machine, and the opening hours of the flow that answers a number."""

    def __init__(
        self, clock: Clock, utc_now: Callable[[], datetime], acd: Acd, catalog: Callable[[], Catalog]
    ) -> None:
        self._clock = clock
        self._now = utc_now
        self._acd = acd
        self._catalog = catalog

    def of(self, queue: str, number: str | None) -> QueueStatus:
        """The queue for somebody who would call `number`. Raises NotFound."""
        taken = self._acd.snapshot(self._clock.seconds())
        figures = next((one for one in taken.queues if one.queue == queue), None)
        if figures is None:
            raise NotFound("There is no such queue.", queue=queue)
        closed = self._closed(figures, number)
        return QueueStatus(
            queue=queue, open=closed is None, closed=closed, agents_available=figures.agents_idle,
            waiting=figures.waiting, expected_wait_minutes=figures.wait_minutes,
        )  # fmt: skip

    def _closed(self, figures: QueueFigures, number: str | None) -> ClosedBecause | None:
        if not all(_open(one, self._now()) for one in self._schedules(number)):
            return "hours"
        if not figures.agents_logged_in:
            return "no_agents"
        return "full" if self._acd.refusal(figures.queue) == "full" else None

    def _schedules(self, number: str | None) -> Iterator[Schedule]:
        """The opening hours that the number's flow looks at."""
        catalog = self._catalog()
        did = catalog.dids.get(number or "")
        flow = catalog.flows.get(did.flow) if did else None
        for node in flow.nodes.values() if flow else ():
            if isinstance(node, OpeningHoursNode):
                found = catalog.calendars.get(node.calendar) or flow.calendars.get(node.calendar)  # type: ignore[union-attr]
                if found is not None:
                    yield found


def _open(schedule: Schedule, at: datetime) -> bool:
    """A calendar that cannot be read keeps nobody out, as in the flow."""
    try:
        return is_open(schedule, at)
    except (TimeZoneError, OverflowError):
        return True
