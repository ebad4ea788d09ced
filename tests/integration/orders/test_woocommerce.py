"""The WooCommerce connector against a double that replays documented payloads, on each of our databases."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orders.adapters.connectors.woo_http import PAUSES, Keys, WooHttp
from orders.adapters.connectors.woo_people import Shop
from orders.adapters.connectors.woocommerce import PER_PAGE, WooCommerceShop, signature_of
from orders.adapters.numbers import PhoneNumberParser
from orders.connectors.errors import ConnectorAway, ConnectorRefused, NotUnderstood, SignatureWrong
from orders.connectors.model import Connector, Cursor
from orders.connectors.port import Delivery, Draft, OrderChanged, ProductChanged
from orders.errors import ProductNotFound
from orders.events import OrderStateChanged, ShopEvent
from orders.model.actor import Actor
from orders.model.customer import Customer
from orders.model.order_state import OrderState
from orders.ports import UnitOfWork
from orders.services.carts import add_to_cart, start_cart
from orders.services.catalog import list_products
from orders.services.customers import find_customer_by_number
from orders.services.importing import take_delivery
from orders.services.order_lookup import find_order
from orders.services.order_status import order_status
from orders.services.overview import customer_overview
from orders.services.synchronising import OVERLAP, Progress, synchronise
from tests import woocommerce_double as woo
from tests.shop import NOW, RULES, a_product, eur

SITE = "atelier"
NUMBERS = PhoneNumberParser()
KNOWN_SIGNATURE = "yVxqfCx8dh6YTGjPZLS8qT8HJCkAqv27Mo07t1qw3LA="
CONNECTOR = Connector(SITE, "woocommerce", "https://shop.example", {"key": "env:KEY"}, "fr", "FR")


@pytest.fixture
def double() -> Iterator[woo.WooCommerceDouble]:
    with woo.running(woo.WooCommerceDouble()) as shop:
        shop.records["customers"].append(woo.customer())
        shop.records["products"].append(woo.product())
        shop.records["orders"].append(woo.order())
        yield shop


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def shop(double: woo.WooCommerceDouble, slept: list[float]) -> WooCommerceShop:
    http = WooHttp(double.url, Keys(woo.KEY, woo.SECRET), slept.append)
    return WooCommerceShop(Shop(SITE, "fr", "FR", NUMBERS), http, woo.WEBHOOK_SECRET)


@pytest.fixture(autouse=True)
def connected(uow: UnitOfWork) -> None:
    with uow:
        uow.connectors.save(CONNECTOR)
        uow.commit()


def synchronised(uow: UnitOfWork, shop: WooCommerceShop, now: datetime = NOW) -> tuple[Progress, ...]:
    return synchronise(uow, shop, SITE, lambda: now, lambda progress: None)


def imported(uow: UnitOfWork, **part: Any) -> OrderChanged:
    """An order's record, translated and taken in."""
    with woo.running(woo.WooCommerceDouble()) as double:
        double.records["orders"].append(woo.order(**part))
        http = WooHttp(double.url, Keys(woo.KEY, woo.SECRET))
        page = WooCommerceShop(Shop(SITE, "fr", "FR", NUMBERS), http).changed("orders", None, None)
    assert page.not_understood == ()
    take_delivery(uow, SITE, Delivery("d0", page.changes), NOW)
    change = page.changes[0]
    assert isinstance(change, OrderChanged)
    return change


def test_after_a_synchronisation_the_ivr_finds_the_order_by_number_and_postal_code(
    uow: UnitOfWork, shop: WooCommerceShop
) -> None:
    synchronised(uow, shop)

    found = find_order(uow, "727", "75012", "FR", NUMBERS)

    assert found is not None
    status = order_status(found, NOW.date())
    assert (status.number, status.state, status.total) == ("727", OrderState.PAID, eur(3_570))
    assert find_order(uow, "727", "75013", "FR", NUMBERS) is None


def test_after_a_synchronisation_the_caller_is_recognised_with_the_order(
    uow: UnitOfWork, shop: WooCommerceShop
) -> None:
    synchronised(uow, shop)

    customer = find_customer_by_number(uow, "+33639981234", "", NUMBERS)

    assert customer is not None
    assert (customer.name, customer.language) == ("Chloé Fabre", "fr")
    overview = customer_overview(uow, customer.id, RULES, NOW.date())
    assert [one.order.number for one in overview.orders] == ["727"]


def test_amounts_are_exact_and_include_tax(uow: UnitOfWork) -> None:
    order = imported(uow).order

    totals = order.totals
    assert (totals.subtotal, totals.shipping, totals.tax) == (eur(2_980), eur(590), eur(595))
    assert (totals.discount, totals.total) == (eur(0), eur(3_570))
    assert [(line.quantity, line.unit_price) for line in order.lines] == [(2, eur(1_490))]
    assert [(paid.amount, paid.state) for paid in order.payments] == [(eur(3_570), "captured")]
    assert order.ship_to.postal_code == "75012"


@pytest.mark.parametrize(
    ("status", "paid", "state", "outstanding", "due"),
    [
        ("pending", False, OrderState.PLACED, "payment", 3_570),
        ("on-hold", False, OrderState.PLACED, "payment", 3_570),
        ("failed", False, OrderState.PLACED, "payment", 3_570),
        ("processing", True, OrderState.PAID, "packing", 0),
        ("completed", True, OrderState.DELIVERED, "nothing", 0),
        ("cancelled", False, OrderState.CANCELED, "nothing", 0),
        ("refunded", True, OrderState.RETURNED, "nothing", 0),
        ("wc-awaiting-pickup", True, OrderState.PAID, "packing", 0),
        ("wc-quote", False, OrderState.PLACED, "payment", 3_570),
    ],
)
def test_a_status_stands_for_a_state(
    uow: UnitOfWork, status: str, paid: bool, state: OrderState, outstanding: str, due: int
) -> None:
    refunds = [{"id": 9, "reason": "", "total": "-35.70"}] if status == "refunded" else []
    paid_at = "2026-02-27T14:46:00" if paid else None
    order = imported(uow, status=status, date_paid_gmt=paid_at, refunds=refunds).order

    told = order_status(order, NOW.date())

    assert (told.state, told.outstanding, told.amount_due) == (state, outstanding, eur(due))
    assert told.refund_due == eur(0)


def test_what_was_paid_for_a_canceled_order_is_owed_less_what_went_back(uow: UnitOfWork) -> None:
    refunds = [{"id": 9, "reason": "", "total": "-10.00"}]
    order = imported(uow, status="cancelled", refunds=refunds).order

    assert order_status(order, NOW.date()).refund_due == eur(2_570)


def test_a_discount_and_a_currency_without_decimals_are_read(uow: UnitOfWork) -> None:
    row = {
        "currency": "JPY",
        "total": "900",
        "total_tax": "82",
        "discount_total": "91",
        "discount_tax": "9",
        "shipping_total": "0",
        "shipping_tax": "0",
        "line_items": [woo.line_item(quantity=3, subtotal="909.0909", subtotal_tax="90.9091")],
    }
    order = imported(uow, **row).order

    assert (order.totals.subtotal.minor, order.totals.discount.minor) == (1_000, 100)
    assert order.lines[0].unit_price.minor == 333


def test_lines_of_one_product_become_one_and_variations_stay_apart(uow: UnitOfWork) -> None:
    lines = [
        woo.line_item(id=1, quantity=1, subtotal="10.00", subtotal_tax="2.00"),
        woo.line_item(id=2, quantity=2, subtotal="20.00", subtotal_tax="4.00"),
        woo.line_item(id=3, variation_id=801, quantity=1, sku="CAR-801"),
        woo.line_item(id=4, quantity=0),
    ]
    order = imported(uow, line_items=lines).order

    assert [(line.product_id, line.quantity) for line in order.lines] == [
        (f"{SITE}:p799", 3),
        (f"{SITE}:p801", 1),
    ]


def test_a_guest_is_one_customer_whatever_they_order(uow: UnitOfWork) -> None:
    first = imported(uow, id_=1, customer_id=0)
    second = imported(uow, id_=2, customer_id=0, billing=woo.billing(email="Chloe.Fabre@Example.com"))
    other = imported(uow, id_=3, customer_id=0, billing=woo.billing(email="zoe@example.com"))

    assert first.is_guest
    assert first.customer.id == second.customer.id != other.customer.id
    assert first.customer.phones == ("+33639981234",)


def test_a_guest_takes_nobodys_number(uow: UnitOfWork, shop: WooCommerceShop) -> None:
    synchronised(uow, shop)
    imported(uow, id_=801, customer_id=0, billing=woo.billing(email="zoe@example.com"))

    found = find_customer_by_number(uow, "+33639981234", "", NUMBERS)

    assert found is not None
    assert found.id == f"{SITE}:c26"


def test_a_number_nobody_can_dial_is_left_out(uow: UnitOfWork) -> None:
    assert imported(uow, customer_id=0, billing=woo.billing(phone="call me")).customer.phones == ()


def test_what_an_order_says_does_not_replace_what_the_customer_is(
    uow: UnitOfWork, shop: WooCommerceShop
) -> None:
    synchronised(uow, shop)
    imported(uow, id_=800, billing=woo.billing(first_name="Somebody", last_name="Else"))

    with uow:
        known = uow.customers.get(f"{SITE}:c26")
    assert known is not None
    assert known.name == "Chloé Fabre"


def test_records_come_page_by_page_and_only_those_that_changed(
    uow: UnitOfWork, double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.records["orders"] = [woo.order(1_000 + number) for number in range(PER_PAGE + 1)]
    first = synchronised(uow, shop, NOW)
    double.records["orders"][7] = woo.order(1_007, modified="2026-03-02T10:31:00", status="completed")
    double.asked.clear()
    second = synchronised(uow, shop, NOW + timedelta(hours=1))

    assert [(one.kind, one.read, one.news) for one in first] == [
        ("customers", 1, 1),
        ("products", 1, 1),
        ("orders", PER_PAGE + 1, PER_PAGE + 1),
    ]
    assert [(one.kind, one.read, one.news) for one in second] == [
        ("customers", 1, 0),
        ("products", 0, 0),
        ("orders", 1, 1),
    ]
    since = (NOW - OVERLAP).strftime("%Y-%m-%dT%H%%3A%M%%3A%S")
    assert any(
        f"modified_after={since}" in asked and asked.startswith("GET orders") for asked in double.asked
    )


def test_a_synchronisation_that_is_interrupted_goes_on_where_it_was(
    uow: UnitOfWork, double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.records["orders"] = [woo.order(1_000 + number) for number in range(2 * PER_PAGE + 1)]

    def fails_after_the_second_page(progress: Progress) -> None:
        if progress.kind == "orders" and progress.read == 2 * PER_PAGE:
            double.busy = [(503, {})] * (len(PAUSES) + 1)

    with pytest.raises(ConnectorAway):
        synchronise(uow, shop, SITE, lambda: NOW, fails_after_the_second_page)
    with uow:
        left = uow.connectors.get(SITE)
    double.asked.clear()
    ends = synchronised(uow, shop, NOW + timedelta(minutes=1))

    assert left is not None
    assert left.cursors["orders"] == Cursor(None, "3", NOW)
    assert ends[-1].read == 1
    assert [asked for asked in double.asked if asked.startswith("GET orders")] == [
        f"GET orders?page=3&per_page={PER_PAGE}&orderby=id&order=asc"
    ]


def test_one_record_that_is_not_as_documented_keeps_no_other_from_being_read(
    uow: UnitOfWork, double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.records["orders"] = [
        woo.order(1, total="12.345"),
        woo.order(2, date_created_gmt=None),
        woo.order(3, line_items=[{"quantity": "many"}]),
        woo.order(4, status="checkout-draft"),
        woo.order(5),
    ]

    orders = synchronised(uow, shop)[-1]

    assert orders.read == 1
    assert [problem.partition(":")[0] for problem in orders.not_understood] == ["1", "2", "3"]
    assert find_order(uow, "5", "75012", "FR", NUMBERS) is not None


def test_products_with_variations_are_sold_by_variation(
    uow: UnitOfWork, double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.records["products"] = [woo.product(10, type="variable", name="Tablier", variations=[11, 12])]
    double.variations[10] = [
        woo.product(11, attributes=[{"id": 1, "name": "Taille", "option": "S"}]),
        woo.product(12, attributes=[{"id": 1, "name": "Taille", "option": "L"}], manage_stock=False),
    ]

    synchronised(uow, shop)

    with uow:
        found = uow.products.having_skus(["CAR-11", "CAR-12"], SITE)
    assert [(one.name.fr, one.stock) for one in found] == [("Tablier, S", 7), ("Tablier, L", 9_999)]


def test_variations_that_share_a_sku_go_by_their_ids(
    uow: UnitOfWork, double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.records["products"] = [woo.product(10, type="variable", variations=[11, 12, 13])]
    double.variations[10] = [woo.product(number, sku="TAB") for number in (11, 12, 13)]

    synchronised(uow, shop)
    double.variations[10] = [woo.product(n, "2026-03-09T09:30:00", sku="TAB", price="9.90") for n in (11, 12)]
    double.records["products"][0]["date_modified_gmt"] = "2026-03-09T09:30:00"
    synchronised(uow, shop, NOW + timedelta(days=8))

    with uow:
        found = uow.products.having_skus(["TAB", f"{SITE}:p12", f"{SITE}:p13"], SITE)
    assert [(one.sku, one.price.minor) for one in found] == [
        ("TAB", 990),
        (f"{SITE}:p12", 990),
        (f"{SITE}:p13", 1_490),
    ]


def test_connected_shops_products_are_not_sold_here(uow: UnitOfWork, shop: WooCommerceShop) -> None:
    with uow:
        uow.products.save(a_product("mug", sku="CAR-799"))
        uow.commit()

    synchronised(uow, shop)

    with uow:
        assert [one.id for one in uow.products.having_skus(["CAR-799"], SITE)] == [f"{SITE}:p799"]
    assert [one.id for one in list_products(uow)] == ["mug"]
    cart = start_cart(uow, f"{SITE}:c26", "EUR", NOW)
    with pytest.raises(ProductNotFound):
        add_to_cart(uow, cart.id, f"{SITE}:p799", 1, Actor("agent", "alice"), NOW)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_shop_is_asked_again_with_growing_pauses(
    double: woo.WooCommerceDouble, shop: WooCommerceShop, slept: list[float], status: int
) -> None:
    double.busy = [(status, {}), (status, {"Retry-After": "17"}), (status, {})]

    assert len(shop.changed("orders", None, None).changes) == 1
    assert slept == [PAUSES[0], 17.0, PAUSES[2]]


def test_a_shop_that_stays_busy_is_away(
    double: woo.WooCommerceDouble, shop: WooCommerceShop, slept: list[float]
) -> None:
    double.busy = [(503, {})] * (len(PAUSES) + 1)

    with pytest.raises(ConnectorAway):
        shop.changed("orders", None, None)
    assert slept == list(PAUSES)


def test_a_shop_that_is_not_there_is_away(slept: list[float]) -> None:
    with woo.running(woo.WooCommerceDouble()) as double:
        url = double.url
    gone = WooCommerceShop(Shop(SITE, "fr", "FR", NUMBERS), WooHttp(url, Keys("k", "s"), slept.append))

    with pytest.raises(ConnectorAway):
        gone.changed("orders", None, None)


def test_wrong_keys_are_refused_and_named(double: woo.WooCommerceDouble) -> None:
    stranger = WooCommerceShop(Shop(SITE, "fr", "FR", NUMBERS), WooHttp(double.url, Keys("k", "s")))

    with pytest.raises(ConnectorRefused, match="401 woocommerce_rest_cannot_view"):
        stranger.changed("orders", None, None)


def test_keys_are_not_sent_in_clear_and_not_shown() -> None:
    with pytest.raises(ConnectorRefused):
        WooHttp("http://shop.example", Keys("k", "s"))
    assert "s3cret" not in repr(Keys("k", "s3cret"))


def test_an_order_is_not_made_twice_because_the_shop_was_slow(
    double: woo.WooCommerceDouble, shop: WooCommerceShop
) -> None:
    double.busy = [(502, {})]

    with pytest.raises(ConnectorAway):
        shop.prepare_order(Draft(((f"{SITE}:p799", 1),)))
    assert [asked for asked in double.asked if asked.startswith("POST")] == ["POST orders"]


def test_a_coupon_of_the_shop_is_applied(double: woo.WooCommerceDouble, shop: WooCommerceShop) -> None:
    draft = Draft(((f"{SITE}:p799", 2),), customer_id=f"{SITE}:c26", coupon="merci10")
    prepared = shop.prepare_order(draft)

    assert double.made[0]["asked"]["customer_id"] == 26
    assert double.made[0]["asked"]["status"] == "pending"
    assert "order-pay" in prepared.pay_link
    assert prepared.total == eur(2_682)


def headers_for(body: bytes, topic: str = "order.updated", delivery: str = "d1") -> dict[str, str]:
    resource, _, event = topic.partition(".")
    return {
        "X-WC-Webhook-Source": "https://shop.example/",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signature_of(woo.WEBHOOK_SECRET, body),
        "X-WC-Webhook-ID": "7",
        "X-WC-Webhook-Delivery-ID": delivery,
    }


def test_the_signature_is_the_documented_one() -> None:
    # Computed with: printf %s '{"id":1}' | openssl dgst -sha256 -hmac key -binary | base64
    assert signature_of("key", b'{"id":1}') == KNOWN_SIGNATURE


def test_a_delivery_is_taken_once(uow: UnitOfWork, shop: WooCommerceShop, published: list[ShopEvent]) -> None:
    synchronised(uow, shop)
    published.clear()
    body = json.dumps(woo.order(modified="2026-03-02T08:00:00", status="completed")).encode()
    delivery = shop.delivery(headers_for(body), body)

    assert delivery is not None
    assert take_delivery(uow, SITE, delivery, NOW) == 1
    assert take_delivery(uow, SITE, delivery, NOW) == 0
    assert published == [
        OrderStateChanged(f"{SITE}:o727", f"{SITE}:c26", OrderState.PAID, OrderState.DELIVERED)
    ]


def test_an_older_delivery_that_comes_later_changes_nothing(uow: UnitOfWork, shop: WooCommerceShop) -> None:
    for delivery_id, modified, status in (("b", "11:00", "completed"), ("a", "10:00", "processing")):
        body = json.dumps(woo.order(modified=f"2026-03-02T{modified}:00", status=status)).encode()
        delivery = shop.delivery(headers_for(body, delivery=delivery_id), body)
        assert delivery is not None
        take_delivery(uow, SITE, delivery, NOW)

    found = find_order(uow, "727", "75012", "FR", NUMBERS)
    assert found is not None
    assert found.state is OrderState.DELIVERED


@pytest.mark.parametrize("signature", ["", "bm90IHRoZSBzaWduYXR1cmU=", "é"])
def test_a_delivery_that_is_not_the_shops_is_refused(shop: WooCommerceShop, signature: str) -> None:
    body = json.dumps(woo.order()).encode()

    with pytest.raises(SignatureWrong):
        shop.delivery({**headers_for(body), "X-WC-Webhook-Signature": signature}, body)
    with pytest.raises(SignatureWrong):
        shop.delivery(headers_for(body), body + b" ")


def test_without_a_secret_nothing_is_believed(double: woo.WooCommerceDouble) -> None:
    shop = WooCommerceShop(Shop(SITE, "fr", "FR", NUMBERS), WooHttp(double.url, Keys("k", "s")))
    body = b"{}"

    with pytest.raises(SignatureWrong):
        shop.delivery({**headers_for(body), "X-WC-Webhook-Signature": signature_of("", body)}, body)


def test_an_unknown_topic_brings_nothing(shop: WooCommerceShop) -> None:
    body = b'{"id": 727}'
    for topic in ("order.deleted", "coupon.created", "action.woocommerce_add_to_cart"):
        assert shop.delivery(headers_for(body, topic), body).changes == ()


def test_a_trial_is_known_by_what_it_says_and_lacks(shop: WooCommerceShop) -> None:
    assert shop.is_trial({"Content-Type": "application/x-www-form-urlencoded"}, b"webhook_id=7")
    assert not shop.is_trial(headers_for(b"webhook_id=7"), b"webhook_id=7")
    assert not shop.is_trial({}, b'{"id": 7}')


@pytest.mark.parametrize("body", [b"[]", b"not json", b'{"id": 1}'])
def test_a_delivery_that_is_no_record_is_not_understood(shop: WooCommerceShop, body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        shop.delivery(headers_for(body), body)


def test_customers_and_products_are_delivered_too(shop: WooCommerceShop) -> None:
    body = json.dumps(woo.customer()).encode()
    delivery = shop.delivery(headers_for(body, "customer.created"), body)
    assert delivery is not None
    found = delivery.changes[0]
    assert isinstance(getattr(found, "customer", None), Customer)
    body = json.dumps(woo.product()).encode()
    delivery = shop.delivery(headers_for(body, "product.updated"), body)
    assert delivery is not None
    product = delivery.changes[0]
    assert isinstance(product, ProductChanged)
    assert product.product.price == eur(1_490)
    assert product.changed_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def test_a_connector_is_read_as_it_was_saved(uow: UnitOfWork) -> None:
    cursors = {"orders": Cursor(NOW, "3", NOW + timedelta(seconds=1))}
    changed = replace(CONNECTOR, cursors=cursors, synchronised_at=NOW)
    with uow:
        uow.connectors.save(changed)
        uow.connectors.note_change(SITE, "x", NOW)
        uow.connectors.note_change(SITE, "x", NOW + timedelta(seconds=1))
        assert uow.connectors.take_delivery(SITE, "d", NOW)
        uow.commit()

    with uow:
        assert uow.connectors.get(SITE) == changed
        assert uow.connectors.all() == (changed,)
        assert uow.connectors.changed_at(SITE, "x") == NOW + timedelta(seconds=1)
        assert uow.connectors.changed_at(SITE, "y") is None
        assert not uow.connectors.take_delivery(SITE, "d", NOW)
        uow.connectors.forget_deliveries(NOW + timedelta(seconds=1))
        assert uow.connectors.take_delivery(SITE, "d", NOW)
        uow.connectors.remove(SITE)
        uow.commit()
    with uow:
        assert uow.connectors.get(SITE) is None
        assert uow.connectors.changed_at(SITE, "x") is None
