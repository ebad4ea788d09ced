"""Calls placed from the desk, on fakes."""

from typing import Any

import pytest

from pbx.calls.click_to_dial import ClickToDial
from pbx.contract.commands import Dial, HangUp, SetStatus, Transfer
from pbx.contract.events import CallBridged, ContactEnded
from pbx.errors import NotAllowed, NotFound, Unreachable, WrongState

OUTSIDE = "+33140000000"


@pytest.fixture
def desk(world: Any) -> ClickToDial:
    center = world.center
    world.available("benoit")
    return ClickToDial(
        center.switchboard, center.conversations, center.dialing, center.dispatch, center.catalog
    )


def dial(
    world: Any, desk: ClickToDial, target: str, agent: str = "alice", customer: str | None = None
) -> Any:
    contact = desk.dial(agent, Dial(target=target, customer_id=customer))
    world.turn()
    return world.center.switchboard.find(contact)


def leg_to(world: Any, uri: str) -> str:
    return next(leg for leg, target in world.media.dialed().items() if target.uri.startswith(f"sip:{uri}@"))


def outcome(world: Any) -> str:
    return str([event for event in world.told if isinstance(event, ContactEnded)][-1].outcome)


def nothing_rings(world: Any) -> bool:
    return not world.media.dialed() and not world.center.switchboard.calls


def test_the_agents_phone_answers_by_itself_and_shows_whom_it_is_about_to_call(
    world: Any, desk: ClickToDial
) -> None:
    call = dial(world, desk, "number:warehouse")

    target = world.media.legs[world.phone_of("alice")].target
    assert "answer-after=0" in dict(target.headers)["Call-Info"]
    assert (target.caller, target.caller_name) == ("warehouse", "warehouse")
    assert len(world.media.dialed()) == 1, "the other side is called when the agent is there"
    assert (call.direction, call.called, call.agent) == ("internal", "warehouse", "alice")


def test_a_phone_inside_is_called_and_both_talk(world: Any, desk: ClickToDial) -> None:
    call = dial(world, desk, "number:warehouse")
    mine = world.answers("alice")
    theirs = world.answers("warehouse")

    assert world.media.hears(call.id) == {(mine, theirs), (theirs, mine)}
    assert call.state == "talking" and call.answered_at is not None
    (bridged,) = [event for event in world.told if isinstance(event, CallBridged)]
    assert bridged.agent == "alice", "the agent who called gets the credit"

    world.hangs_up(theirs)
    assert outcome(world) == "answered" and nothing_rings(world)


def test_a_customer_outside_is_called_with_the_permission_of_the_agents_phone(
    world: Any, desk: ClickToDial
) -> None:
    world.carrier()
    world.trunks.plans = {"alice": "+33"}
    call = dial(world, desk, f"number:{OUTSIDE}", customer="camille")
    mine = world.answers("alice")
    theirs = leg_to(world, OUTSIDE)
    world.media.peer_answers(theirs)
    world.turn()

    assert (call.direction, call.customer_id) == ("outbound", "camille")
    assert call.customer.leg == theirs
    assert world.media.hears(call.id) == {(mine, theirs), (theirs, mine)}


def test_a_customer_who_was_called_can_be_put_on_hold_and_passed_on(world: Any, desk: ClickToDial) -> None:
    world.carrier()
    world.trunks.plans = {"alice": "+33"}
    call = dial(world, desk, f"number:{OUTSIDE}", customer="camille")
    world.answers("alice")
    theirs = leg_to(world, OUTSIDE)
    world.media.peer_answers(theirs)
    world.turn()

    world.center.control.hold(call.id, "alice")
    world.turn()
    assert world.media.legs[theirs].looping
    world.center.control.resume(call.id, "alice")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:benoit"))
    world.turn()
    second = world.answers("benoit")
    assert world.media.hears(call.id) == {(theirs, second), (second, theirs)}
    assert not world.agent("alice").phone_busy


def test_a_colleague_gets_an_offer_with_who_is_calling(world: Any, desk: ClickToDial) -> None:
    call = dial(world, desk, "agent:benoit")
    mine = world.answers("alice")
    (offer,) = world.center.dispatch.offers()
    assert (offer.agent, offer.contact.id) == ("benoit", call.id)

    theirs = world.answers("benoit")
    assert world.media.hears(call.id) == {(mine, theirs), (theirs, mine)}

    world.center.control.hang_up(call.id, "alice", HangUp())
    world.turn()
    assert nothing_rings(world)
    assert not world.agent("alice").phone_busy and not world.agent("benoit").phone_busy


def test_the_queues_offer_nothing_until_the_call_is_over(world: Any, desk: ClickToDial) -> None:
    world.center.dispatch.set_status("benoit", SetStatus(status="offline"))
    world.available("alice")
    dial(world, desk, "number:warehouse")
    assert world.agent("alice").phone_busy
    world.customer_queues()
    assert not world.center.dispatch.offers()

    world.answers("alice")
    world.hangs_up(world.answers("warehouse"))

    assert not world.agent("alice").phone_busy
    assert world.center.dispatch.offers()[0].agent == "alice"


def test_an_agent_whose_phone_does_not_answer_calls_nobody(world: Any, desk: ClickToDial) -> None:
    dial(world, desk, "number:warehouse")
    world.hangs_up(world.phone_of("alice"), 408)

    assert outcome(world) == "failed" and nothing_rings(world)
    assert not world.agent("alice").phone_busy


def test_an_agent_who_hangs_up_before_an_answer_stops_the_ringing(world: Any, desk: ClickToDial) -> None:
    dial(world, desk, "number:warehouse")
    mine = world.answers("alice")
    assert world.phone_of("warehouse")

    world.hangs_up(mine)

    assert outcome(world) == "failed" and nothing_rings(world)
    assert not world.agent("alice").phone_busy


def test_an_agent_who_hangs_up_while_a_colleague_rings_takes_the_offer_back(
    world: Any, desk: ClickToDial
) -> None:
    dial(world, desk, "agent:benoit")
    world.hangs_up(world.answers("alice"))

    assert not world.center.dispatch.offers() and nothing_rings(world)
    assert not world.agent("benoit").phone_busy


@pytest.mark.parametrize(("target", "status"), [("warehouse", 486), ("benoit", 603)])
def test_a_target_that_does_not_answer_ends_the_call(
    world: Any, desk: ClickToDial, target: str, status: int
) -> None:
    dial(world, desk, f"agent:{target}" if target == "benoit" else f"number:{target}")
    world.answers("alice")
    world.hangs_up(world.phone_of(target), status)

    assert outcome(world) == "failed" and nothing_rings(world)
    assert not world.agent("alice").phone_busy


def test_a_number_that_the_trunk_refuses_ends_the_call(world: Any, desk: ClickToDial) -> None:
    world.carrier()
    world.trunks.plans = {"alice": "+33"}
    dial(world, desk, "number:+4930123456")
    world.answers("alice")

    assert outcome(world) == "failed" and nothing_rings(world)


@pytest.mark.parametrize(
    ("agent", "target", "error"),
    [
        ("nobody", "number:warehouse", NotFound),
        ("alice", "agent:nobody", NotFound),
        ("alice", "queue:shop", WrongState),
        ("alice", "agent:alice", WrongState),
        ("alice", f"number:{OUTSIDE}", NotAllowed),
    ],
)
def test_what_cannot_be_called_is_refused_before_anything_rings(
    world: Any, desk: ClickToDial, agent: str, target: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        desk.dial(agent, Dial(target=target))
    world.turn()

    assert nothing_rings(world)


@pytest.mark.parametrize(("off", "target"), [("alice", "number:warehouse"), ("benoit", "agent:benoit")])
def test_a_phone_that_is_not_connected_is_refused(
    world: Any, desk: ClickToDial, off: str, target: str
) -> None:
    world.phones.off.add(off)
    world.center.dispatch.phone_reachable(off, False)
    world.turn()

    with pytest.raises(Unreachable):
        desk.dial("alice", Dial(target=target))
    assert nothing_rings(world)


def test_an_agent_in_a_call_places_no_other(world: Any, desk: ClickToDial) -> None:
    world.talking("alice")

    with pytest.raises(Unreachable):
        desk.dial("alice", Dial(target="number:warehouse"))


def test_an_agent_who_is_away_is_not_called_but_may_call(world: Any, desk: ClickToDial) -> None:
    world.center.dispatch.set_status("benoit", SetStatus(status="offline"))
    world.turn()

    with pytest.raises(Unreachable):
        desk.dial("alice", Dial(target="agent:benoit"))
    assert dial(world, desk, "number:warehouse", agent="benoit").agent == "benoit"
