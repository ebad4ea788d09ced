"""Values that several tables hold, to and from their columns."""

from typing import Any

from sqlalchemy import Row

from orders.model.address import Address
from orders.model.text import LocalizedText


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
