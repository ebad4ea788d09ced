"""The catalog in SQL."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select, update

from orders.adapters import tables
from orders.adapters.sql.execute import Execute
from orders.adapters.sql.rows import save_row, text_column, text_from
from orders.model.money import Money
from orders.model.product import Product, searched_text
from orders.model.text import folded

_OWN = tables.product.c.site == ""


class SqlProducts:
    """`orders.ports.Products` on one table."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, product_id: str) -> Product | None:
        row = self._execute(select(tables.product).where(tables.product.c.id == product_id)).first()
        return _product(row) if row else None

    def list(self, limit: int, offset: int = 0) -> tuple[Product, ...]:
        query = select(tables.product).where(_OWN).order_by(tables.product.c.sku)
        query = query.limit(limit).offset(offset)
        return tuple(_product(row) for row in self._execute(query))

    def search(self, text: str, limit: int) -> tuple[Product, ...]:
        query = select(tables.product).where(_OWN).order_by(tables.product.c.sku).limit(limit)
        for word in folded(text).split():
            query = query.where(tables.product.c.search_text.contains(word, autoescape=True))
        return tuple(_product(row) for row in self._execute(query))

    def having_skus(self, skus: Iterable[str], site: str = "") -> tuple[Product, ...]:
        wanted = tables.product.c.sku.in_(sorted(set(skus))) & (tables.product.c.site == site)
        query = select(tables.product).where(wanted).order_by(tables.product.c.sku)
        return tuple(_product(row) for row in self._execute(query))

    def save(self, product: Product) -> None:
        save_row(self._execute, tables.product, _columns(product))

    def take_stock(self, product_id: str, quantity: int) -> bool:
        enough = (tables.product.c.id == product_id) & (tables.product.c.stock >= quantity)
        taken = self._execute(
            update(tables.product).where(enough).values(stock=tables.product.c.stock - quantity)
        )
        return taken.rowcount == 1

    def put_back(self, product_id: str, quantity: int) -> None:
        raised = tables.product.c.stock + quantity
        self._execute(update(tables.product).where(tables.product.c.id == product_id).values(stock=raised))


def _columns(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "site": product.site,
        "sku": product.sku,
        "name": text_column(product.name),
        "search_text": searched_text(product),
        "price_minor": product.price.minor,
        "currency": product.price.currency,
        "stock": product.stock,
    }


def _product(row: Row[Any]) -> Product:
    price = Money(row.price_minor, row.currency)
    return Product(row.id, row.sku, text_from(row.name), price, row.stock, row.site)
