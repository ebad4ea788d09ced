"""The catalogue and each product's page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from flask import abort, render_template, request

from agent_ui.shop.catalogue import (
    CATEGORIES,
    PRICE_BANDS,
    SORTS,
    Category,
    PriceBand,
    Sort,
    Wanted,
    category_of,
    find,
    related,
)
from agent_ui.shop.delivery import estimate
from agent_ui.shop.forms import QuantityForm
from agent_ui.shop.language import language
from agent_ui.shop.pages.area import Answer, area
from agent_ui.shop.pages.home import ALL
from agent_ui.shop.wiring import services
from orders.model.product import Product
from orders.model.text import LANGUAGES
from orders.services.catalog import list_products

blueprint = area("products")

_LONGEST_SEARCH = 100


@blueprint.get("/catalogue")
def catalogue() -> Answer:
    """Products by category, words, price and stock."""
    wanted = _wanted()
    found = find(services().store.run(list_products, ALL), wanted, language(), _category_names)
    return render_template("shop/catalogue.html", wanted=wanted, found=found, sorts=SORTS, bands=PRICE_BANDS)


@blueprint.get("/product/<sku>")
def product(sku: str) -> Answer:
    """One product."""
    products = services().store.run(list_products, ALL)
    shown = product_by_sku(products, sku)
    first, last = estimate(datetime.now(UTC).date(), "home")
    return render_template(
        "shop/product.html",
        product=shown,
        category=category_of(shown),
        related=related(products, shown),
        first=first,
        last=last,
        form=QuantityForm(quantity=1),
    )


def product_by_sku(products: Sequence[Product], sku: str) -> Product:
    """The product with this SKU in any spelling; 404 without one."""
    found = next((one for one in products if one.sku.lower() == sku.lower()), None)
    if found is None:
        abort(404)
    return found


def _wanted() -> Wanted:
    """What the address asks for; what makes no sense is ignored."""
    asked = request.args
    return Wanted(
        text=asked.get("q", "")[:_LONGEST_SEARCH].strip(),
        category=cast(Category | None, _one_of(asked.get("category"), CATEGORIES)),
        band=cast(PriceBand | None, _one_of(asked.get("price"), PRICE_BANDS)),
        in_stock=asked.get("stock") == "1",
        sort=cast(Sort, _one_of(asked.get("sort"), SORTS) or "featured"),
        page=asked.get("page", 1, type=int),
    )


def _one_of(asked: str | None, known: tuple[Any, ...]) -> str | None:
    return asked if asked in known else None


def _category_names(product: Product) -> str:
    key = f"category.{category_of(product)}"
    return " ".join(services().texts.say(code, key) for code in LANGUAGES)
