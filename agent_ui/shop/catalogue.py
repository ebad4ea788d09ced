"""The products as customers look for them: by category, words, price and stock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, get_args

from orders.model.product import Product
from orders.model.text import LANGUAGES, Language, folded

Category = Literal["home", "kitchen", "desk", "garden", "travel"]
CATEGORIES: tuple[Category, ...] = get_args(Category)

_PREFIXES: dict[str, Category] = {
    "HOM": "home",
    "KIT": "kitchen",
    "DSK": "desk",
    "GAR": "garden",
    "TRV": "travel",
}

Sort = Literal["featured", "name", "cheap", "dear"]
SORTS: tuple[Sort, ...] = get_args(Sort)

PriceBand = Literal["low", "middle", "high"]
PRICE_BANDS: tuple[PriceBand, ...] = get_args(PriceBand)
MIDDLE_FROM, HIGH_FROM = 2_500, 5_000
"""Where the bands begin, in cents."""

PAGE_SIZE = 12
FEW = 5
"""So many or fewer are left: the page says so."""

LIGHTS = ("HOM-203", "HOM-204", "DSK-305", "GAR-409", "HOM-206")
FEATURED = ("HOM-204", "KIT-110", "HOM-201", "GAR-409", "TRV-501", "DSK-302", "KIT-105", "HOM-207")
"""What the first page shows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer looks for; `page` counts from 1."""

    text: str = ""
    category: Category | None = None
    band: PriceBand | None = None
    in_stock: bool = False
    sort: Sort = "featured"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and how much there is in all."""

    products: tuple[Product, ...]
    count: int
    page: int
    pages: int


def category_of(product: Product) -> Category:
    """A product's category, which its SKU begins with; home for one of none."""
    return _PREFIXES.get(product.sku[:3].upper(), "home")


def find(
    products: Sequence[Product], wanted: Wanted, language: Language, also: Callable[[Product], str]
) -> Found:
    """The products that a customer looks for.

    Every word must occur in the name in any language, or in what `also` says of a product.
    """
    words = folded(wanted.text).split()
    kept = [product for product in products if _fits(product, wanted) and _has(product, words, also)]
    _sort(kept, wanted.sort, language)
    pages = max(1, ceil(len(kept) / PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    shown = kept[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return Found(tuple(shown), len(kept), page, pages)


def featured(products: Sequence[Product]) -> tuple[Product, ...]:
    """The first page's products; the first in the catalogue where it is another catalogue."""
    by_sku = {product.sku: product for product in products}
    chosen = tuple(by_sku[sku] for sku in FEATURED if sku in by_sku)
    return chosen or tuple(products[: len(FEATURED)])


def related(products: Sequence[Product], to: Product, count: int = 4) -> tuple[Product, ...]:
    """The products that follow this one in its category, beginning anew at its end."""
    same = [product for product in products if category_of(product) == category_of(to)]
    place = next((n for n, product in enumerate(same) if product.id == to.id), 0)
    return tuple((same[place + 1 :] + same[:place])[:count])


def _fits(product: Product, wanted: Wanted) -> bool:
    if wanted.category and category_of(product) != wanted.category:
        return False
    if wanted.in_stock and product.stock <= 0:
        return False
    return wanted.band in (None, _band(product))


def _band(product: Product) -> PriceBand:
    if product.price.minor < MIDDLE_FROM:
        return "low"
    return "middle" if product.price.minor < HIGH_FROM else "high"


def _has(product: Product, words: Sequence[str], also: Callable[[Product], str]) -> bool:
    names = (product.name.of(code) for code in LANGUAGES)
    text = folded(" ".join((*names, product.sku, also(product))))
    return all(word in text for word in words)


def _sort(products: list[Product], sort: Sort, language: Language) -> None:
    if sort == "featured":
        products.sort(key=lambda product: CATEGORIES.index(category_of(product)))
    elif sort == "name":
        products.sort(key=lambda product: folded(product.name.of(language)))
    elif sort in ("cheap", "dear"):
        products.sort(key=lambda product: product.price.minor, reverse=sort == "dear")
