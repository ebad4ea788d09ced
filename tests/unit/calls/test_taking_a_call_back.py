"""A page is loaded anew in the middle of a call: the new page takes the call back, on a leg of its own."""

from pathlib import Path
from typing import Any

import pytest
from center_world import a_catalog
from storm_world import StormWorld

from pbx.calls.dialplan import Refuse, ToFlow, ToOwnCall, destination
from pbx.contract.commands import HangUp
from pbx.contract.events import CallEnded, ContactEnded


@pytest.fixture
def recorded(catalogue: Any, tmp_path: Path) -> StormWorld:
    """A world with recordings."""
    return StormWorld(catalogue, tmp_path)


def takes_back(world: Any, account: str, leg: str) -> Any:
    world.media.peer_calls(leg, account, "take-back", account=account)
    world.turn()
    return world.media.legs[leg]


def test_the_agents_new_page_takes_the_place_of_the_old_one(world: Any) -> None:
    call, leg = world.talking("alice")
    world.center.control.mute(call.id, "alice", True)
    before = call.of_agent("alice").view()

    new = takes_back(world, "alice", "n1")

    assert new.answered and world.media.legs[leg].ended, "the old leg is hung up"
    assert call.of_agent("alice").view() == before, "the same participant, muted as before"
    assert world.media.hears(call.id) == {("c1", "n1")}
    world.center.control.mute(call.id, "alice", False)
    assert world.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}
    assert call.state == "talking" and world.agent("alice").state == "talking"
    assert not [event for event in world.told if isinstance(event, CallEnded | ContactEnded)]


def test_the_end_of_the_new_leg_is_the_end_of_the_call(world: Any) -> None:
    call, _ = world.talking("alice")
    takes_back(world, "alice", "n1")

    world.hangs_up("n1")

    assert call.outcome == "answered" and world.media.legs["c1"].ended
    assert world.agent("alice").state == "wrap_up"


def test_an_old_leg_that_ends_late_ends_nothing(world: Any) -> None:
    call, leg = world.talking("alice")
    world.media.slow_hang_ups = True
    takes_back(world, "alice", "n1")

    world.media.peer_presses(leg, "5")
    world.media.finish_hang_ups()
    world.turn()

    assert world.media.legs[leg].ended and call.state == "talking"
    assert world.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}


def test_of_two_pages_the_newest_has_the_call(world: Any) -> None:
    call, _ = world.talking("alice")
    world.media.peer_calls("n1", "alice", "take-back", account="alice")
    world.media.peer_calls("n2", "alice", "take-back", account="alice")
    world.turn()

    assert world.media.legs["n1"].ended and not world.media.legs["n2"].ended
    assert world.media.hears(call.id) == {("c1", "n2"), ("n2", "c1")}
    assert len(call.participants) == 2


def test_who_is_in_no_call_has_none_to_take_back(world: Any) -> None:
    world.talking("alice")
    assert takes_back(world, "benoit", "n1").status == 404
    assert takes_back(world, "guest-v1", "n2").status == 404


def test_a_full_house_has_room_for_who_is_in_already(world: Any) -> None:
    call, _ = world.talking("alice")
    world.full = True
    assert takes_back(world, "alice", "n1").answered
    assert world.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}


def test_a_hold_goes_on_for_the_new_page(world: Any) -> None:
    call, _ = world.talking("alice")
    world.center.control.hold(call.id, "alice")
    world.turn()

    takes_back(world, "alice", "n1")

    assert call.state == "held" and world.media.legs["c1"].looping, "the customer's music plays on"
    world.center.control.resume(call.id, "alice")
    assert world.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}


def test_a_phone_that_held_and_went_leaves_the_new_one_free_to_talk(world: Any) -> None:
    call, leg = world.talking("alice")
    world.media.peer_holds(leg)
    world.turn()

    takes_back(world, "alice", "n1")

    assert world.media.hears(call.id) == {("c1", "n1"), ("n1", "c1")}


def test_a_customer_on_hold_hears_the_music_on_the_new_page(world: Any) -> None:
    world.available("alice")
    call = world.guest_queues()
    world.answers("alice")
    world.center.control.hold(call.id, "alice")
    world.turn()

    new = takes_back(world, "guest-v1", "n1")

    assert new.looping
    world.center.control.resume(call.id, "alice")
    world.turn()
    assert new.playing is None and len(world.media.hears(call.id)) == 2


def test_a_prompt_is_played_again_from_its_beginning(world: Any) -> None:
    world.guest_calls(language="fr")
    heard = world.media.legs["g1"].files

    new = takes_back(world, "guest-v1", "n1")

    assert new.files == heard and heard
    world.hear_prompts("n1")
    world.press("0", "n1")
    world.hear_prompts("n1")
    assert new.looping, "the session goes on: this is the queue's music"


def test_a_question_that_waits_for_keys_is_asked_again(world: Any) -> None:
    call = world.guest_calls(language="fr")
    world.hear_prompts("g1")
    asked = [event.text for event in world.told if event.type == "playback.started"][-1]

    takes_back(world, "guest-v1", "n1")

    assert [event.text for event in world.told if event.type == "playback.started"][-1] == asked
    world.wait(3)
    world.press("0", "n1")
    world.hear_prompts("n1")
    assert call.state == "queued"


def test_who_waits_keeps_the_place_and_hears_the_music_again(world: Any) -> None:
    call = world.guest_queues()
    since = call.queued_at
    world.wait(5)

    new = takes_back(world, "guest-v1", "n1")

    assert new.looping and call.state == "queued" and call.queued_at == since
    world.available("alice")
    leg = world.answers("alice")
    assert world.media.hears(call.id) == {("n1", leg), (leg, "n1")}
    assert not [event for event in world.told if event.type == "contact.abandoned"]


def test_an_announcement_that_was_cut_off_is_heard_again_and_music_follows(world: Any) -> None:
    world.guest_queues()
    world.center.room.announce(world.center.switchboard.call_of("g1"), 1, 2, False)
    world.turn()
    assert not world.media.legs["g1"].looping

    new = takes_back(world, "guest-v1", "n1")

    assert new.files and not new.looping
    world.media.finish_playback("n1")
    world.turn()
    assert new.looping


def test_a_page_that_is_loaded_anew_while_the_agent_rings_changes_nothing_for_the_agent(world: Any) -> None:
    world.available("alice")
    call = world.guest_queues()
    takes_back(world, "guest-v1", "n1")

    leg = world.answers("alice")

    assert world.media.hears(call.id) == {("n1", leg), (leg, "n1")}


def test_a_conference_and_a_consultation_go_on_with_the_new_page(world: Any) -> None:
    call, _ = world.talking("alice")
    colleague = world.consults(call, "alice", "benoit")

    takes_back(world, "alice", "n1")

    assert world.media.hears(call.id) == {(colleague, "n1"), ("n1", colleague)}
    assert world.media.legs["c1"].looping
    world.center.control.complete_transfer(call.id, "alice")
    world.turn()
    assert world.media.legs["n1"].ended
    assert world.media.hears(call.id) == {("c1", colleague), (colleague, "c1")}


def test_the_customers_recording_goes_on_with_either_new_page(recorded: StormWorld) -> None:
    world = recorded
    world.available("alice")
    call = world.guest_queues()
    leg = world.answers("alice")
    world.turn()
    takes_back(world, "guest-v1", "n1")
    takes_back(world, "alice", "n2")

    (notes,) = world.media.recordings.values()

    assert notes == [f"g1|{leg}", "left n1", "with n2"]
    world.hangs_up("n1")
    assert notes[-1] == "stopped" and call.outcome == "answered"


def test_what_the_desk_knows_as_a_participant_can_be_named_after_the_change(world: Any) -> None:
    world.available("alice")
    call = world.guest_queues()
    world.answers("alice")
    takes_back(world, "guest-v1", "n1")
    (customer,) = (one for one in call.view().participants if one.role == "customer")
    assert customer.id == "g1"

    world.center.control.hang_up(call.id, "alice", HangUp(participant=customer.id))
    world.turn()

    assert world.media.legs["n1"].ended and call.over


def test_a_call_between_phones_of_ours_can_be_taken_back_by_both(world: Any) -> None:
    world.media.peer_calls("p1", "alice", "warehouse", account="alice")
    world.turn()
    callee = world.answers("warehouse")
    call = world.center.switchboard.call_of("p1")
    assert world.media.hears(call.id) == {("p1", callee), (callee, "p1")}

    takes_back(world, "alice", "n1")
    takes_back(world, "warehouse", "n2")

    assert world.media.hears(call.id) == {("n1", "n2"), ("n2", "n1")}
    world.hangs_up("n2")
    assert call.over and not world.agent("alice").phone_busy


def test_nothing_is_kept_of_legs_that_are_gone(world: Any) -> None:
    world.talking("alice")
    takes_back(world, "alice", "n1")
    takes_back(world, "alice", "n2")
    world.hangs_up("n2")
    world.hangs_up("c1")

    lines = world.center.switchboard.lines
    assert not (lines._line_of or lines._leg_of or lines._let_go or lines._playing or lines._recorded)


def test_only_who_has_logged_in_can_dial_the_reserved_name() -> None:
    catalog = a_catalog()
    assert destination("take-back", "guest-v1", catalog) == ToOwnCall()
    assert destination("take-back", "alice", catalog) == ToOwnCall()
    assert isinstance(destination("take-back", None, catalog), Refuse)


def test_guests_reach_public_numbers_and_nothing_else() -> None:
    catalog = a_catalog()
    assert destination("4000", "guest-v1", catalog) == ToFlow("4000")
    for dialed in ("alice", "shop", "warehouse", "+33142000000", "guest-v2"):
        assert isinstance(destination(dialed, "guest-v1", catalog), Refuse), dialed
