"""Offers: made once, to somebody who can take them, and what becomes of them."""

import pytest

from pbx.acd import events
from pbx.acd.actions import (
    AgentReachabilityChanged,
    AgentStateChanged,
    AgentStatusChanged,
    CloseOffer,
    ConnectContact,
    ContactAnswered,
    ContactEnded,
    ContactReturned,
    MakeOffer,
)
from pbx.acd.errors import IllegalAgentEvent, NotOffered, UnknownOffer


def test_a_call_goes_from_the_queue_to_the_agent_in_this_order(floor):
    floor.queue(wrap_up=10)
    floor.agent("ada", auto_answer=True)
    assert [type(one) for one in floor.call("c1")][-2:] == [AgentStateChanged, MakeOffer]
    assert floor.said[-1] == MakeOffer("1", "c1", "sales", ("ada",), 20.0, auto_answer=("ada",))
    floor.ring("c1", "ada")
    floor.wait(4)
    assert floor.accept("c1", "ada") == (
        AgentStateChanged("ada", "ringing", "talking", "c1"),
        ConnectContact("c1", "sales", "ada", "1"),
    )
    assert floor.do(events.CallConnected("c1", "ada")) == (ContactAnswered("c1", "sales", "ada", 4.0, False),)
    floor.wait(30)
    assert floor.end("ada") == (
        ContactEnded("c1", "sales", "answered", "ada", 4.0),
        AgentStateChanged("ada", "talking", "wrap_up", "c1", until=1044.0),
    )
    assert floor.wait(10) == [AgentStateChanged("ada", "wrap_up", "idle", None)]


def test_a_missed_offer_goes_to_somebody_else_and_not_straight_back(floor):
    floor.queue(offer_timeout=15, retry_after=40)
    floor.agent("ada")
    floor.call("c1")
    floor.ring("c1", "ada")
    said = floor.wait(15)
    assert CloseOffer("1", "c1", "ada", "timed_out", "no_answer") in said
    assert ContactReturned("c1", "sales", 1, "timed_out") in said
    assert floor.offered("c1") == ()
    floor.agent("ben")
    assert floor.offered("c1") == ("ben",)
    floor.reject("c1", "ben")
    assert floor.offered("c1") == ()
    floor.wait(39)
    assert floor.offered("c1") == (), "ada keeps away for 40 seconds"
    floor.wait(1)
    assert floor.offered("c1") == ("ada",), "and then may have it again"


def test_somebody_who_has_not_had_the_contact_comes_before_somebody_who_missed_it(floor):
    floor.queue(strategy="top_down", retry_after=5, offer_timeout=10)
    for name in ("ada", "ben", "cleo"):
        floor.agent(name)
    floor.call("c1")
    seen = []
    for _ in range(3):
        seen += floor.offered("c1")
        floor.ring("c1", seen[-1])
        floor.wait(10)
    assert seen == ["ada", "ben", "cleo"]
    assert floor.offered("c1") == ("ada",)


def test_who_declines_may_have_the_next_contact_at_once(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.call("c2")
    floor.reject("c1", "ada")
    assert floor.offered_to("ada") == "c2"
    assert floor.line() == ["c1", "c2"], "the declined one is still at the head"


def test_a_returned_contact_is_at_the_head_with_its_first_time(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.wait(5)
    floor.call("c2")
    floor.do(events.AgentBusy("ada", "outbound"))
    assert floor.line() == ["c1", "c2"]
    assert floor.acd.waiting("sales")[0].enqueued_at == 1000.0
    floor.agent("ben")
    assert floor.offered_to("ben") == "c1"


def test_three_misses_in_a_row_are_a_break_and_two_are_not(floor):
    floor.queue(offer_timeout=10, retry_after=1)
    floor.agent("ada", max_misses=3)
    floor.call("c1")
    for misses in (1, 2):
        floor.ring("c1", "ada")
        assert floor.heard(AgentStatusChanged, floor.wait(11)) == []
        assert floor.figures("ada").misses_in_a_row == misses
    floor.ring("c1", "ada")
    assert floor.heard(AgentStatusChanged, floor.wait(11)) == [
        AgentStatusChanged("ada", "available", "on_break", "missed_offers", chosen_by="system")
    ]
    assert floor.offered("c1") == ()
    floor.status("ada", "available")
    assert floor.figures("ada").misses_in_a_row == 0
    assert floor.offered("c1") == ("ada",)


def test_an_answer_forgives_the_misses_before_it(floor):
    floor.queue(offer_timeout=10, retry_after=1, wrap_up=0)
    floor.agent("ada", max_misses=2)
    floor.call("c1")
    floor.ring("c1", "ada")
    floor.wait(11)
    floor.serve("c1", "ada")
    floor.call("c2")
    floor.ring("c2", "ada")
    floor.wait(11)
    assert floor.figures("ada").status == "available"
    assert floor.figures("ada").missed == 2


def test_declining_is_not_missing(floor):
    floor.queue(retry_after=1)
    floor.agent("ada", max_misses=1)
    floor.call("c1")
    floor.reject("c1", "ada")
    assert floor.figures("ada").status == "available"
    assert (floor.figures("ada").declined, floor.figures("ada").missed) == (1, 0)


def test_an_unreachable_phone_is_no_miss_but_rests_visibly(floor):
    floor.queue(retry_after=5)
    floor.agent("ada", max_misses=1, unreachable_for=30)
    floor.call("c1")
    said = floor.do(events.OfferFailed(floor.offer_of("c1"), "ada", "not registered"))
    assert AgentReachabilityChanged("ada", False, "not registered", until=1030.0) in said
    assert floor.figures("ada").status == "available"
    assert floor.figures("ada").not_offered == "not registered"
    floor.wait(29)
    assert floor.offered("c1") == ()
    assert AgentReachabilityChanged("ada", True, "") in floor.wait(1)
    assert floor.offered("c1") == ("ada",)


def test_a_phone_that_never_rang_was_unreachable_and_nobody_missed_anything(floor):
    floor.queue()
    floor.agent("ada", max_misses=1)
    floor.call("c1")
    floor.wait(20)
    assert floor.figures("ada").not_offered == "never_rang"
    assert floor.figures("ada").status == "available"
    assert floor.figures("ada").missed == 0


def test_a_phone_that_is_back_is_offered_contacts_again(floor):
    floor.queue(retry_after=1)
    floor.agent("ada")
    floor.do(events.AgentUnreachable("ada", "not registered"))
    floor.call("c1")
    floor.wait(3600)
    assert floor.offered("c1") == ()
    floor.do(events.AgentReachable("ada"))
    assert floor.offered("c1") == ("ada",)


def test_a_phone_that_vanishes_while_it_rings_loses_the_offer(floor):
    floor.queue()
    floor.agent("ada")
    floor.agent("ben")
    floor.call("c1")
    floor.ring("c1", "ada")
    floor.do(events.AgentUnreachable("ada", "not registered"))
    assert floor.offered("c1") == ("ben",)


def test_a_customer_who_hangs_up_cancels_the_offer(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.ring("c1", "ada")
    floor.wait(8)
    assert floor.hang_up("c1") == (
        CloseOffer("1", "c1", "ada", "canceled", "customer_left"),
        AgentStateChanged("ada", "ringing", "idle", None),
        ContactEnded("c1", "sales", "abandoned", None, 8.0),
    )


def test_an_agent_whose_offer_was_taken_back_keeps_the_place_among_the_idle(floor):
    floor.queue()
    floor.agent("ada")
    floor.wait(5)
    floor.agent("ben")
    floor.call("c1")
    floor.wait(3)
    floor.hang_up("c1")
    floor.call("c2")
    assert floor.offered("c2") == ("ada",)


def test_an_agent_who_declined_goes_to_the_end_of_the_idle(floor):
    floor.queue()
    floor.agent("ada")
    floor.wait(5)
    floor.agent("ben")
    floor.call("c1")
    floor.wait(3)
    floor.reject("c1", "ada")
    floor.hang_up("c1")
    floor.call("c2")
    assert floor.offered("c2") == ("ben",)


def test_a_call_on_another_device_takes_the_offer_back_without_a_miss(floor):
    floor.queue()
    floor.agent("ada", max_misses=1)
    floor.call("c1")
    floor.ring("c1", "ada")
    said = floor.do(events.AgentBusy("ada", "direct"))
    assert CloseOffer("1", "c1", "ada", "rescinded", "agent_on_another_call") in said
    assert floor.figures("ada").status == "available"
    floor.do(events.AgentFree("ada", "direct"))
    assert floor.offered("c1") == ("ada",)


def test_an_answer_an_instant_before_the_timeout_is_noticed_still_counts(floor):
    floor.queue(offer_timeout=10)
    floor.agent("ada")
    floor.call("c1")
    floor.now += 10.2
    assert ConnectContact("c1", "sales", "ada", "1") in floor.accept("c1", "ada")


def test_an_answer_after_the_offer_is_over_is_refused(floor):
    floor.queue(offer_timeout=10)
    floor.agent("ada")
    floor.call("c1")
    floor.wait(10)
    with pytest.raises(UnknownOffer):
        floor.do(events.OfferAccepted("1", "ada"))


def test_only_those_it_rings_for_can_accept_an_offer(floor):
    floor.queue(strategy="ring_all")
    floor.agent("ada")
    floor.agent("ben")
    floor.call("c1")
    floor.agent("cleo")
    with pytest.raises(NotOffered):
        floor.accept("c1", "cleo")
    floor.reject("c1", "ada")
    with pytest.raises(NotOffered):
        floor.accept("c1", "ada")


def test_a_phone_rings_once_an_offer(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.ring("c1", "ada")
    with pytest.raises(IllegalAgentEvent):
        floor.ring("c1", "ada")


def test_when_the_agent_side_breaks_before_a_word_the_contact_has_its_place_back(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.call("c2")
    floor.accept("c1", "ada")
    said = floor.do(events.ConnectFailed("c1", "ada", "media"))
    assert ContactReturned("c1", "sales", 1, "media") in said
    assert floor.line() == ["c1", "c2"]
    assert floor.offered_to("ada") == "c2"
    assert floor.board().answered == 0


def test_an_agent_who_hangs_up_before_a_word_does_not_lose_the_customer(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.accept("c1", "ada")
    assert ContactReturned("c1", "sales", 1, "agent_hung_up") in floor.end("ada")
    assert floor.line() == ["c1"]


def test_a_customer_who_hangs_up_after_the_agent_accepted_was_answered(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.wait(9)
    floor.accept("c1", "ada")
    assert ContactEnded("c1", "sales", "answered", "ada", 9.0) in floor.hang_up("c1")
    assert (floor.board().answered, floor.board().abandoned) == (1, 0)
    assert floor.figures("ada").state == "wrap_up"
