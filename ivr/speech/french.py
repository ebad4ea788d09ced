"""French, as in France: "soixante et onze", "quatre-vingt-un", "le lundi premier mars"."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ivr.speech.amounts import Currency, Joining, Noun, amount_in_words, counted
from ivr.speech.parts import Gender
from ivr.speech.wording import PluralForm

SMALL: Final = (
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
)
TENS: Final = (
    "-",
    "-",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
)
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
NEAR_DAYS: Final = {-1: "hier", 0: "aujourd'hui", 1: "demain"}
CENTIME: Final = Noun("centime", "centimes")
HOUR: Final = Noun("heure", "heures", "feminine")
MINUTE: Final = Noun("minute", "minutes", "feminine")
CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency(Noun("euro", "euros", after_millions="d'euros"), CENTIME),
    "USD": Currency(Noun("dollar", "dollars", after_millions="de dollars"), Noun("cent", "cents")),
    "CAD": Currency(
        Noun("dollar canadien", "dollars canadiens", after_millions="de dollars canadiens"),
        Noun("cent", "cents"),
    ),
    "GBP": Currency(
        Noun("livre sterling", "livres sterling", "feminine", "de livres sterling"), Noun("penny", "pence")
    ),
    "CHF": Currency(Noun("franc suisse", "francs suisses", after_millions="de francs suisses"), CENTIME),
    "BRL": Currency(Noun("réal", "réaux", after_millions="de réaux"), Noun("centavo", "centavos")),
    "JPY": Currency(Noun("yen", "yens", after_millions="de yens")),
}
JOINING: Final = Joining(together=" et ", minus="moins")


class French:
    """See `Wording`."""

    def cardinal(self, number: int, gender: Gender) -> str:
        if number < 0:
            return f"moins {self.cardinal(-number, gender)}"
        millions, rest = divmod(number, 1_000_000)
        thousands, units = divmod(rest, 1_000)
        said = []
        if millions:
            said.append(f"{_below_thousand(millions, final=True)} million{'s' if millions > 1 else ''}")
        if thousands:
            said.append("mille" if thousands == 1 else f"{_below_thousand(thousands, final=False)} mille")
        if units or not number:
            said.append(_agreeing(_below_thousand(units, final=True), gender))
        return " ".join(said)

    def ordinal(self, number: int, gender: Gender) -> str:
        if number == 1:
            return "première" if gender == "feminine" else "premier"
        if number < 1:
            return self.cardinal(number, gender)
        stem = self.cardinal(number, "masculine")
        if stem.endswith(("vingts", "cents", "millions")):
            stem = stem[:-1]
        if stem.endswith("cinq"):
            return f"{stem}uième"
        if stem.endswith("neuf"):
            return f"{stem[:-1]}vième"
        return f"{stem.removesuffix('e')}ième"

    def plural_form(self, number: int) -> PluralForm:
        return "one" if abs(number) < 2 else "other"

    def day(self, day: date, today: date) -> str:
        near = NEAR_DAYS.get((day - today).days)
        if near is not None:
            return near
        year = "" if day.year == today.year else f" {self.cardinal(day.year, 'masculine')}"
        number = "premier" if day.day == 1 else self.cardinal(day.day, "masculine")
        return f"le {WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}{year}"

    def money(self, amount: int, currency: str) -> str:
        return amount_in_words(self, CURRENCIES, JOINING, amount, currency)

    def minutes(self, minutes: int) -> str:
        if minutes < 1:
            return "moins d'une minute"
        hours, rest = divmod(minutes, 60)
        said = [counted(self, hours, HOUR)] if hours else []
        return " et ".join([*said, counted(self, rest, MINUTE)] if rest else said)

    def character(self, character: str) -> str:
        if character in "0123456789":
            return SMALL[int(character)]
        return "plus" if character == "+" else character.upper() if character.isalpha() else ""


def _below_thousand(number: int, *, final: bool) -> str:
    """In words; `final` when no other numeral follows, so that "cents" and "vingts" take their s."""
    hundreds, rest = divmod(number, 100)
    if hundreds == 0:
        return _below_hundred(rest, final=final)
    head = "cent" if hundreds == 1 else f"{SMALL[hundreds]} cent"
    if rest == 0:
        return f"{head}s" if hundreds > 1 and final else head
    return f"{head} {_below_hundred(rest, final=final)}"


def _below_hundred(number: int, *, final: bool) -> str:
    if number < 20:
        return SMALL[number]
    tens, units = divmod(number, 10)
    if tens in (7, 9):
        units += 10
    if units == 0:
        return "quatre-vingts" if tens == 8 and final else TENS[tens]
    link = " et " if units in (1, 11) and tens < 8 else "-"
    return f"{TENS[tens]}{link}{SMALL[units]}"


def _agreeing(words: str, gender: Gender) -> str:
    ends_in_one = words == "un" or words.endswith((" un", "-un"))
    return f"{words}e" if gender == "feminine" and ends_in_one else words
