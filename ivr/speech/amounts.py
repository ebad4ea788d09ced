"""Money in words, for every language: only the nouns and the joining words differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ivr.speech.parts import Gender
from ivr.speech.wording import LARGEST_CARDINAL, Wording, spelled

MINOR_DIGITS: Final[Mapping[str, int]] = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "XOF": 0,
    "XAF": 0,
    "TND": 3,
    "KWD": 3,
}
"""Digits of the minor unit where they are not two (ISO 4217, table A.1)."""


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted, in both forms."""

    one: str
    other: str
    gender: Gender = "masculine"
    after_millions: str = ""
    """The form after a round number of millions, where that differs."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency's units as they are called."""

    major: Noun
    minor: Noun | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """The words around two counted nouns."""

    together: str
    minus: str


def amount_in_words(
    wording: Wording, currencies: Mapping[str, Currency], joining: Joining, amount: int, code: str
) -> str:
    """The amount as "twelve euros and fifty cents"; an unknown currency is said by its letters."""
    major, minor = divmod(abs(amount), 10 ** MINOR_DIGITS.get(code, 2))
    units = currencies.get(code) or Currency(Noun(spelled(wording, code), spelled(wording, code)))
    said = [counted(wording, major, units.major)] if major or not minor or units.minor is None else []
    if minor:
        said.append(counted(wording, minor, units.minor or Noun("", "")).strip())
    words = joining.together.join(said)
    return f"{joining.minus} {words}" if amount < 0 else words


def counted(wording: Wording, number: int, noun: Noun) -> str:
    """A number and its noun, in agreement."""
    if number > LARGEST_CARDINAL:
        return f"{spelled(wording, str(number))}, {noun.other}"
    form = noun.one if wording.plural_form(number) == "one" else noun.other
    if number and number % 1_000_000 == 0:
        form = noun.after_millions or form
    return f"{wording.cardinal(number, noun.gender)} {form}"
