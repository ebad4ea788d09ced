"""Finding customers, and keeping new ones."""

from dataclasses import dataclass
from uuid import uuid4

from orders.errors import CustomerNotFound, InvalidPhoneNumber
from orders.model.address import Address
from orders.model.customer import Customer
from orders.model.text import Language
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


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What a person says of themselves; `phones` in any written form, the preferred one first."""

    name: str
    email: str
    phones: tuple[str, ...]
    language: Language
    address: Address


def register_customer(
    uow: UnitOfWork, new: NewCustomer, numbers: NumberParser, customer_id: str | None = None
) -> Customer:
    """The customer that was kept; numbers without country code are dialed from the address's country.

    Whoever may ask twice for the same customer gives the id to keep them under.

    Raises:
        InvalidPhoneNumber: one of the numbers cannot be one.
    """
    phones = tuple(dict.fromkeys(_e164(raw, new.address.country, numbers) for raw in new.phones))
    customer = Customer(customer_id or uuid4().hex, new.name, new.email, phones, new.language, new.address)
    with uow:
        uow.customers.save(customer)
        uow.commit()
    return customer


def _e164(raw: str, region: str, numbers: NumberParser) -> str:
    e164 = numbers.e164(raw, region)
    if e164 is None:
        raise InvalidPhoneNumber(
            "this is no phone number; write it as it is dialed, or with + and country code"
        )
    return e164


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
