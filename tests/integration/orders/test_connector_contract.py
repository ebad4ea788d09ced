"""What every connector must do as far as its shop is able."""

from collections.abc import Iterator

import pytest

from orders.adapters.connectors.woo_http import Keys, WooHttp
from orders.adapters.connectors.woo_people import Shop
from orders.adapters.connectors.woocommerce import WooCommerceShop
from orders.adapters.numbers import PhoneNumberParser
from orders.connectors.port import Draft, ShopConnector
from orders.errors import OrdersError
from tests import woocommerce_double as woo
from tests.shop import eur

Made = tuple[ShopConnector, str, str]


def woocommerce() -> Iterator[Made]:
    """A WooCommerce shop, which sells mugs."""
    with woo.running(woo.WooCommerceDouble()) as double:
        double.records["products"].append(woo.product(799, name="The mug", sku="SKU-mug"))
        http = WooHttp(double.url, Keys(woo.KEY, woo.SECRET))
        yield WooCommerceShop(Shop("w", "en", "GB", PhoneNumberParser()), http), "w:p799", "w:c26"


@pytest.fixture(params=[woocommerce])
def made(request: pytest.FixtureRequest) -> Iterator[Made]:
    """A connector, the id of its mug, of 14.90, and the id of a customer."""
    yield from request.param()


def test_an_order_is_prepared_for_its_customer_to_confirm(made: Made) -> None:
    shop, mug, customer = made
    prepared = shop.prepare_order(Draft(((mug, 2),), customer))
    assert prepared.total >= eur(2_980)
    assert prepared.pay_link.startswith("http")


def test_a_coupon_makes_an_order_cheaper(made: Made) -> None:
    shop, mug, customer = made
    assert shop.abilities.applies_coupons
    prepared = shop.prepare_order(Draft(((mug, 2),), customer, coupon="merci10"))
    assert prepared.total < shop.prepare_order(Draft(((mug, 2),), customer)).total


def test_an_order_of_what_the_shop_does_not_sell_is_refused(made: Made) -> None:
    shop, mug, customer = made
    with pytest.raises(OrdersError):
        shop.prepare_order(Draft(((f"{mug}9", 1),), customer))
