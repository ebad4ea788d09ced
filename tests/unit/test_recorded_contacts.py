"""Which contacts are recorded and with whom, on a center of fakes."""

from typing import Any

import pytest
from center_world import World

from ivr.speech.catalogue import shipped_catalogue
from pbx.contract.commands import Conference
from pbx.contract.events import RecordingChanged
from pbx.recorded_contacts import RecordedContacts


class FakeRecordings:
    """Remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def start(self, contact: str, queue: str | None, left: str, right: str) -> None:
        self.asked.append(("start", contact, queue or "", left, right))

    def stop(self, contact: str, reason: str = "") -> None:
        self.asked.append(("stop", contact))


@pytest.fixture
def world() -> World:
    return World(shipped_catalogue())


@pytest.fixture
def recordings(world: World) -> FakeRecordings:
    made = FakeRecordings()
    recordings: Any = made
    world.recorded = RecordedContacts(world.center.switchboard, recordings, world.center.catalog)  # type: ignore[attr-defined]
    return made


def test_a_queues_contact_is_recorded_from_the_first_word_to_the_last(
    world: World, recordings: FakeRecordings
) -> None:
    call, leg = world.talking("alice")
    assert recordings.asked[-1] == ("start", call.id, "shop", "c1", leg)

    world.hangs_up("c1")
    assert recordings.asked[-1] == ("stop", call.id)


def test_the_one_who_takes_over_after_a_consultation_is_recorded(
    world: World, recordings: FakeRecordings
) -> None:
    call, _ = world.talking("alice")
    second = world.consults(call, "alice", "benoit")

    world.center.control.complete_transfer(call.id, "alice")
    world.turn()

    assert recordings.asked[-1] == ("start", call.id, "shop", "c1", second)


def test_who_waits_again_is_not_recorded(world: World, recordings: FakeRecordings) -> None:
    call, leg = world.talking("alice")
    world.media.peer_vanishes(leg)
    world.turn()

    assert call.state in ("queued", "offered") and recordings.asked[-1] == ("stop", call.id)


def test_a_contact_of_a_queue_without_recording_is_not_recorded(
    world: World, recordings: FakeRecordings
) -> None:
    call = world.customer_calls("c1")
    call.queue = "returns"
    world.available("alice")
    world.center.transfers.transfer_from_flow(call, "alice", lambda connected: None)
    world.turn()
    world.answers("alice")

    assert call.state == "talking" and not recordings.asked


def test_agents_among_themselves_are_not_recorded(world: World, recordings: FakeRecordings) -> None:
    call, _ = world.talking("alice")
    world.consults(call, "alice", "benoit")

    world.hangs_up("c1")

    assert not call.over and recordings.asked[-1] == ("stop", call.id)


def test_when_the_one_who_is_recorded_leaves_a_conference_the_one_who_stays_is(
    world: World, recordings: FakeRecordings
) -> None:
    call, leg = world.talking("alice")
    world.available("benoit")
    world.center.control.conference(call.id, "alice", Conference(target="agent:benoit"))
    world.turn()
    second = world.answers("benoit")
    assert recordings.asked[-1][-1] == second

    world.hangs_up(second)

    assert recordings.asked[-1] == ("start", call.id, "shop", "c1", leg)


def test_the_end_of_an_earlier_recording_says_nothing_about_the_one_that_runs(
    world: World, recordings: FakeRecordings
) -> None:
    call, _ = world.talking("alice")

    for kind, recording in (("started", "r1"), ("started", "r2"), ("finished", "r1")):
        change = {"type": f"recording.{kind}", "at": world.now(), "contact": call.id, "recording": recording}
        world.bus.publish(RecordingChanged.model_validate(change))
    world.turn()
    assert call.recording == "recording"

    change = {"type": "recording.finished", "at": world.now(), "contact": call.id, "recording": "r2"}
    world.bus.publish(RecordingChanged.model_validate(change))
    world.turn()
    assert call.recording == "off"
