"""Everything about a customer that an agent sees at first glance."""

from dataclasses import dataclass
from datetime import date

from orders.model.cart import Cart
from orders.model.customer import Customer
from orders.model.order import Order
from orders.model.pricing import PriceRules, price_lines
from orders.model.totals import Totals
from orders.ports import UnitOfWork
from orders.services.customers import known_customer
from orders.services.order_status import OrderStatus, order_status


@dataclass(frozen=True, slots=True)
class CartOverview:
    """A cart and what it amounts to now."""

    cart: Cart
    totals: Totals


@dataclass(frozen=True, slots=True)
class OrderOverview:
    """An order and where it stands today."""

    order: Order
    status: OrderStatus


@dataclass(frozen=True, slots=True)
class CustomerOverview:
    """A customer, their open cart, their latest orders, and how many orders they have in all."""

    customer: Customer
    cart: CartOverview | None
    orders: tuple[OrderOverview, ...]
    order_count: int


def cart_overview(cart: Cart, rules: PriceRules) -> CartOverview:
    """The cart with its totals."""
    return CartOverview(cart, price_lines(cart.currency, cart.lines, cart.discount_rate, rules))


def customer_overview(
    uow: UnitOfWork, customer_id: str, rules: PriceRules, today: date, recent: int = 5
) -> CustomerOverview:
    """The screen pop's data, with the `recent` latest orders.

    The number of database statements is the same for any number of lines and orders.

    Raises:
        CustomerNotFound: no customer has this id.
    """
    with uow:
        customer = known_customer(uow, customer_id)
        cart = uow.carts.open_of(customer_id)
        orders = uow.orders.of_customer(customer_id, recent) if recent else ()
        count = uow.orders.count_of_customer(customer_id)
    return CustomerOverview(
        customer,
        cart_overview(cart, rules) if cart else None,
        tuple(OrderOverview(order, order_status(order, today)) for order in orders),
        count,
    )
