"""Agents: the status they choose, the state they are in, wrap-up, other calls, transfers."""

import pytest

from pbx.acd import events
from pbx.acd.actions import AgentStateChanged, AgentStatusChanged, CloseOffer
from pbx.acd.errors import AcdError, BadSetting, IllegalAgentEvent, IllegalContactEvent, UnknownAgent


def in_a_call(floor, wrap_up=30):
    floor.queue(wrap_up=wrap_up)
    floor.agent("ada")
    floor.call("c1")
    floor.connect("c1", "ada")


def test_a_new_agent_is_offline_and_gets_nothing(floor):
    floor.queue()
    floor.agent("ada", status="offline")
    floor.call("c1")
    assert floor.offered("c1") == ()
    assert floor.figures("ada").not_offered == "offline"


def test_an_agent_on_a_break_gets_nothing_and_the_reason_is_visible(floor):
    floor.queue()
    floor.agent("ada")
    floor.status("ada", "on_break", "lunch")
    floor.call("c1")
    assert floor.offered("c1") == ()
    assert (floor.figures("ada").status, floor.figures("ada").status_reason) == ("on_break", "lunch")


def test_a_break_may_change_its_reason_and_choosing_the_same_again_says_nothing(floor):
    floor.queue()
    floor.agent("ada")
    floor.status("ada", "on_break", "lunch")
    assert floor.status("ada", "on_break", "lunch") == ()
    assert floor.status("ada", "on_break", "training") == (
        AgentStatusChanged("ada", "on_break", "on_break", "training"),
    )


def test_a_break_chosen_while_the_phone_rings_takes_the_offer_back_without_a_miss(floor):
    floor.queue()
    floor.agent("ada")
    floor.call("c1")
    floor.ring("c1", "ada")
    said = floor.status("ada", "on_break", "lunch")
    assert CloseOffer("1", "c1", "ada", "rescinded", "agent_on_break") in said
    assert floor.figures("ada").missed == 0
    assert floor.line() == ["c1"]


@pytest.mark.parametrize("status", ["on_break", "offline"])
def test_a_status_chosen_during_a_call_keeps_the_call_and_counts_when_it_ends(floor, status):
    in_a_call(floor)
    floor.call("c2")
    assert floor.status("ada", status) == (AgentStatusChanged("ada", "available", status, ""),)
    assert floor.figures("ada").state == "talking"
    floor.end("ada")
    floor.wait(60)
    assert floor.figures("ada").state == "idle"
    assert floor.offered("c2") == ()


def test_nobody_but_the_agent_ends_a_break(floor):
    floor.queue()
    floor.agent("ada")
    floor.status("ada", "on_break", "lunch")
    floor.call("c1")
    floor.wait(24 * 3600)
    assert floor.figures("ada").status == "on_break"


def test_wrap_up_is_honoured_while_people_wait(floor):
    in_a_call(floor, wrap_up=30)
    floor.call("c2")
    floor.end("ada")
    floor.wait(29)
    assert floor.offered("c2") == ()
    floor.wait(1)
    assert floor.offered("c2") == ("ada",)


def test_the_agent_may_end_the_wrap_up_early(floor):
    in_a_call(floor)
    floor.call("c2")
    floor.end("ada")
    floor.do(events.WrapUpDone("ada"))
    assert floor.offered("c2") == ("ada",)


def test_the_agent_may_extend_the_wrap_up(floor):
    in_a_call(floor, wrap_up=30)
    floor.call("c2")
    floor.end("ada")
    floor.wait(20)
    assert floor.do(events.WrapUpExtended("ada", 60)) == (
        AgentStateChanged("ada", "wrap_up", "wrap_up", "c1", until=1090.0),
    )
    floor.wait(69)
    assert floor.offered("c2") == ()
    floor.wait(1)
    assert floor.offered("c2") == ("ada",)


def test_wrap_up_is_extended_by_more_than_nothing(floor):
    in_a_call(floor)
    floor.end("ada")
    with pytest.raises(BadSetting):
        floor.do(events.WrapUpExtended("ada", 0))


def test_a_wrap_up_of_no_seconds_is_over_at_once(floor):
    in_a_call(floor, wrap_up=0)
    floor.call("c2")
    floor.end("ada")
    assert floor.offered("c2") == ("ada",)


def test_holding_and_resuming_are_states_of_their_own(floor):
    in_a_call(floor)
    floor.do(events.CallHeld("ada"))
    assert floor.figures("ada").state == "holding"
    floor.do(events.CallResumed("ada"))
    floor.do(events.CallHeld("ada"))
    floor.end("ada")
    assert floor.figures("ada").state == "wrap_up"


def test_an_agent_on_another_call_gets_nothing_until_the_last_one_is_over(floor):
    floor.queue()
    floor.agent("ada")
    floor.do(events.AgentBusy("ada", "x"))
    floor.do(events.AgentBusy("ada", "x"))
    floor.do(events.AgentBusy("ada", "y"))
    floor.call("c1")
    floor.do(events.AgentFree("ada", "x"))
    assert floor.offered("c1") == ()
    assert floor.figures("ada").not_offered == "on_another_call"
    floor.do(events.AgentFree("ada", "y"))
    floor.do(events.AgentFree("ada", "y"))
    assert floor.offered("c1") == ("ada",)


def test_a_transfer_gives_the_credit_to_who_finishes(floor):
    in_a_call(floor, wrap_up=10)
    floor.agent("ben")
    floor.do(events.AgentBusy("ben", "consult"))
    floor.wait(20)
    floor.do(events.ContactTransferred("c1", "ben"))
    floor.do(events.AgentFree("ben", "consult"))
    assert (floor.figures("ada").state, floor.figures("ben").state) == ("wrap_up", "talking")
    floor.wait(40)
    floor.end("ben")
    floor.wait(10)
    assert (floor.figures("ada").handled, floor.figures("ben").handled) == (0, 1)
    assert (floor.figures("ada").talk, floor.figures("ben").talk) == (20.0, 40.0)
    assert floor.board().aht == 80.0, "talk and wrap-up of both, for one contact"


def test_a_transfer_to_an_agent_whose_phone_rings_takes_that_offer_back(floor):
    in_a_call(floor)
    floor.agent("ben")
    floor.call("c2")
    assert floor.offered_to("ben") == "c2"
    floor.do(events.ContactTransferred("c1", "ben"))
    assert floor.figures("ben").contact == "c1"
    assert floor.line() == ["c2"]


def test_a_transfer_to_an_agent_in_a_call_is_refused(floor):
    in_a_call(floor)
    floor.agent("ben")
    floor.call("c2")
    floor.connect("c2", "ben")
    with pytest.raises(IllegalAgentEvent):
        floor.do(events.ContactTransferred("c1", "ben"))


def test_a_contact_that_nobody_has_cannot_be_transferred(floor):
    floor.queue()
    floor.agent("ada", status="offline")
    floor.call("c1")
    with pytest.raises(IllegalContactEvent):
        floor.do(events.ContactTransferred("c1", "ada"))


@pytest.mark.parametrize(
    "event",
    [
        events.CallHeld("ada"),
        events.CallResumed("ada"),
        events.CallEnded("ada"),
        events.WrapUpDone("ada"),
        events.WrapUpExtended("ada", 5),
        events.CallConnected("c1", "ada"),
        events.OfferAccepted("9", "ada"),
        events.StatusChosen("nobody", "available"),
        events.ContactLeft("nobody"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_that_does_not_fit_raises_and_changes_nothing(floor, event):
    floor.queue()
    floor.agent("ada")
    floor.agent("ben")
    floor.call("c1")
    before = repr(floor.acd._state)
    with pytest.raises(AcdError):
        floor.do(event)
    assert repr(floor.acd._state) == before


def test_errors_have_stable_ids(floor):
    with pytest.raises(UnknownAgent) as error:
        floor.status("nobody", "available")
    assert error.value.id == "unknown_agent"


def test_time_does_not_run_backwards(floor):
    floor.queue()
    floor.now -= 1
    with pytest.raises(AcdError) as error:
        floor.queue()
    assert error.value.id == "clock_went_back"
