"""What a cart or an order amounts to."""

from dataclasses import dataclass

from orders.model.money import Money


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of one currency, with `total = subtotal - discount + shipping`.

    Prices include tax, as consumer prices in the European Union do: `tax` is the part of `total` that is tax.
    """

    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
