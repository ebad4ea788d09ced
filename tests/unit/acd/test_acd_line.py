"""Who is next: time, priority and its ageing, queues of different weight, skills, the customer's own agent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.acd import events
from pbx.acd.actions import ContactJoined
from pbx.acd.rules.pools import needs, next_relaxation
from pbx.acd.rules.queueing import rank
from pbx.acd.settings import QueueConfig, RelaxStep


def test_the_oldest_contact_is_next(floor):
    floor.queue()
    for name in ("c1", "c2", "c3"):
        floor.call(name)
        floor.wait(1)
    floor.agent("ada")
    assert floor.offered_to("ada") == "c1"


def test_a_point_of_priority_is_worth_a_minute_when_one_is_gained_a_minute(floor):
    floor.queue(ageing=1)
    floor.call("patient")
    floor.wait(59)
    floor.call("cart", priority=1)
    assert floor.line() == ["cart", "patient"]
    floor.hang_up("cart")
    floor.wait(2)
    floor.call("cart2", priority=1)
    assert floor.line() == ["patient", "cart2"], "after 61 seconds the patient one is ahead"


def test_nobody_starves_behind_a_stream_of_important_callers(floor):
    floor.queue(ageing=2, wrap_up=0)
    floor.agent("ada")
    floor.call("talking", priority=10)
    floor.connect("talking", "ada")
    floor.call("patient")
    served = []
    for number in range(12):
        floor.call(f"vip{number}", priority=10)
        floor.wait(60)
        floor.end("ada")
        served.append(floor.offered_to("ada"))
        floor.connect(served[-1], "ada")
    assert served.index("patient") == 5, "ten points at two a minute are five minutes"


@given(
    priorities=st.lists(st.integers(0, 20), min_size=2, max_size=2),
    times=st.lists(st.integers(0, 3600), min_size=2, max_size=2),
    ageing=st.sampled_from([0.5, 1, 2, 10]),
    now=st.integers(3600, 100_000),
)
def test_the_fixed_rank_orders_as_the_effective_priority_of_any_moment(priorities, times, ageing, now):
    config = QueueConfig("q", "Q", ageing=ageing)
    first, second = (
        (priority + ageing * (now - joined) / 60, rank(priority, joined, config))
        for priority, joined in zip(priorities, times, strict=True)
    )
    if abs(first[0] - second[0]) > 1e-6:
        assert (first[0] > second[0]) == (first[1] < second[1])


def test_a_cart_that_grows_moves_its_customer_forward(floor):
    floor.queue()
    floor.call("c1")
    floor.call("c2")
    floor.do(events.PriorityChanged("c2", 3))
    assert floor.line() == ["c2", "c1"]
    floor.agent("ada")
    assert floor.offered_to("ada") == "c2"


def test_a_heavier_queue_is_served_first_when_the_waits_are_equal(floor):
    floor.queue("sales")
    floor.queue("care", weight=2)
    floor.call("s1", "sales")
    floor.call("k1", "care")
    floor.wait(10)
    floor.agent("ada", "sales", "care")
    assert floor.offered_to("ada") == "k1"


def test_a_light_queue_is_slower_but_never_stopped(floor):
    floor.queue("sales")
    floor.queue("care", weight=2)
    floor.call("s1", "sales")
    floor.wait(60)
    floor.call("k1", "care")
    floor.wait(50)
    floor.agent("ada", "sales", "care")
    assert floor.offered_to("ada") == "s1", "110 seconds at weight 1 against 50 at weight 2"


def test_an_agent_gets_only_contacts_of_their_queues(floor):
    floor.queue("sales")
    floor.queue("care")
    floor.call("s1", "sales")
    floor.agent("ada", "care")
    assert floor.offered("s1") == ()


def test_a_higher_level_is_asked_only_when_no_lower_one_is_idle(floor):
    floor.queue()
    floor.agent("backup", memberships={"sales": 1})
    floor.wait(60)
    floor.agent("ada", memberships={"sales": 0})
    floor.call("c1")
    floor.call("c2")
    assert (floor.offered("c1"), floor.offered("c2")) == (("ada",), ("backup",))


def test_only_agents_with_every_skill_asked_for_are_offered_a_contact(floor):
    floor.queue()
    floor.agent("ada", skills={"pt": 5})
    floor.agent("ben", skills={"pt": 5, "tech": 3})
    floor.call("c1", skills={"pt": 5, "tech": 3})
    assert floor.offered("c1") == ("ben",)


def test_a_contact_nobody_is_skilled_for_lets_the_others_past(floor):
    floor.queue()
    floor.call("hard", skills={"latin": 9})
    floor.call("easy")
    floor.agent("ada")
    assert floor.offered_to("ada") == "easy"
    assert floor.line() == ["hard", "easy"]


def test_requirements_relax_as_the_wait_grows(floor):
    floor.queue(relax=(RelaxStep(30, lower_by=3), RelaxStep(60, lower_by=9), RelaxStep(90, drop=True)))
    floor.agent("some", skills={"pt": 5})
    floor.agent("little", skills={"pt": 1})
    floor.agent("none")
    for number in (1, 2, 3):
        floor.call(f"c{number}", skills={"pt": 8})
    floor.wait(29.5)
    assert [floor.offered(f"c{number}") for number in (1, 2, 3)] == [(), (), ()]
    floor.wait(1)
    assert floor.offered("c1") == ("some",), "5 will do after 30 seconds"
    floor.connect("c1", "some")
    floor.wait(30)
    assert floor.offered("c2") == ("little",), "a requirement never falls below 1 ..."
    floor.connect("c2", "little")
    assert floor.offered("c3") == ()
    floor.wait(30)
    assert floor.offered("c3") == ("none",), "... until it is dropped"


@given(joined=st.floats(0, 1e9), after=st.floats(0.1, 1e4))
def test_a_relaxation_is_due_exactly_once_however_the_clock_is_rounded(joined, after):
    config = QueueConfig("q", "Q", relax=(RelaxStep(after, lower_by=1),))
    when = next_relaxation(config, joined, joined)
    if when is not None:
        assert needs({"pt": 5}, config, joined, when) == (("pt", 4),)
        assert next_relaxation(config, joined, when) is None


def test_a_customer_is_kept_for_their_last_agent_for_a_while(floor):
    floor.queue(sticky=30, wrap_up=0)
    floor.agent("ada")
    floor.call("c1", customer="maria")
    floor.serve("c1", "ada")
    floor.call("other")
    floor.connect("other", "ada")
    floor.agent("ben")
    floor.call("c2", customer="maria")
    assert floor.offered("c2") == (), "ben is idle, but ada may be free soon"
    floor.wait(20)
    floor.end("ada")
    assert floor.offered("c2") == ("ada",)


def test_a_customer_waits_for_their_last_agent_no_longer_than_set(floor):
    floor.queue(sticky=30)
    floor.agent("ada")
    floor.call("other")
    floor.connect("other", "ada")
    floor.agent("ben")
    floor.call("c2", preferred_agent="ada")
    floor.wait(29)
    assert floor.offered("c2") == ()
    floor.wait(1)
    assert floor.offered("c2") == ("ben",)


@pytest.mark.parametrize("gone", ["break", "unreachable", "removed"])
def test_a_customer_does_not_wait_for_an_agent_who_has_gone(floor, gone):
    floor.queue(sticky=30)
    floor.agent("ada")
    floor.call("other")
    floor.connect("other", "ada")
    floor.agent("ben")
    floor.call("c2", preferred_agent="ada")
    floor.do(
        {
            "break": events.StatusChosen("ada", "on_break", "lunch"),
            "unreachable": events.AgentUnreachable("ada", "not registered"),
            "removed": events.AgentRemoved("ada"),
        }[gone]
    )
    assert floor.offered("c2") == ("ben",)


def test_an_idle_last_agent_is_preferred_to_the_longest_idle(floor):
    floor.queue(sticky=30)
    floor.agent("ada")
    floor.wait(10)
    floor.agent("ben")
    floor.call("c1", preferred_agent="ben")
    assert floor.offered("c1") == ("ben",)


def test_an_agent_who_missed_their_customer_does_not_keep_them(floor):
    floor.queue(sticky=300, offer_timeout=10)
    floor.agent("ada")
    floor.agent("ben")
    floor.call("c1", preferred_agent="ada")
    floor.reject("c1", "ada")
    assert floor.offered("c1") == ("ben",)


def test_who_waited_before_a_restart_keeps_the_time(floor):
    floor.queue()
    floor.call("new")
    floor.call("old", enqueued_at=floor.now - 120)
    assert floor.line() == ["old", "new"]


def test_a_moved_contact_keeps_the_time_since_which_it_waits(floor):
    floor.queue("sales")
    floor.queue("care")
    floor.call("moved", "sales")
    floor.wait(5)
    floor.call("k1", "care")
    floor.wait(5)
    said = floor.do(events.MoveRequested("moved", "care"))
    assert floor.line("care") == ["moved", "k1"]
    assert floor.heard(ContactJoined, said)[0].position == 1
    assert floor.line("sales") == []
