"""A page goes away in the middle of a call: music for the others, and a while to come back."""

from typing import Any

import pytest

from pbx.calls.fake_media import FakeMedia
from pbx.contract.commands import HangUp
from pbx.errors import NotAllowed, NotFound

GRACE = 20.0


@pytest.fixture
def pages(world: Any) -> Any:
    """Alice and Benoît speak in their browsers."""
    world.phones.pages |= {"alice", "benoit"}
    return world


def loses(world: Any, account: str, leg: str) -> None:
    """The WebSocket breaks, and no more audio comes."""
    world.center.absences.lost(account)
    silent(world.media, leg, 0.6)
    world.wait(0.1)


def silent(media: FakeMedia, leg: str, seconds: float) -> None:
    media.peer_is_silent(leg, seconds)


def guest_talks(world: Any) -> tuple[Any, str]:
    """A guest with alice."""
    world.available("alice")
    call = world.guest_queues()
    return call, world.answers("alice")


def away(call: Any) -> set[str]:
    return {one.role for one in call.view().participants if one.away}


def test_the_customer_hears_music_while_the_agents_page_is_away(pages: Any) -> None:
    call, leg = pages.talking("alice")

    loses(pages, "alice", leg)

    assert away(call) == {"agent"} and pages.media.legs["c1"].looping
    assert not pages.media.hears(call.id)
    assert call.state == "talking" and pages.agent("alice").state == "talking", "nothing else has changed"
    assert pages.told[-1].type == "contact.changed" and pages.told[-1].view == call.view()


def test_a_signalling_connection_lost_while_audio_flows_changes_nothing(pages: Any) -> None:
    call, _ = pages.talking("alice")
    pages.center.absences.lost("alice")
    pages.wait(30)
    assert not away(call) and len(pages.media.hears(call.id)) == 2


def test_silence_alone_is_no_absence(pages: Any) -> None:
    call, leg = pages.talking("alice")
    silent(pages.media, leg, 5.0)
    pages.wait(5)
    assert not away(call)


def test_a_desk_phone_beside_the_page_is_not_away_with_it(world: Any) -> None:
    call, leg = world.talking("alice")
    loses(world, "alice", leg)
    assert not away(call)
    with pytest.raises(NotAllowed):
        world.center.absences.leave(call.id, "alice")


def test_audio_that_flows_again_ends_the_absence(pages: Any) -> None:
    call, leg = pages.talking("alice")
    loses(pages, "alice", leg)

    pages.center.absences.returned("alice")
    pages.wait(3)
    assert away(call) == {"agent"}, "a connection without audio is not enough"
    silent(pages.media, leg, 0.0)
    pages.wait(0.1)

    assert not away(call) and pages.media.legs["c1"].playing is None
    assert pages.media.hears(call.id) == {("c1", leg), (leg, "c1")}


def test_a_call_taken_back_ends_the_absence_at_once(pages: Any) -> None:
    call, leg = pages.talking("alice")
    loses(pages, "alice", leg)

    pages.media.peer_calls("n1", "alice", "take-back", profile="webrtc", account="alice")
    pages.turn()

    assert not away(call) and pages.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}
    pages.wait(GRACE + 1)
    assert call.state == "talking"


def test_whoever_does_not_come_back_gives_the_caller_to_the_head_of_the_queue(pages: Any) -> None:
    call, leg = pages.talking("alice")
    since = call.queued_at
    pages.wait(5)

    loses(pages, "alice", leg)
    pages.wait(GRACE + 0.2)

    assert pages.media.legs[leg].ended and pages.agent("alice").state == "wrap_up"
    assert call.state == "queued" and call.queued_at == since and pages.media.legs["c1"].looping
    pages.available("benoit")
    other = pages.answers("benoit")
    assert pages.media.hears(call.id) == {("c1", other), (other, "c1")}


def test_a_page_that_comes_back_too_late_finds_no_call(pages: Any) -> None:
    _, leg = pages.talking("alice")
    loses(pages, "alice", leg)
    pages.wait(GRACE + 0.2)

    pages.media.peer_calls("n1", "alice", "take-back", profile="webrtc", account="alice")
    pages.turn()

    assert pages.media.legs["n1"].status == 404


def test_the_agent_hears_music_while_the_customers_page_is_away(world: Any) -> None:
    call, leg = guest_talks(world)

    loses(world, "guest-v1", "g1")

    assert away(call) == {"customer"} and world.media.legs[leg].looping
    silent(world.media, "g1", 0.0)
    world.wait(0.1)
    assert not away(call) and len(world.media.hears(call.id)) == 2


def test_a_customer_who_does_not_come_back_has_hung_up(world: Any) -> None:
    call, leg = guest_talks(world)
    loses(world, "guest-v1", "g1")
    world.wait(GRACE + 0.2)

    assert call.outcome == "answered" and world.media.legs[leg].ended
    assert world.agent("alice").state == "wrap_up"


def test_a_customer_whose_page_goes_while_waiting_keeps_the_place_and_abandons_in_the_end(world: Any) -> None:
    call = world.guest_queues()
    world.wait(5)
    loses(world, "guest-v1", "g1")
    assert call.state == "queued" and away(call) == {"customer"}

    world.wait(GRACE + 0.2)

    assert call.outcome == "abandoned" and not world.center.switchboard.calls


def test_a_question_waits_for_a_page_that_is_away(world: Any) -> None:
    call = world.guest_calls(language="en")
    world.hear_prompts("g1")
    loses(world, "guest-v1", "g1")
    world.wait(15)
    assert world.media.legs["g1"].playing is None, "nobody is urged who is not there"

    silent(world.media, "g1", 0.0)
    world.wait(0.2)

    assert world.media.legs["g1"].playing, "the question is asked again"
    assert call.state == "ivr"


def test_a_prompt_that_ends_while_the_page_is_away_urges_nobody(world: Any) -> None:
    world.guest_calls(language="en")
    while "menu" not in str(world.media.legs["g1"].files) and "main" not in current_node(world):
        world.media.finish_playback("g1")
        world.turn()
    loses(world, "guest-v1", "g1")
    world.media.finish_playback("g1")
    world.wait(15)
    assert world.media.legs["g1"].playing is None

    silent(world.media, "g1", 0.0)
    world.wait(0.2)

    assert world.media.legs["g1"].playing


def current_node(world: Any) -> str:
    return [event.node for event in world.told if event.type == "flow.node_entered"][-1]


def test_who_comes_back_on_a_desk_phone_is_no_longer_in_a_page(pages: Any) -> None:
    call, leg = pages.talking("alice")
    loses(pages, "alice", leg)
    pages.media.peer_calls("n1", "alice", "take-back", account="alice")
    pages.turn()

    loses(pages, "alice", "n1")

    assert not away(call) and len(pages.media.hears(call.id)) == 2


def test_of_two_calls_the_one_that_waits_is_taken_back_first(pages: Any) -> None:
    first, leg = pages.talking("alice")
    pages.media.peer_calls("p1", "alice", "warehouse", profile="webrtc", account="alice")
    pages.turn()
    pages.answers("warehouse")
    second = pages.center.switchboard.call_of("p1")
    loses(pages, "alice", leg)
    assert away(first) and not away(second)

    pages.media.peer_calls("n1", "alice", "take-back", profile="webrtc", account="alice")
    pages.turn()

    assert not away(first) and pages.center.switchboard.call_of("n1") is first


def test_a_page_that_says_that_it_goes_is_away_at_once(world: Any) -> None:
    call, leg = guest_talks(world)

    world.center.absences.leave(call.id, "guest-v1")
    world.turn()

    assert away(call) == {"customer"} and world.media.legs[leg].looping
    world.wait(1)
    assert away(call) == {"customer"}, "the last packets of the old page are no return"


def test_a_customer_whose_page_is_not_back_yet_may_hang_up(world: Any) -> None:
    call, _ = guest_talks(world)
    loses(world, "guest-v1", "g1")

    world.center.control.hang_up(call.id, "guest-v1", HangUp())
    world.turn()

    assert call.over and call.outcome == "answered" and world.agent("alice").state == "wrap_up"
    with pytest.raises(NotFound):
        world.center.absences.take_back("guest-v1", "g2", True)


def test_a_customer_who_waits_in_a_page_that_is_not_back_yet_may_hang_up(world: Any) -> None:
    call = world.guest_queues()
    world.wait(5)
    loses(world, "guest-v1", "g1")

    world.center.control.hang_up(call.id, "guest-v1", HangUp())
    world.turn()

    assert call.over and call.outcome == "abandoned"


@pytest.mark.parametrize("actor", ["guest-v2", "guest-"])
def test_nobody_hangs_up_for_another_visitor(world: Any, actor: str) -> None:
    call, _ = guest_talks(world)
    with pytest.raises(NotAllowed):
        world.center.control.hang_up(call.id, actor, HangUp())
    assert not call.over


def test_a_page_that_said_it_goes_and_is_heard_has_stayed(pages: Any) -> None:
    call, _ = pages.talking("alice")
    pages.center.absences.leave(call.id, "alice")
    pages.turn()
    assert away(call) == {"agent"}

    pages.wait(2.5)

    assert not away(call) and len(pages.media.hears(call.id)) == 2


@pytest.mark.parametrize("actor", ["benoit", "guest-v2", "guest-", "nobody"])
def test_nobody_goes_away_for_somebody_else(world: Any, actor: str) -> None:
    call, _ = guest_talks(world)
    with pytest.raises(NotAllowed):
        world.center.absences.leave(call.id, actor)
    with pytest.raises(NotFound):
        world.center.absences.leave("no such call", actor)


def test_an_agent_who_is_muted_and_goes_away_leaves_music_behind(pages: Any) -> None:
    call, leg = pages.talking("alice")
    pages.center.control.mute(call.id, "alice", True)
    pages.turn()
    assert pages.media.legs["c1"].playing is None, "silence is meant"

    loses(pages, "alice", leg)

    assert pages.media.legs["c1"].looping


def test_a_hold_survives_an_absence(pages: Any) -> None:
    call, leg = pages.talking("alice")
    pages.center.control.hold(call.id, "alice")
    pages.turn()
    loses(pages, "alice", leg)
    silent(pages.media, leg, 0.0)
    pages.wait(0.2)
    assert call.state == "held" and pages.media.legs["c1"].looping


def test_of_three_only_the_one_who_is_alone_hears_music(pages: Any) -> None:
    call, leg = pages.talking("alice")
    colleague = pages.consults(call, "alice", "benoit")

    loses(pages, "alice", leg)

    assert pages.media.legs["c1"].looping and pages.media.legs[colleague].looping
    pages.wait(GRACE + 0.2)
    assert pages.media.hears(call.id) == {("c1", colleague), (colleague, "c1")}, "as if alice had hung up"


def test_an_offer_to_a_page_that_is_gone_goes_to_the_next_agent_at_once(pages: Any) -> None:
    pages.available("alice")
    pages.customer_queues()
    pages.phone_of("alice")
    pages.available("benoit")

    pages.center.absences.lost("alice")
    pages.center.dispatch.phone_reachable("alice", False)
    pages.turn()

    assert [offer.agent for offer in pages.center.dispatch.offers()] == ["benoit"]
    assert pages.agent("alice").misses == 0


def test_nobody_is_looked_after_who_is_not_away(pages: Any) -> None:
    _, leg = pages.talking("alice")
    loses(pages, "alice", leg)
    silent(pages.media, leg, 0.0)
    pages.wait(0.3)
    pages.hangs_up("c1")
    pages.wait(15)
    absences = pages.center.absences
    assert not absences._away and not absences._lost and not absences._looking.running
