"""Money: integer minor units and an ISO 4217 currency code, with arithmetic that cannot mix them up."""

import re
from dataclasses import dataclass
from typing import Self

from orders.errors import CurrencyMismatch, InvalidAmount

BASIS_POINTS = 10_000
"""Basis points in a whole: a rate of 2000 is 20 %."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_NO_DECIMALS = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|VND|VUV|XAF|XOF|XPF")
_THREE_DECIMALS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")


def minor_digits(currency: str) -> int:
    """Decimal places of a currency's minor unit (ISO 4217, table A.1): 2 for EUR, 0 for JPY, 3 for TND."""
    if _NO_DECIMALS.fullmatch(currency):
        return 0
    return 3 if _THREE_DECIMALS.fullmatch(currency) else 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit (cents for EUR); negative amounts are debts.

    Raises:
        InvalidAmount: the amount is not an integer, or the currency not three capital letters.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise InvalidAmount("an amount is a whole number of minor units")
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidAmount("a currency is an ISO 4217 code such as EUR")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in this currency."""
        return cls(0, currency)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __mul__(self, times: int) -> Self:
        if type(times) is not int:
            raise InvalidAmount("money is multiplied by whole numbers only; use `share` for a rate")
        return type(self)(self.minor * times, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Self) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Self) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, basis_points: int) -> Self:
        """This many hundredths of a percent of the amount, rounded half to even."""
        return type(self)(round_ratio(self.minor * basis_points, BASIS_POINTS), self.currency)

    def contained_share(self, basis_points: int) -> Self:
        """The part that a rate added to a net amount has in this gross amount, rounded half to even."""
        part = round_ratio(self.minor * basis_points, BASIS_POINTS + basis_points)
        return type(self)(part, self.currency)

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be put together")
        return other.minor


def round_ratio(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, half to even, without floating point.

    `denominator` is above 0.
    """
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    up = twice > denominator or (twice == denominator and quotient % 2 == 1)
    return quotient + up
