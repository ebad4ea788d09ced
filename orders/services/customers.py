"""Finding customers."""

from orders.errors import CustomerNotFound
from orders.model.customer import Customer
from orders.ports import NumberParser, UnitOfWork


def find_customers_by_number(
    uow: UnitOfWork, raw: str, default_region: str, numbers: NumberParser
) -> tuple[Customer, ...]:
    """Every customer with this phone number, written in any form; nobody if it is not a number."""
    e164 = numbers.e164(raw, default_region)
    if e164 is None:
        return ()
    with uow:
        return uow.customers.by_phone(e164)


def find_customer_by_number(
    uow: UnitOfWork, raw: str, default_region: str, numbers: NumberParser
) -> Customer | None:
    """The one customer with this phone number; None if several share it, as none may hear another's data."""
    found = find_customers_by_number(uow, raw, default_region, numbers)
    return found[0] if len(found) == 1 else None


def get_customer(uow: UnitOfWork, customer_id: str) -> Customer:
    """The customer with this id.

    Raises:
        CustomerNotFound: there is none.
    """
    with uow:
        return known_customer(uow, customer_id)


def search_customers(uow: UnitOfWork, text: str, limit: int = 20) -> tuple[Customer, ...]:
    """Customers whose name or e-mail address contains the text; nobody for a blank text."""
    wanted = text.strip()
    if not wanted:
        return ()
    with uow:
        return uow.customers.search(wanted, limit)


def known_customer(uow: UnitOfWork, customer_id: str) -> Customer:
    """The customer with this id, within a unit of work that was entered.

    Raises:
        CustomerNotFound: there is none.
    """
    customer = uow.customers.get(customer_id)
    if customer is None:
        raise CustomerNotFound(f"no customer has the id {customer_id}")
    return customer
