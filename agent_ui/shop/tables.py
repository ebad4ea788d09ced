"""What the shop's pages keep beside the orders: customers' passwords, and checkouts under way."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

import orders.adapters.tables  # noqa: F401 - the tables that are referred to
from config.columns import Key, Moment
from config.database import metadata

shop_login = Table(
    "shop_login",
    metadata,
    Column("customer_id", Key, ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),
    Column("stamp", Key, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""`email` is in small letters. A new `stamp` ends the sessions that hold the old one."""

shop_checkout = Table(
    "shop_checkout",
    metadata,
    Column("cart_id", Key, ForeignKey("cart.id", ondelete="CASCADE"), primary_key=True),
    Column("draft", JSON, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
"""What a customer has said so far; removed with the order. Never anything of a card."""
