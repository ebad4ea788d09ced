"""English, as in Britain and Ireland: "one hundred and one", "Monday the third of March"."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ivr.speech.amounts import Currency, Joining, Noun, amount_in_words, counted
from ivr.speech.parts import Gender
from ivr.speech.wording import PluralForm

SMALL: Final = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS: Final = ("-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES: Final = ((1_000_000, "million"), (1_000, "thousand"))
IRREGULAR: Final = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NEAR_DAYS: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}
CENT: Final = Noun("cent", "cents")
CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency(Noun("euro", "euros"), CENT),
    "USD": Currency(Noun("dollar", "dollars"), CENT),
    "CAD": Currency(Noun("Canadian dollar", "Canadian dollars"), CENT),
    "GBP": Currency(Noun("pound", "pounds"), Noun("penny", "pence")),
    "CHF": Currency(Noun("Swiss franc", "Swiss francs"), Noun("centime", "centimes")),
    "BRL": Currency(Noun("real", "reais"), Noun("centavo", "centavos")),
    "JPY": Currency(Noun("yen", "yen")),
}
JOINING: Final = Joining(together=" and ", minus="minus")


class English:
    """See `Wording`."""

    def cardinal(self, number: int, gender: Gender) -> str:
        if number < 0:
            return f"minus {self.cardinal(-number, gender)}"
        for scale, name in SCALES:
            if number >= scale:
                return f"{_below_thousand(number // scale)} {name}{self._after_scale(number % scale)}"
        return _below_thousand(number)

    def _after_scale(self, rest: int) -> str:
        if rest == 0:
            return ""
        return f" and {_below_thousand(rest)}" if rest < 100 else f" {self.cardinal(rest, 'masculine')}"

    def ordinal(self, number: int, gender: Gender) -> str:
        if number < 1:
            return self.cardinal(number, gender)
        head, separator, last = _parted(self.cardinal(number, gender))
        if last in IRREGULAR:
            return head + separator + IRREGULAR[last]
        return head + separator + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")

    def plural_form(self, number: int) -> PluralForm:
        return "one" if number == 1 else "other"

    def day(self, day: date, today: date) -> str:
        near = NEAR_DAYS.get((day - today).days)
        if near is not None:
            return near
        year = "" if day.year == today.year else f" {self.cardinal(day.year, 'masculine')}"
        rank = self.ordinal(day.day, "masculine")
        return f"on {WEEKDAYS[day.weekday()]} the {rank} of {MONTHS[day.month - 1]}{year}"

    def money(self, amount: int, currency: str) -> str:
        return amount_in_words(self, CURRENCIES, JOINING, amount, currency)

    def minutes(self, minutes: int) -> str:
        if minutes < 1:
            return "less than a minute"
        hours, rest = divmod(minutes, 60)
        said = [counted(self, hours, Noun("hour", "hours"))] if hours else []
        return " and ".join([*said, counted(self, rest, Noun("minute", "minutes"))] if rest else said)

    def character(self, character: str) -> str:
        if character in "0123456789":
            return SMALL[int(character)]
        return "plus" if character == "+" else character.upper() if character.isalpha() else ""


def _below_thousand(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return TENS[tens] + (f"-{SMALL[units]}" if units else "")
    hundreds, rest = divmod(number, 100)
    return f"{SMALL[hundreds]} hundred" + (f" and {_below_thousand(rest)}" if rest else "")


def _parted(words: str) -> tuple[str, str, str]:
    """The words before the last one, what separates them, and the last one."""
    cut = max(words.rfind(" "), words.rfind("-"))
    return (words[:cut], words[cut], words[cut + 1 :]) if cut >= 0 else ("", "", words)
