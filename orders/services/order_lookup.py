"""Finding orders."""

from orders.errors import OrderNotFound
from orders.model.address import is_postal_code
from orders.model.customer import Customer
from orders.model.order import Order
from orders.model.order_number import parse_foreign_number, parse_order_number
from orders.ports import NumberParser, UnitOfWork


def find_order(
    uow: UnitOfWork, number: str, check: str, default_region: str, numbers: NumberParser
) -> Order | None:
    """The order with this number, for someone who also knows the check.

    `check` is the postal code of the order or its customer, or one of the customer's phone numbers, in any
    written form. A wrong number and a wrong check have the same answer, None, so that nobody can find out
    which orders exist. Limiting the tries is up to the caller. Shops behind connectors give numbers of their
    own: the check tells two of them apart.
    """
    wanted = parse_order_number(number) or parse_foreign_number(number)
    if wanted is None:
        return None
    phone = numbers.e164(check, default_region)
    with uow:
        found = uow.orders.numbered(wanted)
        customers = [uow.customers.get(order.customer_id) for order in found]
    for order, customer in zip(found, customers, strict=True):
        if customer is not None and _is_check(order, customer, check, phone):
            return order
    return None


def _is_check(order: Order, customer: Customer, check: str, phone: str | None) -> bool:
    if phone in customer.phones:
        return True
    return is_postal_code(order.ship_to, check) or is_postal_code(customer.address, check)


def latest_order(uow: UnitOfWork, customer_id: str) -> Order | None:
    """The order that the customer placed last, if there is any."""
    orders = customer_orders(uow, customer_id, limit=1)
    return orders[0] if orders else None


def customer_orders(uow: UnitOfWork, customer_id: str, limit: int = 20, offset: int = 0) -> tuple[Order, ...]:
    """The customer's orders, latest first; none for a customer nobody knows."""
    with uow:
        return uow.orders.of_customer(customer_id, limit, offset)


def get_order(uow: UnitOfWork, order_id: str) -> Order:
    """The order with this id.

    Raises:
        OrderNotFound: there is none.
    """
    with uow:
        return known_order(uow, order_id)


def known_order(uow: UnitOfWork, order_id: str) -> Order:
    """The order with this id, within a unit of work that was entered.

    Raises:
        OrderNotFound: there is none.
    """
    order = uow.orders.get(order_id)
    if order is None:
        raise OrderNotFound(f"no order has the id {order_id}")
    return order
