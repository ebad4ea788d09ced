"""Into queues and out of them, when something comes in between."""

from typing import Any

import pytest
from center_world import a_catalog

from ivr import codec
from pbx.catalog import DidRow, QueueRow
from pbx.contract.commands import SetStatus, Transfer
from pbx.errors import NotFound, WrongState

MENU: dict[str, Any] = {
    "id": "menu", "version": 1, "name": "Menu", "languages": ["en"], "start": "main",
    "nodes": {
        "main": {
            "kind": "menu", "prompt": [{"kind": "text", "id": "shop.menu"}],
            "choices": {"1": "shop", "2": "nowhere", "3": "benoit", "4": "a_queue", "9": "end"},
        },
        "shop": {"kind": "enqueue", "queue": "shop", "on_max_wait": "end", "on_failure": "main"},
        "nowhere": {"kind": "enqueue", "queue": "nowhere", "on_failure": "main"},
        "benoit": {"kind": "transfer", "target": "benoit", "on_failure": "main"},
        "a_queue": {"kind": "transfer", "target": "shop", "on_failure": "main"},
        "end": {"kind": "hang_up"},
    },
}  # fmt: skip


def set_up(world: Any, **shop: Any) -> None:
    """A menu on 5000, and other settings of the shop's queue."""
    plain = a_catalog()
    queues = {**plain.queues, "shop": QueueRow("shop", "Shop", {"wrap_up": 10.0, **shop}, False, "")}
    dids = {**plain.dids, "5000": DidRow("5000", "Menu", "menu", "en", True)}
    flows = {**plain.flows, "menu": codec.load(MENU)}
    world.center.set_up(a_catalog(queues=queues, dids=dids, flows=flows))
    world.turn()


def spoken(world: Any) -> int:
    return world.types().count("playback.started")


def outcomes(world: Any) -> list[str]:
    return [event.outcome for event in world.told if event.type == "contact.ended"]


def test_who_hangs_up_at_the_moment_of_joining_is_not_left_in_the_queue(world: Any) -> None:
    set_up(world)
    world.customer_calls(called="5000")
    world.media.peer_presses("c1", "1")
    world.media.peer_ends("c1")
    world.turn()

    assert outcomes(world) == ["short_abandoned"] and not world.center.switchboard.calls
    world.available("alice")
    assert not world.center.dispatch.offers()


def test_a_flow_that_names_no_queue_goes_on_at_its_exit(world: Any) -> None:
    set_up(world)
    call = world.customer_calls(called="5000")

    world.press("2")

    assert call.state == "ivr" and world.media.legs["c1"].playing and spoken(world) == 2


def test_who_hangs_up_while_the_flow_learns_that_there_is_no_queue_leaves_nothing_behind(world: Any) -> None:
    set_up(world)
    world.customer_calls(called="5000")
    world.media.peer_presses("c1", "2")
    world.media.peer_ends("c1")
    world.turn()

    assert outcomes(world) == ["self_served"] and not world.center.switchboard.calls


def test_keys_pressed_while_waiting_choose_nothing_afterwards(world: Any) -> None:
    set_up(world)
    call = world.customer_calls(called="5000")
    world.press("1")
    world.press("9")

    catalog = world.center.catalog()
    world.center.set_up(a_catalog(queues={}, dids=catalog.dids, flows=catalog.flows))
    world.turn()

    assert call.state == "ivr" and world.media.legs["c1"].playing, "9 would have hung up"


def test_who_waited_too_long_has_overflowed_and_not_served_himself(world: Any) -> None:
    set_up(world, max_wait=30.0)
    world.customer_calls(called="5000")
    world.press("1")

    world.wait(31)

    assert world.media.legs["c1"].ended and outcomes(world) == ["overflowed"]


def test_a_blind_transfer_that_nobody_answers_is_waited_out_with_music(world: Any) -> None:
    call, _ = world.talking("alice")
    world.available("benoit")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="agent:benoit"))
    world.turn()
    world.hangs_up(world.phone_of("benoit"), 486)

    assert call.state in ("queued", "offered") and world.media.legs["c1"].looping


def test_who_leaves_the_second_queue_while_the_first_agent_wraps_up_was_answered(world: Any) -> None:
    call, _ = world.talking("alice")
    world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="queue:returns"))
    world.turn()
    assert world.agent("alice").state == "wrap_up"

    world.hangs_up("c1")

    assert outcomes(world) == ["answered"] and call.state == "wrap_up"
    assert "contact.abandoned" in world.types(), "the second queue counts it"
    world.wait(11)
    assert not world.center.switchboard.calls


@pytest.mark.parametrize(
    ("settings", "reason"), [({"capacity": 1}, "full"), ({"when_empty": "refuse"}, "no_agents")]
)
def test_nobody_is_transferred_to_a_queue_that_takes_nobody(
    world: Any, settings: dict[str, Any], reason: str
) -> None:
    call, leg = world.talking("alice")
    queues = {**a_catalog().queues, "returns": QueueRow("returns", "Returns", settings, False, "")}
    world.center.set_up(a_catalog(queues=queues))
    world.media.peer_calls("w1", "warehouse", "returns", account="warehouse")
    world.turn()

    with pytest.raises(WrongState) as refused:
        world.center.control.transfer(call.id, "alice", Transfer(kind="blind", target="queue:returns"))

    assert refused.value.params["reason"] == reason
    assert call.queue == "shop" and world.media.hears(call.id) == {("c1", leg), (leg, "c1")}


def test_whose_agent_vanished_is_taken_back_by_a_full_queue(world: Any) -> None:
    set_up(world, capacity=1)
    call, leg = world.talking("alice")
    world.customer_queues("c2", "+33639980009", language="2")

    world.media.peer_vanishes(leg)
    world.turn()

    assert call.state in ("queued", "offered") and world.media.legs["c1"].looping


def test_a_flow_sends_a_caller_to_an_agent_with_music_meanwhile(world: Any) -> None:
    set_up(world)
    world.available("benoit")
    call = world.customer_calls(called="5000")
    world.press("3")
    assert world.media.legs["c1"].looping

    leg = world.answers("benoit")

    assert world.media.hears(call.id) == {("c1", leg), (leg, "c1")} and world.media.legs["c1"].playing is None
    assert call.agent == "benoit" and world.agent("benoit").state == "talking"
    world.hangs_up("c1")
    assert outcomes(world) == ["answered"] and world.agent("benoit").state == "idle"


@pytest.mark.parametrize("key", ["3", "4"])
def test_a_flow_goes_on_when_nobody_can_be_reached(world: Any, key: str) -> None:
    set_up(world)
    call = world.customer_calls(called="5000")

    world.press(key)

    assert call.state == "ivr" and spoken(world) == 2 and not world.media.legs["c1"].looping


def test_an_agent_who_dials_the_shop_is_offered_nobody_meanwhile(world: Any) -> None:
    world.available("alice")
    world.media.peer_calls("p1", "alice", "shop", account="alice")
    world.turn()
    assert world.agent("alice").phone_busy and not world.center.dispatch.offers()

    world.hangs_up("p1")

    assert not world.agent("alice").phone_busy


def test_a_lookup_that_breaks_leads_on_like_one_that_fails(world: Any) -> None:
    world.lookups.broken = True
    world.customer_calls()
    world.hear_prompts()
    before = spoken(world)

    world.press("1")

    assert world.media.legs["c1"].playing and spoken(world) > before


def test_a_prompt_that_breaks_is_skipped(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(segments: Any, language: str) -> Any:
        raise ValueError("no voice")

    monkeypatch.setattr(world.center.speech._prompts, "files", broken)
    call = world.customer_calls()
    world.press("0")

    world.wait(30)

    assert call.state in ("queued", "offered")


def test_a_callers_hang_up_before_the_ack_of_our_answer_ends_the_call(world: Any) -> None:
    world.media.peer_calls("p1", "warehouse", "benoit", account="warehouse")
    world.turn()
    leg = world.phone_of("benoit")
    world.media.legs["p1"].answered = True  # our 200 is on its way, the ACK is not
    world.media.peer_answers(leg)
    world.turn()
    world.hangs_up("p1")

    assert world.media.legs[leg].ended and not world.center.switchboard.calls


def test_statuses_are_refused_with_what_there_is(world: Any) -> None:
    with pytest.raises(NotFound):
        world.center.dispatch.set_status("alice", SetStatus(status="on_break", pause_reason="siesta"))
    with pytest.raises(NotFound):
        world.center.dispatch.set_status("nobody", SetStatus(status="available"))


def test_keys_typed_ahead_answer_as_many_menus_as_they_can(world: Any) -> None:
    world.media.peer_calls("c1", "+33639980009", "4000", source="127.0.0.1")
    world.turn()

    world.press("122002029#750")  # English, another order, its number, and a part of the postal code
    assert [event.keys for event in world.told if event.type == "digits.received"] == ["1", "2", "2002029"]
    assert world.media.legs["c1"].playing is None, "who is typing already is not asked"

    world.press("11#")

    assert world.center.switchboard.call_of("c1").order_number == "2002029"


def test_every_prompt_that_began_is_told_to_have_ended(world: Any) -> None:
    call = world.customer_queues()
    world.wait(46)
    assert world.media.legs["c1"].playing and not world.media.legs["c1"].looping
    world.available("alice")
    world.answers("alice")
    world.hangs_up("c1")

    assert call.over and world.types().count("playback.started") == world.types().count("playback.finished")
