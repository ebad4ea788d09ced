from datetime import date

import pytest

from agent_ui.shop.delivery import Delivery, estimate
from agent_ui.shop.prices import day, price, share, weekday
from orders.model.money import Money
from orders.model.text import Language


@pytest.mark.parametrize(
    ("language", "minor", "written"),
    [
        ("en", 1_290, "€12.90"),
        ("en", 123_456, "€1,234.56"),
        ("en", -500, "−€5.00"),
        ("fr", 1_290, "12,90\u00a0€"),
        ("fr", 123_456, "1\u202f234,56\u00a0€"),
        ("pt", 123_456, "1.234,56\u00a0€"),
        ("pt", -5, "−0,05\u00a0€"),
    ],
)
def test_prices_are_written_as_in_each_language(language: Language, minor: int, written: str) -> None:
    assert price(Money(minor, "EUR"), language) == written


def test_a_currency_without_cents_has_none() -> None:
    assert price(Money(1_500, "JPY"), "en") == "JPY1,500"


@pytest.mark.parametrize(
    ("language", "basis_points", "written"),
    [("en", 500, "5%"), ("en", 1_250, "12.5%"), ("fr", 1_250, "12,5\u202f%"), ("pt", 500, "5%")],
)
def test_shares_are_written_as_in_each_language(language: Language, basis_points: int, written: str) -> None:
    assert share(basis_points, language) == written


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "1 August 2026", "Sat 1 August"),
        ("fr", "1er août 2026", "sam. 1er août"),
        ("pt", "1 de agosto de 2026", "sáb. 1 de agosto"),
    ],
)
def test_days_are_written_as_in_each_language(language: Language, long: str, short: str) -> None:
    when = date(2026, 8, 1)

    assert (day(when, language), weekday(when, language)) == (long, short)


FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("delivery", "country", "first", "last"),
    [
        ("home", "FR", date(2026, 11, 24), date(2026, 11, 25)),
        ("point", "FR", date(2026, 11, 25), date(2026, 11, 26)),
        ("home", "PT", date(2026, 11, 26), date(2026, 11, 27)),
        ("home", "US", date(2026, 12, 1), date(2026, 12, 2)),
    ],
)
def test_parcels_do_not_travel_at_weekends(delivery: Delivery, country: str, first: date, last: date) -> None:
    assert estimate(FRIDAY, delivery, country) == (first, last)
