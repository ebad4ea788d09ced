"""A contact's timeline on the desk: what is on it, who is told, and what a restart leaves of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask_socketio import SocketIOTestClient
from pages_lab import PagesLab, Person
from shop import a_cart, a_customer, a_product, cart_line

from agent_ui.cobrowse.policy import MaskPolicy
from agent_ui.cobrowse.session import About
from agent_ui.cobrowse.store import ConsentEntry, add_consent
from agent_ui.control import scene
from agent_ui.timeline.entries import entry
from agent_ui.timeline.live import MOST, Timeline, Timelines
from agent_ui.visitors.model import PageCart
from agent_ui.visitors.registry import Visitors
from agent_ui.wiring import EXTENSION
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.actor import Actor
from orders.model.pricing import usual_rules
from orders.services import carts, place_order
from pbx.contract.events import RecordingChanged

CALLER = "+351200000101"
ANA = Actor("customer", "ana")
ABOUT = About("s1", "c1", "v1", MaskPolicy("atelier", 1), {})

Row = tuple[str, str, str]


@pytest.fixture(autouse=True)
def customer(lab: PagesLab) -> None:
    """Ana has an open cart of two lamps."""
    with SqlUnitOfWork(lab.sessions) as work:
        work.customers.save(a_customer("ana", phones=(CALLER,)))
        lamp = a_product("lamp", 2_000)
        work.products.save(lamp)
        work.carts.save(a_cart(cart_line(lamp, 2)))
        work.commit()


@pytest.fixture
def visitors(lab: PagesLab) -> Visitors:
    found: Visitors = lab.web.app.extensions[EXTENSION].visitors
    return found


@pytest.fixture
def alice(lab: PagesLab) -> Person:
    """Alice talks to Ana."""
    person = lab.signed_in("alice")
    lab.control.offers("o1", scene.contact("c1", CALLER, "ana"), "alice")
    lab.settled()
    person.call("POST", "/api/offers/o1/accept")
    lab.settled()
    return person


def timelines_of(lab: PagesLab) -> Timelines:
    found: Timelines = lab.web.app.extensions[EXTENSION].timelines
    return found


def now() -> datetime:
    return datetime.now(UTC)


def rows(entries: Any) -> list[Row]:
    return [(one["actor_kind"], one["actor"], one["what"]) for one in entries]


def timeline(person: Person) -> list[Any]:
    """What the contact's file says."""
    answer = person.client.get("/api/contacts/c1/file").json
    assert answer is not None
    found: list[Any] = answer["timeline"]
    return found


def told(lab: PagesLab, page: SocketIOTestClient, happens: Callable[[], object], count: int = 1) -> list[Row]:
    """What a page is told of while something happens."""
    page.get_received()
    happens()
    return [row for news in lab.received(page, "timeline", count) for row in rows(news["entries"])]


def consented(lab: PagesLab, action: str, by: str, tier: str = "") -> ConsentEntry:
    """A step of the consent, as the sessions tell it."""
    step = ConsentEntry(now(), "s1", action, tier, by, 1)
    timelines_of(lab).consented("c1", step)
    return step


def test_the_file_tells_how_the_contact_came_and_who_took_it(lab: PagesLab, alice: Person) -> None:
    assert rows(timeline(alice)) == [
        ("customer", "", "contact.began"),
        ("system", "", "contact.queued"),
        ("agent", "alice", "agent.came"),
    ]


def test_what_happens_is_told_to_the_contacts_desks_and_to_no_other(
    lab: PagesLab, alice: Person, visitors: Visitors
) -> None:
    page, other = alice.opens_page(), lab.signed_in("benoit").opens_page()
    lab.received(page, "desk")
    lab.received(other, "desk")
    visitor = visitors.arrive("atelier", "pt", "ana")
    opened = ("https://shop.example/checkout", "Checkout", "address")
    assert told(lab, page, lambda: visitors.published(visitor.id, page=opened)) == [
        ("customer", "", "page.opened")
    ]
    assert told(lab, page, lambda: alice.call("POST", "/api/contacts/c1/hold")) == [
        ("agent", "alice", "call.held")
    ]
    assert told(lab, page, lambda: consented(lab, "granted", "customer", "view")) == [
        ("customer", "", "cobrowse.granted")
    ]
    paused = RecordingChanged(at=now(), contact="c1", type="recording.paused", recording="r1")
    assert told(lab, page, lambda: lab.control.happens(paused)) == [("system", "", "recording.paused")]
    assert told(lab, page, lambda: timelines_of(lab).paying("c1", True)) == [("customer", "", "paying.began")]
    lab.settled()
    assert "timeline" not in [one["name"] for one in other.get_received()]
    assert [row[2] for row in rows(timeline(alice))][-5:] == [
        "page.opened", "call.held", "cobrowse.granted", "recording.paused", "paying.began"
    ]  # fmt: skip


def test_the_same_page_said_again_is_one_line(lab: PagesLab, alice: Person, visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "pt", "ana")
    for title in ("Loading", "Lamps", "Lamps"):
        visitors.published(visitor.id, page=("https://shop.example/lamps", title, None))
    visitors.published(visitor.id, page=("https://shop.example/mugs", "Mugs", None))
    pages = [one for one in timeline(alice) if one["what"] == "page.opened"]
    assert [one["details"]["title"] for one in pages] == ["Loading", "Mugs"]


def test_the_carts_changes_and_the_order_are_on_it_with_who_did_it(
    lab: PagesLab, alice: Person, visitors: Visitors
) -> None:
    with SqlUnitOfWork(lab.sessions) as work:
        work.products.save(a_product("mug", 1_250))
        work.commit()
    visitor = visitors.arrive("atelier", "pt", "ana")
    visitors.published(visitor.id, cart=PageCart("EUR", (), "cart-1"))
    alice.client.get("/api/contacts/c1/cart")
    page = alice.opens_page()
    lab.received(page, "desk")
    assert told(
        lab, page, lambda: alice.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"})
    ) == [("agent", "alice", "cart.line_added")]
    change = next(one for one in timeline(alice) if one["what"] == "cart.line_added")
    assert (change["name"]["fr"], change["details"]["quantity"]) == ("Le mug", 1)

    checkout = place_order.Checkout("k1", "card")

    def ordered() -> None:
        work = SqlUnitOfWork(lab.sessions)
        order = place_order.place_order(work, "cart-1", checkout, usual_rules(), ANA, now())
        lab.web.carts.cart_changed("cart-1", order.customer_id)

    assert told(lab, page, ordered) == [("customer", "", "order.placed")]
    order = timeline(alice)[-1]
    assert order["what"] == "order.placed"
    assert order["details"]["number"]


def test_what_became_of_the_cart_before_the_contact_is_not_of_it(lab: PagesLab) -> None:
    carts.add_to_cart(SqlUnitOfWork(lab.sessions), "cart-1", "lamp", 1, ANA, now())
    person = lab.signed_in("alice")
    lab.control.offers("o1", scene.contact("c1", CALLER, "ana"), "alice")
    lab.settled()
    assert "cart.quantity_changed" not in [row[2] for row in rows(timeline(person))]


def test_a_restart_of_the_pages_leaves_what_is_on_record(lab: PagesLab, alice: Person) -> None:
    with lab.sessions.begin() as session:
        add_consent(session, ABOUT, consented(lab, "granted", "customer", "view"))
    timelines_of(lab)._timelines.clear()
    assert [row[2] for row in rows(timeline(alice))] == [
        "contact.began", "contact.queued", "cobrowse.granted"
    ]  # fmt: skip
    timelines_of(lab)._timelines.clear()
    consented(lab, "stopped", "customer")
    assert [row[2] for row in rows(timeline(alice))][-2:] == ["cobrowse.granted", "cobrowse.stopped"]


def test_a_contact_that_is_over_is_forgotten(lab: PagesLab, alice: Person) -> None:
    alice.call("POST", "/api/contacts/c1/hang-up")
    lab.settled()
    assert [row[2] for row in rows(timeline(alice))][-1] == "contact.ended"
    alice.call("PUT", "/api/contacts/c1/wrap-up", {"finish": True})
    lab.settled()
    consented(lab, "stopped", "system")
    assert timelines_of(lab)._timelines == {}


def test_a_timeline_does_not_grow_for_ever_and_keeps_its_beginning() -> None:
    made = Timeline()
    for number in range(3 * MOST):
        made.add([entry("page.opened", now(), "customer", id_=str(number))])
    assert len(made.entries) == MOST
    assert list(made.entries)[:2] == ["0", str(2 * MOST + 1)]
    assert list(made.entries)[-1] == str(3 * MOST - 1)
