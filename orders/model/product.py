"""Something the shop sells."""

from dataclasses import dataclass

from orders.model.money import Money
from orders.model.text import LocalizedText


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `price` includes tax, `stock` is the number of items that can still be sold."""

    id: str
    sku: str
    name: LocalizedText
    price: Money
    stock: int
