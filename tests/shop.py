"""Believable values of the shop's domain for tests; every detail can be overridden."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from orders.adapters.memory import MemoryUnitOfWork, Shop
from orders.errors import Conflict
from orders.model.actor import Actor
from orders.model.address import Address
from orders.model.cart import Cart, CartLine
from orders.model.customer import Customer
from orders.model.money import Money
from orders.model.order import Order, OrderLine
from orders.model.order_number import with_check_digit
from orders.model.order_state import OrderState
from orders.model.pricing import PriceRules, price_lines
from orders.model.product import Product
from orders.model.site import Site, SiteNumber
from orders.model.text import LocalizedText

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
AGENT = Actor("agent", "agent-1", discount_limit=1_000)
VISITOR = Actor("customer", "ana")
RULES = PriceRules(shipping_fee=Money(500, "EUR"), free_shipping_from=Money(10_000, "EUR"), tax_rate=2_000)
LISBON = Address("Rua das Flores 12", "1200-195", "Lisboa", "PT")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def a_customer(customer_id: str = "ana", **details: Any) -> Customer:
    ana = Customer(customer_id, "Ana Brandão", "ana@example.com", ("+351200000101",), "pt", LISBON)
    return replace(ana, **details)


def a_product(product_id: str = "mug", price: int = 1_250, stock: int = 10, **details: Any) -> Product:
    name = LocalizedText(f"The {product_id}", f"Le {product_id}", f"O {product_id}")
    return replace(Product(product_id, f"SKU-{product_id}", name, eur(price), stock), **details)


def cart_line(product: Product, quantity: int = 1) -> CartLine:
    return CartLine(product.id, product.sku, product.name, quantity, product.price)


def a_cart(*lines: CartLine, cart_id: str = "cart-1", **details: Any) -> Cart:
    return replace(Cart(cart_id, "ana", "EUR", NOW, lines), **details)


def an_order(order_id: str = "order-1", payload: int = 123_456, **details: Any) -> Order:
    """Two mugs and a lamp, 50.00 with shipping, placed a few minutes ago."""
    mug, lamp = a_product("mug", 1_250), a_product("lamp", 2_000)
    lines = tuple(
        OrderLine(product.id, product.sku, product.name, quantity, product.price)
        for product, quantity in ((mug, 2), (lamp, 1))
    )
    order = Order(
        id=order_id,
        number=with_check_digit(payload),
        customer_id="ana",
        cart_id=None,
        client_key=f"key of {order_id}",
        placed_at=NOW - timedelta(minutes=5),
        state=OrderState.PLACED,
        ship_to=LISBON,
        lines=lines,
        totals=price_lines("EUR", lines, 0, RULES),
    )
    return replace(order, **details)


def a_site(site_id: str = "atelier", **details: Any) -> Site:
    """A French and English shop on one origin."""
    numbers = (SiteNumber("fr", "4001"), SiteNumber("en", "4000"))
    origins = (f"https://{site_id}.example",)
    site = Site(site_id, f"key-of-{site_id}", site_id, origins, numbers, "shop", "FR", "a shared secret")
    return replace(site, **details)


class Contended(MemoryUnitOfWork):
    """Loses the race for its first commits."""

    def __init__(self, shop: Shop, losses: int) -> None:
        super().__init__(shop)
        self._losses = losses

    def commit(self) -> None:
        if self._losses:
            self._losses -= 1
            raise Conflict("somebody was quicker")
        super().commit()
