"""What every connector must do as far as its shop is able: the shop of this system, and WooCommerce."""

from collections.abc import Callable, Iterator

import pytest

from orders.adapters.connectors.builtin import BuiltinShop
from orders.adapters.connectors.woo_http import Keys, WooHttp
from orders.adapters.connectors.woo_people import Shop
from orders.adapters.connectors.woocommerce import WooCommerceShop
from orders.adapters.numbers import PhoneNumberParser
from orders.connectors.errors import ConnectorRefused, SignatureWrong
from orders.connectors.port import Draft, ShopConnector
from orders.errors import OrdersError
from orders.model.actor import Actor
from orders.ports import UnitOfWork
from tests import woocommerce_double as woo
from tests.shop import RULES, a_customer, a_product, eur

PAY = "https://shop.example/cart?id="
Made = tuple[ShopConnector, str, str]


def builtin(new_uow: Callable[[], UnitOfWork]) -> Iterator[Made]:
    """The shop here, which sells mugs; Ana is its customer."""
    with new_uow() as uow:
        uow.customers.save(a_customer("ana"))
        uow.products.save(a_product("mug", 1_490, stock=7))
        uow.commit()
    yield BuiltinShop(new_uow, RULES, Actor("agent", "alice"), lambda cart: PAY + cart), "mug", "ana"


def woocommerce(_: Callable[[], UnitOfWork]) -> Iterator[Made]:
    """A WooCommerce shop, which sells mugs too."""
    with woo.running(woo.WooCommerceDouble()) as double:
        double.records["products"].append(woo.product(799, name="The mug", sku="SKU-mug"))
        http = WooHttp(double.url, Keys(woo.KEY, woo.SECRET))
        yield WooCommerceShop(Shop("w", "en", "GB", PhoneNumberParser()), http), "w:p799", "w:c26"


@pytest.fixture(params=[builtin, woocommerce])
def made(request: pytest.FixtureRequest, new_uow: Callable[[], UnitOfWork]) -> Iterator[Made]:
    """A connector, the id of its mug, of 14.90, and the id of a customer."""
    yield from request.param(new_uow)


def test_an_order_is_prepared_for_its_customer_to_confirm(made: Made) -> None:
    shop, mug, customer = made
    prepared = shop.prepare_order(Draft(((mug, 2),), customer))
    assert prepared.total >= eur(2_980)
    assert prepared.pay_link.startswith("http")


def test_a_coupon_makes_an_order_cheaper_where_there_are_coupons(made: Made) -> None:
    shop, mug, customer = made
    with_coupon = Draft(((mug, 2),), customer, coupon="merci10")
    if not shop.abilities.applies_coupons:
        with pytest.raises(ConnectorRefused):
            shop.prepare_order(with_coupon)
        return
    assert shop.prepare_order(with_coupon).total < shop.prepare_order(Draft(((mug, 2),), customer)).total


def test_an_order_of_what_the_shop_does_not_sell_is_refused(made: Made) -> None:
    shop, mug, customer = made
    with pytest.raises(OrdersError):
        shop.prepare_order(Draft(((f"{mug}9", 1),), customer))


def test_a_delivery_that_nobody_signed_is_refused(made: Made) -> None:
    shop, _, _ = made
    with pytest.raises(SignatureWrong):
        shop.delivery({"X-WC-Webhook-Resource": "order", "X-WC-Webhook-Event": "created"}, b"{}")


def test_changes_come_page_by_page_to_an_end(made: Made) -> None:
    shop, _, _ = made
    page = shop.changed("products", None, None)
    seen = len(page.changes)
    while page.next is not None:
        page = shop.changed("products", None, page.next)
        seen += len(page.changes)
    assert seen == page.total
