"""The carts in SQL."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from orders.adapters import tables
from orders.adapters.sql.execute import Execute
from orders.adapters.sql.rows import text_from
from orders.errors import Conflict
from orders.model.cart import Cart, CartLine, Discount, Prepared
from orders.model.money import Money


class SqlCarts:
    """`orders.ports.Carts` on two tables; every read takes two statements.

    A line's SKU and name are the product's present ones, its price is its own.
    """

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, cart_id: str) -> Cart | None:
        return self._load(tables.cart.c.id == cart_id)

    def open_of(self, customer_id: str) -> Cart | None:
        return self._load((tables.cart.c.customer_id == customer_id) & (tables.cart.c.state == "open"))

    def save(self, cart: Cart) -> Cart:
        saved = replace(cart, version=cart.version + 1)
        if cart.version == 0:
            self._execute(insert(tables.cart).values(_columns(saved)))
        else:
            self._replace(cart.version, saved)
        if saved.lines:
            self._execute(insert(tables.cart_line), _line_rows(saved))
        return saved

    def _replace(self, version: int, saved: Cart) -> None:
        same = (tables.cart.c.id == saved.id) & (tables.cart.c.version == version)
        changed = self._execute(update(tables.cart).where(same).values(_columns(saved)))
        if changed.rowcount == 0:
            raise Conflict(f"cart {saved.id} is not at version {version} any more")
        self._execute(delete(tables.cart_line).where(tables.cart_line.c.cart_id == saved.id))

    def _load(self, which: ColumnElement[bool]) -> Cart | None:
        row = self._execute(select(tables.cart).where(which)).first()
        return _cart(row, self._lines(row)) if row else None

    def _lines(self, row: Row[Any]) -> tuple[CartLine, ...]:
        query = select(tables.cart_line, tables.product.c.sku, tables.product.c.name).join(tables.product)
        query = query.where(tables.cart_line.c.cart_id == row.id).order_by(tables.cart_line.c.position)
        return tuple(_line(line, row.currency) for line in self._execute(query))


def _columns(cart: Cart) -> dict[str, Any]:
    discount = cart.discount
    return {
        "id": cart.id,
        "customer_id": cart.customer_id,
        "currency": cart.currency,
        "updated_at": cart.updated_at,
        "checkout_step": cart.checkout_step,
        "state": cart.state,
        "discount_basis_points": discount.basis_points if discount else None,
        "discount_reason": discount.reason if discount else None,
        "discount_given_by": discount.given_by if discount else None,
        "version": cart.version,
        "prepared_by": cart.prepared.by if cart.prepared else None,
        "prepared_at": cart.prepared.at if cart.prepared else None,
    }


def _line_rows(cart: Cart) -> list[dict[str, Any]]:
    return [
        {
            "cart_id": cart.id,
            "product_id": line.product_id,
            "position": position,
            "quantity": line.quantity,
            "unit_price_minor": line.unit_price.minor,
        }
        for position, line in enumerate(cart.lines)
    ]


def _line(row: Row[Any], currency: str) -> CartLine:
    price = Money(row.unit_price_minor, currency)
    return CartLine(row.product_id, row.sku, text_from(row.name), row.quantity, price)


def _cart(row: Row[Any], lines: tuple[CartLine, ...]) -> Cart:
    given = row.discount_basis_points is not None
    return Cart(
        id=row.id,
        customer_id=row.customer_id,
        currency=row.currency,
        updated_at=row.updated_at,
        lines=lines,
        checkout_step=row.checkout_step,
        state=row.state,
        discount=Discount(row.discount_basis_points, row.discount_reason, row.discount_given_by)
        if given
        else None,
        version=row.version,
        prepared=Prepared(row.prepared_by, row.prepared_at) if row.prepared_by is not None else None,
    )
