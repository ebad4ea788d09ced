from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ivr.actions import (
    Action,
    Answer,
    CallWebhook,
    Collect,
    Enqueue,
    HangUp,
    LookupCustomer,
    LookupOrder,
    NodeEntered,
    Play,
    RecordVoicemail,
    SetLanguage,
    TakeCallback,
    Transfer,
)
from ivr.events import (
    CallbackRefused,
    CallbackTaken,
    CustomerFound,
    Digits,
    Event,
    HungUp,
    LookupFailed,
    LookupMissed,
    OrderFound,
    PlaybackFinished,
    QueueLeft,
    Started,
    TransferDone,
    TransferFailed,
    VoicemailFailed,
    VoicemailRecorded,
    WebhookAnswered,
    WebhookFailed,
)
from ivr.hours import ALWAYS_OPEN, Schedule
from ivr.interpreter import MAX_FALLBACKS, MAX_STEPS, advance, new_session
from ivr.model import Flow
from ivr.session import KeyPress, Session
from ivr.speech.parts import Audio, Text, Words
from ivr.speech.parts import Digits as SaidDigits

FlowMaker = Callable[..., Flow]
END = {"kind": "hang_up"}
HELLO = [{"kind": "text", "id": "hello"}]


class Call:
    """A call under test: remembers the session and the actions of the last event."""

    def __init__(self, flow: Flow, started: Started) -> None:
        self.flow = flow
        self.session = new_session(flow)
        self.actions: tuple[Action, ...] = ()
        self.take(started)

    def take(self, event: Event) -> tuple[Action, ...]:
        self.session, self.actions = advance(self.flow, self.session, event)
        return self.actions

    def answer(self, kind: Callable[..., Event], *arguments: Any) -> tuple[Action, ...]:
        """Answer the open request."""
        return self.take(kind(self.session.request, *arguments))

    @property
    def node(self) -> str | None:
        return self.session.node


def test_a_call_is_answered_and_the_first_node_entered(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO, "next": "end"}, "end": END}), started)
    assert call.actions == (
        Answer(),
        SetLanguage("en"),
        NodeEntered("hello"),
        Play(1, (Text("hello"),), True),
    )
    assert call.answer(PlaybackFinished) == (NodeEntered("end"), HangUp("completed"))
    assert (call.session.ended, call.session.awaited) == ("hung_up", None)


def test_nothing_happens_before_a_call_has_started(flow_of: FlowMaker) -> None:
    flow = flow_of({"end": END})
    session = new_session(flow)
    assert advance(flow, session, PlaybackFinished(0)) == (session, ())


def test_a_call_starts_once(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO, "next": "end"}, "end": END}), started)
    before = call.session
    assert call.take(started) == ()
    assert call.session is before


@pytest.mark.parametrize(
    "stale",
    [
        PlaybackFinished(0),
        PlaybackFinished(2),
        Digits(1, "1", "complete"),
        QueueLeft(1, "full"),
        LookupMissed(1),
    ],
)
def test_an_answer_that_is_not_awaited_changes_nothing(
    flow_of: FlowMaker, started: Started, stale: Event
) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO, "next": "end"}, "end": END}), started)
    before = call.session
    assert call.take(stale) == ()
    assert call.session is before


def test_a_hang_up_ends_the_session_in_any_state(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO, "next": "end"}, "end": END}), started)
    request = call.session.request
    assert call.take(HungUp()) == ()
    assert call.session.ended == "caller_gone"
    assert call.take(PlaybackFinished(request)) == ()


# --- keys -----------------------------------------------------------------------------------------------


def menu(**fields: Any) -> dict[str, Any]:
    nodes = {
        "menu": {
            "kind": "menu",
            "prompt": HELLO,
            "choices": {"1": "one", "#": "hash"},
            "no_input_prompt": [{"kind": "text", "id": "silence"}],
            "no_match_prompt": [{"kind": "text", "id": "wrong"}],
            "on_no_input": "silent",
            "on_no_match": "lost",
        }
        | fields
    }
    return nodes | dict.fromkeys(("one", "hash", "silent", "lost"), END)


@pytest.mark.parametrize(("key", "node"), [("1", "one"), ("#", "hash")])
def test_a_key_chooses_its_node(flow_of: FlowMaker, started: Started, key: str, node: str) -> None:
    call = Call(flow_of(menu(timeout=7, barge_in=False)), started)
    assert call.actions[-1] == Collect(1, (Text("hello"),), 1, 1, "", 7.0, barge_in=False)
    call.answer(Digits, key, "complete")
    assert call.node == node
    assert call.session.path == (KeyPress("menu", key),)


def test_silence_repeats_the_menu_and_then_takes_its_exit(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of(menu(attempts=3)), started)
    for request in (2, 3):
        (action,) = call.answer(Digits, "", "no_input")
        assert isinstance(action, Collect)
        assert (action.request, action.prompt) == (request, (Text("silence"), Text("hello")))
    call.answer(Digits, "", "no_input")
    assert call.node == "silent"


def test_wrong_keys_repeat_the_menu_and_then_take_their_exit(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of(menu(attempts=2)), started)
    (action,) = call.answer(Digits, "5", "complete")
    assert isinstance(action, Collect)
    assert action.prompt == (Text("wrong"), Text("hello"))
    call.answer(Digits, "6", "complete")
    assert call.node == "lost"


def test_a_menu_entered_again_has_all_its_attempts_again(flow_of: FlowMaker, started: Started) -> None:
    nodes = menu(attempts=2) | {"one": {"kind": "play", "prompt": HELLO, "next": "menu"}}
    call = Call(flow_of(nodes), started)
    call.answer(Digits, "", "no_input")
    call.answer(Digits, "1", "complete")
    call.answer(PlaybackFinished)
    call.answer(Digits, "", "no_input")
    assert call.node == "menu"


def collect(**fields: Any) -> dict[str, Any]:
    node = {
        "kind": "collect",
        "prompt": HELLO,
        "save_as": "code",
        "min_digits": 2,
        "max_digits": 4,
        "next": "say",
    }
    exits = {"on_no_input": "silent", "on_no_match": "lost", "attempts": 1}
    said = {"kind": "play", "prompt": [{"kind": "digits", "fact": "code"}], "next": "silent"}
    return {"ask": node | exits | fields, "say": said, "silent": END, "lost": END}


@pytest.mark.parametrize("outcome", ["complete", "terminated", "timeout"])
def test_enough_keys_become_a_variable_however_the_input_ended(
    flow_of: FlowMaker, started: Started, outcome: str
) -> None:
    call = Call(flow_of(collect(first_digit_timeout=9, inter_digit_timeout=2, terminator="*")), started)
    assert call.actions[-1] == Collect(1, (Text("hello"),), 2, 4, "*", 9.0, 2.0, True)
    assert call.answer(Digits, "042", outcome)[-1] == Play(2, (SaidDigits("042"),), True)
    assert call.session.path == (KeyPress("ask", "042"),)


def test_private_keys_are_not_shown_on_the_path(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of(collect(private=True)), started)
    call.answer(Digits, "1234", "complete")
    assert call.session.path == (KeyPress("ask", ""),)
    assert call.session.facts["code"] == "1234"


@pytest.mark.parametrize(("keys", "node"), [("", "silent"), ("1", "lost"), ("12345", "lost")])
def test_too_few_or_too_many_keys_are_no_match(
    flow_of: FlowMaker, started: Started, keys: str, node: str
) -> None:
    call = Call(flow_of(collect()), started)
    call.answer(Digits, keys, "terminated")
    assert call.node == node


# --- look-ups and webhooks --------------------------------------------------------------------------------

LOOKUP = {"kind": "lookup_customer", "found": "found", "not_found": "missed", "on_failure": "failed"}
OUTCOMES = dict.fromkeys(("found", "missed", "failed", "too_many"), END)


@pytest.mark.parametrize(
    ("event", "arguments", "node"),
    [
        (CustomerFound, ({"id": "c1"},), "found"),
        (LookupMissed, (), "missed"),
        (LookupFailed, ("error",), "failed"),
        (LookupFailed, ("timeout",), "failed"),
        (LookupFailed, ("database_away",), "failed"),
    ],
)
def test_each_outcome_of_a_look_up_has_its_exit(
    flow_of: FlowMaker, started: Started, event: Any, arguments: Any, node: str
) -> None:
    call = Call(flow_of({"look": LOOKUP} | OUTCOMES), started)
    assert call.actions[-1] == LookupCustomer(1, "+33123456789")
    call.answer(event, *arguments)
    assert call.node == node


def test_a_withheld_number_is_not_looked_up(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"look": LOOKUP} | OUTCOMES), replace(started, caller=None))
    assert call.node == "missed"


def order_flow(**fields: Any) -> dict[str, Any]:
    order = {"kind": "lookup_order", "found": "found", "not_found": "missed", "on_too_many": "too_many"}
    return {
        "who": {"kind": "lookup_customer", "found": "look", "not_found": "look"},
        "look": order | fields,
    } | OUTCOMES


def test_the_latest_order_is_that_of_the_customer(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of(order_flow()), started)
    call.answer(CustomerFound, {"id": "c1"})
    assert call.actions[-1] == LookupOrder(2, "latest", "c1", None, None, "+33123456789")
    call.answer(OrderFound, {"number": "7"})
    assert (call.node, call.session.facts["order"]) == ("found", {"number": "7"})


def test_a_stranger_has_no_latest_order(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of(order_flow()), started)
    call.answer(LookupMissed)
    assert call.node == "missed"


def test_an_order_s_number_needs_a_check_or_the_caller_s_number(flow_of: FlowMaker, started: Started) -> None:
    known = {"number": {"kind": "set_variable", "name": "n", "value": "123", "next": "look"}}
    nodes = known | {"look": order_flow(which="number", number="n")["look"]} | OUTCOMES
    assert Call(flow_of(nodes), started).actions[-1] == LookupOrder(
        1, "number", None, "123", None, "+33123456789"
    )
    assert Call(flow_of(nodes), replace(started, caller=None)).node == "missed"


def test_wrong_checks_are_counted_over_the_whole_call(flow_of: FlowMaker, started: Started) -> None:
    again = {"kind": "collect", "prompt": [], "save_as": "n", "next": "look"}
    order = order_flow(which="number", number="n", check="n", max_checks=2, not_found="ask")["look"]
    call = Call(flow_of({"ask": again, "look": order} | OUTCOMES), started)
    for _ in range(2):
        assert isinstance(call.answer(Digits, "1", "terminated")[-1], LookupOrder)
        call.answer(LookupMissed)
        assert call.node == "ask"
    call.answer(Digits, "1", "terminated")
    assert call.node == "too_many"


def test_a_right_check_does_not_count(flow_of: FlowMaker, started: Started) -> None:
    again = {"kind": "collect", "prompt": [], "save_as": "n", "next": "look"}
    order = order_flow(which="number", number="n", check="n", max_checks=1, found="ask")["look"]
    call = Call(flow_of({"ask": again, "look": order} | OUTCOMES), started)
    for _ in range(3):
        call.answer(Digits, "1", "terminated")
        call.answer(OrderFound, {})
    assert call.node == "ask"


def test_a_webhook_sends_facts_and_keeps_the_answer(flow_of: FlowMaker, started: Started) -> None:
    hook = {"kind": "webhook", "url": "https://shop.example/hook", "body": {"who": "call.caller", "x": "y.z"}}
    hook |= {"save_as": "stock", "timeout": 2, "next": "say", "on_failure": "failed"}
    say = {"kind": "play", "prompt": [{"kind": "words", "fact": "stock.word"}], "next": "failed"}
    call = Call(flow_of({"hook": hook, "say": say, "failed": END}), started)
    body = {"who": "+33123456789", "x": None}
    assert call.actions[-1] == CallWebhook(1, "https://shop.example/hook", "POST", body, 2.0)
    assert call.answer(WebhookAnswered, {"word": "plenty"})[-1] == Play(2, (Words("plenty"),), True)


def test_a_failed_webhook_takes_its_exit(flow_of: FlowMaker, started: Started) -> None:
    hook = {"kind": "webhook", "url": "https://shop.example/", "next": "good", "on_failure": "bad"}
    call = Call(flow_of({"hook": hook, "good": END, "bad": END}), started)
    call.answer(WebhookFailed, "timeout")
    assert call.node == "bad"


# --- facts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "value", "fact", "expected"),
    [
        ("equals", "a", "a", True),
        ("equals", "a", "b", False),
        ("equals", 1, 1.0, True),
        ("equals", 1, True, False),
        ("equals", True, True, True),
        ("equals", "1", 1, False),
        ("equals", "a", None, False),
        ("not_equals", "a", None, True),
        ("not_equals", "a", "a", False),
        ("at_least", 2, 2, True),
        ("at_least", 2, 1, False),
        ("at_least", 2, "3", False),
        ("at_least", 2, None, False),
        ("at_most", 2, 1.5, True),
        ("at_most", 2, 3, False),
        ("known", None, 0, True),
        ("known", None, None, False),
        ("unknown", None, None, True),
        ("unknown", None, "", False),
        ("equals", "a", object(), False),
    ],
)
def test_conditions(
    flow_of: FlowMaker, started: Started, test: str, value: Any, fact: object, expected: bool
) -> None:
    case = {"when": [{"fact": "x.y", "test": test, "value": value}], "next": "yes"}
    nodes = {"branch": {"kind": "branch", "cases": [case], "otherwise": "no"}, "yes": END, "no": END}
    call = Call(flow_of(nodes), replace(started, facts={"x": {"y": fact}}))
    assert call.node == ("yes" if expected else "no")


def test_a_case_needs_all_its_conditions_and_the_first_case_wins(
    flow_of: FlowMaker, started: Started
) -> None:
    cases = [
        {"when": [{"fact": "a", "test": "known"}, {"fact": "b", "test": "known"}], "next": "both"},
        {"when": [{"fact": "a", "test": "known"}], "next": "first"},
        {"when": [{"fact": "call.caller", "test": "known"}], "next": "second"},
    ]
    nodes = {"branch": {"kind": "branch", "cases": cases, "otherwise": "none"}}
    nodes |= dict.fromkeys(("both", "first", "second", "none"), END)
    assert Call(flow_of(nodes), replace(started, facts={"a": 1})).node == "first"
    assert Call(flow_of(nodes), replace(started, facts={"a": 1, "b": 1})).node == "both"
    assert Call(flow_of(nodes), started).node == "second"


def test_variables_take_values_and_copies_of_facts(flow_of: FlowMaker, started: Started) -> None:
    nodes = {
        "a": {"kind": "set_variable", "name": "colour", "value": "red", "next": "b"},
        "b": {"kind": "set_variable", "name": "who", "fact": "call.caller", "next": "end"},
        "end": END,
    }
    facts = Call(flow_of(nodes), started).session.facts
    assert (facts["colour"], facts["who"]) == ("red", "+33123456789")


def test_facts_given_at_the_start_cannot_replace_the_call_s_own(flow_of: FlowMaker, started: Started) -> None:
    session = Call(flow_of({"end": END}), replace(started, facts={"call": "mine"})).session
    assert session.facts["call"] == {"caller": "+33123456789", "called": "+33987654321", "channel": "voice"}


def test_a_prompt_says_what_is_known_and_falls_back_otherwise(flow_of: FlowMaker, started: Started) -> None:
    named = {"kind": "text", "id": "hi", "values": {"name": {"kind": "words", "fact": "customer.first_name"}}}
    prompt = [
        named | {"otherwise": "hello"},
        named,
        {"kind": "number", "fact": "nowhere"},
        {"kind": "audio", "file": "a.wav"},
    ]
    flow = flow_of({"play": {"kind": "play", "prompt": prompt, "next": "end"}, "end": END})
    known = replace(started, facts={"customer": {"first_name": "Ana"}})
    hi = Text("hi", {"name": Words("Ana")})
    assert Call(flow, started).actions[-1] == Play(1, (Text("hello"), Audio("a.wav")), True)
    assert Call(flow, known).actions[-1] == Play(1, (hi, hi, Audio("a.wav")), True)


# --- opening hours and languages --------------------------------------------------------------------------


def hours(**fields: Any) -> dict[str, Any]:
    node = {"kind": "opening_hours", "calendar": "shop", "open": "o", "closed": "c", "on_failure": "f"}
    return {"hours": node | fields, "o": END, "c": END, "f": END}


@pytest.mark.parametrize(
    ("calendars", "node"),
    [
        ({"shop": ALWAYS_OPEN}, "o"),
        ({"shop": Schedule("UTC")}, "c"),
        ({"shop": Schedule("Nowhere/Land")}, "f"),
        ({}, "f"),
    ],
)
def test_opening_hours(flow_of: FlowMaker, started: Started, calendars: Any, node: str) -> None:
    assert Call(flow_of(hours()), replace(started, calendars=calendars)).node == node


def test_the_telephony_s_calendar_comes_before_the_flow_s(flow_of: FlowMaker, started: Started) -> None:
    flow = flow_of(hours(), calendars={"shop": {"timezone": "UTC"}})
    assert Call(flow, started).node == "c"
    assert Call(flow, replace(started, calendars={"shop": ALWAYS_OPEN})).node == "o"


def test_the_first_moment_of_time_is_no_reason_to_fail(flow_of: FlowMaker, started: Started) -> None:
    flow = flow_of(hours(), calendars={"shop": {"timezone": "America/New_York"}})
    assert Call(flow, replace(started, at=datetime.min.replace(tzinfo=UTC))).node == "f"


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"to": "fr"}, "fr"),
        ({"fact": "wish"}, "pt"),
        ({"to": "fr", "fact": "wish"}, "fr"),
        ({"fact": "unknown"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_a_call(flow_of: FlowMaker, started: Started, fields: Any, language: str) -> None:
    nodes = {"language": {"kind": "language", "next": "end"} | fields, "end": END}
    call = Call(flow_of(nodes, languages=["en", "fr", "pt"]), replace(started, facts={"wish": "pt-BR"}))
    assert call.session.language == language
    assert (SetLanguage(language) in call.actions[2:]) is (language != "en")


def test_a_language_that_the_flow_does_not_speak_is_not_chosen(flow_of: FlowMaker, started: Started) -> None:
    nodes = {"language": {"kind": "language", "fact": "wish", "next": "end"}, "end": END}
    assert Call(flow_of(nodes), replace(started, facts={"wish": "fr"})).session.language == "en"


# --- handing over -----------------------------------------------------------------------------------------

QUEUE = {"kind": "enqueue", "queue": "shop", "priority": 5, "skills": ["returns"], "language_skill": True}
QUEUE |= {"on_full": "full", "on_max_wait": "late", "on_no_agents": "empty", "on_failure": "failed"}
AFTER_QUEUE = dict.fromkeys(("full", "late", "empty", "failed"), END)


def test_a_contact_joins_its_queue_with_what_the_agent_should_see(
    flow_of: FlowMaker, started: Started
) -> None:
    who = LOOKUP | {"found": "menu"}
    nodes = (
        {"who": who} | menu() | OUTCOMES | AFTER_QUEUE | {"one": QUEUE | {"priority_fact": "customer.rank"}}
    )
    call = Call(flow_of(nodes), started)
    customer = {"id": "c1", "rank": 40}
    call.answer(CustomerFound, customer)
    facts = {"customer": customer, "language": "en", "path": ({"node": "menu", "keys": "1"},)}
    assert call.answer(Digits, "1", "complete")[-1] == Enqueue(
        3, "shop", 40, ("returns", "language-en"), facts
    )


@pytest.mark.parametrize(("rank", "priority"), [(None, 5), ("9", 5), (True, 5), (1000, 100), (-3, 0)])
def test_a_priority_that_is_no_priority_is_not_taken(
    flow_of: FlowMaker, started: Started, rank: object, priority: int
) -> None:
    flow = flow_of({"queue": QUEUE | {"priority_fact": "rank"}} | AFTER_QUEUE)
    action = Call(flow, replace(started, facts={"rank": rank})).actions[-1]
    assert isinstance(action, Enqueue)
    assert action.priority == priority


@pytest.mark.parametrize(
    ("outcome", "node"),
    [("full", "full"), ("max_wait", "late"), ("no_agents", "empty"), ("failed", "failed")],
)
def test_a_caller_who_leaves_the_queue_without_an_agent_goes_on(
    flow_of: FlowMaker, started: Started, outcome: str, node: str
) -> None:
    call = Call(flow_of({"queue": QUEUE} | AFTER_QUEUE), started)
    call.answer(QueueLeft, outcome)
    assert call.node == node


@pytest.mark.parametrize("outcome", ["answered", "callback"])
def test_an_answered_call_is_no_longer_the_flow_s(flow_of: FlowMaker, started: Started, outcome: str) -> None:
    call = Call(flow_of({"queue": QUEUE} | AFTER_QUEUE), started)
    assert call.answer(QueueLeft, outcome) == ()
    assert (call.session.ended, call.session.awaited) == (outcome, None)


def test_a_transfer_ends_the_flow_or_takes_its_failure_exit(flow_of: FlowMaker, started: Started) -> None:
    flow = flow_of({"go": {"kind": "transfer", "target": "desk-7", "on_failure": "failed"}, "failed": END})
    done, failed = Call(flow, started), Call(flow, started)
    assert done.actions[-1] == Transfer(1, "desk-7")
    assert done.answer(TransferDone) == ()
    assert done.session.ended == "transferred"
    failed.answer(TransferFailed)
    assert failed.node == "failed"


@pytest.mark.parametrize(("event", "node"), [(VoicemailRecorded, "kept"), (VoicemailFailed, "failed")])
def test_a_message_is_recorded(flow_of: FlowMaker, started: Started, event: Any, node: str) -> None:
    voicemail = {
        "kind": "voicemail",
        "mailbox": "shop",
        "max_seconds": 60,
        "next": "kept",
        "on_failure": "failed",
    }
    call = Call(flow_of({"record": voicemail, "kept": END, "failed": END}), started)
    assert call.actions[-1] == RecordVoicemail(1, "shop", 60)
    call.answer(event)
    assert call.node == node


OFFER = {"kind": "callback_offer", "queue": "shop", "prompt": HELLO, "accepted": "yes", "declined": "no"}
OFFER |= {"on_failure": "failed"}
AFTER_OFFER = dict.fromkeys(("yes", "no", "failed"), END)


@pytest.mark.parametrize(("event", "node"), [(CallbackTaken, "yes"), (CallbackRefused, "failed")])
def test_an_accepted_callback_is_taken(flow_of: FlowMaker, started: Started, event: Any, node: str) -> None:
    call = Call(flow_of({"offer": OFFER} | AFTER_OFFER), started)
    (action,) = call.answer(Digits, "1", "complete")
    facts = {"language": "en", "path": ({"node": "offer", "keys": "1"},)}
    assert action == TakeCallback(2, "shop", "+33123456789", facts)
    call.answer(event)
    assert call.node == node


@pytest.mark.parametrize(("keys", "outcome"), [("2", "complete"), ("", "no_input")])
def test_any_other_key_or_none_declines_a_callback(
    flow_of: FlowMaker, started: Started, keys: str, outcome: str
) -> None:
    call = Call(flow_of({"offer": OFFER} | AFTER_OFFER), started)
    call.answer(Digits, keys, outcome)
    assert call.node == "no"


def test_no_callback_is_offered_without_a_number(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"offer": OFFER} | AFTER_OFFER), replace(started, caller=None))
    assert call.node == "no"


# --- failures of the flow itself ----------------------------------------------------------------------------


def test_a_missing_exit_leads_to_the_flow_s_failure_node(flow_of: FlowMaker, started: Started) -> None:
    nodes = {"hello": {"kind": "play", "prompt": HELLO}, "sorry": {"kind": "hang_up", "reason": "closed"}}
    call = Call(flow_of(nodes, on_failure="sorry"), started)
    assert call.answer(PlaybackFinished) == (NodeEntered("sorry"), HangUp("closed"))


def test_an_exit_to_nowhere_leads_to_the_flow_s_failure_node(flow_of: FlowMaker, started: Started) -> None:
    nodes = {"hello": {"kind": "play", "prompt": HELLO, "next": "moon"}, "sorry": END}
    call = Call(flow_of(nodes, on_failure="sorry"), started)
    call.answer(PlaybackFinished)
    assert call.node == "sorry"


@pytest.mark.parametrize("fields", [{}, {"on_failure": "moon"}])
def test_without_any_way_on_the_call_is_ended(flow_of: FlowMaker, started: Started, fields: Any) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO}}, **fields), started)
    assert call.answer(PlaybackFinished) == (HangUp("flow_error"),)


def test_a_failure_node_that_fails_itself_is_not_tried_for_ever(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO}}, on_failure="hello"), started)
    for _ in range(MAX_FALLBACKS):
        call.answer(PlaybackFinished)
        assert call.node == "hello"
    assert call.answer(PlaybackFinished) == (HangUp("flow_error"),)


def test_a_circle_is_left_for_the_failure_node(flow_of: FlowMaker, started: Started) -> None:
    nodes = {
        "a": {"kind": "set_variable", "name": "x", "value": 1, "next": "b"},
        "b": {"kind": "set_variable", "name": "x", "value": 2, "next": "a"},
        "sorry": {"kind": "play", "prompt": HELLO, "next": "end"},
        "end": END,
    }
    call = Call(flow_of(nodes, on_failure="sorry"), started)
    assert (call.node, call.session.steps) == ("sorry", MAX_STEPS + 1)
    call.answer(PlaybackFinished)
    assert call.session.ended == "hung_up"


def test_a_circle_without_a_failure_node_ends_the_call(flow_of: FlowMaker, started: Started) -> None:
    nodes = {"a": {"kind": "set_variable", "name": "x", "value": 1, "next": "a"}}
    call = Call(flow_of(nodes), started)
    assert call.actions[-1] == HangUp("flow_error")
    call = Call(flow_of(nodes, on_failure="a"), started)
    assert call.actions[-1] == HangUp("loop_guard")


def test_a_session_of_another_version_of_the_flow_falls_back(flow_of: FlowMaker, started: Started) -> None:
    call = Call(flow_of({"hello": {"kind": "play", "prompt": HELLO, "next": "end"}, "end": END}), started)
    call.flow = flow_of({"other": END}, on_failure="other")
    call.answer(PlaybackFinished)
    assert (call.node, call.session.ended) == ("other", "hung_up")


def test_a_session_remembers_nothing_that_can_be_changed(flow_of: FlowMaker, started: Started) -> None:
    session: Session = Call(flow_of({"end": END}), started).session
    with pytest.raises(AttributeError):
        session.node = "x"  # type: ignore[misc]
