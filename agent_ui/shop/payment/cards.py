"""What a card form may hold. Nothing of it is kept anywhere: a valid card is answered with a token."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

CardField = Literal["number", "expiry", "code"]

DEMONSTRATION_CARDS = ("4111 1111 1111 1111", "5555 5555 5555 4444")
"""Numbers that card schemes publish for tests: no bank has issued them."""

DECLINED_CARD = "4000 0000 0000 0002"
"""A well-formed number that this provider declines."""

_SHORTEST, _LONGEST = 12, 19
_EXPIRY = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{4}|\d{2})|(\d{2})(\d{2})")
_CENTURY = 2000
_FURTHEST = 20
"""Years ahead that a card may expire."""


@dataclass(frozen=True, slots=True)
class Card:
    """What was typed. Its representation says nothing: it may get into a log."""

    number: str
    expiry: str
    code: str

    def __repr__(self) -> str:
        """Nothing of the card."""
        return "Card(...)"


def problems(card: Card, today: date) -> dict[CardField, str]:
    """What is wrong, as text keys by field; empty for a card that can be asked for money."""
    found: dict[CardField, str] = {}
    if not is_card_number(card.number):
        found["number"] = "payment.bad_number"
    elif _digits(card.number) == _digits(DECLINED_CARD):
        found["number"] = "payment.declined"
    month = expiry_month(card.expiry)
    if month is None:
        found["expiry"] = "payment.bad_expiry"
    elif month < (today.year, today.month):
        found["expiry"] = "payment.expired"
    if not is_code(card.code, card.number):
        found["code"] = "payment.bad_code"
    return found


def is_card_number(written: str) -> bool:
    """Whether these are 12 to 19 digits with a right check digit (ISO/IEC 7812-1, the Luhn formula)."""
    digits = _digits(written)
    return _SHORTEST <= len(digits) <= _LONGEST and _luhn_sum(digits) % 10 == 0


def expiry_month(written: str) -> tuple[int, int] | None:
    """Year and month in `MM/YY`, `MM/YYYY` or `MMYY`; None for anything else or a year far ahead."""
    found = _EXPIRY.fullmatch(written.strip())
    if found is None:
        return None
    month, year = int(found[1] or found[3]), int(found[2] or found[4])
    full = year if year >= _CENTURY else _CENTURY + year
    plausible = 1 <= month <= 12 and full <= date.today().year + _FURTHEST  # noqa: DTZ011 - a rough bound
    return (full, month) if plausible else None


def is_code(written: str, number: str) -> bool:
    """Whether it can be the security code: four digits for American Express (34, 37), three for others."""
    length = 4 if _digits(number)[:2] in ("34", "37") else 3
    code = written.strip()
    return code.isascii() and code.isdigit() and len(code) == length


def _digits(written: str) -> str:
    plain = re.sub(r"[\s\-]", "", written)
    return plain if plain.isascii() and plain.isdigit() else ""


def _luhn_sum(digits: str) -> int:
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total
