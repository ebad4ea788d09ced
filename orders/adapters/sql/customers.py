"""The customers in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from orders.adapters import tables
from orders.adapters.sql.execute import Execute
from orders.adapters.sql.rows import address_columns, address_from, save_row
from orders.model.customer import Customer
from orders.model.text import folded


class SqlCustomers:
    """`orders.ports.Customers` on two tables; every read takes two statements."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, customer_id: str) -> Customer | None:
        found = self._load(select(tables.customer).where(tables.customer.c.id == customer_id))
        return found[0] if found else None

    def by_phone(self, e164: str) -> tuple[Customer, ...]:
        owners = select(tables.customer_phone.c.customer_id).where(tables.customer_phone.c.e164 == e164)
        return self._load(
            select(tables.customer).where(tables.customer.c.id.in_(owners)).order_by(tables.customer.c.id)
        )

    def search(self, text: str, limit: int) -> tuple[Customer, ...]:
        matches = tables.customer.c.search_text.contains(folded(text), autoescape=True)
        query = select(tables.customer).where(matches).order_by(tables.customer.c.name, tables.customer.c.id)
        return self._load(query.limit(limit))

    def save(self, customer: Customer) -> None:
        save_row(self._execute, tables.customer, _columns(customer))
        self._execute(delete(tables.customer_phone).where(tables.customer_phone.c.customer_id == customer.id))
        if customer.phones:
            self._execute(insert(tables.customer_phone), phone_rows(customer))

    def _load(self, query: Select[Any]) -> tuple[Customer, ...]:
        rows = self._execute(query).all()
        phones = self._phones([row.id for row in rows])
        return tuple(_customer(row, phones[row.id]) for row in rows)

    def _phones(self, customer_ids: Sequence[str]) -> dict[str, list[str]]:
        query = select(tables.customer_phone).where(tables.customer_phone.c.customer_id.in_(customer_ids))
        phones: dict[str, list[str]] = defaultdict(list)
        for row in self._execute(query.order_by(tables.customer_phone.c.position)):
            phones[row.customer_id].append(row.e164)
        return phones


def phone_rows(customer: Customer) -> list[dict[str, Any]]:
    """The customer's rows of `customer_phone`."""
    return [
        {"customer_id": customer.id, "position": position, "e164": phone}
        for position, phone in enumerate(customer.phones)
    ]


def _columns(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "email": customer.email,
        "search_text": folded(f"{customer.name} {customer.email}"),
        "language": customer.language,
        **address_columns(customer.address),
    }


def _customer(row: Row[Any], phones: list[str]) -> Customer:
    return Customer(row.id, row.name, row.email, tuple(phones), row.language, address_from(row))
