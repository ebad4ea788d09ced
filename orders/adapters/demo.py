"""A believable shop to try things out: the same for the same seed, its ages relative to the day of load."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, cycle, islice
from random import Random

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from orders.adapters import tables
from orders.adapters.demodata.catalog import CURRENCY, products
from orders.adapters.demodata.history import Purchase, order_in, placed_before
from orders.adapters.demodata.ids import demo_id
from orders.adapters.demodata.people import customers, full_names
from orders.adapters.demodata.places import countries
from orders.adapters.sql.carts import SqlCarts
from orders.adapters.sql.customers import SqlCustomers
from orders.adapters.sql.execute import execute_in
from orders.adapters.sql.orders import SqlOrders
from orders.adapters.sql.products import SqlProducts
from orders.model.address import Address
from orders.model.cart import CHECKOUT_STEPS, Cart, CartLine
from orders.model.customer import Customer
from orders.model.order import Order
from orders.model.order_number import draw_order_number, with_check_digit
from orders.model.order_state import OrderState
from orders.model.product import Product
from orders.model.text import Language

_ORDERS = 500
_OPEN_CARTS = 40
_ORDERS_OF_A_CALLER = 2
_CUSTOMERS = {"GB": 40, "IE": 15, "US": 15, "FR": 70, "PT": 70}
_LINES_OF_CALLERS = (("KIT-110", 1), ("KIT-101", 2), ("HOM-206", 1))
_SHARES = {
    OrderState.PLACED: 2,
    OrderState.PAID: 2,
    OrderState.PACKED: 2,
    OrderState.SHIPPED: 4,
    OrderState.DELIVERED: 10,
    OrderState.RETURN_REQUESTED: 1,
    OrderState.RETURNED: 2,
    OrderState.CANCELED: 2,
}


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """A customer to call as: with an open cart, and a latest order that was shipped two days ago.

    `phone` is what the caller's phone must announce, `postal_code` the check of `order_number`, `cart_items`
    the items in the cart; the order is expected three days after the load.
    """

    language: Language
    name: str
    email: str
    phone: str
    address: Address
    order_number: str
    carrier: str
    cart_items: int = 4

    @property
    def customer_id(self) -> str:
        """The customer's id."""
        return demo_id("caller", self.language)

    @property
    def postal_code(self) -> str:
        """The check that goes with the order's number."""
        return self.address.postal_code


DEMO_CALLERS = (
    DemoCaller(
        "en",
        "Olivia Hartwell",
        "olivia.hartwell@example.com",
        "+442079460001",
        Address("14 Orchard Lane", "EC1A 1BB", "London", "GB"),
        with_check_digit(200_101),
        "Royal Mail",
    ),
    DemoCaller(
        "fr",
        "Camille Rousselin",
        "camille.rousselin@example.com",
        "+33639980001",
        Address("8 rue des Lilas", "75011", "Paris", "FR"),
        with_check_digit(200_202),
        "La Poste",
    ),
    DemoCaller(
        "pt",
        "Inês Valadares",
        "ines.valadares@example.com",
        "+351200000001",
        Address("Rua das Flores 12", "1200-195", "Lisboa", "PT"),
        with_check_digit(200_303),
        "CTT",
    ),
)
"""One caller a language, the same for every seed."""


def load(session: Session, seed: int = 7, today: date | None = None) -> dict[str, int]:
    """Load the shop in the session's transaction, unless it is there already; return how much there is.

    `today` (UTC) is what the ages of orders and carts are relative to.
    """
    execute = execute_in(session)
    if SqlCustomers(execute).get(DEMO_CALLERS[0].customer_id) is None:
        midnight = datetime.combine(today or datetime.now(UTC).date(), time(), UTC)
        shop = _Shop(Random(seed), midnight)  # noqa: S311 - it shall be predictable
        shop.store(SqlCustomers(execute), SqlProducts(execute), SqlCarts(execute), SqlOrders(execute))
    return _summary(session)


def _summary(session: Session) -> dict[str, int]:
    def count(table: Table) -> int:
        return session.scalar(select(func.count()).select_from(table)) or 0

    is_open = select(func.count()).select_from(tables.cart).where(tables.cart.c.state == "open")
    return {
        "customers": count(tables.customer),
        "products": count(tables.product),
        "orders": count(tables.shop_order),
        "open_carts": session.scalar(is_open) or 0,
        "payments": count(tables.payment),
        "shipments": count(tables.shipment),
        "returns": count(tables.order_return),
    }


class _Shop:
    """Makes up the shop from one source of chance, in one order."""

    def __init__(self, rng: Random, midnight: datetime) -> None:
        self._rng = rng
        self._midnight = midnight
        self._products = list(products(rng))
        self._callers = [_customer(caller) for caller in DEMO_CALLERS]
        self._customers = list(self._strangers())
        self._numbers = {caller.order_number for caller in DEMO_CALLERS}

    def store(
        self, to_customers: SqlCustomers, to_products: SqlProducts, to_carts: SqlCarts, to_orders: SqlOrders
    ) -> None:
        """Save everything."""
        for product in self._products:
            to_products.save(product)
        for customer in chain(self._callers, self._customers):
            to_customers.save(customer)
        for order in self._orders():
            to_orders.save(order)
        for cart in self._carts():
            to_carts.save(cart)

    def _strangers(self) -> Iterator[Customer]:
        names = {language: full_names(language, self._rng) for language in ("en", "fr", "pt")}
        for country in countries():
            yield from customers(country, names[country.language], _CUSTOMERS[country.code], self._rng)

    def _orders(self) -> Iterator[Order]:
        for caller, customer in zip(DEMO_CALLERS, self._callers, strict=True):
            yield from self._callers_orders(caller, customer)
        strangers = _ORDERS - _ORDERS_OF_A_CALLER * len(self._callers)
        states = [state for state, share in _SHARES.items() for _ in range(share)]
        for n, state in enumerate(islice(cycle(states), strangers)):
            customer = self._rng.choice(self._customers)
            discount = self._rng.choice((0, 0, 0, 0, 500, 1_000))
            purchase = Purchase(str(n), self._number(), customer, self._goods(), discount)
            placed_at = placed_before(state, self._midnight, self._rng)
            yield order_in(state, purchase, placed_at, self._rng)

    def _callers_orders(self, caller: DemoCaller, customer: Customer) -> Iterator[Order]:
        earlier = Purchase(f"{caller.language} earlier", self._number(), customer, self._goods())
        placed_at = placed_before(OrderState.DELIVERED, self._midnight, self._rng)
        yield order_in(OrderState.DELIVERED, earlier, placed_at, self._rng)
        goods = [(self._by_sku("TRV-501"), 1), (self._by_sku("TRV-502"), 2)]
        latest = Purchase(f"{caller.language} latest", caller.order_number, customer, goods)
        order = order_in(OrderState.SHIPPED, latest, self._midnight - timedelta(days=3, hours=9), self._rng)
        expected_on = self._midnight.date() + timedelta(days=3)
        parcel = replace(order.shipments[0], carrier=caller.carrier, expected_on=expected_on)
        yield replace(order, shipments=(parcel,))

    def _carts(self) -> Iterator[Cart]:
        callers_goods = [(self._by_sku(sku), quantity) for sku, quantity in _LINES_OF_CALLERS]
        for customer in self._callers:
            yield replace(self._cart(customer, callers_goods), checkout_step="payment")
        for customer in self._rng.sample(self._customers, _OPEN_CARTS - len(self._callers)):
            cart = self._cart(customer, self._goods())
            yield replace(cart, checkout_step=self._rng.choice(CHECKOUT_STEPS))

    def _cart(self, customer: Customer, goods: list[tuple[Product, int]]) -> Cart:
        lines = tuple(
            CartLine(product.id, product.sku, product.name, quantity, product.price)
            for product, quantity in goods
        )
        updated_at = self._midnight - timedelta(minutes=self._rng.randint(5, 3_000))
        return Cart(demo_id("cart", customer.id), customer.id, CURRENCY, updated_at, lines)

    def _goods(self) -> list[tuple[Product, int]]:
        chosen = self._rng.sample(self._products, self._rng.choice((1, 1, 2, 2, 3, 4, 5)))
        return [(product, self._rng.choice((1, 1, 1, 2, 2, 3))) for product in chosen]

    def _number(self) -> str:
        number = draw_order_number(self._rng.randrange, self._numbers.__contains__)
        self._numbers.add(number)
        return number

    def _by_sku(self, sku: str) -> Product:
        return next(product for product in self._products if product.sku == sku)


def _customer(caller: DemoCaller) -> Customer:
    phones = (caller.phone,)
    return Customer(caller.customer_id, caller.name, caller.email, phones, caller.language, caller.address)
