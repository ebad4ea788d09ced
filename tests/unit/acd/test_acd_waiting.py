"""Waiting: how many, how long, what is said meanwhile, and where people go who cannot wait."""

import pytest

from pbx.acd import events
from pbx.acd.actions import Announce, ContactEnded, ContactJoined, ContactMoved, LeaveQueue
from pbx.acd.errors import ContactAlreadyQueued, IllegalContactEvent, UnknownQueue
from pbx.acd.rules.estimate import HandleTimes, expected_wait, spoken_minutes


def handle_five(floor, seconds=120):
    """Five conversations of this length, wrap-up included, so that a wait can be estimated."""
    for number in range(5):
        floor.call(f"past{number}")
        floor.serve(f"past{number}", "ada", seconds)


def test_joining_says_the_place_and_the_music(floor):
    floor.queue(music="vivaldi")
    floor.call("c1")
    assert floor.call("c2") == (ContactJoined("c2", "sales", 2, None, "vivaldi"),)


def test_a_contact_joins_once(floor):
    floor.queue()
    floor.call("c1")
    with pytest.raises(ContactAlreadyQueued):
        floor.call("c1")


def test_an_unknown_queue_is_an_error(floor):
    with pytest.raises(UnknownQueue):
        floor.call("c1", "nowhere")


def test_a_full_queue_lets_the_flow_go_on(floor):
    floor.queue(capacity=2)
    floor.call("c1")
    floor.call("c2")
    assert floor.call("c3") == (
        LeaveQueue("c3", "sales", "full"),
        ContactEnded("c3", "sales", "full", None, 0.0),
    )
    floor.hang_up("c1")
    assert floor.heard(ContactJoined, floor.call("c4"))


def test_a_full_queue_overflows_to_another(floor):
    floor.queue("sales", capacity=1, overflow_to="care")
    floor.queue("care")
    floor.call("c1")
    said = floor.call("c2")
    assert said[:2] == (
        ContactMoved("c2", "sales", "care", "full"),
        ContactJoined("c2", "care", 1, None, None),
    )


def test_overflow_does_not_go_round_in_circles(floor):
    floor.queue("sales", max_wait=30, overflow_to="care")
    floor.queue("care", max_wait=30, overflow_to="sales")
    floor.call("c1")
    said = floor.wait(300)
    assert floor.heard(ContactMoved, said) == [ContactMoved("c1", "sales", "care", "max_wait")]
    assert said[-2:] == [
        LeaveQueue("c1", "care", "max_wait"),
        ContactEnded("c1", "care", "max_wait", None, 60.0),
    ]


def test_an_offer_that_rings_when_the_longest_wait_is_over_gets_its_chance(floor):
    floor.queue(max_wait=30, offer_timeout=20)
    floor.call("c1")
    floor.wait(25)
    floor.agent("ada")
    floor.ring("c1", "ada")
    assert floor.heard(LeaveQueue, floor.wait(19)) == []
    assert floor.heard(LeaveQueue, floor.wait(1)) == [LeaveQueue("c1", "sales", "max_wait")]


@pytest.mark.parametrize(("rule", "joins"), [("wait", True), ("refuse", False), ("leave", False)])
def test_a_queue_without_anybody_logged_in_takes_newcomers_only_if_told_to_wait(floor, rule, joins):
    floor.queue(when_empty=rule)
    floor.agent("ada", status="offline")
    said = floor.call("c1")
    assert bool(floor.heard(ContactJoined, said)) == joins
    assert bool(floor.heard(LeaveQueue, said)) == (not joins)


def test_somebody_on_a_break_is_logged_in(floor):
    floor.queue(when_empty="leave")
    floor.agent("ada", status="on_break")
    assert floor.heard(ContactJoined, floor.call("c1"))


@pytest.mark.parametrize(("rule", "leave"), [("refuse", False), ("leave", True)])
def test_when_the_last_one_logs_out_those_waiting_leave_if_that_is_the_rule(floor, rule, leave):
    floor.queue(when_empty=rule)
    floor.agent("ada", status="on_break")
    floor.call("c1")
    floor.call("c2")
    said = floor.heard(LeaveQueue, floor.status("ada", "offline"))
    assert said == ([LeaveQueue(name, "sales", "no_agents") for name in ("c1", "c2")] if leave else [])


def test_hanging_up_in_the_first_seconds_is_a_short_abandon(floor):
    floor.queue(short_abandon=5)
    floor.call("c1")
    floor.wait(4)
    assert floor.hang_up("c1") == (ContactEnded("c1", "sales", "short_abandon", None, 4.0),)
    floor.call("c2")
    floor.wait(5)
    assert floor.hang_up("c2") == (ContactEnded("c2", "sales", "abandoned", None, 5.0),)


def test_who_is_taken_out_of_the_queue_has_not_abandoned(floor):
    floor.queue()
    floor.call("c1")
    floor.wait(60)
    assert floor.do(events.ContactLeft("c1", "moved")) == (ContactEnded("c1", "sales", "moved", None, 60.0),)
    assert floor.board().abandoned == 0


def test_who_has_an_agent_cannot_be_moved_to_another_queue(floor):
    floor.queue("sales")
    floor.queue("care")
    floor.agent("ada")
    floor.call("c1")
    floor.connect("c1", "ada")
    with pytest.raises(IllegalContactEvent):
        floor.do(events.MoveRequested("c1", "care"))


def test_the_place_is_announced_as_often_as_set(floor):
    floor.queue(announce_every=45)
    floor.call("c1")
    floor.call("c2")
    said = floor.wait(90)
    assert floor.heard(Announce, said) == [Announce(f"c{n}", n, None) for n in (1, 2, 1, 2)]


def test_the_announced_place_never_goes_back(floor):
    floor.queue(announce_every=45)
    floor.call("c1")
    floor.call("vip", priority=5)
    assert floor.line() == ["vip", "c1"]
    assert Announce("c1", 1, None) in floor.wait(45)


def test_nothing_is_announced_over_a_ringing_offer_nor_when_nothing_is_to_be_said(floor):
    floor.queue("sales", announce_every=45, offer_timeout=100)
    floor.queue("care", announce_every=45, announce_position=False)
    floor.agent("ada")
    floor.call("c1", "sales")
    floor.ring("c1", "ada")
    floor.call("c2", "care")
    assert floor.heard(Announce, floor.wait(90)) == []


def test_a_wait_is_unknown_before_five_contacts_and_then_said_in_whole_minutes(floor):
    floor.queue(wrap_up=0)
    floor.agent("ada")
    assert floor.board().wait_minutes is None
    handle_five(floor, seconds=110)
    floor.call("c1")
    floor.connect("c1", "ada")
    floor.call("c2")
    assert floor.heard(ContactJoined, floor.call("c3"))[0].wait_minutes == 4, "2 x 110 s are 3.7 minutes"


def test_the_announced_wait_falls_and_never_rises_again(floor):
    floor.queue(wrap_up=0, announce_every=60)
    floor.agent("ada")
    floor.agent("ben", status="offline")
    handle_five(floor, seconds=120)
    for name in ("now", "c1", "c2", "c3"):
        floor.call(name)
    floor.connect("now", "ada")
    assert floor.board().wait_minutes == 8
    floor.status("ben", "available")
    floor.connect("c1", "ben")
    first = [one.wait_minutes for one in floor.heard(Announce, floor.wait(60)) if one.contact == "c3"]
    floor.status("ben", "offline")
    later = [one.wait_minutes for one in floor.heard(Announce, floor.wait(240)) if one.contact == "c3"]
    assert first == [2]
    assert later == [2, 2, 2, 2]


def test_an_agent_of_two_queues_counts_half_in_each(floor):
    floor.queue("sales", wrap_up=0)
    floor.queue("care")
    floor.agent("ada", "sales")
    handle_five(floor, seconds=60)
    assert floor.board().wait_minutes == 1
    floor.agent("ada", "sales", "care")
    assert floor.board().wait_minutes == 2


def test_expected_wait_is_position_times_aht_by_agents_but_at_least_the_trend_of_the_line():
    assert expected_wait(3, 120, 2, 0, 10) == 180
    assert expected_wait(3, 120, 2, 900, 10) == 270, "the line has been taking 90 s a place"
    assert expected_wait(3, None, 2, 0, 10) is None
    assert expected_wait(3, 120, 0, 0, 10) is None


def test_minutes_are_rounded_up_and_at_least_one():
    assert [spoken_minutes(seconds, None) for seconds in (0, 1, 60, 61, None)] == [1, 1, 1, 2, None]
    assert spoken_minutes(600, 4) == 4


def test_handle_times_forget_what_is_more_than_an_hour_old():
    times = HandleTimes()
    for moment in range(5):
        times.record(moment, 100, 1)
    assert times.average(3600) == 100
    assert times.average(3601) is None
