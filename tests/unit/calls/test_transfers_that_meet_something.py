"""Consultations, conferences and transfers, when somebody leaves in the middle."""

from typing import Any

import pytest

from pbx.contract.commands import Conference, HangUp, Transfer
from pbx.errors import NotAllowed, WrongState
from pbx.events import LegTransferRequested


def consulting(world: Any, answered: bool = True, target: str = "benoit") -> tuple[Any, str, str]:
    call, leg = world.talking("alice")
    world.asks(call, "alice", target)
    return call, leg, world.answers(target) if answered else world.phone_of(target)


def in_conference(world: Any) -> tuple[Any, str, str]:
    call, leg, second = consulting(world)
    world.center.control.conference(call.id, "alice", Conference())
    world.turn()
    return call, leg, second


def both(one: str, other: str) -> set[tuple[str, str]]:
    return {(one, other), (other, one)}


def test_the_consulted_party_who_hangs_up_leaves_agent_and_customer_talking(world: Any) -> None:
    call, leg, second = consulting(world)

    world.hangs_up(second)

    assert world.media.hears(call.id) == both("c1", leg)
    assert world.agent("alice").state == "talking" and not world.agent("benoit").phone_busy


def test_the_consulted_party_may_hang_up_on_the_desk_and_do_nothing_else(world: Any) -> None:
    call, leg, second = consulting(world)
    control = world.center.control
    for command in (
        lambda: control.complete_transfer(call.id, "benoit"),
        lambda: control.hold(call.id, "benoit"),
        lambda: control.transfer(call.id, "benoit", Transfer(kind="blind", target="agent:carla")),
    ):
        with pytest.raises(NotAllowed):
            command()

    control.hang_up(call.id, "benoit", HangUp())
    world.turn()

    assert world.media.legs[second].ended and world.media.hears(call.id) == both("c1", leg)


def test_hanging_up_on_the_desk_in_a_consultation_completes_the_transfer(world: Any) -> None:
    call, leg, second = consulting(world)

    world.center.control.hang_up(call.id, "alice", HangUp())
    world.turn()

    assert world.media.legs[leg].ended and world.media.hears(call.id) == both("c1", second)
    assert call.agent == "benoit"


def test_hanging_up_before_the_consulted_party_answers_sends_the_customer_there(world: Any) -> None:
    call, leg, second = consulting(world, answered=False)

    world.hangs_up(leg)
    assert world.media.legs["c1"].looping and world.agent("alice").state == "wrap_up"
    assert world.agent("benoit").state == "idle", "nobody has the credit yet"

    world.media.peer_answers(second)
    world.turn()
    assert world.media.hears(call.id) == both("c1", second) and world.media.legs["c1"].playing is None
    assert call.agent == "benoit" and world.agent("benoit").state == "talking"


def test_if_the_consulted_party_then_declines_the_customer_waits_again(world: Any) -> None:
    call, leg, second = consulting(world, answered=False)
    world.hangs_up(leg)

    world.hangs_up(second, 486)

    assert call.state in ("queued", "offered") and world.media.legs["c1"].looping


def test_a_customer_who_leaves_a_consultation_leaves_both_agents_talking(world: Any) -> None:
    call, leg, second = consulting(world)
    world.hangs_up("c1")
    assert world.media.hears(call.id) == both(leg, second)
    with pytest.raises(WrongState):
        world.center.control.complete_transfer(call.id, "alice")

    world.center.control.cancel_transfer(call.id, "alice")
    world.turn()

    assert call.over and world.media.legs[leg].ended and world.media.legs[second].ended


def test_a_late_end_of_a_canceled_consultation_does_not_end_the_next_one(world: Any) -> None:
    call, leg, _ = consulting(world)
    world.media.slow_hang_ups = True
    world.center.control.cancel_transfer(call.id, "alice")
    world.asks(call, "alice", "carla")

    world.media.finish_hang_ups()
    world.turn()

    third = world.answers("carla")
    assert world.media.hears(call.id) == both(leg, third) and world.media.legs["c1"].looping


def test_the_agent_who_is_hung_up_is_heard_no_more_though_the_phone_takes_a_moment(world: Any) -> None:
    call, leg, second = consulting(world)
    world.media.slow_hang_ups = True

    world.center.control.complete_transfer(call.id, "alice")
    world.turn()

    assert world.media.hears(call.id) == both("c1", second)
    assert leg not in {one.id for one in call.view().participants}


def test_from_hold_into_a_conference_the_agent_is_talking(world: Any) -> None:
    call, _, _ = consulting(world)
    assert world.agent("alice").state == "holding"

    world.center.control.conference(call.id, "alice", Conference())
    world.turn()

    assert world.agent("alice").state == "talking"


def test_a_colleague_who_resumes_ends_the_owners_hold(world: Any) -> None:
    call, _, _ = in_conference(world)
    world.center.control.hold(call.id, "alice")
    world.turn()
    assert world.agent("alice").state == "holding"

    world.center.control.resume(call.id, "benoit")
    world.turn()

    assert world.agent("alice").state == "talking"


def test_who_stays_in_a_conference_gets_the_contact_and_the_wrap_up(world: Any) -> None:
    call, leg, second = in_conference(world)

    world.hangs_up(leg)

    assert call.agent == "benoit" and world.agent("benoit").contact == call.id
    assert (world.agent("alice").state, world.agent("benoit").state) == ("wrap_up", "talking")
    assert not world.agent("benoit").phone_busy
    world.hangs_up("c1")
    assert world.media.legs[second].ended and world.agent("benoit").state == "wrap_up"


def test_a_conference_goes_on_while_somebodys_phone_holds(world: Any) -> None:
    world.carrier()
    call, leg = world.talking("alice")
    world.center.control.conference(call.id, "alice", Conference(target="number:+33142000000"))
    world.turn()
    outside = next(one for one, target in world.media.dialed().items() if target.trunk == "carrier")
    world.media.peer_answers(outside)
    world.media.peer_holds(leg)
    world.turn()

    world.hangs_up(outside)

    assert not call.over and world.media.legs["c1"].looping
    world.media.peer_resumes(leg)
    world.turn()
    assert world.media.hears(call.id) == both("c1", leg)


def test_who_blindly_transfers_out_of_a_conference_leaves_the_others_talking(world: Any) -> None:
    call, _, second = in_conference(world)
    world.available("carla")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:carla"))
    world.turn()
    assert world.media.hears(call.id) == both("c1", second)

    world.hangs_up(world.phone_of("carla"), 486)

    assert call.state == "talking" and world.media.hears(call.id) == both("c1", second)


def test_a_transfer_from_a_conference_to_a_queue_lets_everybody_else_go(world: Any) -> None:
    call, leg, second = in_conference(world)

    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="queue:returns"))
    world.turn()

    assert world.media.legs[leg].ended and world.media.legs[second].ended
    assert call.state == "queued" and not world.media.hears(call.id) and world.media.legs["c1"].looping


def test_a_direct_call_on_hold_hears_music(world: Any) -> None:
    world.media.peer_calls("p1", "alice", "benoit", account="alice")
    world.turn()
    second = world.answers("benoit")
    call = world.center.switchboard.call_of("p1")

    world.center.control.hold(call.id, "alice")
    world.turn()

    assert world.media.hears(call.id) == frozenset() and world.media.legs[second].looping


def test_an_attended_transfer_may_be_asked_for_on_either_call(world: Any) -> None:
    call, leg = world.talking("alice")
    world.media.peer_calls("a2", "alice", "benoit", account="alice")
    world.turn()
    second = world.answers("benoit")

    world.bus.publish(LegTransferRequested("a2", "sip:c1@shop.example", replaces_leg=leg))
    world.turn()

    assert world.media.hears(call.id) == both("c1", second) and world.media.legs["a2"].notified == [200]
    assert (world.agent("alice").state, world.agent("benoit").state) == ("wrap_up", "talking")
    world.hangs_up(second)
    assert world.agent("benoit").state == "wrap_up" and not world.agent("benoit").phone_busy


def test_nobody_is_transferred_to_themselves(world: Any) -> None:
    call, leg = world.talking("alice")
    world.media.peer_calls("a2", "alice", "alice", account="alice")
    world.turn()
    world.answers("alice")

    world.bus.publish(LegTransferRequested(leg, "sip:alice@shop.example", replaces_leg="a2"))
    world.turn()

    assert world.media.legs[leg].notified == [603] and world.media.hears(call.id) == both("c1", leg)


def test_a_phone_that_transfers_hears_so_before_it_is_hung_up(world: Any) -> None:
    _, leg = world.talking("alice")
    world.available("benoit")
    told: list[str] = []
    hang_up, progress = world.media.hang_up, world.media.transfer_progress
    world.media.hang_up = lambda one, *how, **more: (told.append(f"bye {one}"), hang_up(one, *how, **more))
    world.media.transfer_progress = lambda one, status: (
        told.append(f"{status} {one}"),
        progress(one, status),
    )

    world.bus.publish(LegTransferRequested(leg, "sip:benoit@shop.example"))
    world.turn()

    assert told == [f"200 {leg}", f"bye {leg}"]
