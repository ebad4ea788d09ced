"""The shop's price rules, and what lines amount to under them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from orders.model.money import Money
from orders.model.totals import Totals


class Priced(Protocol):
    """A line with an amount: a cart's or an order's."""

    @property
    def amount(self) -> Money: ...


@dataclass(frozen=True, slots=True)
class PriceRules:
    """`tax_rate` in basis points; no shipping is charged from `free_shipping_from` (after discount) on."""

    shipping_fee: Money
    free_shipping_from: Money
    tax_rate: int


def usual_rules(currency: str = "EUR") -> PriceRules:
    """Rules for a shop that has not set its own: 4.90 shipping, free from 60.00 on, 20 % tax."""
    return PriceRules(Money(490, currency), Money(6_000, currency), tax_rate=2_000)


def price_lines(currency: str, lines: Iterable[Priced], discount: int, rules: PriceRules) -> Totals:
    """Totals of these lines with a discount in basis points of their subtotal.

    Raises:
        CurrencyMismatch: a line or the rules are in another currency.
    """
    subtotal = sum((line.amount for line in lines), Money.zero(currency))
    reduction = subtotal.share(discount)
    goods = subtotal - reduction
    free = not subtotal or goods >= rules.free_shipping_from
    shipping = Money.zero(currency) if free else rules.shipping_fee
    total = goods + shipping
    return Totals(subtotal, reduction, shipping, total.contained_share(rules.tax_rate), total)
