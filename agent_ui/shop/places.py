"""Where the shop sends to, and how postal codes are written there."""

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class Country:
    """`pattern` is of a code in capitals without spaces and hyphens, `example` one as people write it.

    `split` is how many characters stand before (positive) or after (negative) the `joint`.
    """

    code: str
    pattern: str
    example: str
    split: int = 0
    joint: str = ""

    def postal_code(self, written: str) -> str | None:
        """The code as the country's post writes it, or None if it cannot be one."""
        plain = _PLAIN.sub("", written.strip().upper())
        if not re.fullmatch(self.pattern, plain, re.ASCII):
            return None
        if not self.joint or len(plain) <= abs(self.split):
            return plain
        return f"{plain[: self.split]}{self.joint}{plain[self.split :]}"


_COUNTRIES = (
    Country("FR", r"\d{5}", "75011"),
    Country("PT", r"\d{7}", "1200-195", 4, "-"),
    Country("GB", r"(GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})", "EC1A 1BB", -3, " "),
    Country("IE", r"[A-Z]\d[\dW][A-Z\d]{4}", "D02 AF30", 3, " "),
    Country("US", r"\d{5}(\d{4})?", "10001", 5, "-"),
    Country("BE", r"[1-9]\d{3}", "1000"),
    Country("LU", r"\d{4}", "1009"),
    Country("ES", r"\d{5}", "28013"),
    Country("DE", r"\d{5}", "10115"),
    Country("CH", r"[1-9]\d{3}", "1201"),
)

COUNTRIES: dict[str, Country] = {country.code: country for country in _COUNTRIES}
"""By ISO 3166-1 code."""
