"""The customer's page and cart on the desk: who is told, how soon, and what an agent may change."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import woocommerce_double as woo
from flask_socketio import SocketIOTestClient
from pages_lab import PagesLab, Person
from shop import a_cart, a_customer, a_product, cart_line

from agent_ui.control import scene
from agent_ui.visitors.model import PageCart, PageCartLine, Visitor
from agent_ui.visitors.registry import Visitors
from agent_ui.wiring import EXTENSION
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.connectors.model import Connector
from orders.events import CartChanged
from orders.model.actor import Actor
from orders.model.audit import AuditEntry
from orders.model.cart import Cart
from orders.model.pricing import usual_rules
from orders.services import carts, place_order

CALLER = "+351200000101"
ANA = Actor("customer", "ana")
PAGE = ("https://shop.example/checkout", "Checkout", "payment")


class RecordedPage:
    """A visitor's open page that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, object]] = []

    def send(self, message: dict[str, object]) -> None:
        self.told.append(message)

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def visitors(lab: PagesLab) -> Visitors:
    found: Visitors = lab.web.app.extensions[EXTENSION].visitors
    return found


@pytest.fixture(autouse=True)
def customer(lab: PagesLab) -> None:
    """Ana has an open cart of two lamps; the shop also sells ten mugs."""
    with SqlUnitOfWork(lab.sessions) as work:
        work.customers.save(a_customer("ana", phones=(CALLER,)))
        lamp = a_product("lamp", 2_000)
        work.products.save(lamp)
        work.products.save(a_product("mug", 1_250))
        work.carts.save(a_cart(cart_line(lamp, 2)))
        work.commit()


@pytest.fixture
def alice(lab: PagesLab) -> Person:
    """Alice talks to Ana."""
    person = lab.signed_in("alice")
    lab.control.offers("o1", scene.contact("c1", CALLER, "ana"), "alice")
    lab.settled()
    person.call("POST", "/api/offers/o1/accept")
    lab.settled()
    return person


@pytest.fixture
def ana(visitors: Visitors) -> tuple[Visitor, RecordedPage]:
    """Ana is in the shop's pages, and the shop says so."""
    visitor = visitors.arrive("atelier", "pt", "ana")
    page = RecordedPage()
    visitors.opened(visitor.id, page)
    found = visitors.published(visitor.id, page=PAGE, cart=PageCart("EUR", (), "cart-1"))
    return found, page


def in_the_shop(lab: PagesLab, change: Callable[[SqlUnitOfWork], object]) -> None:
    """What the customer does in the shop's pages, which tell of it."""
    events: list[Any] = []
    change(SqlUnitOfWork(lab.sessions, events.append))
    for event in events:
        if not isinstance(event, CartChanged):
            continue
        lab.web.carts.cart_changed(event.cart_id, event.customer_id)


def stored(lab: PagesLab) -> Cart:
    return carts.get_cart(SqlUnitOfWork(lab.sessions), "cart-1")


def audit(lab: PagesLab) -> tuple[AuditEntry, ...]:
    with SqlUnitOfWork(lab.sessions) as work:
        return work.audit.of("cart", "cart-1")


def watching(lab: PagesLab, person: Person) -> SocketIOTestClient:
    page = person.opens_page()
    lab.received(page, "desk")
    return page


def now() -> datetime:
    return datetime.now(UTC)


def test_the_offer_shows_the_page_the_step_and_the_cart(
    lab: PagesLab, ana: tuple[Visitor, RecordedPage]
) -> None:
    page = watching(lab, lab.signed_in("alice"))
    lab.control.offers("o1", scene.contact("c1", CALLER, "ana"), "alice")
    live = lab.received(page, "offer")[0]["file"]["live"]
    assert live["visitor"]["title"] == "Checkout"
    assert live["visitor"]["checkout_step"] == "payment"
    assert live["visitor"]["online"] is True
    assert live["cart"]["item_count"] == 2
    assert live["page_cart"] is None


def test_a_customer_without_an_open_page_has_a_cart_and_no_visitor(lab: PagesLab, alice: Person) -> None:
    live = alice.client.get("/api/contacts/c1/cart").json
    assert live is not None
    assert live["visitor"] is None
    assert live["cart"]["id"] == "cart-1"


def test_a_stranger_who_writes_a_customers_number_gets_nobodys_file(lab: PagesLab) -> None:
    person = lab.signed_in("alice")
    page = watching(lab, person)
    lab.control.offers("o1", scene.contact("c1", CALLER).model_copy(update={"stranger": True}), "alice")
    file = lab.received(page, "offer")[0]["file"]
    assert (file["panel"], file["live"]["cart"], file["live"]["startable"]) == (None, None, False)
    person.call("POST", "/api/offers/o1/accept")
    lab.settled()
    refused = person.call("PUT", "/api/contacts/c1/carts/cart-1/lines/lamp", {"quantity": 9})
    assert refused.status_code == 409
    assert stored(lab).lines[0].quantity == 2


def test_a_change_in_the_shop_reaches_the_agents_page(lab: PagesLab, alice: Person) -> None:
    page = watching(lab, alice)
    in_the_shop(lab, lambda uow: carts.add_to_cart(uow, "cart-1", "mug", 3, ANA, now()))
    told = lab.received(page, "cart")[-1]
    assert [line["quantity"] for line in told["cart"]["lines"]] == [2, 3]
    latest = told["history"][0]
    assert (latest["actor_kind"], latest["action"]) == ("customer", "cart.line_added")
    assert latest["name"]["fr"] == "Le mug"


def test_where_the_customer_goes_reaches_the_agents_page(
    lab: PagesLab, ana: tuple[Visitor, RecordedPage], alice: Person, visitors: Visitors
) -> None:
    page = watching(lab, alice)
    visitors.published(ana[0].id, page=("https://shop.example/lamp", "A lamp", None))
    assert lab.received(page, "cart")[-1]["visitor"]["title"] == "A lamp"


def test_a_page_that_is_closed_is_no_longer_online(lab: PagesLab, alice: Person, visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "pt", "ana")
    close = visitors.opened(visitor.id, RecordedPage())
    page = watching(lab, alice)
    close()
    assert lab.received(page, "cart")[-1]["visitor"]["online"] is False


def test_no_other_agent_is_told_anything_of_it(
    lab: PagesLab, ana: tuple[Visitor, RecordedPage], alice: Person, visitors: Visitors
) -> None:
    page = watching(lab, alice)
    other = watching(lab, lab.signed_in("benoit"))
    in_the_shop(lab, lambda uow: carts.add_to_cart(uow, "cart-1", "mug", 3, ANA, now()))
    visitors.published(ana[0].id, page=("https://shop.example/secret", "Secret page", None))
    alice.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"})
    lab.received(page, "cart", 2)
    lab.settled()
    told = str(other.get_received())
    for secret in ("cart-1", "Secret page", "SKU-mug", CALLER, "'cart'"):
        assert secret not in told


def test_a_supervisor_is_told(lab: PagesLab, alice: Person) -> None:
    page = lab.signed_in("sam", "supervisor").opens_page()
    lab.received(page, "wallboard")
    in_the_shop(lab, lambda uow: carts.add_to_cart(uow, "cart-1", "mug", 1, ANA, now()))
    assert lab.received(page, "cart")[0]["cart"]["item_count"] == 3


def test_an_agent_who_has_left_the_contact_is_told_no_more(lab: PagesLab, alice: Person) -> None:
    page = watching(lab, alice)
    alice.call("POST", "/api/contacts/c1/hang-up")
    lab.settled()
    alice.call("PUT", "/api/contacts/c1/wrap-up", {"finish": True})
    lab.settled()
    page.get_received()
    in_the_shop(lab, lambda uow: carts.add_to_cart(uow, "cart-1", "mug", 1, ANA, now()))
    lab.settled()
    assert "cart" not in [one["name"] for one in page.get_received()]


def test_an_agents_changes_are_kept_under_their_name(lab: PagesLab, alice: Person) -> None:
    base = "/api/contacts/c1/carts/cart-1"
    added = alice.call("POST", f"{base}/lines", {"product": "mug", "quantity": 2})
    alice.call("PUT", f"{base}/lines/mug", {"quantity": 4})
    alice.call("PUT", f"{base}/discount", {"basis_points": 500, "reason": "late parcel"})
    alice.call("DELETE", f"{base}/lines/lamp")
    prepared = alice.call("PUT", f"{base}/prepared")
    assert added.json is not None
    assert added.json["cart"]["item_count"] == 4
    assert prepared.json is not None
    assert prepared.json["cart"]["prepared"]["by"] == "alice"
    cart = stored(lab)
    assert [(line.product_id, line.quantity) for line in cart.lines] == [("mug", 4)]
    assert cart.discount_rate == 500
    assert [(entry.actor_kind, entry.actor_id, entry.action) for entry in audit(lab)] == [
        ("agent", "alice", "cart.line_added"),
        ("agent", "alice", "cart.quantity_changed"),
        ("agent", "alice", "cart.discount_given"),
        ("agent", "alice", "cart.line_removed"),
        ("agent", "alice", "cart.prepared"),
    ]


def test_what_was_removed_can_be_put_back(lab: PagesLab, alice: Person) -> None:
    before = stored(lab).lines
    alice.call("DELETE", "/api/contacts/c1/carts/cart-1/lines/lamp")
    answer = alice.call("POST", "/api/contacts/c1/carts/cart-1/restored/lamp")
    assert answer.status_code == 200
    assert stored(lab).lines == before


def test_the_customers_page_is_told_of_the_agents_change(
    lab: PagesLab, ana: tuple[Visitor, RecordedPage], alice: Person
) -> None:
    alice.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"})
    alice.call("PUT", "/api/contacts/c1/carts/cart-1/prepared")
    assert [told for told in ana[1].told if told["type"] == "cart"] == [
        {"type": "cart", "cart": "cart-1", "by": "agent", "prepared": False},
        {"type": "cart", "cart": "cart-1", "by": "agent", "prepared": True},
    ]


@pytest.mark.parametrize(
    ("method", "path", "body", "id_", "params"),
    [
        ("PUT", "discount", {"basis_points": 1_001}, "orders.discount_not_allowed", {"limit": "1000"}),
        (
            "POST",
            "lines",
            {"product": "mug", "quantity": 11},
            "orders.out_of_stock",
            {"sku": "SKU-mug", "left": "10"},
        ),
        ("POST", "lines", {"product": "nothing"}, "orders.product_not_found", {}),
        ("DELETE", "lines/mug", {}, "orders.line_not_found", {}),
        ("POST", "restored/mug", {}, "orders.nothing_to_restore", {}),
    ],
)
def test_what_the_shop_refuses_is_named_and_changes_nothing(
    lab: PagesLab, alice: Person, method: str, path: str, body: Any, id_: str, params: Any
) -> None:
    before = stored(lab)
    answer = alice.call(method, f"/api/contacts/c1/carts/cart-1/{path}", body)
    assert answer.status_code == 409
    assert answer.json == {"id": id_, "params": params}
    assert stored(lab) == before


def test_an_agent_with_a_limit_of_their_own_may_give_more(lab: PagesLab, alice: Person) -> None:
    admin = lab.signed_in("ada", "admin")
    users = admin.client.get("/api/users").json
    assert users is not None
    login = next(user for user in users if user["username"] == "alice")
    assert (login["discount_limit"], login["own_limit"]) == (1_000, False)
    changed = admin.call("PUT", f"/api/users/{login['id']}/discount-limit", {"basis_points": 2_000})
    assert changed.json is not None
    assert (changed.json["discount_limit"], changed.json["own_limit"]) == (2_000, True)
    answer = alice.call("PUT", "/api/contacts/c1/carts/cart-1/discount", {"basis_points": 2_000})
    assert answer.status_code == 200
    assert stored(lab).discount_rate == 2_000


def test_only_admins_say_who_may_give_what(lab: PagesLab, alice: Person) -> None:
    answer = alice.call("PUT", "/api/users/any/discount-limit", {"basis_points": 10_000})
    assert answer.status_code == 403


def test_another_agent_can_neither_see_nor_change_the_cart(lab: PagesLab, alice: Person) -> None:
    benoit = lab.signed_in("benoit")
    assert benoit.client.get("/api/contacts/c1/cart").status_code == 404
    answers = [
        benoit.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"}),
        benoit.call("PUT", "/api/contacts/c1/carts/cart-1/prepared"),
        benoit.call("POST", "/api/contacts/c1/code", {"code": "123456"}),
        benoit.call("POST", "/api/contacts/c1/carts"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert audit(lab) == ()


def test_a_cart_of_somebody_else_cannot_be_changed_through_ones_own_contact(
    lab: PagesLab, alice: Person
) -> None:
    with SqlUnitOfWork(lab.sessions) as work:
        work.carts.save(a_cart(cart_id="other", customer_id=None))
        work.commit()
    answer = alice.call("POST", "/api/contacts/c1/carts/other/lines", {"product": "mug"})
    assert answer.json == {"id": "cart.another", "params": {}}


def test_a_cart_that_was_ordered_meanwhile_is_not_changed(lab: PagesLab, alice: Person) -> None:
    alice.client.get("/api/contacts/c1/cart")
    with SqlUnitOfWork(lab.sessions) as work:
        cart = work.carts.get("cart-1")
        assert cart is not None
        work.carts.save(a_cart(version=cart.version, state="ordered"))
        work.commit()
    answer = alice.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"})
    assert answer.json == {"id": "orders.cart_closed", "params": {}}


def test_an_order_that_is_placed_brings_the_customers_file_anew(lab: PagesLab, alice: Person) -> None:
    page = watching(lab, alice)
    checkout = place_order.Checkout("a-key", "card")
    in_the_shop(lab, lambda uow: place_order.place_order(uow, "cart-1", checkout, usual_rules(), ANA, now()))
    told = lab.received(page, "file")[-1]
    with SqlUnitOfWork(lab.sessions) as work:
        [order] = work.orders.of_customer("ana", 5)
    assert [one["number"] for one in told["panel"]["orders"]] == [str(order.number)]


def test_a_known_customer_without_a_cart_is_given_one(lab: PagesLab, alice: Person) -> None:
    with SqlUnitOfWork(lab.sessions) as work:
        cart = work.carts.get("cart-1")
        assert cart is not None
        work.carts.save(a_cart(version=cart.version, state="abandoned"))
        work.commit()
    before = alice.client.get("/api/contacts/c1/cart").json
    assert before is not None
    assert (before["cart"], before["startable"]) == (None, True)
    answer = alice.call("POST", "/api/contacts/c1/carts")
    assert answer.json is not None
    assert answer.json["cart"]["lines"] == []


def test_products_are_found_with_stock_and_price(alice: Person) -> None:
    found = alice.client.get("/api/products?q=le mug").json
    assert found is not None
    assert [(one["sku"], one["stock"], one["price"]["minor"]) for one in found] == [("SKU-mug", 10, 1_250)]
    assert alice.client.get("/api/products?q=").json == []


def test_a_cart_that_only_the_page_knows_is_shown_as_it_says(
    lab: PagesLab, alice: Person, visitors: Visitors
) -> None:
    page = watching(lab, alice)
    visitor = visitors.arrive("papel", "pt", "ana")
    cart = PageCart("EUR", (PageCartLine("Caderno", "CAD-1", 3, 450),))
    visitors.published(visitor.id, cart=cart)
    told = lab.received(page, "cart")[-1]
    assert told["cart"] is None
    assert told["page_cart"]["total"] == {"minor": 1_350, "currency": "EUR"}
    refused = alice.call("POST", "/api/contacts/c1/carts/cart-1/lines", {"product": "mug"})
    assert refused.json is not None
    assert refused.json["id"] == "cart.another"


@pytest.fixture
def woocommerce(lab: PagesLab, tmp_path: Path) -> Iterator[woo.WooCommerceDouble]:
    """A connected shop that sells notebooks; Ana is in its pages."""
    for name, value in (("key", woo.KEY), ("secret", woo.SECRET)):
        (tmp_path / name).write_text(value, "utf-8")
    sources = {name: f"file:{tmp_path / name}" for name in ("key", "secret")}
    with woo.running(woo.WooCommerceDouble()) as double, SqlUnitOfWork(lab.sessions) as work:
        double.records["products"].append(woo.product())
        work.connectors.save(Connector("papel", "woocommerce", double.url, sources, "pt", "PT"))
        work.products.save(a_product("papel:p799", 1_490, sku="CAR-799", site="papel"))
        work.products.save(a_product("notebook", 1_290, sku="CAR-799"))
        work.commit()
        yield double


def in_the_other_shop(visitors: Visitors, *lines: PageCartLine) -> RecordedPage:
    visitor = visitors.arrive("papel", "pt", "ana")
    page = RecordedPage()
    visitors.opened(visitor.id, page)
    visitors.published(visitor.id, cart=PageCart("EUR", lines))
    return page


def test_the_page_of_a_connected_shop_has_its_cart_prepared_there(
    lab: PagesLab, alice: Person, visitors: Visitors, woocommerce: woo.WooCommerceDouble
) -> None:
    page = in_the_other_shop(visitors, PageCartLine("Caderno", "CAR-799", 2, 1))
    live = alice.client.get("/api/contacts/c1/cart").json
    assert live is not None
    assert live["shop"] == {"prepares_orders": True, "applies_coupons": True}
    answer = alice.call("POST", "/api/contacts/c1/order", {"coupon": "merci10"})
    assert answer.json is not None
    assert answer.json["total"] == {"minor": 2_682, "currency": "EUR"}
    asked = woocommerce.made[0]["asked"]
    assert asked["line_items"] == [{"product_id": 799, "quantity": 2}]
    assert asked["coupon_lines"] == [{"code": "merci10"}]
    assert page.told == [{"type": "order", "url": answer.json["pay_link"]}]
    with SqlUnitOfWork(lab.sessions) as work:
        entry = work.audit.of("order", "papel:o900")[0]
    assert (entry.actor_id, entry.action) == ("alice", "order.prepared")


def test_what_the_connected_shop_does_not_sell_is_named(
    alice: Person, visitors: Visitors, woocommerce: woo.WooCommerceDouble
) -> None:
    page = in_the_other_shop(
        visitors, PageCartLine("Caderno", "CAR-799", 1, 1), PageCartLine("Lápis", "", 1, 1)
    )
    answer = alice.call("POST", "/api/contacts/c1/order")
    assert answer.json == {"id": "cart.items_unknown", "params": {"what": "Lápis"}}
    assert woocommerce.made == page.told == []


def test_an_address_that_is_not_the_shops_reaches_no_customer(
    alice: Person, visitors: Visitors, woocommerce: woo.WooCommerceDouble
) -> None:
    woocommerce.url = "https://elsewhere.example"
    page = in_the_other_shop(visitors, PageCartLine("Caderno", "CAR-799", 1, 1))
    answer = alice.call("POST", "/api/contacts/c1/order")
    assert answer.json == {"id": "cart.pay_link_foreign", "params": {}}
    assert page.told == []


def test_in_a_shop_that_is_not_connected_nothing_is_prepared(alice: Person, visitors: Visitors) -> None:
    in_the_other_shop(visitors, PageCartLine("Caderno", "CAR-799", 1, 1))
    live = alice.client.get("/api/contacts/c1/cart").json
    assert live is not None
    assert live["shop"] == {"prepares_orders": False, "applies_coupons": False}
    answer = alice.call("POST", "/api/contacts/c1/order")
    assert answer.json == {"id": "cart.not_preparable", "params": {}}


@pytest.fixture
def stranger(lab: PagesLab) -> Person:
    """Alice talks to somebody nobody knows."""
    person = lab.signed_in("alice")
    lab.control.offers("o2", scene.contact("c2", "+33600000009"), "alice")
    lab.settled()
    person.call("POST", "/api/offers/o2/accept")
    lab.settled()
    return person


def test_the_code_that_the_page_shows_brings_page_customer_and_cart(
    lab: PagesLab, stranger: Person, ana: tuple[Visitor, RecordedPage], visitors: Visitors
) -> None:
    code = visitors.show_code(ana[0].id).digits
    answer = stranger.call("POST", "/api/contacts/c2/code", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.json is not None
    assert answer.json["live"]["visitor"]["title"] == "Checkout"
    assert answer.json["live"]["cart"]["id"] == "cart-1"
    assert answer.json["panel"]["customer"]["name"] == "Ana Brandão"
    lab.settled()
    assert lab.control.live.contacts["c2"].visitor == ana[0].id


def test_a_visitor_nobody_vouches_for_brings_only_the_cart(stranger: Person, visitors: Visitors) -> None:
    visitor = visitors.arrive("atelier", "fr", None)
    visitors.published(visitor.id, cart=PageCart("EUR", (PageCartLine("Carnet", "", 1, 900),)))
    code = visitors.show_code(visitor.id).digits
    answer = stranger.call("POST", "/api/contacts/c2/code", {"code": code})
    assert answer.json is not None
    assert answer.json["live"]["page_cart"]["item_count"] == 1
    assert answer.json["panel"] is None


def test_a_wrong_code_is_named_and_guessing_ends(
    stranger: Person, ana: tuple[Visitor, RecordedPage], visitors: Visitors
) -> None:
    code = visitors.show_code(ana[0].id).digits
    wrong = "000000" if code != "000000" else "000001"
    answers = [stranger.call("POST", "/api/contacts/c2/code", {"code": wrong}) for _ in range(8)]
    assert {str(answer.json) for answer in answers} == {"{'id': 'visitor.code_unknown', 'params': {}}"}
    after = stranger.call("POST", "/api/contacts/c2/code", {"code": code})
    assert after.status_code == 429
    assert after.json is not None
    assert after.json["id"] == "code.too_many"


def test_a_telephone_system_that_is_away_does_not_keep_the_page_from_the_desk(
    lab: PagesLab, stranger: Person, ana: tuple[Visitor, RecordedPage], visitors: Visitors
) -> None:
    code = visitors.show_code(ana[0].id).digits
    lab.control.goes_away()
    answer = stranger.call("POST", "/api/contacts/c2/code", {"code": code})
    assert answer.json is not None
    assert answer.json["live"]["visitor"]["id"] == ana[0].id
