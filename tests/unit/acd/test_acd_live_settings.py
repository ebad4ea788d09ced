"""Settings change while people wait and talk, and nobody is lost."""

import pytest

from pbx.acd import events
from pbx.acd.actions import ContactEnded, ContactMoved, LeaveQueue
from pbx.acd.contact import Contact
from pbx.acd.errors import BadSetting, UnknownAgent
from pbx.acd.settings import AgentConfig, QueueConfig, RelaxStep


def test_another_strategy_counts_from_the_next_offer_on(floor):
    floor.queue(strategy="longest_idle")
    floor.agent("ben")
    floor.wait(5)
    floor.agent("ada")
    floor.queue(strategy="top_down")
    floor.call("c1")
    assert floor.offered("c1") == ("ada",)


def test_another_ageing_reorders_those_who_wait(floor):
    floor.queue(ageing=1)
    floor.call("patient")
    floor.wait(90)
    floor.call("cart", priority=1)
    assert floor.line() == ["patient", "cart"]
    floor.queue(ageing=0.5)
    assert floor.line() == ["cart", "patient"]


def test_a_shorter_longest_wait_counts_for_those_who_wait_already(floor):
    floor.queue(max_wait=600)
    floor.call("c1")
    floor.wait(60)
    floor.queue(max_wait=30)
    assert floor.heard(LeaveQueue, floor.wait(0)) == [LeaveQueue("c1", "sales", "max_wait")]


def test_a_smaller_capacity_sends_nobody_away(floor):
    floor.queue(capacity=5)
    for number in range(5):
        floor.call(f"c{number}")
    floor.queue(capacity=2)
    assert len(floor.line()) == 5


def test_a_removed_queue_moves_everybody_with_their_time(floor):
    floor.queue("sales")
    floor.queue("care")
    floor.call("c1")
    floor.wait(10)
    floor.call("k1", "care")
    floor.call("c2")
    floor.agent("ada")
    assert floor.offered("c1") == ("ada",)
    said = floor.do(events.QueueRemoved("sales", "care"))
    assert [one.contact for one in floor.heard(ContactMoved, said)] == ["c1", "c2"]
    assert floor.line("care") == ["c1", "k1", "c2"]
    assert floor.figures("ada").state == "idle"


def test_a_removed_queue_without_a_successor_lets_the_flows_go_on(floor):
    floor.queue()
    floor.call("c1")
    assert floor.do(events.QueueRemoved("sales")) == (
        LeaveQueue("c1", "sales", "queue_removed"),
        ContactEnded("c1", "sales", "queue_removed", None, 0.0),
    )


def test_who_talks_when_the_queue_goes_talks_on_and_wraps_up(floor):
    floor.queue(wrap_up=30)
    floor.agent("ada")
    floor.call("c1")
    floor.connect("c1", "ada")
    floor.do(events.QueueRemoved("sales"))
    floor.wait(60)
    floor.end("ada")
    floor.wait(29)
    assert floor.figures("ada").state == "wrap_up"
    floor.wait(1)
    assert floor.figures("ada").state == "idle"


def test_agents_may_exist_before_their_queue(floor):
    floor.agent("ada", "sales")
    floor.queue("sales")
    floor.call("c1")
    assert floor.offered("c1") == ("ada",)


def test_an_agent_who_learns_a_skill_gets_who_has_been_waiting_for_it(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1", skills={"pt": 5})
    floor.agent("ada", skills={"pt": 5})
    assert floor.offered("c1") == ("ada",)


def test_an_agent_who_leaves_a_queue_keeps_the_call_they_have(floor):
    floor.queue("sales", wrap_up=0)
    floor.queue("care")
    floor.agent("ada", "sales")
    floor.call("c1")
    floor.connect("c1", "ada")
    floor.call("c2")
    floor.agent("ada", "care")
    floor.end("ada")
    assert floor.offered("c2") == ()
    floor.call("k1", "care")
    assert floor.offered("k1") == ("ada",)


def test_a_removed_agent_returns_the_offer(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.do(events.AgentRemoved("ada"))
    assert floor.line() == ["c1"]
    with pytest.raises(UnknownAgent):
        floor.status("ada", "available")


def test_a_removed_agent_finishes_the_call_first(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.connect("c1", "ada")
    floor.do(events.AgentRemoved("ada"))
    assert floor.figures("ada").not_offered == "removed"
    floor.do(events.CallHeld("ada"))
    assert floor.end("ada")[0] == ContactEnded("c1", "sales", "answered", "ada", 0.0)
    assert floor.acd.snapshot(floor.now).agents == ()


def test_a_queue_whose_last_member_is_taken_away_is_empty(floor):
    floor.queue("sales", when_empty="leave")
    floor.queue("care")
    floor.agent("ada", "sales", status="on_break")
    floor.call("c1")
    floor.agent("ada", "care", status="offline")
    assert floor.heard(LeaveQueue) == [LeaveQueue("c1", "sales", "no_agents")]


def test_flows_that_ask_for_ever_new_skills_do_not_fill_the_memory(floor):
    floor.queue()
    floor.agent("ada", skills={f"s{number}": 5 for number in range(1000)})
    floor.do(events.AgentBusy("ada", "x"))
    for number in range(1000):
        floor.call(f"c{number}", skills={f"s{number}": 5})
        if number:
            floor.hang_up(f"c{number}")
    assert len(floor.acd._state.queues["sales"].pools) <= 200
    floor.do(events.AgentFree("ada", "x"))
    assert floor.offered_to("ada") == "c0"


@pytest.mark.parametrize(
    ("make", "setting"),
    [
        (lambda: QueueConfig("q", "Q", ageing=0), "queue.ageing"),
        (lambda: QueueConfig("q", "Q", weight=0), "queue.weight"),
        (lambda: QueueConfig("q", "Q", offer_timeout=0), "queue.offer_timeout"),
        (lambda: QueueConfig("q", "Q", retry_after=0), "queue.retry_after"),
        (lambda: QueueConfig("q", "Q", wrap_up=-1), "queue.wrap_up"),
        (lambda: QueueConfig("q", "Q", capacity=0), "queue.capacity"),
        (lambda: QueueConfig("q", "Q", overflow_to="q"), "queue.overflow_to"),
        (lambda: QueueConfig("q", "Q", relax=(RelaxStep(9), RelaxStep(3))), "queue.relax"),
        (lambda: AgentConfig("a", "A", max_misses=-1), "agent.max_misses"),
        (lambda: AgentConfig("a", "A", unreachable_for=0), "agent.unreachable_for"),
        (lambda: Contact("c", "q", priority=-1), "contact.priority"),
        (lambda: Contact("c", "q", callback=True), "contact.number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_that_cannot_be_honoured_is_refused_by_name(make, setting):
    with pytest.raises(BadSetting) as error:
        make()
    assert error.value.setting == setting
