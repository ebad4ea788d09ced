"""The orders in SQL."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, Table, delete, func, insert, select, update

from orders.adapters.sql import order_rows
from orders.adapters.sql.execute import Execute
from orders.adapters.tables import order_line, order_return, payment, shipment, shop_order
from orders.errors import Conflict
from orders.model.order import Order

_PARTS = (order_line, payment, shipment, order_return)


class SqlOrders:
    """`orders.ports.Orders` on five tables; every read takes five statements, whatever it finds."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def get(self, order_id: str) -> Order | None:
        return self._one(select(shop_order).where(shop_order.c.id == order_id))

    def by_number(self, number: str) -> Order | None:
        own = (shop_order.c.number == number) & (shop_order.c.site == "")
        return self._one(select(shop_order).where(own))

    def numbered(self, number: str) -> tuple[Order, ...]:
        query = select(shop_order).where(shop_order.c.number == number)
        return self._load(query.order_by(shop_order.c.site))

    def by_client_key(self, client_key: str) -> Order | None:
        return self._one(select(shop_order).where(shop_order.c.client_key == client_key))

    def of_customer(self, customer_id: str, limit: int, offset: int = 0) -> tuple[Order, ...]:
        latest_first = (shop_order.c.placed_at.desc(), shop_order.c.id)
        query = select(shop_order).where(shop_order.c.customer_id == customer_id)
        return self._load(query.order_by(*latest_first).limit(limit).offset(offset))

    def count_of_customer(self, customer_id: str) -> int:
        query = select(func.count()).where(shop_order.c.customer_id == customer_id)
        return int(self._execute(query).scalar_one())

    def number_is_taken(self, number: str) -> bool:
        own = (shop_order.c.number == number) & (shop_order.c.site == "")
        query = select(shop_order.c.id).where(own)
        return self._execute(query).first() is not None

    def save(self, order: Order) -> Order:
        saved = replace(order, version=order.version + 1)
        columns = order_rows.columns(saved)
        if order.version == 0:
            self._execute(insert(shop_order).values(columns))
        else:
            self._replace(order.version, saved, columns)
        for table, rows in order_rows.part_rows(saved):
            if rows:
                self._execute(insert(table), rows)
        return saved

    def _replace(self, version: int, saved: Order, columns: dict[str, Any]) -> None:
        same = (shop_order.c.id == saved.id) & (shop_order.c.version == version)
        changed = self._execute(update(shop_order).where(same).values(columns))
        if changed.rowcount == 0:
            raise Conflict(f"order {saved.id} is not at version {version} any more")
        for table in _PARTS:
            self._execute(delete(table).where(table.c.order_id == saved.id))

    def _one(self, query: Select[Any]) -> Order | None:
        found = self._load(query)
        return found[0] if found else None

    def _load(self, query: Select[Any]) -> tuple[Order, ...]:
        rows = self._execute(query).all()
        ids = [row.id for row in rows]
        lines, payments, shipments, returns = (self._parts(table, ids) for table in _PARTS)
        return tuple(
            order_rows.order_from(row, lines[row.id], payments[row.id], shipments[row.id], returns[row.id])
            for row in rows
        )

    def _parts(self, table: Table, order_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
        query = select(table).where(table.c.order_id.in_(order_ids)).order_by(table.c.position)
        parts: dict[str, list[Row[Any]]] = defaultdict(list)
        for row in self._execute(query):
            parts[row.order_id].append(row)
        return parts
