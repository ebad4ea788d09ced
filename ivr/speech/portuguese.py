"""Portuguese, as in Portugal: "dezasseis", "vinte e uma", "na segunda-feira, um de março"."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ivr.speech.amounts import Currency, Joining, Noun, amount_in_words, counted
from ivr.speech.parts import Gender
from ivr.speech.wording import PluralForm

SMALL: Final = (
    "zero",
    "um",
    "dois",
    "três",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "catorze",
    "quinze",
    "dezasseis",
    "dezassete",
    "dezoito",
    "dezanove",
)
TENS: Final = (
    "-",
    "-",
    "vinte",
    "trinta",
    "quarenta",
    "cinquenta",
    "sessenta",
    "setenta",
    "oitenta",
    "noventa",
)
HUNDREDS: Final = (
    "-",
    "cento",
    "duzentos",
    "trezentos",
    "quatrocentos",
    "quinhentos",
    "seiscentos",
    "setecentos",
    "oitocentos",
    "novecentos",
)
RANKS: Final = (
    "-",
    "primeiro",
    "segundo",
    "terceiro",
    "quarto",
    "quinto",
    "sexto",
    "sétimo",
    "oitavo",
    "nono",
)
TENTHS: Final = (
    "-",
    "décimo",
    "vigésimo",
    "trigésimo",
    "quadragésimo",
    "quinquagésimo",
    "sexagésimo",
    "septuagésimo",
    "octogésimo",
    "nonagésimo",
)
WEEKDAYS: Final = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)
MONTHS: Final = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)
NEAR_DAYS: Final = {-1: "ontem", 0: "hoje", 1: "amanhã"}
CENT: Final = Noun("cêntimo", "cêntimos")
HOUR: Final = Noun("hora", "horas", "feminine")
MINUTE: Final = Noun("minuto", "minutos")
CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency(Noun("euro", "euros", after_millions="de euros"), CENT),
    "USD": Currency(Noun("dólar", "dólares", after_millions="de dólares"), CENT),
    "CAD": Currency(
        Noun("dólar canadiano", "dólares canadianos", after_millions="de dólares canadianos"), CENT
    ),
    "GBP": Currency(Noun("libra", "libras", "feminine", "de libras"), Noun("penny", "pence")),
    "CHF": Currency(Noun("franco suíço", "francos suíços", after_millions="de francos suíços"), CENT),
    "BRL": Currency(Noun("real", "reais", after_millions="de reais"), Noun("centavo", "centavos")),
    "JPY": Currency(Noun("iene", "ienes", after_millions="de ienes")),
}
JOINING: Final = Joining(together=" e ", minus="menos")


class Portuguese:
    """See `Wording`."""

    def cardinal(self, number: int, gender: Gender) -> str:
        if number < 0:
            return f"menos {self.cardinal(-number, gender)}"
        millions, rest = divmod(number, 1_000_000)
        thousands, units = divmod(rest, 1_000)
        said = []
        if millions:
            name = "milhão" if millions == 1 else "milhões"
            said.append((millions, f"{_below_thousand(millions, 'masculine')} {name}"))
        if thousands:
            said.append((thousands, "mil" if thousands == 1 else f"{_below_thousand(thousands, gender)} mil"))
        if units or not number:
            said.append((units, _below_thousand(units, gender)))
        return _linked(said)

    def ordinal(self, number: int, gender: Gender) -> str:
        if not 1 <= number <= 99:
            return self.cardinal(number, gender)
        tens, units = divmod(number, 10)
        words = " ".join([TENTHS[tens]] * (tens > 0) + [RANKS[units]] * (units > 0))
        return _feminine_ranks(words) if gender == "feminine" else words

    def plural_form(self, number: int) -> PluralForm:
        return "one" if number == 1 else "other"

    def day(self, day: date, today: date) -> str:
        near = NEAR_DAYS.get((day - today).days)
        if near is not None:
            return near
        on = "no" if day.weekday() >= 5 else "na"
        year = "" if day.year == today.year else f" de {self.cardinal(day.year, 'masculine')}"
        number = self.cardinal(day.day, "masculine")
        return f"{on} {WEEKDAYS[day.weekday()]}, {number} de {MONTHS[day.month - 1]}{year}"

    def money(self, amount: int, currency: str) -> str:
        return amount_in_words(self, CURRENCIES, JOINING, amount, currency)

    def minutes(self, minutes: int) -> str:
        if minutes < 1:
            return "menos de um minuto"
        hours, rest = divmod(minutes, 60)
        said = [counted(self, hours, HOUR)] if hours else []
        return " e ".join([*said, counted(self, rest, MINUTE)] if rest else said)

    def character(self, character: str) -> str:
        if character in "0123456789":
            return SMALL[int(character)]
        return "mais" if character == "+" else character.upper() if character.isalpha() else ""


def _below_thousand(number: int, gender: Gender) -> str:
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    said = []
    if hundreds:
        said.append(_feminine_hundreds(HUNDREDS[hundreds]) if gender == "feminine" else HUNDREDS[hundreds])
    if rest >= 20:
        said.append(TENS[rest // 10])
        rest %= 10
    if rest or not said:
        said.append(_small(rest, gender))
    return " e ".join(said)


def _small(number: int, gender: Gender) -> str:
    feminine = {1: "uma", 2: "duas"} if gender == "feminine" else {}
    return feminine.get(number, SMALL[number])


def _linked(groups: list[tuple[int, str]]) -> str:
    """The groups of three digits; the last takes "e" when it is below a hundred or in round hundreds."""
    *before, (value, last) = groups
    link = " e " if value <= 100 or value % 100 == 0 else " "
    return link.join([" ".join(words for _, words in before), last]) if before else last


def _feminine_hundreds(word: str) -> str:
    return f"{word[:-2]}as" if word.endswith("os") else word


def _feminine_ranks(words: str) -> str:
    return " ".join(f"{word[:-1]}a" for word in words.split())
