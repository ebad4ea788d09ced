"""An agent's page as a telephone: credentials, headers, and the word that the page is left in a call."""

import pytest
from pages_lab import PagesLab, Person
from sqlalchemy import select

from agent_ui.control import scene
from agent_ui.tables import login_audit
from pbx.contract.browser_token import read


@pytest.fixture
def alice(lab: PagesLab) -> Person:
    return lab.signed_in("alice")


@pytest.fixture
def talking(lab: PagesLab, alice: Person) -> PagesLab:
    """Alice talks to c1."""
    lab.control.offers("o1", scene.contact("c1"), "alice")
    lab.settled()
    assert alice.call("POST", "/api/offers/o1/accept").status_code == 204
    lab.settled()
    lab.control.commands.clear()
    return lab


def test_an_agents_page_gets_credentials_for_its_own_phone(lab: PagesLab, alice: Person) -> None:
    answer = alice.call("POST", "/api/softphone/credentials")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    ticket = answer.get_json()
    identity = read(ticket["token"], lab.SECRET, 0)
    assert (ticket["user"], identity.kind, identity.subject) == ("alice", "agent", "alice")
    assert ticket["ws_url"] == "ws://localhost:8088/sip"


def test_each_session_leaves_one_trace_of_it(lab: PagesLab, alice: Person) -> None:
    for _ in range(3):
        alice.call("POST", "/api/softphone/credentials")
    with lab.sessions() as session:
        rows = session.execute(select(login_audit).where(login_audit.c.action == "softphone.used")).all()
    assert [(row.actor, row.subject) for row in rows] == [("alice", "alice")]


def test_somebody_without_a_phone_is_told_so(lab: PagesLab) -> None:
    zoe = lab.signed_in("zoe")
    answer = zoe.call("POST", "/api/softphone/credentials")
    assert (answer.status_code, answer.get_json()["id"]) == (409, "softphone.no_phone")


def test_who_takes_no_calls_gets_no_credentials(lab: PagesLab) -> None:
    assert lab.signed_in("root", "admin").call("POST", "/api/softphone/credentials").status_code == 403
    assert lab.visitor().client.post("/api/softphone/credentials").status_code in (400, 401)


def test_another_sites_page_cannot_ask(alice: Person) -> None:
    assert alice.client.post("/api/softphone/credentials").status_code == 400


def test_a_page_that_asks_too_often_waits(alice: Person) -> None:
    answers = [alice.call("POST", "/api/softphone/credentials").status_code for _ in range(31)]
    assert (set(answers[:30]), answers[30]) == ({200}, 429)


def test_a_page_that_is_left_in_a_call_says_so_with_a_form(talking: PagesLab, alice: Person) -> None:
    left = {"contact": "c1", "csrf_token": alice.csrf}
    assert alice.client.post("/api/softphone/away", data=left).status_code == 204
    assert [command[:3] for command in talking.control.commands] == [("alice", "away", "c1")]


@pytest.mark.parametrize(
    ("form", "status"), [({"contact": "c2"}, 404), ({}, 400), ({"contact": "c1", "csrf_token": "x"}, 400)]
)
def test_nobody_leaves_a_call_of_others_or_without_the_pages_token(
    talking: PagesLab, alice: Person, form: dict[str, str], status: int
) -> None:
    left = {"csrf_token": alice.csrf, **form}
    assert alice.client.post("/api/softphone/away", data=left).status_code == status
    assert talking.control.commands == []


def test_the_desk_may_use_the_microphone_and_reach_the_edge_and_other_pages_may_not(
    lab: PagesLab, alice: Person
) -> None:
    desk = alice.client.get("/desk").headers
    assert "microphone=(self)" in desk["Permissions-Policy"]
    assert "connect-src 'self' ws://localhost:8088;" in desk["Content-Security-Policy"]
    for other in (alice.client.get("/password"), lab.signed_in("root", "admin").client.get("/users")):
        assert other.status_code == 200
        assert "microphone=()" in other.headers["Permissions-Policy"]
        assert "connect-src 'self';" in other.headers["Content-Security-Policy"]
