"""The shop's tables.

Amounts are integers in the minor unit of the row's currency; lines, payments and returns have the currency of
the cart or order they belong to. Moments are UTC. Rows that are lists in the model keep their `position`.
`search_text` is folded, as databases fold only some letters: a customer's name and address of e-mail, a product's
SKU and names. `site` of a product and of an order is the shop behind a connector, empty for the shop here. Of a
connector's secrets only the places where they are kept are stored.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from config.columns import Key, Moment, Serial
from config.database import metadata

Word = String(32)
Name = String(200)
Currency = String(3)
Amount = BigInteger


def _address(prefix: str = "") -> list[Column[str]]:
    return [
        Column(f"{prefix}street", Name, nullable=False),
        Column(f"{prefix}postal_code", Word, nullable=False),
        Column(f"{prefix}city", Name, nullable=False),
        Column(f"{prefix}country", String(2), nullable=False),
    ]


customer = Table(
    "customer",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Name, nullable=False, index=True),
    Column("email", String(254), nullable=False, index=True),
    Column("search_text", String(500), nullable=False),
    Column("language", String(2), nullable=False),
    *_address(),
)

customer_phone = Table(
    "customer_phone",
    metadata,
    Column("customer_id", Key, ForeignKey("customer.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("e164", String(16), nullable=False, index=True),
)

product = Table(
    "product",
    metadata,
    Column("id", Key, primary_key=True),
    Column("site", Key, nullable=False),
    Column("sku", Key, nullable=False),
    Column("name", JSON, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("price_minor", Amount, nullable=False),
    Column("currency", Currency, nullable=False),
    Column("stock", Integer, nullable=False),
    CheckConstraint("stock >= 0", name="stock_not_negative"),
    CheckConstraint("price_minor >= 0", name="price_not_negative"),
    UniqueConstraint("sku", "site"),
)

cart = Table(
    "cart",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", Key, ForeignKey("customer.id", ondelete="CASCADE"), index=True),
    Column("currency", Currency, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("checkout_step", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("discount_basis_points", Integer),
    Column("discount_reason", Text),
    Column("discount_given_by", Key),
    Column("prepared_by", Key),
    Column("prepared_at", Moment),
    Column("version", Integer, nullable=False),
    CheckConstraint("discount_basis_points between 1 and 10000", name="discount_is_a_share"),
    Index(
        "uq_cart_open_customer",
        "customer_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

cart_line = Table(
    "cart_line",
    metadata,
    Column("cart_id", Key, ForeignKey("cart.id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", Key, ForeignKey("product.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", Amount, nullable=False),
    CheckConstraint("quantity >= 1", name="quantity_positive"),
)

shop_order = Table(
    "shop_order",
    metadata,
    Column("id", Key, primary_key=True),
    Column("site", Key, nullable=False),
    Column("number", String(16), nullable=False),
    Column("customer_id", Key, ForeignKey("customer.id"), nullable=False),
    Column("cart_id", Key, ForeignKey("cart.id", ondelete="SET NULL"), unique=True),
    Column("client_key", Key, nullable=False, unique=True),
    Column("placed_at", Moment, nullable=False),
    Column("state", Word, nullable=False),
    *_address("ship_"),
    Column("currency", Currency, nullable=False),
    Column("subtotal_minor", Amount, nullable=False),
    Column("discount_minor", Amount, nullable=False),
    Column("shipping_minor", Amount, nullable=False),
    Column("tax_minor", Amount, nullable=False),
    Column("total_minor", Amount, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("number", "site"),
    Index("ix_shop_order_customer_id_placed_at", "customer_id", "placed_at"),
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", Key, ForeignKey("shop_order.id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", Key, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sku", Key, nullable=False),
    Column("name", JSON, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_minor", Amount, nullable=False),
    CheckConstraint("quantity >= 1", name="quantity_positive"),
)

payment = Table(
    "payment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("order_id", Key, ForeignKey("shop_order.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("method", Word, nullable=False),
    Column("amount_minor", Amount, nullable=False),
    Column("state", Word, nullable=False),
    Column("at", Moment, nullable=False),
)

shipment = Table(
    "shipment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("order_id", Key, ForeignKey("shop_order.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("carrier", Name, nullable=False),
    Column("tracking", Name, nullable=False),
    Column("item_count", Integer, nullable=False),
    Column("expected_on", Date),
    Column("shipped_at", Moment, nullable=False),
    Column("delivered_at", Moment),
)

order_return = Table(
    "order_return",
    metadata,
    Column("id", Key, primary_key=True),
    Column("order_id", Key, ForeignKey("shop_order.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("product_id", Key, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("reason", Word, nullable=False),
    Column("refund_minor", Amount, nullable=False),
    Column("state", Word, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("closed_at", Moment),
)

site = Table(
    "site",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", Key, nullable=False, unique=True),
    Column("name", Name, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("numbers", JSON, nullable=False),
    Column("queue", Key, nullable=False),
    Column("region", String(2), nullable=False),
    Column("secret", String(128), nullable=False),
)

connector = Table(
    "connector",
    metadata,
    Column("site", Key, primary_key=True),
    Column("kind", Word, nullable=False),
    Column("url", String(300), nullable=False),
    Column("secrets", JSON, nullable=False),
    Column("language", String(2), nullable=False),
    Column("region", String(2), nullable=False),
    Column("cursors", JSON, nullable=False),
    Column("synchronised_at", Moment),
)

connector_record = Table(
    "connector_record",
    metadata,
    Column("site", Key, ForeignKey("connector.site", ondelete="CASCADE"), primary_key=True),
    Column("local_id", Key, primary_key=True),
    Column("changed_at", Moment, nullable=False),
)

connector_delivery = Table(
    "connector_delivery",
    metadata,
    Column("site", Key, ForeignKey("connector.site", ondelete="CASCADE"), primary_key=True),
    Column("id", Key, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)

shop_audit = Table(
    "shop_audit",
    metadata,
    Column("serial", Serial, primary_key=True),
    Column("id", Key, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor_kind", Word, nullable=False),
    Column("actor_id", Key, nullable=False),
    Column("action", Word, nullable=False),
    Column("subject_kind", Word, nullable=False),
    Column("subject_id", Key, nullable=False),
    Column("details", JSON, nullable=False),
    UniqueConstraint("id"),
    Index("ix_shop_audit_subject_kind_subject_id", "subject_kind", "subject_id"),
)
