from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.errors import CurrencyMismatch, InvalidAmount
from orders.model.money import Money, minor_digits, round_ratio

amounts = st.integers(-(10**12), 10**12)


def test_amounts_of_one_currency_add_up_and_compare() -> None:
    assert Money(250, "EUR") + Money(50, "EUR") == Money(300, "EUR")
    assert Money(250, "EUR") - Money(300, "EUR") == Money(-50, "EUR")
    assert Money(250, "EUR") * 3 == Money(750, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")
    assert max(Money(1, "EUR"), Money(2, "EUR")) == Money(2, "EUR")
    assert not Money.zero("EUR")


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_mix(operation: str) -> None:
    with pytest.raises(CurrencyMismatch):
        getattr(Money(1, "EUR"), operation)(Money(1, "USD"))


@pytest.mark.parametrize(
    ("minor", "currency"), [(1.5, "EUR"), (True, "EUR"), (1, "eur"), (1, "EURO"), (1, "")]
)
def test_what_is_no_amount_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(InvalidAmount):
        Money(minor, currency)


def test_money_is_not_multiplied_by_fractions() -> None:
    with pytest.raises(InvalidAmount):
        Money(100, "EUR") * 0.5  # type: ignore[operator]


def test_a_share_is_rounded_half_to_even() -> None:
    assert Money(5, "EUR").share(1_000) == Money(0, "EUR")
    assert Money(15, "EUR").share(1_000) == Money(2, "EUR")
    assert Money(999, "EUR").share(10_000) == Money(999, "EUR")


def test_the_tax_in_a_gross_amount_is_the_rate_on_its_net_amount() -> None:
    assert Money(12_000, "EUR").contained_share(2_000) == Money(2_000, "EUR")


@given(amounts, st.integers(1, 10**6))
def test_rounding_is_what_exact_fractions_round_to(numerator: int, denominator: int) -> None:
    assert round_ratio(numerator, denominator) == round(Fraction(numerator, denominator))


def test_minor_units_follow_the_standard() -> None:
    assert [minor_digits(currency) for currency in ("EUR", "JPY", "TND")] == [2, 0, 3]
