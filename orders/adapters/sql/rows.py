"""Rows, and values that several tables hold, to and from their columns."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Table, and_, insert, update

from orders.adapters.sql.execute import Execute
from orders.model.address import Address
from orders.model.text import LocalizedText


def save_row(execute: Execute, table: Table, columns: Mapping[str, Any]) -> None:
    """Add the row, or replace the one with its primary key."""
    same = and_(*(column == columns[column.name] for column in table.primary_key))
    if execute(update(table).where(same).values(columns)).rowcount == 0:
        execute(insert(table).values(columns))


def address_columns(address: Address, prefix: str = "") -> dict[str, str]:
    """The address as columns whose names start with the prefix."""
    return {
        f"{prefix}street": address.street,
        f"{prefix}postal_code": address.postal_code,
        f"{prefix}city": address.city,
        f"{prefix}country": address.country,
    }


def address_from(row: Row[Any], prefix: str = "") -> Address:
    """The address in the columns whose names start with the prefix."""
    columns = ("street", "postal_code", "city", "country")
    return Address(*(getattr(row, prefix + column) for column in columns))


def text_column(text: LocalizedText) -> dict[str, str]:
    """The text as a JSON document."""
    return {"en": text.en, "fr": text.fr, "pt": text.pt}


def text_from(document: dict[str, str]) -> LocalizedText:
    """The text in a JSON document."""
    return LocalizedText(document["en"], document["fr"], document["pt"])
