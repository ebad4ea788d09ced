"""Order numbers: short, digits only, with a check digit, so that they can be spoken and keyed in.

The last digit is H. M. Damm's check digit ("Total anti-symmetrische Quasigruppen", 2004): it finds every
single wrong digit and every swap of two neighbours, the mistakes people make when they read or key a number.
"""

from collections.abc import Callable

SHORTEST = 7
LONGEST = 9
LONGEST_FOREIGN = 16
_TRIES_PER_LENGTH = 8

_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def check_digit(payload: str) -> str:
    """The digit that makes `payload` a valid number."""
    return str(_interim(payload))


def with_check_digit(payload: int) -> str:
    """The order number of this payload, whose leading digit is not 0."""
    return f"{payload}{check_digit(str(payload))}"


def parse_order_number(written: str) -> str | None:
    """The order number in what a person wrote or keyed, or None if it cannot be one.

    Spaces and punctuation are ignored; a letter makes it something else.
    """
    digits = "".join(char for char in written if char.isalnum())
    plausible = digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST
    if not plausible or digits.startswith("0"):
        return None
    return digits if _interim(digits) == 0 else None


def parse_foreign_number(written: str) -> str | None:
    """The number that another shop may have given an order: any digits, without a check digit."""
    digits = "".join(char for char in written if char.isalnum())
    plausible = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_FOREIGN
    return digits if plausible else None


def draw_order_number(randbelow: Callable[[int], int], is_taken: Callable[[str], bool]) -> str:
    """An unused number that says nothing about how many orders there are.

    Numbers have seven digits until those become hard to find, then eight, then nine.
    `randbelow(n)` gives an integer from 0 to n - 1.
    """
    for length in range(SHORTEST - 1, LONGEST):
        low = 10 ** (length - 1)
        for _ in range(_TRIES_PER_LENGTH):
            number = with_check_digit(low + randbelow(9 * low))
            if not is_taken(number):
                return number
    raise OverflowError("no order number is free")


def _interim(digits: str) -> int:
    row = 0
    for digit in digits:
        row = _QUASIGROUP[row][int(digit)]
    return row
