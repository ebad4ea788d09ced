"""The queues' live figures as everybody sees them, told at most once a second and queue while they change."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from twisted.internet.task import LoopingCall

from pbx.acd.machine import Acd
from pbx.acd.snapshot import AcdSnapshot, AgentFigures, QueueFigures
from pbx.bus import Bus, Stop
from pbx.catalog import Catalog, QueueRow
from pbx.clock import Clock
from pbx.contract.events import QueueChanged
from pbx.contract.resources import QueueView

SECONDS = 1.0
JITTER = timedelta(seconds=1)
"""Two readings of the same moment, one monotonic clock and one wall clock apart, differ by less."""
DEFAULT_STRATEGY = "longest_idle"


class QueueBoard:
    """Views of all queues, read from the machine."""

    def __init__(
        self,
        clock: Clock,
        utc_now: Callable[[], datetime],
        bus: Bus,
        acd: Acd,
        catalog: Callable[[], Catalog],
    ) -> None:
        self._clock = clock
        self._now = utc_now
        self._bus = bus
        self._acd = acd
        self._catalog = catalog
        self._told: Mapping[str, QueueView] = {}

    def start(self) -> Stop:
        """Tell changes from now on; returns what ends it."""
        self._told = self._current()
        loop = LoopingCall(self._tell)
        loop.clock = self._clock  # type: ignore[assignment]
        loop.start(SECONDS, now=False)
        return loop.stop

    def views(self) -> tuple[QueueView, ...]:
        """All queues of this moment, by name."""
        return tuple(sorted(self._current().values(), key=lambda view: view.name))

    def _current(self) -> Mapping[str, QueueView]:
        rows = self._catalog().queues
        taken = self._acd.snapshot(self._clock.seconds())
        members = _members(self._catalog(), taken)
        return {
            one.queue: self._steady(queue_view(rows[one.queue], one, members[one.queue], self._now()))
            for one in taken.queues
            if one.queue in rows
        }

    def _steady(self, view: QueueView) -> QueueView:
        """The same longest wait keeps the moment that was told for it."""
        told = self._told.get(view.id)
        if told is None or told.longest_wait_since is None or view.longest_wait_since is None:
            return view
        if abs(told.longest_wait_since - view.longest_wait_since) > JITTER:
            return view
        return view.model_copy(update={"longest_wait_since": told.longest_wait_since})

    def _tell(self) -> None:
        before, self._told = self._told, self._current()
        for id, view in self._told.items():
            if before.get(id) != view:
                self._bus.publish(QueueChanged(at=self._now(), queue=view))


def queue_view(
    row: QueueRow, figures: QueueFigures, members: Iterable[AgentFigures], now: datetime
) -> QueueView:
    """A queue as the contract shows it."""
    agents = tuple(members)
    waits = figures.waiting > 0
    return QueueView(
        id=row.id,
        name=row.name,
        strategy=str(row.settings.get("strategy", DEFAULT_STRATEGY)),
        waiting=figures.waiting,
        callbacks=figures.callbacks_waiting,
        longest_wait_since=now - timedelta(seconds=figures.longest_wait) if waits else None,
        agents_available=sum(one.status == "available" and one.state == "idle" for one in agents),
        agents_busy=sum(one.state != "idle" for one in agents),
        agents_on_break=sum(one.status == "on_break" and one.state == "idle" for one in agents),
        answered=figures.answered,
        abandoned=figures.abandoned,
        short_abandoned=figures.short_abandons,
        service_level=figures.service_level,
        average_speed_of_answer=figures.asa,
        average_handle_time=figures.aht,
        expected_wait_minutes=figures.wait_minutes,
    )


def _members(catalog: Catalog, taken: AcdSnapshot) -> Mapping[str, list[AgentFigures]]:
    members: dict[str, list[AgentFigures]] = {one.queue: [] for one in taken.queues}
    for agent in taken.agents:
        row = catalog.agents.get(agent.agent)
        for queue in row.memberships if row else ():
            if queue in members:
                members[queue].append(agent)
    return members
