"""Records of calls that go through the whole center, on fakes."""

from typing import Any

import pytest
from center_world import World

from ivr.speech.catalogue import shipped_catalogue
from pbx.acd.waiting_room import CALLBACK_KEY
from pbx.calls.ports import HOUSE
from pbx.cdr import CallRecords
from pbx.contract.commands import SetStatus, Transfer, WrapUp
from pbx.status_records import StatusRecords


class RecordedWorld(World):
    """A center whose records are kept."""

    def __init__(self) -> None:
        super().__init__(shipped_catalogue())
        self.records = CallRecords(self.bus, self.journal, "b1")
        self.statuses = StatusRecords(self.bus, self.journal)

    def contact(self, id: str) -> dict[str, Any]:
        return self.journal.rows["contact"][(id,)]

    def segments(self, contact: str) -> list[tuple[Any, ...]]:
        rows = sorted(
            (row for (id, _), row in self.journal.rows["segment"].items() if id == contact),
            key=lambda row: row["number"],
        )
        assert all(row["ended_at"] is not None for row in rows), "everything is over"
        return [(row["kind"], row["agent_id"]) for row in rows]


@pytest.fixture
def world() -> RecordedWorld:
    return RecordedWorld()


def test_an_answered_call_is_recorded_from_the_ring_to_the_wrap_up(world: RecordedWorld) -> None:
    world.available("alice")
    call = world.customer_queues()
    world.wait(4)
    world.answers("alice")
    world.wait(30)
    world.center.control.hold(call.id, "alice")
    world.wait(10)
    world.center.control.resume(call.id, "alice")
    world.wait(5)
    world.hangs_up("c1")
    world.center.dispatch.wrap_up(call.id, "alice", WrapUp(disposition="sold", note="Size 42"))
    world.wait(11)

    assert world.segments(call.id) == [
        ("ivr", None), ("queue", None), ("agent", "alice"), ("hold", "alice"), ("agent", "alice"),
        ("wrap_up", "alice"),
    ]  # fmt: skip
    found = world.contact(call.id)
    assert (found["outcome"], found["disposition"], found["note"]) == ("answered", "sold", "Size 42")
    assert found["wait_seconds"] == pytest.approx(4, abs=0.5)
    assert found["talk_seconds"] == pytest.approx(35, abs=0.5)
    assert (found["flow_id"], found["flow_version"]) == (call.flow, call.flow_version)
    assert found["flow_version"] is not None
    assert found["path"][-1]["keys"] == "0"
    assert found["customer_id"] == "camille"


def test_a_completed_consultation_gives_the_rest_to_the_other_agent(world: RecordedWorld) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.wait(5)
    world.center.control.transfer(call.id, "alice", Transfer(kind="consult", target="agent:benoit"))
    world.turn()
    world.answers("benoit")
    world.wait(5)
    world.center.control.complete_transfer(call.id, "alice")
    world.wait(5)
    world.hangs_up("c1")
    world.wait(11)

    talks = [one for one in world.segments(call.id) if one[0] != "wrap_up"]
    assert talks == [
        ("ivr", None), ("queue", None), ("agent", "alice"), ("hold", "alice"), ("agent", "benoit")
    ]  # fmt: skip
    assert world.contact(call.id)["agent_id"] == "benoit"
    wrapped = {agent for kind, agent in world.segments(call.id) if kind == "wrap_up"}
    assert wrapped == {"alice", "benoit"}


def test_a_caller_who_gives_up_waiting_is_recorded_as_abandoned(world: RecordedWorld) -> None:
    call = world.customer_queues()
    world.wait(8)
    world.hangs_up("c1")

    assert world.segments(call.id) == [("ivr", None), ("queue", None)]
    found = world.contact(call.id)
    assert found["outcome"] == "abandoned"
    assert found["wait_seconds"] == pytest.approx(8, abs=0.5)
    assert found["connected_at"] is None


def test_a_callback_is_a_contact_of_its_own_with_its_wrap_up(world: RecordedWorld) -> None:
    world.carrier()
    world.trunks.plans = {HOUSE: "+33"}
    asked = world.customer_queues()
    world.press(CALLBACK_KEY)
    world.hear_prompts()
    world.available("alice")
    world.wait(1)
    world.answers("alice")
    customer = next(leg for leg, target in world.media.dialed().items() if "carrier" in target.uri)
    world.media.peer_answers(customer)
    world.wait(20)
    (called,) = world.center.switchboard.calls.values()

    world.hangs_up(customer)
    assert (world.agent("alice").state, world.agent("alice").contact) == ("wrap_up", called.id)
    world.center.dispatch.wrap_up(called.id, "alice", WrapUp(disposition="informed"))
    world.wait(11)

    assert world.contact(asked.id)["outcome"] == "callback"
    assert world.segments(called.id) == [("agent", "alice"), ("wrap_up", "alice")]
    found = world.contact(called.id)
    assert (found["direction"], found["outcome"], found["disposition"]) == (
        "outbound",
        "answered",
        "informed",
    )


def test_the_latest_chosen_status_of_each_agent_is_kept(world: RecordedWorld) -> None:
    world.available("alice", "benoit")
    world.center.dispatch.set_status("alice", SetStatus(status="on_break", pause_reason="lunch"))
    world.turn()

    rows = world.journal.rows["agent_status"]
    assert rows[("alice",)]["status"] == "on_break" and rows[("alice",)]["pause_reason"] == "lunch"
    assert rows[("benoit",)]["status"] == "available" and rows[("benoit",)]["pause_reason"] is None
