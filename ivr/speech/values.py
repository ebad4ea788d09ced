"""Values as facts carry them, read into what can be said; None for anything else."""

from collections.abc import Mapping
from datetime import date, datetime

from ivr.speech.parts import Date, Money


def whole_in(value: object) -> int | None:
    """A whole number; true and false are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text_in(value: object) -> str | None:
    """A string that is not blank, or a whole number's digits."""
    whole = whole_in(value)
    if whole is not None:
        return str(whole)
    return value if isinstance(value, str) and value.strip() else None


def money_in(value: object) -> Money | None:
    """An amount such as {"amount": 1250, "currency": "EUR"}, in minor units."""
    if not isinstance(value, Mapping):
        return None
    amount, currency = whole_in(value.get("amount")), value.get("currency")
    return Money(amount, currency) if amount is not None and isinstance(currency, str) else None


def date_in(value: object) -> Date | None:
    """A date, a datetime, or either as an ISO 8601 string."""
    if isinstance(value, datetime):
        return Date(value.date())
    if isinstance(value, date):
        return Date(value)
    try:
        return Date(datetime.fromisoformat(value).date()) if isinstance(value, str) else None
    except ValueError:
        return None
