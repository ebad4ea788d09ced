"""Hold, mute, transfers, conferences, callbacks and direct calls, on fakes."""

from typing import Any

import pytest

from pbx.contract.commands import Conference, HangUp, SendDigits, Transfer, WrapUp
from pbx.errors import IllegalTransition, NotAllowed, NotFound, Unreachable, WrongState
from pbx.events import LegHeld, LegResumed, LegTransferRequested


def test_hold_plays_music_to_the_customer_and_resume_brings_both_together(world: Any) -> None:
    call, leg = world.talking()
    control = world.center.control

    control.hold(call.id, "alice")
    world.turn()
    assert world.media.hears(call.id) == frozenset()
    assert world.media.legs["c1"].looping and world.agent("alice").state == "holding"
    with pytest.raises(IllegalTransition):
        control.hold(call.id, "alice")

    control.resume(call.id, "alice")
    world.turn()
    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}
    assert world.media.legs["c1"].playing is None and world.agent("alice").state == "talking"


def test_mute_silences_the_agent_only(world: Any) -> None:
    call, leg = world.talking()

    world.center.control.mute(call.id, "alice", True)
    world.turn()

    assert world.media.hears(call.id) == {("c1", leg)}
    assert world.media.legs["c1"].playing is None, "a muted agent is silence, not music"


def test_somebody_elses_call_cannot_be_touched(world: Any) -> None:
    call, _ = world.talking()

    with pytest.raises(NotAllowed):
        world.center.control.hold(call.id, "benoit")
    with pytest.raises(NotFound):
        world.center.control.hold("nothing", "alice")


def test_keys_go_to_the_customers_side(world: Any) -> None:
    call, leg = world.talking()

    world.center.control.send_digits(call.id, "alice", SendDigits(digits="12#"))

    assert world.media.legs["c1"].digits == "12#" and world.media.legs[leg].digits == ""


def test_when_the_agents_phone_holds_the_customer_hears_music(world: Any) -> None:
    call, leg = world.talking()

    world.bus.publish(LegHeld(leg))
    world.turn()
    assert world.media.legs["c1"].looping and world.media.hears(call.id) == frozenset()

    world.bus.publish(LegResumed(leg))
    world.turn()
    assert world.media.legs["c1"].playing is None
    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}


def test_a_blind_transfer_to_an_agent_shows_the_pop_and_moves_the_credit(world: Any) -> None:
    call, leg = world.talking("alice")
    world.available("benoit")

    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:benoit"))
    world.turn()
    assert world.media.legs[leg].ended and world.media.legs["c1"].looping
    assert world.center.dispatch.offers()[0].agent == "benoit"

    second = world.answers("benoit")
    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}
    assert call.agent == "benoit" and world.agent("alice").state == "wrap_up"
    world.wait(11)
    assert world.agent("alice").state == "idle"
    world.hangs_up("c1")
    assert world.agent("benoit").state == "wrap_up"


def test_a_blind_transfer_that_nobody_answers_gives_the_caller_back_to_the_queue(world: Any) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:benoit"))
    world.turn()

    world.media.peer_ends(world.phone_of("benoit"), 486)
    world.turn()

    assert call.state in ("queued", "offered") and call.customer is not None


def test_a_transfer_to_a_queue_waits_there(world: Any) -> None:
    call, leg = world.talking("alice")

    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="queue:returns"))
    world.turn()

    assert call.queue == "returns" and call.state == "queued" and world.media.legs[leg].ended
    assert world.agent("alice").state == "wrap_up" and world.media.legs["c1"].looping


def test_a_consultation_is_private_and_then_hands_the_customer_over(world: Any) -> None:
    call, leg = world.talking("alice")
    world.available("benoit")
    control = world.center.control

    control.transfer(call.id, "alice", Transfer(kind="consult", target="agent:benoit"))
    world.turn()
    assert world.media.legs["c1"].looping
    with pytest.raises(WrongState):
        control.complete_transfer(call.id, "alice")
    second = world.answers("benoit")
    assert world.media.hears(call.id) == {(leg, second), (second, leg)}

    control.complete_transfer(call.id, "alice")
    world.turn()
    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}
    assert call.agent == "benoit" and world.agent("alice").state == "wrap_up"
    assert world.agent("benoit").state == "talking"


def test_a_canceled_consultation_returns_to_the_customer(world: Any) -> None:
    call, leg = world.talking("alice")
    world.asks(call, "alice", "benoit")

    world.center.control.cancel_transfer(call.id, "alice")
    world.turn()

    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}
    assert not [one for one in world.media.dialed() if one != leg]
    assert world.agent("benoit").phone_busy is False and world.agent("alice").state == "talking"
    assert not world.center.dispatch.offers()


def test_the_consulted_party_who_declines_leaves_agent_and_customer_talking(world: Any) -> None:
    call, leg = world.talking("alice")
    world.asks(call, "alice", "benoit")

    world.media.peer_ends(world.phone_of("benoit"), 486)
    world.turn()

    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}


def test_hanging_up_in_a_consultation_completes_the_transfer(world: Any) -> None:
    call, leg = world.talking("alice")
    second = world.consults(call, "alice", "benoit")

    world.hangs_up(leg)

    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}
    assert call.agent == "benoit"


def test_a_conference_of_three_survives_one_leaving(world: Any) -> None:
    call, leg = world.talking("alice")
    second = world.consults(call, "alice", "benoit")

    world.center.control.conference(call.id, "alice", Conference())
    world.turn()
    assert len(world.media.hears(call.id)) == 6

    world.center.control.hang_up(call.id, "alice", HangUp())
    world.turn()
    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}
    assert world.media.legs[leg].ended and not call.over
    world.hangs_up("c1")
    assert call.over and world.media.legs[second].ended


def test_outside_numbers_need_the_agents_own_permission(world: Any) -> None:
    world.carrier()
    call, _ = world.talking("benoit")
    with pytest.raises(NotAllowed):
        world.center.control.transfer(
            call.id, "benoit", Transfer(kind="consult", target="number:+33142000000")
        )
    world.hangs_up("c1")

    call, _ = world.talking_again("alice")
    with pytest.raises(NotAllowed):
        world.center.control.transfer(
            call.id, "alice", Transfer(kind="consult", target="number:+14155550100")
        )
    world.center.control.transfer(call.id, "alice", Transfer(kind="consult", target="number:+33142000000"))
    world.turn()
    assert any(target.trunk == "carrier" for target in world.media.dialed().values())


def test_a_refer_from_the_agents_phone_is_a_blind_transfer(world: Any) -> None:
    call, leg = world.talking("alice")
    world.available("benoit")

    world.bus.publish(LegTransferRequested(leg, "sip:benoit@shop.example"))
    world.turn()

    assert world.media.legs[leg].notified == [200] and world.media.legs[leg].ended
    second = world.answers("benoit")
    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}


def test_a_customers_phone_cannot_transfer_itself(world: Any) -> None:
    call, leg = world.talking("alice")

    world.bus.publish(LegTransferRequested("c1", "sip:benoit@shop.example"))
    world.turn()

    assert world.media.legs["c1"].notified == [603]
    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}


def test_nobody_can_join_a_call_of_another_agents_phone(world: Any) -> None:
    _, leg = world.talking("alice")
    world.media.peer_calls("b2", "benoit", "carla", account="benoit")
    world.turn()
    world.answers("carla")

    world.bus.publish(LegTransferRequested(leg, "sip:carla@shop.example", replaces_leg="b2"))
    world.turn()

    assert world.media.legs[leg].notified == [603] and not world.media.legs["b2"].ended


def test_an_attended_transfer_by_the_phone_joins_its_two_calls(world: Any) -> None:
    call, leg = world.talking("alice")
    world.available("benoit")
    world.media.peer_calls("a2", "alice", "benoit", account="alice")
    world.turn()
    second = world.answers("benoit")

    world.bus.publish(LegTransferRequested(leg, "sip:benoit@shop.example", replaces_leg="a2"))
    world.turn()

    assert world.media.hears(call.id) == {("c1", second), (second, "c1")}
    assert call.agent == "benoit" and world.media.legs["a2"].ended and world.media.legs[leg].ended
    assert set(world.center.switchboard.calls) == {call.id}


def test_one_phone_calls_another_and_the_agents_are_busy_meanwhile(world: Any) -> None:
    world.available("alice", "benoit")
    world.media.peer_calls("a1", "alice", "benoit", account="alice")
    world.turn()
    second = world.answers("benoit")
    call = world.center.switchboard.call_of("a1")

    assert world.media.hears(call.id) == {("a1", second), (second, "a1")}
    assert world.agent("alice").phone_busy and world.agent("benoit").phone_busy
    world.customer_queues()
    assert not world.center.dispatch.offers(), "nobody who is on the phone is offered a contact"

    world.hangs_up("a1")
    assert not world.agent("alice").phone_busy
    assert world.center.dispatch.offers()


def test_strangers_reach_public_numbers_only(world: Any) -> None:
    world.media.peer_calls("x", "+33639980001", "alice", source="203.0.113.7")
    world.turn()

    assert world.media.legs["x"].status == 404 and not world.center.switchboard.calls


def test_a_strangers_number_does_not_open_a_customers_data(world: Any) -> None:
    call = world.customer_calls(source="203.0.113.7:5060;transport=udp")
    world.hear_prompts()

    assert call.customer_id is None


def test_a_waiting_caller_can_be_called_back_and_keeps_the_place(world: Any) -> None:
    world.carrier()
    call = world.customer_queues()
    world.wait(5)
    world.press("1")
    world.media.finish_playback("c1")
    world.turn()
    assert call.outcome == "callback" and world.media.legs["c1"].ended
    assert [view.state for view in world.center.callbacks.views()] == ["waiting"]

    world.available("alice")
    offer = world.center.dispatch.offers()[0]
    assert offer.contact.callback and offer.contact.caller == "+33639980001"
    leg = world.answers("alice")
    customer = next(one for one, target in world.media.dialed().items() if target.trunk == "carrier")
    world.media.peer_answers(customer)
    world.turn()

    made = world.center.switchboard.call_of(leg)
    assert world.media.hears(made.id) == {(customer, leg), (leg, customer)}
    assert not world.center.callbacks.views()
    world.hangs_up(customer)
    assert world.agent("alice").state == "wrap_up"


def test_a_callback_that_is_not_answered_is_tried_again(world: Any) -> None:
    world.carrier()
    world.customer_queues()
    world.press("1")
    world.media.finish_playback("c1")
    world.turn()
    world.available("alice")
    leg = world.answers("alice")
    customer = next(one for one, target in world.media.dialed().items() if target.trunk == "carrier")

    world.media.peer_ends(customer, 480)
    world.turn()
    world.media.finish_playback(leg)
    world.turn()

    assert world.media.legs[leg].ended
    assert [(view.state, view.attempts) for view in world.center.callbacks.views()] == [("waiting", 1)]
    world.wait(20)
    assert world.agent("alice").state == "idle"
    world.wait(300)
    assert world.center.dispatch.offers(), "offered again after the pause"


def test_notes_are_kept_and_wrap_up_can_be_finished_early(world: Any) -> None:
    call, _ = world.talking("alice")
    with pytest.raises(WrongState):
        world.center.dispatch.wrap_up(call.id, "alice", WrapUp(finish=True))
    world.hangs_up("c1")

    world.center.dispatch.wrap_up(
        call.id, "alice", WrapUp(disposition="order_placed", note="ok", finish=True)
    )
    world.turn()

    assert world.agent("alice").state == "idle"
    assert "contact.wrapped_up" in world.types()


def test_notes_are_kept_though_the_time_for_wrap_up_ran_out(world: Any) -> None:
    call, _ = world.talking("alice")
    world.hangs_up("c1")
    world.wait(11)
    other, _ = world.talking_again("alice")

    world.center.dispatch.wrap_up(call.id, "alice", WrapUp(note="size 42", finish=True))
    world.turn()

    saved = [event for event in world.told if event.type == "contact.wrapped_up"]
    assert [(event.contact, event.note) for event in saved] == [(call.id, "size 42")]
    assert world.agent("alice").state == "talking" and world.agent("alice").contact == other.id
    with pytest.raises(NotAllowed):
        world.center.dispatch.wrap_up(call.id, "benoit", WrapUp(note="not mine"))


def test_a_phone_that_is_not_registered_is_no_target(world: Any) -> None:
    call, _ = world.talking("alice")
    world.phones.off.add("warehouse")

    with pytest.raises(Unreachable):
        world.center.control.transfer(call.id, "alice", Transfer(kind="consult", target="number:warehouse"))
    assert call.state == "talking"


def test_a_strangers_number_is_not_called_back(world: Any) -> None:
    world.carrier()
    call = world.customer_calls(source="203.0.113.7:5060;transport=udp")

    assert call.callback_to == ""
