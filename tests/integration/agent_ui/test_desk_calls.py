"""What an agent's page asks for is done, if it is theirs to ask."""

from typing import Any

import pytest
from pages_lab import PagesLab, Person

from agent_ui.control import scene
from pbx.contract.commands import DeclineOffer, SendDigits, SetStatus, Transfer, WrapUp


@pytest.fixture
def alice(lab: PagesLab) -> Person:
    return lab.signed_in("alice")


@pytest.fixture
def benoit(lab: PagesLab) -> Person:
    return lab.signed_in("benoit")


@pytest.fixture
def offered(lab: PagesLab, alice: Person) -> PagesLab:
    """A contact c1 is offered to Alice as o1."""
    lab.control.offers("o1", scene.contact("c1"), "alice")
    lab.settled()
    return lab


@pytest.fixture
def talking(offered: PagesLab, alice: Person) -> PagesLab:
    """Alice talks to c1."""
    assert alice.call("POST", "/api/offers/o1/accept").status_code == 204
    offered.settled()
    offered.control.commands.clear()
    return offered


def test_an_agent_chooses_their_own_status(lab: PagesLab, alice: Person) -> None:
    wanted = {"status": "on_break", "pause_reason": "lunch"}
    assert alice.call("PUT", "/api/status", wanted).status_code == 204
    assert lab.control.commands == [
        ("alice", "status", "alice", SetStatus(status="on_break", pause_reason="lunch"))
    ]


def test_an_offer_is_declined_with_a_reason(offered: PagesLab, alice: Person) -> None:
    assert alice.call("POST", "/api/offers/o1/decline", {"reason": "busy"}).status_code == 204
    assert offered.control.commands == [("alice", "decline", "o1", DeclineOffer(reason="busy"))]


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_somebody_elses_offer_can_be_neither_taken_nor_declined(
    offered: PagesLab, benoit: Person, verb: str
) -> None:
    assert benoit.call("POST", f"/api/offers/o1/{verb}").status_code == 404
    assert offered.control.commands == []


@pytest.mark.parametrize(
    ("verb", "body", "command"),
    [
        ("hold", {}, None),
        ("mute", {}, None),
        ("digits", {"digits": "12#"}, SendDigits(digits="12#")),
        (
            "transfer",
            {"kind": "blind", "target": "agent:benoit"},
            Transfer(kind="blind", target="agent:benoit"),
        ),
        ("recording/pause", {}, None),
    ],
)
def test_an_agent_works_their_own_call(
    talking: PagesLab, alice: Person, verb: str, body: dict[str, Any], command: object
) -> None:
    assert alice.call("POST", f"/api/contacts/c1/{verb}", body).status_code == 204
    assert talking.control.commands == [("alice", verb, "c1", command)]


@pytest.mark.parametrize(
    ("method", "verb"),
    [
        ("POST", "hold"),
        ("POST", "hang-up"),
        ("POST", "transfer/complete"),
        ("PUT", "wrap-up"),
        ("GET", "file"),
    ],
)
def test_somebody_elses_call_is_out_of_reach(
    talking: PagesLab, benoit: Person, method: str, verb: str
) -> None:
    assert benoit.call(method, f"/api/contacts/c1/{verb}").status_code == 404
    assert talking.control.commands == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/contacts/c1/dance"),
        ("PUT", "/api/contacts/c1/hold"),
        ("POST", "/api/contacts/c1/wrap-up"),
        ("POST", "/api/contacts/c1/transfer/../hold"),
    ],
)
def test_only_the_known_verbs_exist(talking: PagesLab, alice: Person, method: str, path: str) -> None:
    assert alice.call(method, path).status_code in (404, 405, 308)
    assert talking.control.commands == []


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("digits", {"digits": "drop table"}),
        ("transfer", {"kind": "blind", "target": "sip:somewhere@evil.example"}),
        ("transfer", {}),
        ("hang-up", {"unknown": 1}),
    ],
)
def test_a_body_that_is_something_else_is_refused(
    talking: PagesLab, alice: Person, verb: str, body: dict[str, Any]
) -> None:
    answer = alice.call("POST", f"/api/contacts/c1/{verb}", body)
    assert answer.status_code == 400
    assert answer.json == {"id": "request.invalid", "params": {}}


def test_what_the_telephone_system_refuses_reaches_the_page_with_its_id(
    talking: PagesLab, alice: Person
) -> None:
    alice.call("POST", "/api/contacts/c1/hold")
    talking.settled()
    answer = alice.call("POST", "/api/contacts/c1/hold")
    assert (answer.status_code, answer.json) == (409, {"id": "pbx.wrong_state", "params": {}})


def test_while_the_telephone_system_is_away_the_page_is_told_so(lab: PagesLab, alice: Person) -> None:
    lab.control.goes_away()
    answer = alice.call("PUT", "/api/status", {"status": "available"})
    assert (answer.status_code, answer.json) == (503, {"id": "control.away", "params": {}})


def test_a_call_without_the_pages_token_is_refused(offered: PagesLab, alice: Person) -> None:
    answer = alice.client.post("/api/offers/o1/accept", json={})
    assert (answer.status_code, answer.json) == (400, {"id": "request.csrf", "params": {}})
    assert offered.control.commands == []


def test_a_visitor_gets_nothing(lab: PagesLab) -> None:
    answer = lab.visitor().client.get("/api/directory")
    assert (answer.status_code, answer.json) == (401, {"id": "session.ended", "params": {}})


def test_who_takes_no_calls_has_no_desk(lab: PagesLab) -> None:
    supervisor = lab.signed_in("sam", "supervisor")
    assert supervisor.client.get("/desk").status_code == 403
    assert supervisor.call("PUT", "/api/status", {"status": "available"}).status_code == 403


def test_after_the_call_its_agent_writes_the_wrap_up(talking: PagesLab, alice: Person) -> None:
    alice.call("POST", "/api/contacts/c1/hang-up")
    talking.settled()
    written = {"disposition": "sold", "note": "wants an invoice"}
    assert alice.call("PUT", "/api/contacts/c1/wrap-up", written).status_code == 204
    assert alice.call("PUT", "/api/contacts/c1/wrap-up", {"finish": True}).status_code == 204
    talking.settled()
    assert talking.control.commands[1:] == [
        ("alice", "wrap-up", "c1", WrapUp(disposition="sold", note="wants an invoice")),
        ("alice", "wrap-up", "c1", WrapUp(finish=True)),
    ]
    assert talking.web.feed.live.agents["alice"].state == "idle"


def test_the_directory_says_who_is_available(talking: PagesLab, alice: Person) -> None:
    found = {entry["target"]: entry["available"] for entry in alice.call("GET", "/api/directory").json or []}
    assert found["agent:benoit"] is True
    assert found["agent:alice"] is False
    assert "queue:sales" in found


def test_preferences_are_kept_for_the_next_page(lab: PagesLab, alice: Person) -> None:
    wanted = {"language": "fr", "theme": "dark", "ring_sound": False, "shortcuts": True}
    assert alice.call("PUT", "/api/me/preferences", wanted).status_code == 204
    page = alice.client.get("/desk").text
    assert '<html lang="fr" data-theme="dark"' in page
