"""A flow's next version is for new calls; a call that goes on keeps the one it began with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import CAMILLE, ROOT, Events, Lab
from phone import Phone

NEWS = {
    "en": "The autumn sale has begun.",
    "fr": "Les soldes d'automne ont commencé.",
    "pt": "Os saldos de outono começaram.",
}


@pytest.fixture(scope="module")
def phones(lab: Lab) -> list[Phone]:
    """One that calls before, one that calls after the change, one that calls after it was taken back."""
    return [lab.phone(CAMILLE, rtp_start=41000 + 200 * n) for n in range(3)]


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    events = lab.events()
    yield events
    events.close()


def autumn(folder: Path) -> Path:
    """The shipped flow with other words at the start and another way behind key 2."""
    flow: dict[str, Any] = json.loads((ROOT / "ivr" / "flows" / "shop.json").read_text("utf-8"))
    flow.setdefault("texts", {})["autumn"] = NEWS
    flow["nodes"]["greet"]["prompt"] = [{"kind": "text", "id": "autumn"}]
    flow["nodes"]["main"]["choices"]["2"] = "latest_order"
    path = folder / "autumn.json"
    path.write_text(json.dumps(flow), "utf-8")
    return path


def call_the_shop(lab: Lab, events: Events, phone: Phone, greeting: str) -> tuple[int, str]:
    """Call; the call and its contact, once it has been greeted so."""
    known = {event["contact"] for event in events.of("contact.started")}
    call = lab.dial_shop(phone)
    contact = events.wait("contact.started", lambda e: e["contact"] not in known)["contact"]
    events.wait("playback.started", lambda e: e["contact"] == contact and greeting in e["text"])
    return call, contact


def goes_to(events: Events, contact: str, node: str) -> None:
    events.wait("flow.node_entered", lambda e: e["contact"] == contact and e["node"] == node)


def versions(lab: Lab) -> list[int]:
    query = "select flow_version from contact where ended_at is not null order by started_at"
    rows = lab.wait_for_rows(query, lambda rows: len(rows) == 3)
    return [row["flow_version"] for row in rows]


def test_new_calls_hear_the_new_version_and_a_call_that_goes_on_its_own(
    lab: Lab, events: Events, phones: list[Phone], tmp_path: Path
) -> None:
    before, after, later = phones
    first, old = call_the_shop(lab, events, before, "Camille")

    assert "has taken it over" in lab.run("flow", "publish", str(autumn(tmp_path)), "--note", "the sale")
    second, new = call_the_shop(lab, events, after, NEWS["fr"])
    before.digits(first, "2")
    goes_to(events, old, "ask_number")
    after.digits(second, "2")
    goes_to(events, new, "latest_order")

    assert "has taken it over" in lab.run("flow", "roll-back", "shop", "1")
    third, restored = call_the_shop(lab, events, later, "Camille")
    later.digits(third, "2")
    goes_to(events, restored, "ask_number")
    for phone, call in ((before, first), (after, second), (later, third)):
        phone.hang_up(call)
        phone.wait("ended", call=call)
    assert versions(lab) == [1, 2, 1]
