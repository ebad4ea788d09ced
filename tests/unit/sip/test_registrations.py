from datetime import UTC, datetime, timedelta

import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import Clock

from pbx.errors import DatabaseAway
from pbx.sip.edge_settings import RegistrarSettings
from pbx.sip.events import EndpointRegistered, EndpointUnregistered
from pbx.sip.registrar import Arrival
from pbx.sip.registration_store import MemoryRegistrationStore, Registration
from pbx.sip.registrations import Registrations
from tests.unit.sip.test_registrar import asking

UDP = Arrival("UDP", "198.51.100.7", 40000, "192.0.2.1:5060")


class ShakyStore(MemoryRegistrationStore):
    """Counts batches, and fails or waits when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None
        self.gate: Deferred[None] | None = None
        self.batches = 0

    async def apply(self, changes):
        self.batches += 1
        if self.gate is not None:
            await self.gate
        if self.error is not None:
            raise self.error
        await super().apply(changes)


class World:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store = ShakyStore()
        self.alive = {7}
        self.said: list[object] = []
        self.registrations = self.again()

    def again(self) -> Registrations:
        return Registrations(
            self.clock, self.store, RegistrarSettings(), self.alive.__contains__, self.said.append
        )

    def register(self, *contacts: str, arrival: Arrival = UDP, call_id: str = "c", cseq: int = 1, **headers):
        request = asking(*contacts, call_id=call_id, cseq=cseq, **headers)
        return self.registrations.update("ana", request, arrival)


@pytest.fixture
def world() -> World:
    return World()


def test_the_first_reachable_contact_and_the_loss_of_the_last_are_told(world):
    world.register("<sip:a@b>")
    world.register("<sip:a@c>", call_id="d")
    world.register("<sip:a@b>;expires=0", cseq=2)
    assert world.said == [EndpointRegistered("ana")]
    world.register("*", Expires="0", call_id="e")
    assert world.said == [EndpointRegistered("ana"), EndpointUnregistered("ana", "removed")]


def test_what_expires_is_dropped_told_and_deleted(world):
    world.register("<sip:a@b>;expires=60")
    world.clock.advance(59)
    world.registrations.sweep()
    assert world.registrations.everybody() == ("ana",)
    world.clock.advance(1)
    world.registrations.sweep()
    assert world.said[-1] == EndpointUnregistered("ana", "expired")
    assert world.store.rows == {}


def test_a_connection_s_binding_is_reachable_while_the_connection_lives(world):
    tcp = Arrival("TCP", "198.51.100.7", 40000, "192.0.2.1:5060", connection=7)
    world.register("<sip:a@b;transport=tcp>", arrival=tcp)
    assert len(world.registrations.reachable("ana")) == 1
    world.alive.clear()
    world.registrations.connection_lost(7)
    assert world.said[-1] == EndpointUnregistered("ana", "connection_lost")
    assert world.registrations.reachable("ana") == ()
    assert len(world.registrations.of("ana")) == 1


def test_a_restart_loads_what_is_stored_and_deletes_what_has_expired(world):
    world.register("<sip:a@b>;expires=60", "<sip:a@c>;expires=600")
    world.clock.advance(100)
    world.said.clear()
    after = world.again()
    ensureDeferred(after.load())
    assert [one.contact_uri for one in after.reachable("ana")] == ["sip:a@c"]
    assert world.said == [EndpointRegistered("ana")]
    assert [row.contact_uri for row in world.store.rows.values()] == ["sip:a@c"]


def test_phones_behind_a_nat_are_those_whose_contact_is_not_where_they_are(world):
    world.register("<sip:a@198.51.100.7:40000>", "<sip:a@192.168.1.5:5060>", "<sip:a@198.51.100.7>")
    behind = [one.contact_uri for one in world.registrations.behind_nat()]
    assert behind == ["sip:a@192.168.1.5:5060", "sip:a@198.51.100.7"]


def test_contacts_are_ordered_by_q_then_by_age(world):
    for number, contact in enumerate(("<sip:a@b>;q=0.2", "<sip:a@c>;q=0.9", "<sip:a@d>;q=0.9")):
        world.register(contact, call_id=str(number))
        world.clock.advance(1)
    assert [one.contact_uri for one in world.registrations.reachable("ana")] == [
        "sip:a@d",
        "sip:a@c",
        "sip:a@b",
    ]


def test_an_absent_database_costs_no_registration_and_gets_the_latest_when_it_is_back(world):
    world.store.error = DatabaseAway("away")
    world.register("<sip:a@b>")
    world.register("<sip:a@b>", cseq=2)
    assert len(world.registrations.reachable("ana")) == 1 and world.store.rows == {}
    world.store.error = None
    world.clock.advance(1.0)
    assert [row.cseq for row in world.store.rows.values()] == [2]


def test_retries_come_later_and_later(world):
    world.store.error = DatabaseAway("away")
    world.register("<sip:a@b>")
    for delay in (1, 2, 4, 8, 16, 30, 30):
        before = world.store.batches
        world.clock.advance(delay - 0.01)
        assert world.store.batches == before
        world.clock.advance(0.01)
        assert world.store.batches == before + 1


def test_what_the_database_refuses_does_not_hold_up_the_rest(world):
    world.store.error = ValueError("no such text")
    world.register("<sip:a@b>")
    world.store.error = None
    world.register("<sip:a@c>", call_id="d")
    assert [row.contact_uri for row in world.store.rows.values()] == ["sip:a@c"]


def test_one_batch_is_written_at_a_time_and_the_rest_together(world):
    world.store.gate = Deferred()
    for number in range(5):
        world.register(f"<sip:a@h{number}>", call_id=str(number))
    assert world.store.batches == 1
    gate, world.store.gate = world.store.gate, None
    gate.callback(None)
    assert (world.store.batches, len(world.store.rows)) == (2, 5)


def test_closing_waits_for_what_is_being_written(world):
    world.store.gate = Deferred()
    world.register("<sip:a@b>")
    world.register("<sip:a@c>", call_id="d")
    closed = ensureDeferred(world.registrations.close())
    assert not closed.called
    gate, world.store.gate = world.store.gate, None
    gate.callback(None)
    assert closed.called and len(world.store.rows) == 2


def test_closing_gives_up_on_an_absent_database(world):
    world.store.error = DatabaseAway("away")
    world.register("<sip:a@b>")
    assert ensureDeferred(world.registrations.close()).called
    assert world.clock.getDelayedCalls() == []


def test_a_registration_shows_no_connection_once_it_was_stored():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    one = Registration(
        "id", "ana", "sip:a@b", "c", 1, "TCP", "h", 1, "l:1", moment, moment + timedelta(seconds=1)
    )
    assert one.connection == 0
