"""Finds what looks like a payment card's number in a string.

It needs a network's length and prefix as well as the check digit: a time in milliseconds or an article's EAN is
none.
"""

import re

TEXT_GAP = "[ \\-\u00a0\u2007\u2009\u200b\u200c\u202f\u2060\u00ad]"
_IN_TEXT = re.compile(rf"(?<!\d)(?<!\d[.,])\d(?:{TEXT_GAP}?\d){{12,}}")
_IN_FOURS = re.compile(r"(?<!\d)\d{4}(?:\D{1,3}\d{4}){2}\D{1,3}\d{1,4}(?:\D{1,3}\d{1,3})?(?!\d)")
_ONE_BY_ONE = re.compile(r"(?<!\d)\d(?:\D{1,3}\d(?!\d)){12,}")
_IN_ATTRIBUTE = re.compile(r"(?<![\d.])\d{13,}")
_GROUP = re.compile(r"\d+")

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
SHORTEST, LONGEST = 13, 19


def has_card_number(text: str) -> bool:
    """Whether a text that people read or type holds one, in whatever groups."""
    if len(text) < SHORTEST:
        return False
    found = (one for pattern in (_IN_TEXT, _IN_FOURS, _ONE_BY_ONE) for one in pattern.findall(text))
    return any(_some_groups_are_card(_GROUP.findall(one)) for one in found)


def has_unbroken_card_number(text: str) -> bool:
    """Whether an address, a path or a style sheet holds one: there, numbers side by side belong apart."""
    return any(_some_groups_are_card([one]) for one in _IN_ATTRIBUTE.findall(text))


def is_card_number(digits: str) -> bool:
    """Whether these are a card network's digits with their check digit right."""
    return _is_of_a_network(digits) and _passes(digits)


def _some_groups_are_card(groups: list[str]) -> bool:
    """Whether groups that follow each other are one: a quantity may stand before it, an expiry after it."""
    for first in range(len(groups)):
        digits = ""
        for last, group in enumerate(groups[first:], first + 1):
            digits += _plain(group)
            if len(digits) > LONGEST:
                break
            if len(digits) >= SHORTEST and _is_grouped(groups[first:last]) and is_card_number(digits):
                return True
    return any(_begins_with_card(_plain(group)) for group in groups if len(group) > LONGEST)


def _is_grouped(groups: list[str]) -> bool:
    """Whether somebody groups a card's digits like this: evenly, or as American Express and Diners Club do. A
    quantity before an article's number is no card, whatever the two make together."""
    lengths = [len(group) for group in groups]
    even = len(set(lengths[:-1])) <= 1 and (len(lengths) == 1 or lengths[-1] <= lengths[0])
    of_fours = sum(lengths) == 16 and all(length % 4 == 0 for length in lengths)
    return even or of_fours or lengths in ([4, 6, 5], [4, 6, 4])


def _begins_with_card(digits: str) -> bool:
    """A run that is too long may be one with its expiry and code."""
    return any(is_card_number(digits[:length]) for length in range(SHORTEST, LONGEST + 1))


def _plain(digits: str) -> str:
    """The digits of other scripts in ours."""
    return digits if digits.isascii() else "".join(str(int(one)) for one in digits)


def _passes(digits: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = ord(character) - 48
        total += _DOUBLED[value] if place % 2 else value
    return total % 10 == 0


def _is_of_a_network(digits: str) -> bool:
    length = len(digits)
    if not SHORTEST <= length <= LONGEST:
        return False
    four = int(digits[:4])
    return any(low <= four <= high and length in lengths for low, high, lengths in _NETWORKS)


_LONG = frozenset(range(16, 20))
_NETWORKS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (4000, 4999, frozenset({13, 16, 19})),  # Visa
    (5100, 5599, frozenset({16})),  # Mastercard
    (2221, 2720, frozenset({16})),  # Mastercard
    (2200, 2204, frozenset({16, 17, 18, 19})),  # Mir
    (3400, 3499, frozenset({15})),  # American Express
    (3700, 3799, frozenset({15})),  # American Express
    (3000, 3059, frozenset({14})),  # Diners Club
    (3600, 3699, frozenset({14})),  # Diners Club
    (3800, 3999, frozenset({14})),  # Diners Club
    (3528, 3589, _LONG),  # JCB
    (5000, 5099, _LONG),  # Maestro, Elo
    (5600, 5899, _LONG),  # Maestro
    (6000, 6999, _LONG),  # Discover, UnionPay, Maestro, RuPay, Elo, Hipercard
    (8100, 8299, _LONG),  # UnionPay, RuPay
)
