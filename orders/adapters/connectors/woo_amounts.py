"""WooCommerce's amounts and moments: decimal strings, and times in GMT without a zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from orders.connectors.errors import NotUnderstood
from orders.model.money import Money, minor_digits, round_ratio


def exact(written: object, currency: str) -> Money:
    """An amount that is a whole number of minor units; an empty one is none.

    Raises:
        NotUnderstood: it is no amount, or finer than the currency.
    """
    scaled = _scaled(written, currency)
    if scaled != scaled.to_integral_value():
        raise NotUnderstood(f"an amount is finer than {currency} can be paid")
    return Money(int(scaled), currency)


def rounded(written: object, currency: str) -> Money:
    """An amount that the shop may give with more places than the currency has: a line's, before it is summed up."""
    numerator, denominator = _scaled(written, currency).as_integer_ratio()
    return Money(round_ratio(numerator, denominator), currency)


def moment(row: Mapping[str, Any], name: str) -> datetime | None:
    """A field of the name given in GMT; None when it is empty or missing.

    Raises:
        NotUnderstood: it is no moment.
    """
    written = row.get(f"{name}_gmt")
    if not written:
        return None
    try:
        return datetime.fromisoformat(str(written).removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise NotUnderstood(f"{name} is no moment") from None


def _scaled(written: object, currency: str) -> Decimal:
    try:
        amount = Decimal(str(written or "0"))
    except InvalidOperation:
        raise NotUnderstood("an amount is no decimal number") from None
    if not amount.is_finite():
        raise NotUnderstood("an amount is no finite number")
    return amount.scaleb(minor_digits(currency))
