"""Offers, when phones, people and administrators act at the same moment."""

from dataclasses import replace
from typing import Any

import pytest
from center_world import a_catalog

from pbx.catalog import QueueRow
from pbx.contract.commands import SetStatus, Transfer
from pbx.errors import Unreachable


def states(world: Any) -> list[tuple[str, str]]:
    return [(event.agent, event.state) for event in world.told if event.type == "offer.ended"]


def ring_all(world: Any) -> None:
    queues = {**a_catalog().queues, "shop": QueueRow("shop", "Shop", {"strategy": "ring_all"}, False, "")}
    world.center.set_up(a_catalog(queues=queues))
    world.turn()


def test_picking_up_what_is_over_does_not_ring_again(world: Any) -> None:
    world.available("alice")
    world.customer_queues()
    world.media.slow_hang_ups = True
    offer = world.center.dispatch.offers()[0]
    world.center.dispatch.accept(offer.id, "alice")
    world.hangs_up("c1")

    world.media.finish_hang_ups()
    world.turn()

    assert not world.media.dialed() and not world.center.dispatch.offers()
    assert world.agent("alice").state == "idle"


def test_picking_up_on_the_desk_and_on_the_phone_at_once_is_one_answer(world: Any) -> None:
    world.available("alice")
    call = world.customer_queues()
    offer = world.center.dispatch.offers()[0]
    first = world.phone_of("alice")
    world.center.dispatch.accept(offer.id, "alice")
    world.media.peer_answers(first)
    world.turn()

    leg = world.answers("alice")

    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}
    assert len(world.media.dialed()) == 1 and world.agent("alice").state == "talking"


def test_the_first_of_two_devices_that_answers_stops_the_other(world: Any) -> None:
    world.phones.twice.add("alice")
    world.available("alice")
    call = world.customer_queues()
    assert world.agent("alice").state == "ringing" and world.types().count("call.ringing") == 1

    leg = world.answers("alice")

    assert list(world.media.dialed()) == [leg]
    assert len([one for one in call.view().participants if one.agent == "alice"]) == 1


def test_a_decline_on_one_device_is_meant_for_all(world: Any) -> None:
    world.phones.twice.add("alice")
    world.available("alice", "benoit")
    world.customer_queues()
    first = world.center.dispatch.offers()[0].agent
    world.available(first)

    world.hangs_up(world.phone_of(first), 603)

    assert states(world) == [(first, "rejected")]
    assert world.center.dispatch.offers()[0].agent != first


def test_of_two_who_answer_at_once_one_gets_the_caller_and_the_other_is_let_go(world: Any) -> None:
    ring_all(world)
    world.available("alice", "benoit")
    call = world.customer_queues()
    legs = [world.phone_of("alice"), world.phone_of("benoit")]

    for leg in legs:
        world.media.peer_answers(leg)
    world.turn()

    assert [world.media.legs[leg].ended for leg in legs] == [False, True]
    assert (world.agent("alice").state, world.agent("benoit").state) == ("talking", "idle")
    assert world.media.hears(call.id) == {("c1", legs[0]), (legs[0], "c1")}


def test_an_agent_who_is_removed_while_ringing_loses_the_offer_to_the_next(world: Any) -> None:
    world.available("alice", "benoit")
    world.customer_queues()
    first = world.center.dispatch.offers()[0].agent
    plain = a_catalog()

    world.center.set_up(a_catalog(agents={id: row for id, row in plain.agents.items() if id != first}))
    world.turn()

    assert states(world) == [(first, "rescinded")]
    assert world.center.dispatch.offers()[0].agent in {"alice", "benoit"} - {first}
    assert first not in {view.id for view in world.center.roster.views()}


def test_an_agent_who_is_removed_in_conversation_finishes_it(world: Any) -> None:
    call, _ = world.talking("alice")
    plain = a_catalog()
    world.center.set_up(a_catalog(agents={id: plain.agents[id] for id in ("benoit", "carla")}))
    world.turn()
    assert world.agent("alice").state == "talking" and world.media.hears(call.id)

    world.hangs_up("c1")

    assert "alice" not in {view.id for view in world.center.roster.views()}
    assert not world.center.switchboard.calls
    world.center.set_up(plain)
    world.available("alice")
    world.customer_queues("c2")
    assert world.center.dispatch.offers()[0].agent == "alice"


def test_an_agent_who_is_removed_in_wrap_up_closes_the_contact(world: Any) -> None:
    call, _ = world.talking("alice")
    world.hangs_up("c1")
    assert call.state == "wrap_up"

    world.center.set_up(a_catalog(agents={}))
    world.turn()

    assert call.state == "ended" and not world.center.switchboard.calls


def test_an_agent_gets_another_phone_and_is_reached_there(world: Any) -> None:
    world.phones.off.add("alice")
    world.center.dispatch.phone_reachable("alice", False)
    world.available("alice")
    world.customer_queues()
    assert not world.center.dispatch.offers()
    plain = a_catalog()
    moved = replace(plain.agents["alice"], phone="warehouse")

    world.center.set_up(a_catalog(agents={**plain.agents, "alice": moved}))
    world.turn()

    assert world.phone_of("warehouse") and world.agent("alice").phone_registered


def test_misses_are_counted_in_a_row(world: Any) -> None:
    world.available("alice")
    world.customer_queues()
    world.wait(21)
    assert world.agent("alice").misses == 1

    world.wait(20)
    world.answers("alice")

    assert world.agent("alice").misses == 0


def test_an_action_that_fails_costs_neither_the_next_ones_nor_the_queue(world: Any, monkeypatch: Any) -> None:
    failed: list[str] = []

    def fail(*what: Any) -> None:
        failed.append("ringing")
        raise ValueError("a mistake of ours")

    ring_all(world)
    world.available("alice", "benoit")
    with monkeypatch.context() as broken:
        broken.setattr(world.center.dispatch._offers, "_tell_ringing", fail)
        world.customer_queues()
    assert failed and {offer.agent for offer in world.center.dispatch.offers()} == {"alice", "benoit"}

    world.answers("alice")

    assert world.agent("alice").state == "talking"


def test_an_offer_ends_with_its_call_at_once(world: Any) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.media.slow_hang_ups = True
    world.center.transfers.blind(call, call.of_agent("alice"), "agent:benoit")
    world.turn()
    assert world.center.dispatch.offers()

    world.hangs_up("c1")

    assert not world.center.dispatch.offers() and states(world)[-1] == ("benoit", "canceled")
    assert not world.agent("benoit").phone_busy


def test_a_phone_without_contacts_leaves_nobody_busy(world: Any) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.phones.off.add("benoit")

    with pytest.raises(Unreachable):
        world.center.transfers.consult(call, call.of_agent("alice"), "agent:benoit")

    assert not world.agent("benoit").phone_busy and call.state == "talking"


def test_who_goes_offline_while_ringing_is_not_rung_any_more(world: Any) -> None:
    world.available("alice")
    world.customer_queues()

    world.center.dispatch.set_status("alice", SetStatus(status="offline"))
    world.turn()

    assert not world.media.dialed() and states(world) == [("alice", "rescinded")]


def test_an_agent_who_is_removed_while_the_phone_rings_for_a_transfer_is_not_reached(world: Any) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:benoit"))
    world.turn()
    leg = world.phone_of("benoit")
    agents = {name: row for name, row in a_catalog().agents.items() if name != "benoit"}

    world.center.set_up(a_catalog(agents=agents))
    world.turn()

    assert world.media.legs[leg].ended and call.state == "queued"
    assert not [offer for offer in world.center.dispatch.offers() if offer.agent == "benoit"]
