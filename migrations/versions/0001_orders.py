"""The shop: customers, products, carts, orders, and the audit trail of their changes.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _create_customers()
    _create_product()
    _create_carts()
    _create_order()
    _create_order_line()
    _create_payment()
    _create_shipment()
    _create_return()
    _create_audit()


def downgrade() -> None:
    for table in ("shop_audit", "order_return", "shipment", "payment", "order_line", "shop_order"):
        op.drop_table(table)
    for table in ("cart_line", "cart", "product", "customer_phone", "customer"):
        op.drop_table(table)


def _create_customers() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("search_text", sa.String(500), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        *_address(""),
        sa.PrimaryKeyConstraint("id", name="pk_customer"),
    )
    op.create_index("ix_customer_email", "customer", ["email"])
    op.create_index("ix_customer_name", "customer", ["name"])
    op.create_table(
        "customer_phone",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("e164", sa.String(16), nullable=False),
        _foreign_key("customer_phone", "customer_id", "customer", "CASCADE"),
        sa.PrimaryKeyConstraint("customer_id", "position", name="pk_customer_phone"),
    )
    op.create_index("ix_customer_phone_e164", "customer_phone", ["e164"])


def _create_product() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_product_price_not_negative")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_product_stock_not_negative")),
        sa.PrimaryKeyConstraint("id", name="pk_product"),
        sa.UniqueConstraint("sku", name="uq_product_sku"),
    )


def _create_carts() -> None:
    op.create_table(
        "cart",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checkout_step", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("discount_basis_points", sa.Integer()),
        sa.Column("discount_reason", sa.Text()),
        sa.Column("discount_given_by", sa.String(64)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "discount_basis_points between 1 and 10000", name=op.f("ck_cart_discount_is_a_share")
        ),
        _foreign_key("cart", "customer_id", "customer", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_cart"),
    )
    op.create_index("ix_cart_customer_id", "cart", ["customer_id"])
    op.create_index(
        "uq_cart_open_customer",
        "cart",
        ["customer_id"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_table(
        "cart_line",
        sa.Column("cart_id", sa.String(64), nullable=False),
        sa.Column("product_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_cart_line_quantity_positive")),
        _foreign_key("cart_line", "cart_id", "cart", "CASCADE"),
        _foreign_key("cart_line", "product_id", "product"),
        sa.PrimaryKeyConstraint("cart_id", "product_id", name="pk_cart_line"),
    )
    op.create_index("ix_cart_line_product_id", "cart_line", ["product_id"])


def _create_order() -> None:
    op.create_table(
        "shop_order",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("cart_id", sa.String(64)),
        sa.Column("client_key", sa.String(64), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        *_address("ship_"),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _foreign_key("shop_order", "customer_id", "customer"),
        _foreign_key("shop_order", "cart_id", "cart", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_shop_order"),
        sa.UniqueConstraint("number", name="uq_shop_order_number"),
        sa.UniqueConstraint("cart_id", name="uq_shop_order_cart_id"),
        sa.UniqueConstraint("client_key", name="uq_shop_order_client_key"),
    )
    op.create_index("ix_shop_order_customer_id_placed_at", "shop_order", ["customer_id", "placed_at"])


def _create_order_line() -> None:
    op.create_table(
        "order_line",
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("product_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_line_quantity_positive")),
        _foreign_key("order_line", "order_id", "shop_order", "CASCADE"),
        sa.PrimaryKeyConstraint("order_id", "product_id", name="pk_order_line"),
    )


def _create_payment() -> None:
    op.create_table(
        "payment",
        *_part_of_order(),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _foreign_key("payment", "order_id", "shop_order", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_payment"),
    )
    op.create_index("ix_payment_order_id", "payment", ["order_id"])


def _create_shipment() -> None:
    op.create_table(
        "shipment",
        *_part_of_order(),
        sa.Column("carrier", sa.String(200), nullable=False),
        sa.Column("tracking", sa.String(200), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("expected_on", sa.Date()),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        _foreign_key("shipment", "order_id", "shop_order", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_shipment"),
    )
    op.create_index("ix_shipment_order_id", "shipment", ["order_id"])


def _create_return() -> None:
    op.create_table(
        "order_return",
        *_part_of_order(),
        sa.Column("product_id", sa.String(64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        _foreign_key("order_return", "order_id", "shop_order", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_order_return"),
    )
    op.create_index("ix_order_return_order_id", "order_return", ["order_id"])


def _create_audit() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shop_audit",
        sa.Column("serial", serial, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(32), nullable=False),
        sa.Column("actor_id", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_shop_audit"),
        sa.UniqueConstraint("id", name="uq_shop_audit_id"),
    )
    op.create_index("ix_shop_audit_subject_kind_subject_id", "shop_audit", ["subject_kind", "subject_id"])


def _address(prefix: str) -> list[sa.Column[str]]:
    return [
        sa.Column(f"{prefix}street", sa.String(200), nullable=False),
        sa.Column(f"{prefix}postal_code", sa.String(32), nullable=False),
        sa.Column(f"{prefix}city", sa.String(200), nullable=False),
        sa.Column(f"{prefix}country", sa.String(2), nullable=False),
    ]


def _part_of_order() -> list[sa.Column[str] | sa.Column[int]]:
    return [
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
    ]


def _foreign_key(
    table: str, column: str, referred: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{referred}"
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, ondelete=ondelete)
