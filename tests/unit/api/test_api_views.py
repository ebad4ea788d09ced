"""What the API shows of the edge, the directory and the figures."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from twisted.internet.task import Clock

from pbx.api.directory import directory
from pbx.api.edge_views import BanList, registrations
from pbx.api.health import BACKLOG, Health
from pbx.api.metrics import Gauges, Metrics
from pbx.api.participation import check_in_call
from pbx.bus import Bus
from pbx.catalog import AgentRow, Catalog, EndpointRow, QueueRow
from pbx.contract.events import ContactAbandoned, ContactEnded, ContactStarted
from pbx.contract.resources import AgentView, ParticipantView, QueueView, Snapshot
from pbx.errors import NotAllowed, NotFound
from pbx.sip.bans import Ban
from pbx.sip.registration_store import Registration
from tests.records import NOON, at
from tests.unit.test_cdr_folding import view


@dataclass
class FakeEdge:
    banned: list[Ban] = field(default_factory=list)
    bound: dict[str, tuple[Registration, ...]] = field(default_factory=dict)

    def bans(self) -> tuple[Ban, ...]:
        return tuple(self.banned)

    def lift_ban(self, address: str, user: str = "") -> bool:
        before = len(self.banned)
        self.banned = [one for one in self.banned if (one.address, one.user) != (address, user)]
        return len(self.banned) < before

    def registered(self) -> tuple[str, ...]:
        return ("alice",)

    def registrations(self, username: str) -> tuple[Registration, ...]:
        return self.bound.get(username, ())


def test_bans_are_lifted_by_an_id_that_shows_neither_address_nor_name() -> None:
    edge = FakeEdge([Ban("192.0.2.1", "", 100.0, 60.0, 1), Ban("2001:db8::/64", "alice", 200.0, 60.0, 3)])
    bans = BanList(edge)
    first, second = bans.list()
    assert (second.address, second.user, second.times) == ("2001:db8::/64", "alice", 3)
    assert second.until == datetime.fromtimestamp(200, UTC)
    assert first.id != second.id and "/" not in second.id

    bans.lift(second.id)

    assert [one.id for one in bans.list()] == [first.id]
    with pytest.raises(NotFound):
        bans.lift(second.id)


def test_registrations_are_listed_by_phone_with_whether_they_can_be_reached() -> None:
    facts: dict[str, Any] = {
        "call_id": "x", "cseq": 1, "transport": "TCP", "source_host": "192.0.2.7", "source_port": 5062,
        "local": "192.0.2.1:5060", "registered_at": NOON, "expires_at": at(60),
    }  # fmt: skip
    bound = {
        name: (Registration(f"r-{name}", name, f"sip:{name}@x", **facts),) for name in ("benoit", "alice")
    }

    found = registrations(FakeEdge(bound=bound), ["benoit", "alice", "carla"])

    assert [(one.username, one.reachable) for one in found] == [("alice", True), ("benoit", False)]
    assert found[0].source == "192.0.2.7:5062"


def an_agent(id: str, **changes: Any) -> AgentView:
    facts: dict[str, Any] = {
        "id": id, "name": id.title(), "phone": id, "status": "available", "status_since": NOON, "state": "idle",
        "state_since": NOON, "phone_registered": True,
    }  # fmt: skip
    return AgentView(**{**facts, **changes})


CATALOG = Catalog(
    agents={"alice": AgentRow("alice", "Alice", "p1", {}, {"shop": 1}, 3, False)},
    endpoints={
        name: EndpointRow(name, label, "", "", False, (), 1, 1)
        for name, label in (("p1", "Desk 1"), ("warehouse", "Warehouse"), ("door", ""))
    },
    queues={"shop": QueueRow("shop", "Shop", {}, False, "")},
)


def test_the_directory_lists_agents_queues_and_the_phones_that_are_nobodys() -> None:
    agents = [
        an_agent("alice", phone="p1"),
        an_agent("Adam", status="on_break"),
        an_agent("zoe", phone_busy=True),
    ]

    found = directory(CATALOG, agents, lambda name: name == "door")

    assert [(one.target, one.label, one.available) for one in found] == [
        ("agent:Adam", "Adam", False),
        ("agent:alice", "Alice", True),
        ("agent:zoe", "Zoe", False),
        ("queue:shop", "Shop", True),
        ("number:door", "door", True),
        ("number:warehouse", "Warehouse", False),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"state": "talking"}, {"phone_registered": False}, {"status": "offline"}, {"phone_busy": True}],
)
def test_an_agent_who_could_not_take_a_call_now_is_not_available(changes: dict[str, Any]) -> None:
    (entry, *_) = directory(CATALOG, [an_agent("alice", **changes)], lambda name: True)

    assert not entry.available


def participant(agent: str, state: Any) -> ParticipantView:
    return ParticipantView(id=f"l-{agent}", role="agent", state=state, label=agent, agent=agent)


def test_only_who_talks_in_a_call_acts_on_it() -> None:
    call = view(participants=(participant("alice", "connected"), participant("carla", "ringing")))

    check_in_call(call, "alice")
    check_in_call(view(participants=(participant("alice", "held"),)), "alice")
    for other in ("benoit", "carla"):
        with pytest.raises(NotAllowed):
            check_in_call(call, other)


@pytest.mark.parametrize(
    ("away", "waiting", "status"), [(False, 0, "ok"), (True, 0, "degraded"), (False, BACKLOG + 1, "degraded")]
)
def test_health_says_when_the_work_cannot_be_done_well(away: bool, waiting: int, status: str) -> None:
    health = Health("b1", NOON, lambda: away, lambda: waiting, lambda: 4).view()

    assert (health.status, health.database, health.live_legs) == (status, "away" if away else "ok", 4)


def a_snapshot() -> Snapshot:
    queue = QueueView(id="shop", name="Shop", strategy="longest_idle", waiting=3, callbacks=1, answered=9)
    agents = (
        an_agent("a"),
        an_agent("b", state="talking"),
        an_agent("c", state="talking", status="on_break"),
    )
    return Snapshot(
        boot="b1", seq=1, at=NOON, agents=agents, queues=(queue,), contacts=(view(),), offers=(), callbacks=(),
        pause_reasons=(), dispositions=(),
    )  # fmt: skip


def test_metrics_count_what_happened_and_show_what_is_live() -> None:
    clock = Clock()
    bus = Bus(clock)
    metrics = Metrics(bus, a_snapshot, Gauges(lambda: 8, lambda: 2, lambda: 77, lambda: 5, lambda: 1))
    bus.publish(ContactStarted(at=NOON, contact="c1", view=view()))
    bus.publish(ContactAbandoned(at=NOON, contact="c1", queue="shop", wait_seconds=3, short=False))
    bus.publish(ContactEnded(at=NOON, contact="c1", outcome="abandoned", reason=""))
    clock.advance(0)

    families = text_string_to_metric_families(metrics.text().decode())
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }

    assert found["comptoir_queue_waiting", "shop"] == 3
    assert found["comptoir_agents", "talking"] == 2
    assert found["comptoir_agents", "wrap_up"] == 0
    assert found["comptoir_agents_by_status", "on_break"] == 1
    assert found["comptoir_contacts", "ivr"] == 1
    assert found["comptoir_contacts_started_total", "inbound"] == 1
    assert found["comptoir_contacts_ended_total", "abandoned"] == 1
    assert found["comptoir_contacts_abandoned_total", "shop"] == 1
    assert found["comptoir_events_total", "contact.ended"] == 1
    assert found["comptoir_live_legs",] == 8
    assert found["comptoir_journal_waiting_rows",] == 2

    metrics.stop()
    bus.publish(ContactEnded(at=NOON, contact="c1", outcome="abandoned", reason=""))
    clock.advance(0)
    assert b'comptoir_contacts_ended_total{outcome="abandoned"} 1.0' in metrics.text()
