"""A customer's phone and the IVR, with real SIP, real audio and the real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import audio
import pytest
from lab import CAMILLE, Lab
from phone import Phone
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from ivr.speech.catalogue import shipped_catalogue
from ivr.speech.parts import OrderStatus, Spoken
from ivr.speech.rendering import render
from orders.adapters.demo import DEMO_CALLERS
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.services.order_lookup import latest_order
from orders.services.order_status import order_status
from pbx.calls.lookups import order_facts

FRENCH = next(one for one in DEMO_CALLERS if one.language == "fr")


@pytest.fixture
def caller(lab: Lab) -> Iterator[Phone]:
    with Phone(username=CAMILLE, server=lab.server) as phone:
        yield phone


def status_in_words(lab: Lab) -> str:
    """What the caller must hear, worked out from the database alone."""
    engine = create_engine(lab.database)
    today = datetime.now(UTC).date()
    try:
        order = latest_order(SqlUnitOfWork(lambda: Session(engine)), FRENCH.customer_id)
        assert order is not None
        said = render(
            (OrderStatus(order_facts(order_status(order, today))),), "fr", today, shipped_catalogue()
        )
    finally:
        engine.dispose()
    return " ".join(one.text for one in said if isinstance(one, Spoken))


def test_the_caller_is_recognised_and_hears_the_status_of_the_latest_order(
    lab: Lab, caller: Phone, tmp_path: Path
) -> None:
    events = lab.events()
    call = lab.dial_shop(caller)
    greeting = events.wait("playback.started", lambda e: "Camille" in e["text"])
    assert greeting["language"] == "fr"
    caller.digits(call, "1")

    said = events.wait("playback.started", lambda e: e["text"] == status_in_words(lab))
    heard = caller.hear(call, tmp_path / "heard.wav", 4.0)

    assert said["contact"] == greeting["contact"]
    assert audio.speech_seconds(heard) > 2.0, "the status is heard, not only said to be played"
    caller.hang_up(call)
    rows = lab.wait_for_rows(
        "select * from contact where id = :id", lambda rows: bool(rows and rows[0]["ended_at"]),
        id=said["contact"],
    )  # fmt: skip
    assert rows[0]["outcome"] == "self_served"
    assert rows[0]["customer_id"] == FRENCH.customer_id
    assert rows[0]["order_number"] == FRENCH.order_number


@pytest.mark.parametrize("method", ["rfc4733", "info"])
def test_keys_choose_the_branch(lab: Lab, caller: Phone, method: str) -> None:
    events = lab.events()
    call = lab.dial_shop(caller)
    events.wait("playback.started")
    caller.digits(call, "2", method)

    events.wait("flow.node_entered", lambda e: e["node"] == "ask_number")
    caller.digits(call, FRENCH.order_number + "#", method)
    events.wait("flow.node_entered", lambda e: e["node"] == "say_status")
    caller.hang_up(call)


def test_another_phone_needs_the_postal_code(lab: Lab) -> None:
    events = lab.events()
    with Phone(username="+33639989999", server=lab.server) as stranger:
        call = lab.dial_shop(stranger)
        events.wait("flow.node_entered", lambda e: e["node"] == "choose_language")
        stranger.digits(call, "2")
        events.wait("flow.node_entered", lambda e: e["node"] == "main")
        stranger.digits(call, "2")
        events.wait("flow.node_entered", lambda e: e["node"] == "ask_number")
        stranger.digits(call, FRENCH.order_number + "#")
        events.wait("flow.node_entered", lambda e: e["node"] == "ask_postal")
        stranger.digits(call, FRENCH.postal_code + "#")
        events.wait("playback.started", lambda e: e["text"] == status_in_words(lab))
        stranger.hang_up(call)
    pressed = [key["keys"] for event in events.of("contact.changed") for key in event["view"]["path"]]
    assert FRENCH.postal_code not in pressed, "the check is private"


def test_a_key_during_a_prompt_stops_it(lab: Lab, caller: Phone, tmp_path: Path) -> None:
    events = lab.events()
    call = lab.dial_shop(caller)
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    events.wait("playback.started", lambda e: "tapez" in e["text"])
    caller.digits(call, "1")

    events.wait("playback.finished", lambda e: not e["completed"], timeout=3)
    caller.hang_up(call)


@pytest.mark.parametrize("called", ["alice", "nobody"])
def test_a_stranger_who_dials_inside_must_log_in_whether_or_not_somebody_is_there(
    lab: Lab, caller: Phone, called: str
) -> None:
    call = caller.call(f"sip:{called}@{lab.server}")

    assert caller.wait("ended", call=call)["status"] == 401
