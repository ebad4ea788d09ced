"""WooCommerce's customers and addresses in this system's words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orders.model.address import Address
from orders.model.customer import Customer
from orders.model.text import Language
from orders.ports import NumberParser

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose records are translated: their ids here begin with the site's."""

    site: str
    language: Language
    region: str
    numbers: NumberParser

    def customer_id(self, remote: int) -> str:
        """A registered customer's id here."""
        return f"{self.site}:c{remote}"

    def product_id(self, remote: int) -> str:
        """A product's or a variation's id here."""
        return f"{self.site}:p{remote}"

    def order_id(self, remote: int) -> str:
        """An order's id here."""
        return f"{self.site}:o{remote}"


def customer_of(shop: Shop, row: Row) -> Customer:
    """A registered customer."""
    billing, shipping = row.get("billing") or {}, row.get("shipping") or {}
    written_name = _name(row) or _name(billing) or str(row.get("username") or "")
    email = str(row.get("email") or billing.get("email") or "")
    return Customer(
        id=shop.customer_id(int(row["id"])),
        name=(written_name or email or shop.customer_id(int(row["id"])))[:200],
        email=email[:254],
        phones=_phones(shop, billing, shipping),
        language=shop.language,
        address=address_of(shop, billing if _is_address(billing) else shipping),
    )


def orderer_of(shop: Shop, order: Row) -> Customer:
    """The customer as an order names them. Guests are told apart by their address of e-mail, or else by number."""
    billing = order.get("billing") or {}
    remote = int(order.get("customer_id") or 0)
    email = str(billing.get("email") or "")
    phones = _phones(shop, billing, order.get("shipping") or {})
    known = email.casefold() or next(iter(phones), "") or f"order {order['id']}"
    guest = hashlib.sha256(known.encode()).hexdigest()[:24]
    return Customer(
        id=shop.customer_id(remote) if remote else f"{shop.site}:g{guest}",
        name=(_name(billing) or email or f"#{order['id']}")[:200],
        email=email[:254],
        phones=phones,
        language=shop.language,
        address=address_of(shop, billing),
    )


def address_of(shop: Shop, row: Row) -> Address:
    """A postal address; the country is the shop's where none is given."""
    street = " ".join(
        part for part in (str(row.get(name) or "") for name in ("address_1", "address_2")) if part
    )
    country = str(row.get("country") or shop.region)[:2].upper()
    postal_code, city = (str(row.get(name) or "") for name in ("postcode", "city"))
    return Address(street[:200], postal_code[:32], city[:200], country)


def delivery_address_of(shop: Shop, order: Row) -> Address:
    """Where an order goes: its shipping address, or the billing address if it has none."""
    shipping = order.get("shipping") or {}
    return address_of(shop, shipping if _is_address(shipping) else order.get("billing") or {})


def _is_address(row: Row) -> bool:
    return bool(row.get("address_1") or row.get("postcode"))


def _name(row: Row) -> str:
    parts = (str(row.get(name) or "").strip() for name in ("first_name", "last_name"))
    return " ".join(part for part in parts if part) or str(row.get("company") or "")


def _phones(shop: Shop, *addresses: Row) -> tuple[str, ...]:
    """The numbers that are some, in E.164; without a country code they are dialed from the address's country."""
    found = []
    for row in addresses:
        written = str(row.get("phone") or "")
        region = str(row.get("country") or shop.region)
        e164 = shop.numbers.e164(written, region) if written else None
        if e164 is not None and len(e164) <= 16:
            found.append(e164)
    return tuple(dict.fromkeys(found))
