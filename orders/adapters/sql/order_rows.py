"""An order and its parts, to and from rows."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, Table

from orders.adapters.sql.rows import address_columns, address_from, text_column, text_from
from orders.adapters.tables import order_line, order_return, payment, shipment
from orders.model.money import Money
from orders.model.order import Order, OrderLine
from orders.model.order_return import Return
from orders.model.order_state import OrderState
from orders.model.payment import Payment
from orders.model.shipment import Shipment
from orders.model.totals import Totals

_TOTALS = ("subtotal", "discount", "shipping", "tax", "total")


def columns(order: Order) -> dict[str, Any]:
    """The order's row of `shop_order`."""
    return {
        "id": order.id,
        "number": order.number,
        "customer_id": order.customer_id,
        "cart_id": order.cart_id,
        "client_key": order.client_key,
        "placed_at": order.placed_at,
        "state": order.state.value,
        "currency": order.currency,
        "version": order.version,
        "site": order.site,
        **{f"{name}_minor": getattr(order.totals, name).minor for name in _TOTALS},
        **address_columns(order.ship_to, "ship_"),
    }


def part_rows(order: Order) -> list[tuple[Table, list[dict[str, Any]]]]:
    """The order's rows in the tables of its parts."""
    return [
        (order_line, _numbered(order.id, map(_line_columns, order.lines))),
        (payment, _numbered(order.id, map(_payment_columns, order.payments))),
        (shipment, _numbered(order.id, map(asdict, order.shipments))),
        (order_return, _numbered(order.id, map(_return_columns, order.returns))),
    ]


def _numbered(order_id: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"order_id": order_id, "position": position, **row} for position, row in enumerate(rows)]


def _line_columns(line: OrderLine) -> dict[str, Any]:
    return {
        "product_id": line.product_id,
        "sku": line.sku,
        "name": text_column(line.name),
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price.minor,
    }


def _payment_columns(paid: Payment) -> dict[str, Any]:
    return {
        "id": paid.id,
        "method": paid.method,
        "amount_minor": paid.amount.minor,
        "state": paid.state,
        "at": paid.at,
    }


def _return_columns(item: Return) -> dict[str, Any]:
    return {
        "id": item.id,
        "product_id": item.product_id,
        "quantity": item.quantity,
        "reason": item.reason,
        "refund_minor": item.refund.minor,
        "state": item.state,
        "requested_at": item.requested_at,
        "closed_at": item.closed_at,
    }


def order_from(
    row: Row[Any],
    lines: Iterable[Row[Any]],
    payments: Iterable[Row[Any]],
    shipments: Iterable[Row[Any]],
    returns: Iterable[Row[Any]],
) -> Order:
    """The order in a row of `shop_order` and the rows of its parts."""
    currency = row.currency
    return Order(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        cart_id=row.cart_id,
        client_key=row.client_key,
        placed_at=row.placed_at,
        state=OrderState(row.state),
        ship_to=address_from(row, "ship_"),
        lines=tuple(_line(line, currency) for line in lines),
        totals=Totals(*(Money(getattr(row, f"{name}_minor"), currency) for name in _TOTALS)),
        payments=tuple(_payment(paid, currency) for paid in payments),
        shipments=tuple(_shipment(parcel) for parcel in shipments),
        returns=tuple(_return(item, currency) for item in returns),
        version=row.version,
        site=row.site,
    )


def _line(row: Row[Any], currency: str) -> OrderLine:
    price = Money(row.unit_price_minor, currency)
    return OrderLine(row.product_id, row.sku, text_from(row.name), row.quantity, price)


def _payment(row: Row[Any], currency: str) -> Payment:
    return Payment(row.id, row.method, Money(row.amount_minor, currency), row.state, row.at)


def _shipment(row: Row[Any]) -> Shipment:
    return Shipment(
        id=row.id,
        carrier=row.carrier,
        tracking=row.tracking,
        item_count=row.item_count,
        expected_on=row.expected_on,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
    )


def _return(row: Row[Any], currency: str) -> Return:
    return Return(
        id=row.id,
        product_id=row.product_id,
        quantity=row.quantity,
        reason=row.reason,
        refund=Money(row.refund_minor, currency),
        state=row.state,
        requested_at=row.requested_at,
        closed_at=row.closed_at,
    )
