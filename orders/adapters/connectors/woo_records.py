"""WooCommerce's products and orders (REST API v3) in this system's words.

What has no place here is left out; what is not as documented is refused with `NotUnderstood`, record by record.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from orders.adapters.connectors.woo_amounts import exact, moment, rounded
from orders.adapters.connectors.woo_people import (
    Row,
    Shop,
    customer_of,
    delivery_address_of,
    orderer_of,
)
from orders.connectors.errors import NotUnderstood
from orders.connectors.port import CustomerChanged, OrderChanged, ProductChanged
from orders.model.money import Money, round_ratio
from orders.model.order import Order, OrderLine
from orders.model.order_state import OrderState
from orders.model.payment import Payment, PaymentMethod, PaymentState
from orders.model.product import Product
from orders.model.text import LocalizedText
from orders.model.totals import Totals

UNCOUNTED = 9_999
"""The stock of a product that the shop sells without counting."""

STATES: Mapping[str, OrderState] = {
    "pending": OrderState.PLACED,
    "on-hold": OrderState.PLACED,
    "failed": OrderState.PLACED,
    "processing": OrderState.PAID,
    "completed": OrderState.DELIVERED,
    "cancelled": OrderState.CANCELED,
    "trash": OrderState.CANCELED,
    "refunded": OrderState.RETURNED,
}
"""`completed` is documented as fulfilled with nothing left to do. A status of a plug-in's own counts as paid or
placed, whichever its date of payment says."""

NOT_ORDERS = frozenset(("auto-draft", "checkout-draft"))
"""Statuses of what nobody has ordered yet."""

_METHODS: Mapping[str, PaymentMethod] = {
    "bacs": "bank_transfer",
    "cheque": "bank_transfer",
    "paypal": "wallet",
    "ppcp-gateway": "wallet",
}


def customer_change(shop: Shop, row: Row) -> CustomerChanged:
    """A customer's record."""
    return CustomerChanged(_changed_at(row), customer_of(shop, row))


def product_change(shop: Shop, row: Row, currency: str) -> ProductChanged:
    """A product's or a variation's record."""
    return ProductChanged(_changed_at(row), product_of(shop, row, currency))


def order_change(shop: Shop, row: Row) -> OrderChanged:
    """An order's record."""
    customer = orderer_of(shop, row)
    order = order_of(shop, row, customer.id)
    return OrderChanged(_changed_at(row), order, customer, is_guest=not row.get("customer_id"))


def product_of(shop: Shop, row: Row, currency: str) -> Product:
    """A product; the shop has one name for it, whatever the language."""
    remote = int(row["id"])
    name = _plain(str(row.get("name") or f"#{remote}"))
    return Product(
        id=shop.product_id(remote),
        sku=str(row.get("sku") or shop.product_id(remote))[:64],
        name=LocalizedText(name, name, name),
        price=exact(row.get("price"), currency),
        stock=_stock(row),
        site=shop.site,
    )


def order_of(shop: Shop, row: Row, customer_id: str) -> Order:
    """An order with its number as the shop shows it."""
    placed_at = moment(row, "date_created")
    if placed_at is None:
        raise NotUnderstood("an order has no moment of its creation")
    remote = int(row["id"])
    return Order(
        id=shop.order_id(remote),
        number=str(row.get("number") or remote)[:16],
        customer_id=customer_id,
        cart_id=None,
        client_key=shop.order_id(remote),
        placed_at=placed_at,
        state=_state(row),
        ship_to=delivery_address_of(shop, row),
        lines=_lines(shop, row),
        totals=_totals(row),
        payments=_payments(shop, row),
        site=shop.site,
    )


def _changed_at(row: Row) -> Any:
    changed_at = moment(row, "date_modified") or moment(row, "date_created")
    if changed_at is None:
        raise NotUnderstood("a record does not say since when it is as it is")
    return changed_at


def _stock(row: Row) -> int:
    if row.get("manage_stock") and row.get("stock_quantity") is not None:
        return max(0, int(row["stock_quantity"]))
    return 0 if row.get("stock_status") == "outofstock" else UNCOUNTED


def _state(row: Row) -> OrderState:
    status = str(row.get("status") or "")
    known = STATES.get(status)
    if known is not None:
        return known
    return OrderState.PAID if row.get("date_paid_gmt") else OrderState.PLACED


def _totals(row: Row) -> Totals:
    """WooCommerce's amounts are net, their tax beside them; here prices include it. Fees belong to the goods."""
    currency = str(row["currency"])
    total = exact(row["total"], currency)
    shipping = exact(row.get("shipping_total"), currency) + exact(row.get("shipping_tax"), currency)
    discount = exact(row.get("discount_total"), currency) + exact(row.get("discount_tax"), currency)
    tax = exact(row.get("total_tax"), currency)
    return Totals(total - shipping + discount, discount, shipping, tax, total)


def _lines(shop: Shop, row: Row) -> tuple[OrderLine, ...]:
    """One line a product: WooCommerce may have several, here they are one with their quantities together."""
    lines: dict[str, OrderLine] = {}
    for item in row.get("line_items") or ():
        quantity = int(item.get("quantity") or 0)
        if quantity < 1:
            continue
        line = _line(shop, item, quantity, str(row["currency"]))
        same = lines.get(line.product_id)
        lines[line.product_id] = _together(same, line) if same else line
    return tuple(lines.values())


def _line(shop: Shop, item: Row, quantity: int, currency: str) -> OrderLine:
    remote = int(item.get("variation_id") or item.get("product_id") or 0)
    amount = rounded(item.get("subtotal"), currency) + rounded(item.get("subtotal_tax"), currency)
    name = _plain(str(item.get("name") or ""))
    product_id = shop.product_id(remote) if remote else f"{shop.site}:l{item['id']}"
    return OrderLine(
        product_id=product_id,
        sku=str(item.get("sku") or product_id)[:64],
        name=LocalizedText(name, name, name),
        quantity=quantity,
        unit_price=Money(round_ratio(amount.minor, quantity), currency),
    )


def _together(first: OrderLine, second: OrderLine) -> OrderLine:
    quantity = first.quantity + second.quantity
    amount = (first.amount + second.amount).minor
    price = Money(round_ratio(amount, quantity), first.unit_price.currency)
    return OrderLine(first.product_id, first.sku, first.name, quantity, price)


def _payments(shop: Shop, row: Row) -> tuple[Payment, ...]:
    currency, order_id = str(row["currency"]), shop.order_id(int(row["id"]))
    total = exact(row["total"], currency)
    changed_at = _changed_at(row)
    at = moment(row, "date_paid") or changed_at
    method = _METHODS.get(str(row.get("payment_method") or ""), "card")
    paid = (Payment(f"{order_id}:pay", method, total, _payment_state(row), at),) if total else ()
    refunds = (
        Payment(f"{order_id}:r{refund['id']}", method, -amount, "refunded", changed_at)
        for refund, amount in _refunds(row, currency)
    )
    return (*paid, *refunds)


def _refunds(row: Row, currency: str) -> Iterable[tuple[Row, Money]]:
    for refund in row.get("refunds") or ():
        yield refund, exact(refund.get("total"), currency)


def _payment_state(row: Row) -> PaymentState:
    if row.get("date_paid_gmt") or row.get("status") == "completed":
        return "captured"
    return "failed" if row.get("status") == "failed" else "pending"


def _plain(name: str) -> str:
    return " ".join(name.split())[:200]
