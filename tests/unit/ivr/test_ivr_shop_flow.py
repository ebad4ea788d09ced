"""The flow that comes with Comptoir, heard from the caller's side."""

from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest

from ivr.codec import loads
from ivr.hours import Schedule
from ivr.model import Flow
from ivr.simulator import Transcript, simulate
from ivr.speech.catalogue import Catalogue
from ivr.world import World

CART = {"items": 2, "total": {"amount": 4590, "currency": "EUR"}}
CUSTOMER = {"id": "c1", "first_name": "Inês", "language": "pt"}
ORDER = {
    "number": "1042331",
    "postal_code": "1000",
    "state": "shipped",
    "placed_on": "2026-11-16",
    "expected_on": "2026-11-24",
    "carrier": "CTT",
}
CLOSED = {"shop": Schedule("UTC")}


@pytest.fixture(scope="module")
def shop() -> Flow:
    return loads(resources.files("ivr").joinpath("flows/shop.json").read_bytes())


@pytest.fixture
def call(shop: Flow, catalogue: Catalogue) -> Any:
    def run(keys: str, **world: Any) -> Transcript:
        facts: dict[str, Any] = {"caller": "+351912345678", "called": "+3312345", "orders": (ORDER,)} | world
        made = World(at=datetime(2026, 11, 21, 12, tzinfo=UTC), **facts)
        return simulate(shop, made, keys.split(), catalogue)

    return run


def nodes(transcript: Transcript) -> list[str]:
    return [line.text for line in transcript.lines if line.kind == "node"]


def said(transcript: Transcript) -> list[str]:
    return [line.text for line in transcript.lines if line.kind == "says"]


def done(transcript: Transcript) -> list[str]:
    return [line.text for line in transcript.lines if line.kind == "does"]


def test_a_known_caller_is_greeted_by_name_in_their_language(call: Any) -> None:
    heard = said(call("", customer=CUSTOMER))
    assert heard[0] == "Olá Inês, damos-lhe as boas-vindas à nossa loja."
    assert heard[1].startswith("Para saber o estado da sua última encomenda, marque um.")


@pytest.mark.parametrize(
    ("key", "greeting"),
    [
        ("1", "Hello, and welcome to our shop."),
        ("2", "Bonjour, et bienvenue dans notre boutique."),
        ("3", "Olá, damos-lhe as boas-vindas à nossa loja."),
        ("-", "Hello, and welcome to our shop."),
        ("9", "Hello, and welcome to our shop."),
    ],
)
def test_a_stranger_chooses_the_language(call: Any, key: str, greeting: str) -> None:
    heard = said(call(f"{key} {key}" if key in "-9" else key))
    assert heard[:3] == [
        "For English, press one.",
        "Pour le français, tapez deux.",
        "Para português, marque três.",
    ]
    assert greeting in heard


def test_one_tells_the_status_of_the_latest_order(call: Any) -> None:
    heard = said(call("1", customer=CUSTOMER | {"language": "fr"}))
    assert heard[2:4] == [
        "Votre commande numéro un, zéro, quatre, deux, trois, trois, un, passée le lundi seize novembre.",
        "Elle est en route avec CTT, et devrait arriver le mardi vingt-quatre novembre.",
    ]


def test_one_asks_a_stranger_for_an_order_number(call: Any) -> None:
    assert nodes(call("1 1"))[-4:] == ["latest_order", "is_known", "not_recognised", "ask_number"]


def test_a_customer_without_orders_hears_so(call: Any) -> None:
    transcript = call("1", customer=CUSTOMER | {"language": "en"}, orders=())
    assert "I found no order of yours." in said(transcript)
    assert nodes(transcript)[-1] == "main"


def test_two_finds_an_own_order_by_number_alone(call: Any) -> None:
    transcript = call("2 1042331#", customer=CUSTOMER)
    assert nodes(transcript)[-3:] == ["by_caller", "say_status", "after_status"]


def test_two_finds_any_order_with_its_postal_code(call: Any) -> None:
    transcript = call("1 2 1042331# 1000#")
    assert nodes(transcript)[-5:] == ["by_caller", "ask_postal", "by_postal", "say_status", "after_status"]


def test_postal_codes_cannot_be_guessed_for_long(call: Any) -> None:
    tries = " ".join(f"1042331# {code}#" for code in (1001, 1002, 1003, 1000))
    transcript = call(f"1 2 {tries}")
    assert "I could not find your order." in said(transcript)
    assert "say_status" not in nodes(transcript)
    assert nodes(transcript)[-1] == "queue"


def test_the_postal_code_is_not_shown_to_the_agent(call: Any) -> None:
    transcript = call("1 2 1042331# 1000# 0")
    assert [press.keys for press in transcript.session.path] == ["1", "2", "1042331", "", "0"]


@pytest.mark.parametrize("key", ["0", "3"])
def test_zero_and_three_lead_to_an_agent(call: Any, key: str) -> None:
    transcript = call(key, customer=CUSTOMER)
    assert done(transcript)[-1] == "joins the queue shop with priority 0"
    assert transcript.session.ended == "answered"


def test_an_open_cart_is_told_and_gives_priority(call: Any) -> None:
    transcript = call("3", customer=CUSTOMER | {"language": "en", "open_cart": CART})
    assert (
        "There are two items in your cart, worth forty-five euros and ninety cents. "
        "To finish your order with an adviser, press three."
    ) in said(transcript)
    assert done(transcript)[-1] == "joins the queue shop with priority 10"


def test_an_empty_cart_is_not_mentioned(call: Any) -> None:
    assert "tell_cart" not in nodes(call("", customer=CUSTOMER | {"open_cart": CART | {"items": 0}}))


def test_a_caller_without_keys_reaches_an_agent(call: Any) -> None:
    assert nodes(call("- - -", customer=CUSTOMER))[-1] == "queue"


def test_a_silent_caller_after_the_status_is_bidden_goodbye(call: Any) -> None:
    transcript = call("1 - -", customer=CUSTOMER)
    assert nodes(transcript)[-2:] == ["goodbye", "end"]


def test_outside_opening_hours_a_callback_is_offered_instead_of_an_agent(call: Any) -> None:
    transcript = call("0 1", customer=CUSTOMER, calendars=CLOSED)
    assert nodes(transcript)[-6:] == [
        "closed",
        "has_number",
        "offer_callback",
        "callback_taken",
        "goodbye",
        "end",
    ]
    assert "notes a callback to +351912345678 for the queue shop" in done(transcript)


def test_outside_opening_hours_the_order_status_is_told_all_the_same(call: Any) -> None:
    assert "say_status" in nodes(call("1", customer=CUSTOMER, calendars=CLOSED))


@pytest.mark.parametrize("outcome", ["full", "max_wait", "no_agents", "failed"])
def test_a_caller_whom_nobody_can_take_leaves_a_message(call: Any, outcome: str) -> None:
    transcript = call("0 2", customer=CUSTOMER, queue=outcome)
    assert nodes(transcript)[-8:] == [
        "busy",
        "has_number",
        "offer_callback",
        "leave_message",
        "message",
        "message_taken",
        "goodbye",
        "end",
    ]


def test_a_caller_without_number_is_asked_for_one_to_be_called_back_on(call: Any) -> None:
    transcript = call("1 0 0142000000# 1", caller=None, queue="full")
    assert "Your number is zero, one, four, two, zero, zero, zero, zero, zero, zero." in " ".join(
        said(transcript)
    )
    assert "notes a callback to 0142000000 for the queue shop" in done(transcript)
    assert [press.keys for press in transcript.session.path] == ["1", "0", "", "1"], (
        "the agent need not see it"
    )


@pytest.mark.parametrize("keys", ["- -", "12# -", "12# 34#", "0142000000# 2"])
def test_a_caller_without_number_who_gives_none_leaves_a_message(call: Any, keys: str) -> None:
    transcript = call(f"1 0 {keys}", caller=None, queue="full")
    assert "message" in nodes(transcript) and "callback_taken" not in nodes(transcript)


@pytest.mark.parametrize("customer", [None, CUSTOMER])
def test_somebody_in_a_page_hears_its_language_and_is_asked_for_none(call: Any, customer: Any) -> None:
    transcript = call("", caller=None, language="fr", customer=customer)
    assert not {"choose_language", "their_language"} & set(nodes(transcript))


@pytest.mark.parametrize("failing", ["customer", "order", "callback", "voicemail"])
def test_nothing_that_is_out_of_order_leaves_a_caller_stranded(call: Any, failing: str) -> None:
    keys = {"customer": "1 0", "order": "1", "callback": "0 1", "voicemail": "0 2"}[failing]
    transcript = call(keys, customer=CUSTOMER, failing=frozenset({failing}), queue="full")
    assert transcript.session.ended in ("hung_up", "caller_gone")
    assert "busy" in nodes(transcript)


def test_a_failed_look_up_is_owned_up_to_and_leads_to_an_agent(call: Any) -> None:
    transcript = call("1", customer=CUSTOMER | {"language": "en"}, failing=frozenset({"order"}))
    assert "I am sorry, I cannot find that out at the moment." in said(transcript)
    assert transcript.session.ended == "answered"


def test_every_node_of_the_flow_is_heard_in_some_call(shop: Flow, call: Any) -> None:
    calls = [
        call("1 0", customer=CUSTOMER | {"open_cart": CART}),
        call("3", customer=CUSTOMER),
        call("1 1"),
        call("2 2 1042331# 1001# 1042331# 1002# 1042331# 1003# 1042331# 1004#"),
        call("3 2 1042331# 1000# 0 1", queue="full"),
        call("1", customer=CUSTOMER, orders=()),
        call("1", customer=CUSTOMER, failing=frozenset({"order"})),
        call("0 2", customer=CUSTOMER, calendars=CLOSED),
        call("1 0 0142000000# 1", caller=None, queue="full"),
    ]
    assert {node for each in calls for node in nodes(each)} == set(shop.nodes)
