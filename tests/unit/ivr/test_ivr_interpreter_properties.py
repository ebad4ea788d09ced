"""Whatever the flow and whatever happens, the interpreter never raises and every call comes to an end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.actions import Action, HangUp
from ivr.answering import EXITS, QUEUE_EXITS
from ivr.codec import load
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
from ivr.interpreter import GRACE_STEPS, MAX_STEPS, advance, new_session
from ivr.model import Flow
from ivr.nodes import (
    CallbackOfferNode,
    EnqueueNode,
    LookupCustomerNode,
    LookupOrderNode,
    Node,
    PlayNode,
    TransferNode,
    VoicemailNode,
    WebhookNode,
)
from ivr.session import Awaited, Session

MOST_ATTEMPTS = 2
NAMES = ["n0", "n1", "n2", "n3", "n4"]
FACTS = ["call.caller", "customer.id", "customer.open_cart.items", "order", "v", "w.x"]
PROMPTS: list[Any] = [
    [],
    [{"kind": "text", "id": "shop.cart", "values": {"count": {"kind": "number", "fact": "v"}}}],
    [{"kind": "order_status"}, {"kind": "money", "fact": "w.x"}, {"kind": "date", "fact": "v"}],
]
ODD_FACTS: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=3) | st.dates(),
    lambda inner: (
        st.dictionaries(st.sampled_from(["id", "open_cart", "items", "x", "state"]), inner, max_size=3)
        | st.lists(inner, max_size=2)
    ),
    max_leaves=5,
)
FACT_TABLES = st.dictionaries(
    st.sampled_from(["id", "open_cart", "x", "state", "number", "expected_on"]), ODD_FACTS, max_size=4
)

target = st.sampled_from([*NAMES, *NAMES, "nowhere", None])
fact = st.sampled_from(FACTS)
prompt = st.sampled_from(PROMPTS)
attempts = st.integers(1, MOST_ATTEMPTS)


def node(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


condition = st.fixed_dictionaries(
    {
        "fact": fact,
        "test": st.sampled_from(["equals", "not_equals", "at_least", "at_most", "known", "unknown"]),
        "value": st.none() | st.integers(-2, 2) | st.booleans() | st.just("a"),
    }
)
real = st.sampled_from([*NAMES, "nowhere"])
case = st.fixed_dictionaries({"when": st.lists(condition, min_size=1, max_size=2), "next": real})
no_key: dict[str, Any] = {"attempts": attempts, "on_no_input": target, "on_no_match": target}
look_up: dict[str, Any] = {"found": target, "not_found": target, "on_failure": target}
nodes = st.one_of(
    node("play", prompt=prompt, next=target),
    node("menu", prompt=prompt, choices=st.dictionaries(st.sampled_from("12"), real, min_size=1), **no_key),
    node("collect", prompt=prompt, save_as=st.just("v"), next=target, **no_key),
    node("lookup_customer", number=fact, **look_up),
    node("lookup_order", which=st.sampled_from(["latest", "number"]), number=fact, check=fact, **look_up),
    node("branch", cases=st.lists(case, min_size=1, max_size=2), otherwise=target),
    node("opening_hours", calendar=st.sampled_from(["c", "d", "e"]), open=target, closed=target),
    node("set_variable", name=st.just("v"), fact=fact, next=target),
    node("webhook", url=st.just("https://h.example/"), save_as=st.just("w"), next=target, on_failure=target),
    node("enqueue", queue=st.just("q"), priority_fact=fact, on_full=target, on_max_wait=target),
    node("transfer", target=st.just("desk"), on_failure=target),
    node("voicemail", mailbox=st.just("m"), next=target, on_failure=target),
    node("callback_offer", queue=st.just("q"), prompt=prompt, number=fact, accepted=target, declined=target),
    node("language", to=st.sampled_from([None, "fr", "pt"]), fact=fact, next=target),
    node("hang_up"),
)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    return load(
        {
            "id": "any",
            "version": 1,
            "name": "Any",
            "languages": ["en", "fr"],
            "start": draw(real),
            "on_failure": draw(target),
            "nodes": {name: draw(nodes) for name in NAMES},
        }
    )


starts = st.builds(
    Started,
    st.none() | st.just("+33123456789"),
    st.just("+33987654321"),
    st.datetimes(timezones=st.just(UTC)),
    calendars=st.just({"c": ALWAYS_OPEN, "d": Schedule("No/Zone")}),
    facts=FACT_TABLES,
)


def events(request: st.SearchStrategy[int]) -> st.SearchStrategy[Event]:
    reason = st.sampled_from(["error", "timeout", "database_away"])
    outcome = st.sampled_from(["complete", "terminated", "timeout", "no_input"])
    plain = (
        PlaybackFinished,
        LookupMissed,
        TransferDone,
        TransferFailed,
        VoicemailRecorded,
        VoicemailFailed,
        CallbackTaken,
        CallbackRefused,
    )
    return st.one_of(
        st.builds(Digits, request, st.text("0123456789*#", max_size=3), outcome),
        st.builds(CustomerFound, request, FACT_TABLES),
        st.builds(OrderFound, request, FACT_TABLES),
        st.builds(LookupFailed, request, reason),
        st.builds(WebhookAnswered, request, FACT_TABLES),
        st.builds(WebhookFailed, request, reason),
        st.builds(QueueLeft, request, st.sampled_from(["answered", "callback", *QUEUE_EXITS])),
        *(st.builds(kind, request) for kind in plain),
    )


ANSWERS: Mapping[Awaited, list[Any]] = {
    "playback": [lambda request: PlaybackFinished(request)],
    "digits": [
        lambda request: Digits(request, "", "no_input"),
        lambda request: Digits(request, "1", "complete"),
        lambda request: Digits(request, "9#", "timeout"),
    ],
    "customer": [lambda request: LookupMissed(request), lambda request: CustomerFound(request, {"id": "c"})],
    "order": [lambda request: LookupMissed(request), lambda request: OrderFound(request, {})],
    "webhook": [
        lambda request: WebhookFailed(request, "error"),
        lambda request: WebhookAnswered(request, {}),
    ],
    "queue": [lambda request: QueueLeft(request, "full"), lambda request: QueueLeft(request, "failed")],
    "transfer": [lambda request: TransferFailed(request)],
    "voicemail": [lambda request: VoicemailRecorded(request), lambda request: VoicemailFailed(request)],
    "callback": [lambda request: CallbackRefused(request), lambda request: CallbackTaken(request)],
}


def check(session: Session, actions: tuple[Action, ...]) -> None:
    """What is true after any event."""
    requests = [action.request for action in actions if hasattr(action, "request")]
    assert requests in ([], [session.request])
    assert not requests or actions[-1].request == session.request  # type: ignore[union-attr]
    assert (session.awaited is None) == (session.ended is not None)
    assert not any(isinstance(action, HangUp) for action in actions[:-1])
    assert session.steps <= MAX_STEPS + GRACE_STEPS
    if actions and isinstance(actions[-1], HangUp):
        assert session.ended == "hung_up"


@settings(max_examples=150, deadline=None)
@given(flows(), starts, st.lists(events(st.integers(0, 6)) | starts | st.just(HungUp()), max_size=12))
def test_no_sequence_of_events_raises_or_breaks_the_session(
    flow: Flow, start: Started, sequence: list[Event]
) -> None:
    session = new_session(flow)
    for event in [start, *sequence]:
        before = session
        session, actions = advance(flow, session, event)
        check(session, actions)
        if before.ended:
            assert (session, actions) == (before, ())


@settings(max_examples=100, deadline=None)
@given(flows(), starts, st.lists(st.integers(0, 5), min_size=1, max_size=7))
def test_every_call_whose_requests_are_answered_comes_to_an_end(
    flow: Flow, start: Started, choices: list[int]
) -> None:
    session, actions = advance(flow, new_session(flow), start)
    most = (MAX_STEPS + GRACE_STEPS) * (MOST_ATTEMPTS + 1)
    for turn in range(most):
        check(session, actions)
        if session.awaited is None:
            return
        answers = ANSWERS[session.awaited]
        answer = answers[choices[turn % len(choices)] % len(answers)]
        session, actions = advance(flow, session, answer(session.request))
        assert actions or session.ended, "an answer to the open request moves the call on"
    raise AssertionError(f"the call still waits for {session.awaited} after {most} answers")


def test_the_exits_in_the_table_exist_on_the_nodes_that_take_them() -> None:
    asked_by: Mapping[Awaited, type[Node]] = {
        "playback": PlayNode,
        "customer": LookupCustomerNode,
        "order": LookupOrderNode,
        "webhook": WebhookNode,
        "transfer": TransferNode,
        "voicemail": VoicemailNode,
        "callback": CallbackOfferNode,
    }
    assert {awaited for awaited, _ in EXITS} == set(asked_by)
    assert all(exit in asked_by[awaited].__dataclass_fields__ for (awaited, _), exit in EXITS.items())
    assert all(exit in EnqueueNode.__dataclass_fields__ for exit in QUEUE_EXITS.values())


def test_a_moment_without_time_zone_does_not_raise() -> None:
    flow = load(
        {
            "id": "a",
            "version": 1,
            "name": "A",
            "languages": ["en"],
            "start": "h",
            "nodes": {"h": {"kind": "opening_hours", "calendar": "c"}},
        }
    )
    naive = Started(None, "+33987654321", datetime(2026, 1, 1), calendars={"c": ALWAYS_OPEN})  # noqa: DTZ001
    session, _ = advance(flow, new_session(flow), naive)
    assert session.ended == "hung_up"
