"""Something the shop sells."""

from dataclasses import dataclass

from orders.model.money import Money
from orders.model.text import LocalizedText, folded


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `price` includes tax, `stock` is the number of items that can still be sold. `site` is the shop
    behind a connector that sells it, empty for the shop here: SKUs are unique within a shop."""

    id: str
    sku: str
    name: LocalizedText
    price: Money
    stock: int
    site: str = ""


def searched_text(product: Product) -> str:
    """What a search looks in: the SKU and every name, folded, each once."""
    name = product.name
    return folded(" ".join(dict.fromkeys((product.sku, name.en, name.fr, name.pt))))
