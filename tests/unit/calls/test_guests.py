"""Customers who call from a shop's page."""

from typing import Any

from center_world import a_catalog

from pbx.calls.ports import HOUSE
from pbx.catalog import DidRow
from pbx.contract.commands import JoinVisitor


def test_the_account_of_a_guest_is_nobodys_telephone_number(world: Any) -> None:
    call = world.guest_calls()
    view = call.view()
    assert (view.caller, view.visitor, view.site) == (None, "v1", "boutique")
    assert call.callback_to == "" and "guest" not in view.model_dump_json()


def test_a_guests_contact_is_found_in_the_events_and_the_records_by_its_page(world: Any) -> None:
    world.guest_calls()
    started = next(event for event in world.told if event.type == "contact.started")
    assert (started.view.visitor, started.view.site, started.view.caller) == ("v1", "boutique", None)


def test_the_flow_speaks_the_pages_language(world: Any) -> None:
    call = world.guest_calls(language="fr")
    assert call.language == "fr"
    said = next(event for event in world.told if event.type == "playback.started")
    assert (said.text, said.language) == ("Bonjour, et bienvenue dans notre boutique.", "fr")


def test_a_language_that_the_flow_does_not_speak_is_the_numbers(world: Any) -> None:
    dids = {"4000": DidRow("4000", "Loja", "shop", "pt", True)}
    world.center.set_up(a_catalog(dids=dids))
    assert world.guest_calls(language="de").language == "pt"


def test_a_customer_for_whom_the_shop_vouches_is_known_without_a_number(world: Any) -> None:
    call = world.guest_calls(customer="camille", language="en")
    said = next(event.text for event in world.told if event.type == "playback.started")
    assert call.customer_id == "camille" and "Camille" in said

    world.hear_prompts("g1")
    world.press("1", "g1")

    assert call.order_number == "2002029"


def test_a_customer_whom_only_the_shop_knows_keeps_the_shops_name_for_the_agent(world: Any) -> None:
    call = world.guest_calls(customer="woo-17", language="en")
    assert call.customer_id == "woo-17" and call.state == "ivr"


def test_a_second_call_of_the_same_visitor_takes_the_place_of_the_first(world: Any) -> None:
    first = world.guest_calls()
    second = world.guest_calls("g2")
    other = world.guest_calls("g3", visitor="v2")

    assert first.over and world.media.legs["g1"].ended
    assert not second.over and not other.over


def test_a_second_call_that_leads_nowhere_ends_no_first(world: Any) -> None:
    first = world.guest_calls()
    world.guest_calls("g2", called="warehouse")
    assert world.media.legs["g2"].status == 404 and not first.over


def test_a_guest_reaches_no_number_that_is_not_public(world: Any) -> None:
    world.center.set_up(a_catalog(dids={"4000": DidRow("4000", "Inside", "shop", "en", False)}))
    world.media.peer_calls("g1", "guest-v1", "4000", account="guest-v1", visitor="v1", site="boutique")
    world.turn()
    assert world.media.legs["g1"].status == 404


def test_a_guest_is_asked_for_the_number_to_be_called_back_on(world: Any) -> None:
    world.trunks.plans = {HOUSE: "+33"}
    queues = {**a_catalog().queues}
    queues["shop"] = type(queues["shop"])("shop", "Shop", {"when_empty": "leave"}, False, "")
    world.center.set_up(a_catalog(queues=queues))
    call = world.guest_calls(language="fr")
    world.hear_prompts("g1")
    world.press("0", "g1")
    world.hear_prompts("g1")
    world.press("0639980123#", "g1")
    world.press("1", "g1")
    world.hear_prompts("g1")

    (promised,) = world.center.callbacks.views()
    assert (promised.number, promised.queue) == ("+33639980123", "shop")
    assert call.outcome == "callback"


def test_no_callback_is_offered_in_the_queue_to_who_left_no_number(world: Any) -> None:
    world.trunks.plans = {HOUSE: "+33"}
    call = world.guest_calls(language="en")
    world.hear_prompts("g1")
    world.press("0", "g1")
    world.hear_prompts("g1")
    assert call.state == "queued"

    world.press("1", "g1")

    assert call.state == "queued" and not world.center.callbacks.views()


def test_a_visitors_page_joins_the_contact_of_somebody_who_called_by_phone(world: Any) -> None:
    call, _ = world.talking("alice")
    world.center.control.join_visitor(call.id, "alice", JoinVisitor(visitor="v9", site="boutique"))
    world.turn()
    view = world.told[-1].view
    assert (view.visitor, view.site, view.customer_id) == ("v9", "boutique", "camille")


def test_the_page_tells_who_an_unknown_caller_is(world: Any) -> None:
    world.available("alice")
    call = world.customer_queues("c1", "+33639980002", language="1")
    world.answers("alice")
    joined = JoinVisitor(visitor="v9", site="boutique", customer_id="bruno")
    world.center.control.join_visitor(call.id, "alice", joined)
    assert call.customer_id == "bruno"
