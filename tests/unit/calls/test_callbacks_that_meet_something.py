"""Callbacks, when somebody is quicker, slower or somewhere else than expected."""

from datetime import timedelta
from typing import Any

from pbx.acd.callbacks import Promise
from pbx.contract.commands import HangUp, SetStatus, Transfer
from pbx.contract.resources import CallbackView


def asked_for(world: Any, leg: str = "c1", **who: Any) -> Any:
    """A waiting caller has asked to be called back and hears the goodbye."""
    call = world.customer_queues(leg, **who)
    world.press("1", leg)
    return call


def promised(world: Any, **who: Any) -> Any:
    world.carrier()
    call = asked_for(world, **who)
    world.media.finish_playback("c1")
    world.turn()
    return call


def dialed_customer(world: Any) -> str:
    return next(leg for leg, target in world.media.dialed().items() if target.trunk == "carrier")


def states(world: Any) -> list[tuple[str, int]]:
    return [(view.state, view.attempts) for view in world.center.callbacks.views()]


def test_an_agent_who_is_free_during_the_goodbye_gets_a_call_of_its_own(world: Any) -> None:
    world.carrier()
    call = asked_for(world)
    world.available("alice")

    (offer,) = world.center.dispatch.offers()
    assert offer.contact.id != call.id and offer.contact.callback
    world.media.finish_playback("c1")
    world.turn()

    assert call.outcome == "callback" and world.center.dispatch.offers() == (offer,)
    assert world.agent("alice").state == "ringing"


def test_who_hangs_up_during_the_goodbye_is_called_back_all_the_same(world: Any) -> None:
    world.carrier()
    call = asked_for(world)

    world.hangs_up("c1")

    assert call.outcome == "callback" and not world.center.switchboard.calls
    assert states(world) == [("waiting", 0)]


def test_one_number_is_promised_one_callback(world: Any) -> None:
    promised(world)
    second = asked_for(world, "c2")
    world.media.finish_playback("c2")
    world.turn()

    assert second.outcome == "callback" and states(world) == [("waiting", 0)]
    assert [row["state"] for row in world.journal.rows["callback"].values()] == ["waiting"]


def test_an_agent_who_hangs_up_while_the_customers_phone_rings_gives_the_callback_back(world: Any) -> None:
    promised(world)
    world.available("alice")
    leg = world.answers("alice")
    customer = dialed_customer(world)

    world.hangs_up(leg)

    assert world.media.legs[customer].ended and states(world)[0][0] in ("waiting", "offered")
    assert world.agent("alice").state == "idle" and not world.agent("alice").phone_busy
    world.wait(21)
    assert world.center.dispatch.offers(), "it has its place, not a failed attempt"


def test_hanging_up_on_the_desk_instead_is_no_failed_attempt_either(world: Any) -> None:
    promised(world)
    world.available("alice")
    leg = world.answers("alice")
    world.media.slow_hang_ups = True
    call = world.center.switchboard.call_of(leg)
    world.center.control.hang_up(call.id, "alice", HangUp())
    customer = dialed_customer(world)
    world.media.peer_ends(customer, 487)  # the customer's side is the first to confirm
    world.turn()
    world.media.finish_hang_ups()
    world.turn()

    world.wait(21)
    assert world.center.dispatch.offers()


def test_an_agent_is_offered_nothing_while_hearing_that_nobody_answered(world: Any) -> None:
    promised(world)
    world.available("alice")
    leg = world.answers("alice")
    world.customer_queues("c2", "+33639980009", language="2")

    world.hangs_up(dialed_customer(world), 486)
    assert world.agent("alice").phone_busy and not world.center.dispatch.offers()

    world.media.finish_playback(leg)
    world.turn()
    assert world.media.legs[leg].ended and world.center.dispatch.offers()[0].agent == "alice"


def test_a_callback_that_no_agent_takes_waits_and_in_the_end_fails(world: Any) -> None:
    promised(world)
    world.available("alice")
    assert states(world) == [("offered", 0)]
    offer = world.center.dispatch.offers()[0]
    world.center.dispatch.decline(offer.id, "alice")
    world.turn()
    assert states(world) == [("waiting", 0)]

    world.center.dispatch.set_status("alice", SetStatus(status="offline"))
    world.clock.advance(9 * 3600)
    world.turn()

    assert not world.center.callbacks.views() and not world.center.switchboard.calls
    assert [row["state"] for row in world.journal.rows["callback"].values()] == ["failed"]
    assert world.types().count("contact.ended") == 2


def test_who_was_called_back_and_lost_the_agent_waits_and_can_be_transferred(world: Any) -> None:
    promised(world)
    world.available("alice")
    leg = world.answers("alice")
    customer = dialed_customer(world)
    world.media.peer_answers(customer)
    world.turn()
    world.media.peer_vanishes(leg)
    world.available("benoit")
    call = world.center.switchboard.call_of(customer)
    world.answers("benoit")
    world.available("carla")

    world.center.control.transfer(call.id, "benoit", Transfer(kind="blind", target="agent:carla"))
    world.turn()
    third = world.answers("carla")

    assert world.media.hears(call.id) == {(customer, third), (third, customer)}
    assert (world.agent("benoit").state, world.agent("carla").state) == ("wrap_up", "talking")
    assert world.agent("carla").contact == call.id


def test_the_number_that_a_caller_typed_is_called_and_not_the_one_called_from(world: Any) -> None:
    world.carrier()
    call = world.customer_calls()
    queues = world.center.dispatch

    assert queues.place_callback(call, "shop", "01 42 00 00 01")
    assert queues.place_callback(call, "shop", call.caller)
    assert not queues.place_callback(call, "shop", "+14155550100"), "the house may not dial there"
    world.turn()

    assert [view.number for view in world.center.callbacks.views()] == ["+33142000001", "+33639980001"]


def test_a_phone_of_ours_is_called_back_where_it_is_registered(world: Any) -> None:
    world.media.peer_calls("w1", "warehouse", "shop", account="warehouse")
    world.turn()
    world.press("1", "w1")
    world.media.finish_playback("w1")
    world.turn()
    assert [view.number for view in world.center.callbacks.views()] == ["warehouse"]

    world.available("alice")
    leg = world.answers("alice")
    customer = world.answers("warehouse")

    made = world.center.switchboard.call_of(leg)
    assert world.media.hears(made.id) == {(customer, leg), (leg, customer)}
    assert made.customer.leg == customer and made.answered_at is not None


def a_promise(world: Any, queue: str) -> Promise:
    view = CallbackView(
        id=f"p-{queue}",
        queue=queue,
        number="warehouse",
        requested_at=world.now(),
        attempts=1,
        state="waiting",
    )
    return Promise(view, "fr", 5, "an-earlier-contact", world.now() - timedelta(minutes=3))


def test_what_an_earlier_process_promised_is_kept_or_given_up_in_writing(world: Any) -> None:
    world.center.restore([a_promise(world, "shop"), a_promise(world, "gone")], {"alice": ("available", None)})
    world.turn()

    (offer,) = world.center.dispatch.offers()
    assert (offer.agent, offer.contact.language, offer.contact.priority) == ("alice", "fr", 5)
    assert [view.id for view in world.center.callbacks.views()] == ["p-shop"]
    assert world.journal.rows["callback"]["p-gone",]["state"] == "failed"
