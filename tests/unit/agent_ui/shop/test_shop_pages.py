"""The pages as a browser without a script gets them."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from agent_ui.logins.services import Actor as Console
from agent_ui.logins.services import NewLogin, add_login
from agent_ui.shop.payment.tokens import PaymentRequest
from agent_ui.shop.tables import shop_checkout
from orders.adapters.demo_site import demo_site
from orders.adapters.numbers import PhoneNumberParser
from orders.model.actor import Actor
from orders.model.shipment import Shipment
from orders.services.carts import add_to_cart, get_cart, give_discount, prepare_order
from orders.services.order_lookup import find_order
from orders.services.order_progress import deliver_shipment, pack_order, ship_order
from tests.shop import AGENT, NOW
from tests.unit.agent_ui.shop.conftest import QUICK, RECIPIENT, ShopLab, Visitor

PASSWORD = "four unrelated words"
SIGN_UP = {**RECIPIENT, "password": PASSWORD}


def test_the_root_leads_to_the_browsers_language(lab: ShopLab) -> None:
    answer = lab.shop.app.test_client().get("/", headers={"Accept-Language": "pt-BR,pt;q=0.9"})

    assert (answer.status_code, answer.location) == (302, "/pt/")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Table"), ("fr", "Ajouter au panier"), ("pt", "carrinho")]
)
def test_a_page_is_in_the_language_of_its_address_and_names_the_others(
    lab: ShopLab, language: str, words: str
) -> None:
    page = lab.visitor(language).sees("/product/hom-204")

    assert f'<html lang="{language}"' in page
    assert 'hreflang="pt" href="/pt/product/hom-204"' in page
    assert words in page or language == "en"


def test_every_page_has_a_strict_policy_and_an_own_cookie(visitor: Visitor) -> None:
    answer = visitor.client.get("/en/")

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' http://localhost:8000;" in policy
    assert "connect-src 'self' http://localhost:8000 ws://localhost:8000 ws://localhost:8088;" in policy
    assert "frame-src http://localhost:8011;" in policy
    assert "unsafe" not in policy and "*" not in policy
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("comptoir_shop=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert " style=" not in answer.text and "onclick" not in answer.text


def test_a_strange_host_does_not_get_into_the_policy(visitor: Visitor) -> None:
    answer = visitor.client.get("/en/", headers={"Host": "evil;script-src *"})

    assert "script-src *" not in answer.headers.get("Content-Security-Policy", "")


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    answer = visitor.client.post("/en/cart/add/hom-204", data={"quantity": "1"})

    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_a_cart_is_filled_changed_and_emptied(visitor: Visitor) -> None:
    visitor.puts("hom-204", 2)
    assert "€109.80" in visitor.sees("/cart")

    visitor.sends("/cart", "/cart/change/hom-204", quantity="1")
    assert "€54.90" in visitor.sees("/cart") and "€4.90" in visitor.sees("/cart")

    visitor.sends("/cart", "/cart/change/hom-204", quantity="1", remove="1")
    assert "Your cart is empty" in visitor.sees("/cart")


def test_more_than_there_is_cannot_be_put_in(visitor: Visitor) -> None:
    visitor.puts("kit-101", 4)

    assert "We do not have that many" in visitor.sees("/product/kit-101")
    assert "Your cart is empty" in visitor.sees("/cart")


@pytest.mark.parametrize("quantity", ["", "zero", "-1", "1000", "1.5"])
def test_a_quantity_that_makes_no_sense_changes_nothing(visitor: Visitor, quantity: str) -> None:
    visitor.sends("/product/hom-204", "/cart/add/hom-204", quantity=quantity)

    assert "whole number" in visitor.sees("/product/hom-204")


def test_each_change_is_told_to_who_watches_carts(lab: ShopLab, visitor: Visitor) -> None:
    visitor.puts("hom-204")

    assert {cart for cart, _ in lab.changed} == {visitor.cart_id()}
    assert len(lab.changed) >= 2, "it was made, and filled"


def test_the_checkout_is_recorded_on_the_cart_step_by_step(lab: ShopLab, visitor: Visitor) -> None:
    steps = []
    visitor.puts("hom-204")
    for send in (
        lambda: visitor.sends("/checkout/address", **RECIPIENT),
        lambda: visitor.sends("/checkout/delivery", delivery="point"),
        lambda: visitor.sees("/checkout/payment"),
    ):
        send()
        steps.append(get_cart(lab.uow(), visitor.cart_id()).checkout_step)
    visitor.pays(5_980)
    visitor.sees("/checkout/review")

    assert steps == ["address", "shipping", "payment"]
    assert get_cart(lab.uow(), visitor.cart_id()).checkout_step == "review"


def test_a_later_step_waits_for_the_earlier_ones(visitor: Visitor) -> None:
    visitor.puts("hom-204")

    answer = visitor.client.get("/en/checkout/review", follow_redirects=True)

    assert answer.request.path == "/en/checkout/address"


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(visitor: Visitor) -> None:
    visitor.puts("hom-204")

    wrong = {**RECIPIENT, "postal_code": "12", "email": "rui@", "phone": "1"}
    answer = visitor.sends("/checkout/address", **wrong)

    assert answer.status_code == 422
    assert 'value="Rui Sá"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 3
    assert "1200-195" in answer.text, "an example of a Portuguese code"


def test_going_back_shows_what_was_said(visitor: Visitor) -> None:
    visitor.reaches_review()

    assert 'value="1200-195"' in visitor.sees("/checkout/address")
    assert re.search(r'value="home"\s+checked', visitor.sees("/checkout/delivery"))


def test_the_order_that_is_placed_is_the_one_that_the_telephone_reads_out(
    lab: ShopLab, visitor: Visitor
) -> None:
    number = visitor.orders()

    order = find_order(lab.uow(), number, "1200 195", "PT", PhoneNumberParser())
    assert order is not None
    assert (order.state.value, order.totals.total.minor) == ("paid", 5_980)


def test_an_order_sent_again_is_the_same_order(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review()
    form = visitor.confirmation()

    answers = [visitor.client.post("/en/checkout/review", data=form) for _ in range(2)]

    assert answers[0].status_code == 303
    assert answers[0].location == answers[1].location
    with lab.sessions() as session:
        assert session.execute(select(shop_checkout)).all() == [], "what was said is forgotten"


def test_another_visitor_cannot_place_the_order(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review()
    form, other = visitor.confirmation(), lab.visitor()
    token = re.search(r'csrf_token" type="hidden" value="([^"]+)"', other.sees("/product/hom-204"))
    assert token is not None

    answer = other.client.post("/en/checkout/review", data={**form, "csrf_token": token[1]})

    assert answer.status_code == 400
    assert get_cart(lab.uow(), form["cart"]).state == "open"


def test_a_payment_for_less_than_the_total_is_asked_for_again(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review()
    visitor.sends("/cart", "/cart/change/hom-204", quantity="3")

    answer = visitor.confirms()

    assert answer.location == "/en/checkout/payment"
    assert "confirm the payment again" in visitor.sees("/checkout/payment")


def test_a_forged_payment_token_pays_nothing(visitor: Visitor) -> None:
    visitor.puts("hom-204")
    visitor.sends("/checkout/address", **RECIPIENT)
    visitor.sends("/checkout/delivery", delivery="home")

    answer = visitor.client.get("/en/checkout/paid?token=forged")

    assert answer.location == "/en/checkout/payment"


def test_a_cart_that_an_agent_changes_while_it_is_read_is_shown_again(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review(100_000)
    form = visitor.confirmation()
    add_to_cart(lab.uow(), visitor.cart_id(), "kit-101", 1, AGENT, NOW)

    answer = visitor.client.post("/en/checkout/review", data=form)

    assert answer.location == "/en/checkout/review"
    page = visitor.sees("/checkout/review")
    assert "changed while you were reading" in page
    assert "Our adviser added 1 × The kit-101" in page
    assert "Prepared with Our adviser" in page


def test_an_agents_changes_are_marked_once(lab: ShopLab, visitor: Visitor) -> None:
    visitor.puts("hom-204")
    visitor.sees("/cart")
    add_to_cart(lab.uow(), visitor.cart_id(), "kit-101", 2, AGENT, NOW)
    give_discount(lab.uow(), visitor.cart_id(), 500, "sorry", AGENT, NOW)

    first, second = visitor.sees("/cart"), visitor.sees("/cart")

    assert "added 2 × The kit-101" in first and "discount of 5%" in first
    assert first.count("line-changed") == 1
    assert "line-changed" not in second
    assert "Discount given by the shop" in second and "by Our adviser" in second


def test_somebody_elses_order_does_not_exist(lab: ShopLab, visitor: Visitor) -> None:
    number = visitor.orders()
    other = lab.visitor()

    other.sees(f"/orders/{number}", 404)
    other.sees(f"/order/{lab.order(number).id}/done", 404)
    assert other.sends("/orders/find", number=number, postal_code="9999-999").status_code == 422
    assert other.sends("/orders/find", number=number, postal_code="1200195").status_code == 303
    assert number in other.sees(f"/orders/{number}")


def test_who_signs_up_keeps_the_cart_and_is_vouched_for(lab: ShopLab, visitor: Visitor) -> None:
    visitor.puts("hom-204")

    assert visitor.sends("/account/sign-up", **SIGN_UP).status_code == 303

    page = visitor.sees("/cart")
    site = demo_site("s3cret")
    customer = re.search(r'data-customer="(\w+)" data-customer-proof="(\w+)"', page)
    assert customer is not None and customer[2] == site.proof_of(customer[1])
    told = re.search(r'data-comptoir="cart">(.+?)</script>', page)
    assert told is not None
    cart = json.loads(told[1])
    assert cart["proof"] == site.proof_of(f"cart:{cart['id']}")
    assert cart["lines"] == [{"name": "The hom-204", "sku": "HOM-204", "quantity": 1, "unitPrice": 5490}]
    assert 'data-step="cart"' in page


def test_nobody_is_vouched_for_who_has_not_signed_in(visitor: Visitor) -> None:
    page = visitor.sees("/")

    assert 'data-site="demo-shop"' in page and 'integrity="sha384-' in page
    assert "data-customer" not in page


def test_signing_in_needs_the_password_and_is_slowed_down(lab: ShopLab, visitor: Visitor) -> None:
    visitor.sends("/account/sign-up", **SIGN_UP)
    other = lab.visitor()

    answers = [
        other.sends("/account/sign-in", email="rui@example.com", password=f"wrong {n}").status_code
        for n in range(7)
    ]

    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_page_of_the_account_is_shown_after_signing_in(lab: ShopLab, visitor: Visitor) -> None:
    visitor.sends("/account/sign-up", **SIGN_UP)
    other = lab.visitor("fr")
    assert other.client.get("/fr/account/orders").location == "/fr/account/sign-in"

    answer = other.sends("/account/sign-in", email="RUI@example.com", password=PASSWORD)

    assert answer.location == "/fr/account/orders"


def test_signing_out_everywhere_reaches_other_browsers(lab: ShopLab, visitor: Visitor) -> None:
    visitor.sends("/account/sign-up", **SIGN_UP)
    other = lab.visitor()
    other.sends("/account/sign-in", email="rui@example.com", password=PASSWORD)
    page = visitor.sees("/account")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None

    visitor.client.post("/en/account/sign-out", data={"csrf_token": token[1], "everywhere": "1"})

    assert other.client.get("/en/account").status_code == 303


def test_an_address_of_email_can_be_taken_once(lab: ShopLab, visitor: Visitor) -> None:
    visitor.sends("/account/sign-up", **SIGN_UP)

    answer = lab.visitor().sends("/account/sign-up", **{**SIGN_UP, "email": "Rui@Example.com"})

    assert answer.status_code == 422
    assert "cannot be created" in answer.text


def delivered(lab: ShopLab, number: str) -> None:
    order, system = lab.order(number), Actor("system", "test")
    pack_order(lab.uow(), order.id, system, NOW)
    parcel = Shipment("parcel-1", "CTT", "PT123", 1, None, NOW)
    ship_order(lab.uow(), order.id, parcel, system, NOW)
    deliver_shipment(lab.uow(), order.id, "parcel-1", system, NOW)


def test_a_delivered_order_can_be_sent_back_once(lab: ShopLab, visitor: Visitor) -> None:
    number = visitor.orders()
    delivered(lab, number)
    wanted = {"product": "hom-204", "quantity": "1", "reason": "damaged"}

    too_many = visitor.sends(f"/orders/{number}", f"/orders/{number}/return", **{**wanted, "quantity": "2"})
    visitor.sends(f"/orders/{number}", f"/orders/{number}/return", **wanted)

    assert too_many.status_code == 422 and "did not order that many" in too_many.text
    [back] = lab.order(number).returns
    assert (back.reason, back.quantity, back.refund.minor) == ("damaged", 1, 5_490)
    assert "Return asked for" in visitor.sees(f"/orders/{number}")
    assert "/return" not in visitor.sees(f"/orders/{number}")


def test_an_order_is_ordered_again_as_far_as_there_is_stock(lab: ShopLab, visitor: Visitor) -> None:
    number = visitor.orders()

    visitor.sends(f"/orders/{number}", f"/orders/{number}/again")

    assert "Everything is in your cart again" in visitor.sees("/cart")
    assert "The hom-204" in visitor.sees("/cart")


def test_stock_that_went_meanwhile_leads_back_to_the_cart(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review()
    form = visitor.confirmation()
    with lab.uow() as uow:
        uow.products.take_stock("hom-204", 10)
        uow.commit()

    answer = visitor.client.post("/en/checkout/review", data=form)

    assert answer.location == "/en/cart"
    page = visitor.sees("/cart")
    assert "out of stock" in page and "Only 0 left" in page
    assert "/checkout" not in re.findall(r'class="button button-wide" href="([^"]+)"', page)


def test_what_is_not_there_is_said_in_the_language_of_the_address(lab: ShopLab) -> None:
    assert "Cette page n’existe pas" in lab.visitor("fr").sees("/nothing", 404)
    assert lab.shop.app.test_client().get("/picture/none.svg").status_code == 404


def test_a_failing_database_is_told_without_a_trace(
    lab: ShopLab, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("agent_ui.shop.pages.home.list_products", fails)

    answer = visitor.client.get("/en/")

    assert answer.status_code == 500
    assert "on our side" in answer.text and "disk" not in answer.text


def test_an_order_that_an_agent_prepared_is_said_to_be(lab: ShopLab, visitor: Visitor) -> None:
    visitor.reaches_review()
    prepare_order(lab.uow(), visitor.cart_id(), AGENT, NOW)

    assert "Our adviser has prepared this order for you" in visitor.sees("/cart")
    assert "Prepared with Our adviser" in visitor.sees("/checkout/review")


def test_the_first_name_of_an_agent_is_shown_and_no_more(lab: ShopLab, visitor: Visitor) -> None:
    with lab.sessions.begin() as session:
        add_login(session, QUICK, NewLogin("agent", "Alice Martin", "agent", AGENT.id), Console("test"), NOW)
    visitor.puts("hom-204")
    add_to_cart(lab.uow(), visitor.cart_id(), "kit-101", 1, AGENT, NOW)

    page = visitor.sees("/cart")

    assert "Alice added 1 × The kit-101" in page
    assert "Martin" not in page


def old_cookie(lab: ShopLab, visitor: Visitor) -> Visitor:
    """A browser with a copy of the visitor's cookie as it is now."""
    other = lab.visitor()
    with visitor.client.session_transaction() as known, other.client.session_transaction() as copy:
        copy.update(known)
    return other


def test_a_cookie_from_before_signing_in_shows_nothing_of_the_customer(
    lab: ShopLab, visitor: Visitor
) -> None:
    visitor.puts("hom-204")
    planted = old_cookie(lab, visitor)
    visitor.sends("/account/sign-up", **SIGN_UP)
    visitor.sends("/checkout/address", **RECIPIENT)

    assert "The hom-204" not in planted.sees("/cart")
    assert planted.client.get("/en/checkout/address").location == "/en/cart"


def test_a_cookie_from_before_signing_in_finds_no_order(lab: ShopLab, visitor: Visitor) -> None:
    visitor.puts("hom-204")
    planted, cart = old_cookie(lab, visitor), visitor.cart_id()
    visitor.sends("/account/sign-up", **SIGN_UP)
    visitor.sends("/checkout/address", **RECIPIENT)
    visitor.sends("/checkout/delivery", delivery="home")
    asked = PaymentRequest(cart, 5_980, "EUR", "en", "http://localhost/x")
    visitor.client.get(f"/en/checkout/paid?token={lab.signer.token(asked)}")
    assert "/done" in visitor.confirms().location

    token = re.search(r'csrf_token" type="hidden" value="([^"]+)"', planted.sees("/product/hom-204"))
    assert token is not None
    answer = planted.client.post(
        "/en/checkout/review", data={"csrf_token": token[1], "cart": cart, "seen": "x"}
    )

    assert answer.status_code == 400


def test_guessing_an_orders_postal_code_is_slowed_down_however_its_number_is_written(
    lab: ShopLab, visitor: Visitor
) -> None:
    number, other = visitor.orders(), lab.visitor()
    spellings = (number, f" {number}", f"{number[:2]} {number[2:]}", f"{number[:3]}-{number[3:]}")

    answers = [
        other.sends("/orders/find", number=spellings[place % 4], postal_code=f"100{place}-000").status_code
        for place in range(6)
    ]

    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize(
    "asked",
    [
        "_scheme=javascript&_external=1&q=%0Aalert(1)",
        "_anchor=x",
        "_method=BREW",
        "endpoint=x",
        "values=x&self=x",
    ],
)
def test_what_an_address_asks_for_besides_leads_to_no_other_place(visitor: Visitor, asked: str) -> None:
    page = visitor.sees(f"/catalogue?{asked}")

    links = re.findall(r'hreflang="fr"[^>]* href="([^"]*)"|href="([^"]*)"[^>]* hreflang="fr"', page)
    assert links and all("".join(link).startswith("/fr/catalogue") for link in links)
    assert all("#" not in "".join(link) for link in links)


def test_a_page_of_orders_that_is_far_beyond_the_last_is_empty(visitor: Visitor) -> None:
    visitor.sends("/account/sign-up", **SIGN_UP)

    visitor.sees(f"/account/orders?page={10**30}")


def test_what_is_typed_disguises_nothing_where_an_agent_reads_it(visitor: Visitor) -> None:
    visitor.puts("hom-204")

    visitor.sends(
        "/checkout/address", **{**RECIPIENT, "name": "Rui\x00Sá\u202e", "street": "Rua\r\nNova\u2066 1"}
    )

    page = visitor.sees("/checkout/address")
    assert 'value="Rui Sá"' in page and 'value="Rua Nova 1"' in page
