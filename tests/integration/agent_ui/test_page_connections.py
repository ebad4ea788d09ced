"""What reaches which page over its connection: only what that page may see, and only who is let in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask_socketio import SocketIOTestClient
from pages_lab import PagesLab, Person
from shop import a_cart, a_customer, a_product, cart_line

from agent_ui.control import scene
from agent_ui.logins.sessions import close_sessions_of
from agent_ui.logins.store import login_by_username
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from pbx.contract.events import AgentStateChanged
from pbx.contract.resources import CdrView

CALLER = "+351200000101"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def secrets_in(page: SocketIOTestClient) -> str:
    """All that a page was told, as text."""
    return str(page.get_received())


@pytest.fixture
def customer(lab: PagesLab) -> str:
    """A customer with an open cart of two lamps."""
    with SqlUnitOfWork(lab.sessions) as work:
        work.customers.save(a_customer("ana", phones=(CALLER,)))
        lamp = a_product("lamp", 2_000)
        work.products.save(lamp)
        work.carts.save(a_cart(cart_line(lamp, 2)))
        work.commit()
    return "ana"


def test_an_agents_page_begins_with_how_their_desk_stands(lab: PagesLab) -> None:
    page = lab.signed_in("alice").opens_page()
    state = lab.received(page, "desk")[0]
    assert state["me"]["id"] == "alice"
    assert state["link"] is True
    assert state["file"] is None
    assert [reason["id"] for reason in state["pause_reasons"]] == ["lunch", "break", "training"]


def test_the_offer_comes_with_the_cart_in_one_message(lab: PagesLab, customer: str) -> None:
    page = lab.signed_in("alice").opens_page()
    lab.received(page, "desk")
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    pop = lab.received(page, "offer")[0]
    assert pop["offer"]["id"] == "o1"
    assert pop["file"]["panel"]["customer"]["name"] == "Ana Brandão"
    line = pop["file"]["panel"]["cart"]["lines"][0]
    assert (line["name"]["pt"], line["quantity"], line["amount"]["minor"]) == ("O lamp", 2, 4_000)


def test_nobody_else_hears_anything_of_an_offer(lab: PagesLab, customer: str) -> None:
    alice, benoit = lab.signed_in("alice").opens_page(), lab.signed_in("benoit").opens_page()
    lab.received(benoit, "desk")
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    lab.received(alice, "offer")
    lab.settled()
    told = secrets_in(benoit)
    assert "o1" not in told
    assert CALLER not in told
    assert "Ana" not in told


def test_nobody_else_hears_anything_of_the_call_either(lab: PagesLab, customer: str) -> None:
    alice, benoit = lab.signed_in("alice"), lab.signed_in("benoit").opens_page()
    page = alice.opens_page()
    lab.received(benoit, "desk")
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    lab.received(page, "offer")
    for call in ("offers/o1/accept", "contacts/c1/hold", "contacts/c1/resume", "contacts/c1/hang-up"):
        assert alice.call("POST", f"/api/{call}").status_code == 204
        lab.settled()
    told = secrets_in(benoit)
    assert CALLER not in told
    assert "c1" not in told


def test_a_supervisor_sees_every_offer_and_contact(lab: PagesLab) -> None:
    page = lab.signed_in("sam", "supervisor").opens_page()
    board = lab.received(page, "wallboard")[0]
    assert {agent["id"] for agent in board["agents"]} == {"alice", "benoit", "carla"}
    lab.control.offers("o1", scene.contact("c1", CALLER), "alice")
    events = lab.received(page, "event", 3)
    assert [one["event"]["type"] for one in events] == [
        "contact.changed",
        "agent.state_changed",
        "offer.created",
    ]


def test_a_consulted_colleague_gets_the_customer_when_they_join(lab: PagesLab, customer: str) -> None:
    alice, benoit = lab.signed_in("alice"), lab.signed_in("benoit").opens_page()
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    lab.settled()
    alice.call("POST", "/api/offers/o1/accept")
    lab.settled()
    benoit.get_received()
    alice.call("POST", "/api/contacts/c1/transfer", {"kind": "consult", "target": "agent:benoit"})
    file = lab.received(benoit, "file")[0]
    assert file["contact"]["id"] == "c1"
    assert file["panel"]["customer"]["id"] == "ana"


def test_a_page_that_is_loaded_again_in_a_call_has_everything_back(lab: PagesLab, customer: str) -> None:
    alice = lab.signed_in("alice")
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    lab.settled()
    alice.call("POST", "/api/offers/o1/accept")
    lab.settled()
    state = lab.received(alice.opens_page(), "desk")[0]
    assert state["me"]["state"] == "talking"
    assert state["file"]["contact"]["state"] == "talking"
    assert state["file"]["panel"]["cart"]["item_count"] == 2


def test_a_page_that_is_loaded_again_during_an_offer_shows_it_again(lab: PagesLab, customer: str) -> None:
    alice = lab.signed_in("alice")
    lab.control.offers("o1", scene.contact("c1", CALLER, customer), "alice")
    lab.settled()
    state = lab.received(alice.opens_page(), "desk")[0]
    assert [pop["offer"]["id"] for pop in state["offers"]] == ["o1"]


def test_a_shop_that_fails_keeps_no_offer_from_its_agent(
    lab: PagesLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("the shop's database is away")

    page = lab.signed_in("alice").opens_page()
    lab.received(page, "desk")
    monkeypatch.setattr("agent_ui.customer_files.CustomerFiles.panel", fails)
    lab.control.offers("o1", scene.contact("c1", CALLER, "ana"), "alice")
    pop = lab.received(page, "offer")[0]
    assert pop["file"]["shop_away"] is True
    assert pop["file"]["panel"] is None


def test_an_offer_that_ended_while_it_was_put_together_is_not_shown(
    lab: PagesLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lab.signed_in("alice").opens_page()
    lab.received(page, "desk")
    lab.control.offers("o1", scene.contact("c1", CALLER), "alice")
    lab.control.ends_offer("o1", "canceled")
    lab.settled()
    names = [one["name"] for one in page.get_received()]
    assert "offer" not in names
    assert "event" in names


def test_every_page_is_told_when_the_telephone_system_goes_and_comes(lab: PagesLab) -> None:
    page = lab.signed_in("alice").opens_page()
    lab.received(page, "desk")
    lab.control.goes_away()
    assert lab.received(page, "link") == [{"up": False}]
    lab.control.comes_back(boot="boot-2")
    assert lab.received(page, "link") == [{"up": True}]
    assert lab.web.feed.live.boot == "boot-2"


def wrapped_up_after(lab: PagesLab, customer: str | None) -> Any:
    """What a page shows of a contact that only its record has: a snapshot has none that is over."""
    over = scene.agent("alice").model_copy(update={"state": "wrap_up", "contact": "c1"})
    lab.control.happens(AgentStateChanged(at=NOW, agent=over))
    lab.control.rows.append(
        CdrView(
            contact="c1",
            channel="voice",
            direction="inbound",
            caller=CALLER,
            called="4000",
            customer_id=customer,
            language="pt",
            started_at=NOW,
        )
    )
    lab.settled()
    return lab.received(lab.signed_in("alice").opens_page(), "desk")[0]


def test_the_wrap_up_of_a_stranger_who_wrote_a_customers_number_shows_nobody(
    lab: PagesLab, customer: str
) -> None:
    file = wrapped_up_after(lab, None)["file"]
    assert file["contact"]["id"] == "c1"
    assert (file["panel"], file["live"]["cart"], file["history"]) == (None, None, [])


def test_a_wrap_up_goes_on_when_the_pages_are_started_again(lab: PagesLab, customer: str) -> None:
    state = wrapped_up_after(lab, customer)
    assert state["me"]["state"] == "wrap_up"
    assert state["file"]["contact"]["id"] == "c1"
    assert state["file"]["panel"]["customer"]["id"] == "ana"


def refused(lab: PagesLab, person: Person, csrf: str) -> bool:
    return not person.opens_page(csrf).is_connected()


def test_a_page_without_a_session_is_not_let_in(lab: PagesLab) -> None:
    assert refused(lab, lab.visitor(), "any")


def test_a_page_with_a_wrong_token_is_not_let_in(lab: PagesLab) -> None:
    alice = lab.signed_in("alice")
    assert refused(lab, alice, "wrong")
    assert refused(lab, alice, lab.signed_in("benoit").csrf)
    assert not refused(lab, alice, alice.csrf)


def test_a_page_is_disconnected_when_its_person_signs_out(lab: PagesLab) -> None:
    alice = lab.signed_in("alice")
    page, other = alice.opens_page(), lab.signed_in("benoit").opens_page()
    lab.received(page, "desk")
    alice.client.post("/logout", data={"csrf_token": alice.csrf})
    lab.until(lambda: not page.is_connected())
    assert other.is_connected()


def test_a_page_whose_session_was_revoked_elsewhere_is_found_and_disconnected(
    lab: PagesLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_ui.realtime.sockets.SWEEP", 0.01)
    page = lab.signed_in("alice").opens_page()
    other = lab.signed_in("benoit").opens_page()
    lab.received(page, "desk")
    with lab.sessions.begin() as session:
        login = login_by_username(session, "alice")
        assert login is not None
        close_sessions_of(session, login.id)
    stop = lab.web.sockets.start_sweeping()
    lab.until(lambda: not page.is_connected())
    stop()
    assert other.is_connected()
