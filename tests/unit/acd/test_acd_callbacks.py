"""Callbacks keep the caller's place, are made once a number, are tried again, and stand in nobody's way."""

import pytest

from pbx.acd import events
from pbx.acd.actions import (
    AgentStateChanged,
    CallbackPlaced,
    CallbackPostponed,
    CloseOffer,
    ContactAnswered,
    ContactEnded,
    DialCallback,
    MakeOffer,
)
from pbx.acd.errors import IllegalContactEvent

NUMBER = "+351211234567"


def ask(floor, contact, number=NUMBER):
    return floor.do(events.CallbackRequested(contact, number))


def test_a_callback_keeps_the_place_after_the_caller_has_hung_up(floor):
    floor.queue()
    floor.call("c1")
    floor.call("c2")
    floor.call("c3")
    assert ask(floor, "c2") == (CallbackPlaced("c2", "sales", NUMBER, 2),)
    assert floor.hang_up("c2") == ()
    assert floor.line() == ["c1", "c2", "c3"]
    assert (floor.board().waiting, floor.board().callbacks_waiting, floor.board().abandoned) == (2, 1, 0)


def test_a_callback_whose_turn_it_is_is_offered_and_then_dialed(floor):
    floor.queue()
    floor.call("c1")
    ask(floor, "c1")
    floor.hang_up("c1")
    floor.wait(100)
    floor.agent("ada")
    assert floor.heard(MakeOffer) == [MakeOffer("1", "c1", "sales", ("ada",), 20.0, (), callback=True)]
    assert floor.accept("c1", "ada")[-1] == DialCallback("c1", "sales", "ada", "1", NUMBER, 1)
    floor.wait(12)
    assert floor.do(events.CallConnected("c1", "ada")) == (
        ContactAnswered("c1", "sales", "ada", 100.0, callback=True),
    )
    floor.end("ada")
    assert floor.figures("ada").state == "wrap_up"
    assert (floor.board().callbacks_answered, floor.board().answered) == (1, 0)


def test_a_customer_who_does_not_answer_is_tried_again_at_the_old_place_and_then_given_up(floor):
    floor.queue(callback_retries=2, callback_retry_after=300)
    floor.agent("ada")
    floor.do(events.AgentBusy("ada", "x"))
    floor.call("c1")
    ask(floor, "c1")
    for attempt in (1, 2):
        floor.do(events.AgentFree("ada", "x"))
        floor.accept("c1", "ada")
        said = floor.do(events.CallbackFailed("c1", "no_answer"))
        assert said[:2] == (
            AgentStateChanged("ada", "talking", "idle", None),
            CallbackPostponed("c1", "sales", attempt, floor.now + 300, "no_answer"),
        )
        floor.do(events.AgentBusy("ada", "x"))
        floor.call(f"live{attempt}")
        floor.wait(299)
        assert "c1" not in floor.line()
        floor.wait(1)
        assert floor.line()[0] == "c1", "its place is the old one"
    floor.do(events.AgentFree("ada", "x"))
    floor.accept("c1", "ada")
    assert ContactEnded("c1", "sales", "callback_failed", None, 600.0) in floor.do(
        events.CallbackFailed("c1", "no_answer")
    )
    assert floor.offered_to("ada") == "live1"


def test_live_callers_are_served_while_a_callback_rests(floor):
    floor.queue(callback_retry_after=300)
    floor.call("c1")
    ask(floor, "c1")
    floor.call("live")
    floor.agent("ada")
    floor.accept("c1", "ada")
    floor.do(events.CallbackFailed("c1", "busy"))
    assert floor.offered_to("ada") == "live"


def test_a_callback_is_not_starved_by_live_callers_who_came_later(floor):
    floor.queue(wrap_up=0)
    floor.call("c1")
    ask(floor, "c1")
    for number in range(20):
        floor.call(f"live{number}")
    floor.agent("ada")
    assert floor.offered_to("ada") == "c1"


def test_one_number_has_one_callback_in_a_queue(floor):
    floor.queue()
    floor.call("c1")
    ask(floor, "c1")
    floor.call("c2")
    floor.call("c3")
    assert ask(floor, "c3") == (
        CallbackPlaced("c3", "sales", NUMBER, 1, merged_into="c1"),
        ContactEnded("c3", "sales", "callback_merged", None, 0.0),
    )
    assert floor.line() == ["c1", "c2"]


def test_a_restored_callback_to_a_number_that_waits_is_merged_too(floor):
    floor.queue()
    floor.call("c1", number=NUMBER, callback=True)
    floor.call("c2", number=NUMBER, callback=True, enqueued_at=floor.now - 60)
    assert floor.line() == ["c1"]


def test_the_same_number_may_be_called_back_again_once_it_has_been_answered(floor):
    floor.queue(wrap_up=0)
    floor.agent("ada")
    floor.call("c1", number=NUMBER, callback=True)
    floor.serve("c1", "ada")
    floor.call("c2", number=NUMBER, callback=True)
    assert floor.offered_to("ada") == "c2"


def test_who_calls_again_and_is_answered_need_not_be_called_back(floor):
    floor.queue()
    floor.call("c1")
    ask(floor, "c1")
    floor.call("again", number=NUMBER, priority=5)
    floor.agent("ada")
    said = floor.connect("again", "ada")
    assert ContactEnded("c1", "sales", "callback_not_needed", None, 0.0) in said


def test_a_callback_does_not_take_a_line_and_knows_no_longest_wait(floor):
    floor.queue(capacity=1, max_wait=30, announce_every=10)
    floor.call("c1")
    ask(floor, "c1")
    floor.call("c2")
    assert floor.line() == ["c1", "c2"]
    floor.wait(60)
    assert floor.line() == ["c1"]


def test_a_callback_that_nobody_gets_to_in_time_is_given_up(floor):
    floor.queue(callback_expires=3600)
    floor.call("c1")
    floor.wait(600)
    ask(floor, "c1")
    assert ContactEnded("c1", "sales", "callback_expired", None, 3600.0) in floor.wait(3000)


def test_a_callback_requested_while_a_phone_rings_is_offered_anew_as_a_callback(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.ring("c1", "ada")
    said = ask(floor, "c1")
    assert CloseOffer("1", "c1", "ada", "rescinded", "callback_requested") in said
    assert floor.heard(MakeOffer, said) == [MakeOffer("2", "c1", "sales", ("ada",), 20.0, (), callback=True)]


def test_a_callback_can_be_canceled_even_while_it_rings_or_rests(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1", number=NUMBER, callback=True)
    assert floor.do(events.CallbackCanceled("c1"))[-1].outcome == "callback_canceled"
    floor.call("c2", number=NUMBER, callback=True)
    floor.accept("c2", "ada")
    floor.do(events.CallbackFailed("c2", "busy"))
    assert floor.do(events.CallbackCanceled("c2"))[-1].outcome == "callback_canceled"
    assert floor.acd.next_wake() is None


def test_a_contact_on_the_line_cannot_be_canceled_as_a_callback(floor):
    floor.queue()
    floor.call("c1")
    with pytest.raises(IllegalContactEvent):
        floor.do(events.CallbackCanceled("c1"))


def test_a_callback_is_asked_for_once(floor):
    floor.queue()
    floor.call("c1")
    ask(floor, "c1")
    with pytest.raises(IllegalContactEvent):
        ask(floor, "c1", "+351219999999")


def test_an_agent_who_hangs_up_while_the_customer_is_dialed_returns_the_callback(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1", number=NUMBER, callback=True)
    floor.accept("c1", "ada")
    floor.end("ada")
    assert floor.line() == ["c1"]
    floor.agent("ben")
    assert floor.accept("c1", "ben")[-1].attempt == 1, "the customer was not reached, nor failed to answer"
