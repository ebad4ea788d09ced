"""Amounts and dates as people of each language write them."""

from datetime import date

from orders.model.money import Money, minor_digits
from orders.model.text import Language

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "pt": ("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom."),
}


def price(amount: Money, language: Language) -> str:
    """€1,234.50 in English, 1 234,50 € in French, 1.234,50 € in Portuguese (CLDR's patterns)."""
    digits = minor_digits(amount.currency)
    whole, part = divmod(abs(amount.minor), 10**digits)
    sign = _SIGNS.get(amount.currency, amount.currency)
    minus = "−" if amount.minor < 0 else ""
    decimals = f"{part:0{digits}}" if digits else ""
    if language == "en":
        number = f"{whole:,}" + (f".{decimals}" if decimals else "")
        return f"{minus}{sign}{number}"
    groups = NARROW_SPACE if language == "fr" else "."
    number = f"{whole:,}".replace(",", groups) + (f",{decimals}" if decimals else "")
    return f"{minus}{number}{NO_BREAK_SPACE}{sign}"


def share(basis_points: int, language: Language) -> str:
    """5%, 12.5 % or 12,5%."""
    text = f"{basis_points / 100:.2f}".rstrip("0").rstrip(".")
    if language == "en":
        return f"{text}%"
    space = NARROW_SPACE if language == "fr" else ""
    return f"{text.replace('.', ',')}{space}%"


def day(when: date, language: Language) -> str:
    """24 November 2026, 24 novembre 2026, 24 de novembro de 2026."""
    return f"{_day_and_month(when, language)}{' de ' if language == 'pt' else ' '}{when.year}"


def weekday(when: date, language: Language) -> str:
    """Tue 24 November."""
    return f"{_WEEKDAYS[language][when.weekday()]} {_day_and_month(when, language)}"


def _day_and_month(when: date, language: Language) -> str:
    month = _MONTHS[language].split()[when.month - 1]
    if language == "pt":
        return f"{when.day} de {month}"
    first = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{first} {month}"
