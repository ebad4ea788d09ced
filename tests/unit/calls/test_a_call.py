"""From the INVITE to the wrap-up, on fakes."""

from typing import Any

import pytest


def test_a_caller_hears_the_status_of_the_latest_order(world: Any) -> None:
    call = world.customer_calls()
    assert call.state == "ivr" and world.media.legs["c1"].answered
    world.hear_prompts()
    assert call.customer_id == "camille" and call.language == "fr"

    world.press("1")

    spoken = [event.text for event in world.told if event.type == "playback.started"]
    assert "deux, zéro, zéro, deux, zéro, deux, neuf" in spoken[-1] and "payée" in spoken[-1]
    assert call.order_number == "2002029"


def test_an_agent_gets_the_screen_pop_before_answering_and_then_both_hear_each_other(world: Any) -> None:
    world.available("alice")
    call = world.customer_queues()

    offer = next(event.offer for event in world.told if event.type == "offer.created")
    assert offer.agent == "alice" and offer.contact.customer_id == "camille"
    assert [key.keys for key in offer.contact.path][-1] == "0"
    assert world.media.legs["c1"].looping, "music until the agent answers"

    leg = world.answers("alice")

    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")}
    assert world.media.legs["c1"].playing is None
    assert call.state == "talking" and world.agent("alice").state == "talking"
    assert "call.bridged" in world.types()


def test_wrap_up_follows_the_hang_up_and_ends_by_itself(world: Any) -> None:
    call, _ = world.talking()

    world.hangs_up("c1")

    assert world.agent("alice").state == "wrap_up" and world.agent("alice").contact == call.id
    assert call.state == "wrap_up" and call.outcome == "answered"
    assert not world.media.dialed(), "the agent's leg is hung up"
    world.wait(11)
    assert world.agent("alice").state == "idle"
    assert call.state == "ended" and call.id not in world.center.switchboard.calls


def test_a_caller_who_hangs_up_in_the_queue_has_abandoned(world: Any) -> None:
    call = world.customer_queues()
    world.wait(8)

    world.hangs_up("c1")

    assert call.outcome == "abandoned"
    assert world.types()[-3:].count("contact.abandoned") + world.types().count("contact.abandoned") >= 1
    assert call.id not in world.center.switchboard.calls


def test_a_caller_who_hangs_up_in_the_menu_served_himself(world: Any) -> None:
    call = world.customer_calls()
    world.hear_prompts()

    world.hangs_up("c1")

    assert call.outcome == "self_served" and not world.center.switchboard.calls


def test_a_caller_who_hangs_up_while_the_agent_rings_stops_the_ringing(world: Any) -> None:
    world.available("alice")
    call = world.customer_queues()
    world.phone_of("alice")

    world.hangs_up("c1")

    assert not world.media.dialed()
    assert call.outcome in ("abandoned", "short_abandoned")
    assert world.agent("alice").state == "idle"
    assert not world.center.dispatch.offers()


def test_a_declined_offer_goes_to_the_next_agent(world: Any) -> None:
    world.available("alice", "benoit")
    call = world.customer_queues()
    first = world.center.dispatch.offers()[0]

    world.center.dispatch.decline(first.id, first.agent)
    world.turn()

    second = world.center.dispatch.offers()[0]
    assert second.agent != first.agent
    assert world.agent(first.agent).status == "available", "declining does not change the chosen status"
    world.answers(second.agent)
    assert call.agent == second.agent


def test_a_phone_that_is_not_answered_is_rung_until_the_offer_times_out(world: Any) -> None:
    world.available("alice", "benoit")
    call = world.customer_queues()
    first = world.center.dispatch.offers()[0].agent

    world.wait(21)

    second = world.center.dispatch.offers()[0].agent
    assert second != first
    assert len(world.media.dialed()) == 1
    assert call.state == "offered"


def test_accepting_on_the_desk_rings_again_with_auto_answer(world: Any) -> None:
    world.available("alice")
    world.customer_queues()
    offer = world.center.dispatch.offers()[0]

    world.center.dispatch.accept(offer.id, "alice")
    world.turn()

    leg = world.phone_of("alice")
    headers = dict(world.media.legs[leg].target.headers)
    assert "answer-after=0" in headers["Call-Info"]
    assert len(world.media.dialed()) == 1
    world.answers("alice")
    assert world.agent("alice").state == "talking"


def test_a_full_house_answers_503_with_retry_after(world: Any) -> None:
    world.full = True
    world.media.peer_calls("c9", "x", "4000", source="127.0.0.1")
    world.turn()

    assert world.media.legs["c9"].status == 503
    assert not world.center.switchboard.calls


def test_a_database_that_is_away_leads_to_an_agent_all_the_same(world: Any) -> None:
    world.lookups.away = True
    world.available("alice")
    world.customer_queues(language="1")

    assert world.center.dispatch.offers()


def test_the_agents_phone_that_vanishes_gives_the_caller_back_to_the_head_of_the_queue(world: Any) -> None:
    call, leg = world.talking("alice")
    queued_at = call.queued_at
    other = world.customer_queues("c2", "+33639980009", language="2")
    world.available("benoit")

    # benoit took c2; let him finish so that he is free for the returned caller
    world.answers("benoit")
    world.hangs_up("c2")
    world.wait(11)
    world.media.peer_vanishes(leg)
    world.turn()

    assert call.queued_at == queued_at
    assert world.center.dispatch.offers()[0].agent == "benoit"
    assert other.over


def test_missed_offers_in_a_row_put_the_agent_on_a_break(world: Any) -> None:
    world.available("alice")
    world.customer_queues()

    world.wait(150)

    assert world.agent("alice").status == "on_break"
    assert world.agent("alice").pause_reason == "missed_offers"


@pytest.mark.parametrize(
    ("headers", "stranger"),
    [
        ({"source": "198.51.100.7:5060;transport=udp"}, True),
        ({"source": "127.0.0.1:5060;transport=udp"}, False),
        ({"source": "198.51.100.7:5060;transport=udp", "trunk": "carrier"}, False),
    ],
)
def test_whose_number_is_only_what_a_stranger_wrote_is_told(
    world: Any, headers: dict[str, str], stranger: bool
) -> None:
    world.media.peer_calls("c1", "+33612345678", "4000", **headers)
    world.turn()
    assert world.center.switchboard.call_of("c1").view().stranger is stranger
