"""What one language knows how to say.

Quantities are written out in words rather than numerals: "1" and "2" have genders in French and Portuguese
that no voice can guess, and voices disagree on thousands. Written words sound the same with every voice.
"""

from datetime import date
from typing import Final, Literal, Protocol, TypeAlias

from ivr.speech.parts import Gender

PluralForm: TypeAlias = Literal["one", "other"]

LARGEST_CARDINAL: Final = 999_999_999
"""Above this a number is said digit by digit."""


class Wording(Protocol):
    """The words of a language; every function is total over the values its type allows."""

    def cardinal(self, number: int, gender: Gender) -> str:
        """How many: `number` in words, whose size is at most LARGEST_CARDINAL."""
        ...

    def ordinal(self, number: int, gender: Gender) -> str:
        """Which one: first, second; a number that has no usual ordinal is said as a cardinal."""
        ...

    def plural_form(self, number: int) -> PluralForm:
        """The form of a noun after a number (CLDR 44 plural rules, integers)."""
        ...

    def day(self, day: date, today: date) -> str:
        """When: fit to follow a verb, as in "it arrived ..."."""
        ...

    def money(self, amount: int, currency: str) -> str:
        """An amount of minor units of an ISO 4217 currency."""
        ...

    def minutes(self, minutes: int) -> str:
        """How long, in hours and minutes."""
        ...

    def character(self, character: str) -> str:
        """A digit's name; a letter as itself; "" for what is not said, such as a hyphen."""
        ...


def spelled(wording: Wording, text: str) -> str:
    """Characters one by one, with the commas that make a voice pause."""
    named = (wording.character(character) for character in text)
    return ", ".join(name for name in named if name)
