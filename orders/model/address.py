"""A postal address, and how what a caller keys in is compared with its postal code."""

import unicodedata
from dataclasses import dataclass

_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_SHORTEST_CHECK = 4


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is sent; `country` is an ISO 3166-1 alpha-2 code."""

    street: str
    postal_code: str
    city: str
    country: str


def plain_code(written: str) -> str:
    """A code's letters and digits in capitals, without spaces, hyphens or accents."""
    decomposed = unicodedata.normalize("NFKD", written).upper()
    return "".join(char for char in decomposed if char.isascii() and char.isalnum())


def is_postal_code(address: Address, written: str) -> bool:
    """Whether `written` is the address's postal code, in any spelling.

    A code with letters may also be keyed on a phone, where each letter is its key (ITU-T E.161):
    7912122 stands for SW1A 1AA. Checks shorter than four characters never match.
    """
    code, check = plain_code(address.postal_code), plain_code(written)
    if len(check) < _SHORTEST_CHECK:
        return False
    return check in (code, code.translate(_KEYPAD))
