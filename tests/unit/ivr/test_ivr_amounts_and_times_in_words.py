"""Money, durations and days in words, each expectation written by hand."""

from datetime import date

import pytest

from ivr.speech.wordings import WORDINGS

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", 1250, "EUR", "twelve euros and fifty cents"),
        ("en", 100, "EUR", "one euro"),
        ("en", 101, "EUR", "one euro and one cent"),
        ("en", 50, "EUR", "fifty cents"),
        ("en", 0, "EUR", "zero euros"),
        ("en", -300, "USD", "minus three dollars"),
        ("en", 101, "GBP", "one pound and one penny"),
        ("en", 12345, "JPY", "twelve thousand three hundred and forty-five yen"),
        ("fr", 1250, "EUR", "douze euros et cinquante centimes"),
        ("fr", 100, "EUR", "un euro"),
        ("fr", 0, "EUR", "zéro euro"),
        ("fr", 8_000, "EUR", "quatre-vingts euros"),
        ("fr", 2101, "GBP", "vingt et une livres sterling et un penny"),
        ("fr", 100_000_000, "EUR", "un million d'euros"),
        ("fr", 150_000_000, "EUR", "un million cinq cent mille euros"),
        ("pt", 1250, "EUR", "doze euros e cinquenta cêntimos"),
        ("pt", 101, "EUR", "um euro e um cêntimo"),
        ("pt", 0, "EUR", "zero euros"),
        ("pt", 200, "GBP", "duas libras"),
        ("pt", 22_100, "GBP", "duzentas e vinte e uma libras"),
        ("pt", 123456, "BRL", "mil duzentos e trinta e quatro reais e cinquenta e seis centavos"),
        ("pt", 200_000_000, "EUR", "dois milhões de euros"),
    ],
)
def test_money(language: str, amount: int, currency: str, words: str) -> None:
    assert WORDINGS[language].money(amount, currency) == words


def test_an_unknown_currency_is_said_by_its_letters() -> None:
    assert WORDINGS["en"].money(1205, "SEK") == "twelve S, E, K and five"
    assert WORDINGS["en"].money(5, "SEK") == "zero S, E, K and five"


def test_an_amount_too_large_for_words_is_said_digit_by_digit() -> None:
    assert WORDINGS["en"].money(100_000_000_000, "EUR").startswith("one, zero, zero, ")


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        ("en", 0, "less than a minute"),
        ("en", 1, "one minute"),
        ("en", 21, "twenty-one minutes"),
        ("en", 60, "one hour"),
        ("en", 125, "two hours and five minutes"),
        ("fr", 0, "moins d'une minute"),
        ("fr", 1, "une minute"),
        ("fr", 21, "vingt et une minutes"),
        ("fr", 61, "une heure et une minute"),
        ("pt", 0, "menos de um minuto"),
        ("pt", 1, "um minuto"),
        ("pt", 22, "vinte e dois minutos"),
        ("pt", 122, "duas horas e dois minutos"),
    ],
)
def test_durations(language: str, minutes: int, words: str) -> None:
    assert WORDINGS[language].minutes(minutes) == words


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("en", date(2026, 11, 21), "today"),
        ("en", date(2026, 11, 22), "tomorrow"),
        ("en", date(2026, 11, 20), "yesterday"),
        ("en", date(2026, 11, 23), "on Monday the twenty-third of November"),
        ("en", date(2027, 1, 1), "on Friday the first of January two thousand and twenty-seven"),
        ("fr", date(2026, 11, 21), "aujourd'hui"),
        ("fr", date(2026, 11, 22), "demain"),
        ("fr", date(2026, 11, 20), "hier"),
        ("fr", date(2026, 12, 1), "le mardi premier décembre"),
        ("fr", date(2026, 8, 21), "le vendredi vingt et un août"),
        ("fr", date(2025, 12, 31), "le mercredi trente et un décembre deux mille vingt-cinq"),
        ("pt", date(2026, 11, 21), "hoje"),
        ("pt", date(2026, 11, 22), "amanhã"),
        ("pt", date(2026, 11, 20), "ontem"),
        ("pt", date(2026, 12, 1), "na terça-feira, um de dezembro"),
        ("pt", date(2026, 11, 28), "no sábado, vinte e oito de novembro"),
        ("pt", date(2027, 3, 2), "na terça-feira, dois de março de dois mil e vinte e sete"),
    ],
)
def test_days(language: str, day: date, words: str) -> None:
    assert WORDINGS[language].day(day, SATURDAY) == words
