"""The process in figures, in Prometheus's text format: what is live now, and what has happened since the start."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from pbx.bus import Bus
from pbx.contract.events import ContactAbandoned, ContactEnded, ContactStarted, Event
from pbx.contract.resources import AgentState, AgentStatus, AgentView, QueueView, Snapshot


@dataclass(frozen=True, slots=True)
class Gauges:
    """Figures of this moment that no snapshot has."""

    live_legs: Callable[[], int]
    journal_waiting: Callable[[], int]
    stream_last: Callable[[], int]
    registered_phones: Callable[[], int]
    bans: Callable[[], int]


class Metrics(Collector):
    """Counts what travels on the bus, and reads the rest when it is asked."""

    def __init__(self, bus: Bus, snapshot: Callable[[], Snapshot], gauges: Gauges) -> None:
        self._snapshot = snapshot
        self._gauges = gauges
        self._events: Counter[str] = Counter()
        self._started: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._abandoned: Counter[str] = Counter()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        self._stops = [
            bus.subscribe(Event, self._on_event),
            bus.subscribe(ContactStarted, self._on_started),
            bus.subscribe(ContactEnded, self._on_ended),
            bus.subscribe(ContactAbandoned, self._on_abandoned),
        ]

    def stop(self) -> None:
        """Count no more."""
        for stop in self._stops:
            stop()

    def text(self) -> bytes:
        """The exposition, text format 0.0.4."""
        return generate_latest(self._registry)

    def collect(self) -> Iterable[Metric]:
        """See Collector."""
        now = self._snapshot()
        yield from self._counters()
        yield from self._queues(now.queues)
        yield from self._agents(now.agents)
        yield _gauge("contacts", "Live contacts by state.", "state", Counter(c.state for c in now.contacts))
        yield _gauge(
            "callbacks", "Promised callbacks by state.", "state", Counter(c.state for c in now.callbacks)
        )
        yield from self._plain()

    def _counters(self) -> Iterator[Metric]:
        yield _counter("events", "Events numbered, by type.", "type", self._events)
        yield _counter("contacts_started", "Contacts begun, by direction.", "direction", self._started)
        yield _counter("contacts_ended", "Contacts ended, by outcome.", "outcome", self._ended)
        yield _counter(
            "contacts_abandoned", "Callers who hung up waiting, by queue.", "queue", self._abandoned
        )

    def _queues(self, queues: tuple[QueueView, ...]) -> Iterator[Metric]:
        for field, text in (
            ("waiting", "Callers waiting."),
            ("callbacks", "Callbacks waiting."),
            ("answered", "Contacts answered since the counters began."),
            ("agents_available", "Agents who could take a contact."),
        ):
            yield _gauge(f"queue_{field}", text, "queue", {one.id: getattr(one, field) for one in queues})

    def _agents(self, agents: tuple[AgentView, ...]) -> Iterator[Metric]:
        states = Counter(one.state for one in agents)
        statuses = Counter(one.status for one in agents)
        yield _gauge("agents", "Agents by state.", "state", {s: states[s] for s in get_args(AgentState)})
        yield _gauge(
            "agents_by_status", "Agents by status.", "status", {s: statuses[s] for s in get_args(AgentStatus)}
        )

    def _plain(self) -> Iterator[Metric]:
        gauges = self._gauges
        for name, text, value in (
            ("live_legs", "Legs of calls.", gauges.live_legs),
            ("journal_waiting_rows", "Rows not yet in the database.", gauges.journal_waiting),
            ("event_sequence", "The number of the latest event.", gauges.stream_last),
            ("registered_phones", "Phones that can be reached.", gauges.registered_phones),
            ("sip_bans", "Addresses and names kept out.", gauges.bans),
        ):
            yield GaugeMetricFamily(f"comptoir_{name}", text, value=value())

    def _on_event(self, event: Event) -> None:
        self._events[getattr(event, "type", type(event).__name__)] += 1

    def _on_started(self, event: ContactStarted) -> None:
        self._started[event.view.direction] += 1

    def _on_ended(self, event: ContactEnded) -> None:
        self._ended[event.outcome] += 1

    def _on_abandoned(self, event: ContactAbandoned) -> None:
        self._abandoned[event.queue] += 1


def _gauge(name: str, text: str, label: str, values: "Counter[str] | dict[str, int]") -> Metric:
    family = GaugeMetricFamily(f"comptoir_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _counter(name: str, text: str, label: str, values: Counter[str]) -> Metric:
    family = CounterMetricFamily(f"comptoir_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
