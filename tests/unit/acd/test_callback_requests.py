"""Callbacks that are asked for in a shop's page, by somebody who is not on the line."""

from collections.abc import Iterator
from typing import Any

import pytest
from center_world import World

from ivr.speech.catalogue import shipped_catalogue
from pbx.contract.commands import RequestCallback
from pbx.errors import CallbackExists, NotDialable, NotFound, WrongState

NUMBER = "+33639980123"


@pytest.fixture
def world() -> Iterator[World]:
    """A center that may dial French numbers."""
    made = World(shipped_catalogue())
    made.carrier()
    yield made


def asks(world: World, number: str = NUMBER, queue: str = "shop", **more: Any) -> Any:
    wanted = RequestCallback(queue=queue, number=number, language="fr", **more)
    made = world.center.dispatch.requests.request(wanted)
    world.turn()
    return made


def answered_by(world: World, agent: str) -> str:
    world.answers(agent)
    return next(leg for leg, target in world.media.dialed().items() if target.trunk == "carrier")


def test_a_promise_is_told_kept_and_called(world: World) -> None:
    promised = asks(world, customer_id="camille")
    assert (promised.number, promised.queue, promised.customer_id) == (NUMBER, "shop", "camille")
    assert world.center.dispatch.requests.view(promised.id) == promised
    assert [event.type for event in world.told][-1] == "contact.callback_requested"
    row = next(iter(world.journal.rows["callback"].values()))
    assert (row["number"], row["language"], row["state"]) == (NUMBER, "fr", "waiting")

    world.available("alice")
    (offer,) = world.center.dispatch.offers()
    assert offer.contact.callback and offer.contact.customer_id == "camille"
    customer = answered_by(world, "alice")
    world.media.peer_answers(customer)
    world.turn()

    assert world.agent("alice").state == "talking"
    with pytest.raises(NotFound):
        world.center.dispatch.requests.view(promised.id)


def test_the_page_in_which_it_was_asked_for_goes_with_the_call(world: World) -> None:
    asks(world, visitor="v1", site="boutique")
    row = next(iter(world.journal.rows["callback"].values()))
    assert (row["visitor"], row["site"]) == ("v1", "boutique")

    world.available("alice")

    (offer,) = world.center.dispatch.offers()
    assert (offer.contact.visitor, offer.contact.site) == ("v1", "boutique")


def test_the_place_is_that_of_one_who_joins_now(world: World) -> None:
    before = world.customer_queues("c1", "+33639980002", language="1")
    world.wait(5)
    asks(world)
    world.wait(5)
    after = world.customer_queues("c2", "+33639980003", language="1")

    served = []
    for agent in ("alice", "benoit", "carla"):
        world.available(agent)
        served += [one.contact.id for one in world.center.dispatch.offers() if one.agent == agent]

    assert (served[0], served[2]) == (before.id, after.id)


@pytest.mark.parametrize("queue", ["shop", "returns"])
def test_one_number_has_one_open_promise(world: World, queue: str) -> None:
    asks(world)
    with pytest.raises(CallbackExists):
        asks(world, queue=queue)
    assert len(world.center.callbacks.views()) == 1


@pytest.mark.parametrize("number", ["+14155550100", "+331234567"])
def test_a_number_that_the_house_may_not_dial_is_refused(world: World, number: str) -> None:
    with pytest.raises(NotDialable):
        asks(world, number)
    assert not world.center.callbacks.views()


def test_a_queue_that_is_not_there_promises_nothing(world: World) -> None:
    with pytest.raises(NotFound):
        asks(world, queue="nowhere")


def test_a_canceled_promise_is_over_and_may_be_made_again(world: World) -> None:
    promised = asks(world)

    world.center.dispatch.requests.cancel(promised.id)
    world.turn()

    assert not world.center.callbacks.views()
    assert world.told[-1].callback.state == "canceled"  # type: ignore[attr-defined]
    assert [row["state"] for row in world.journal.rows["callback"].values()] == ["canceled"]
    world.available("alice")
    assert not world.center.dispatch.offers()
    asks(world)
    assert world.center.dispatch.offers()


def test_a_promise_canceled_while_an_agent_rings_stops_the_ringing(world: World) -> None:
    world.available("alice")
    promised = asks(world)
    leg = world.phone_of("alice")

    world.center.dispatch.requests.cancel(promised.id)
    world.turn()

    assert world.media.legs[leg].ended and world.agent("alice").state == "idle"
    assert not world.center.switchboard.calls


def test_a_promise_that_is_being_kept_can_no_longer_be_canceled(world: World) -> None:
    world.available("alice")
    promised = asks(world)
    customer = answered_by(world, "alice")

    with pytest.raises(WrongState):
        world.center.dispatch.requests.cancel(promised.id)

    world.media.peer_answers(customer)
    world.turn()
    assert world.agent("alice").state == "talking"


def test_what_is_not_there_cannot_be_canceled(world: World) -> None:
    with pytest.raises(NotFound):
        world.center.dispatch.requests.cancel("no such callback")
