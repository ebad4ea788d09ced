"""Customers' passwords for the shop's pages, and checkouts under way.

Revision ID: 0007
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_login",
        sa.Column("customer_id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("stamp", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_shop_login"),
        sa.UniqueConstraint("email", name="uq_shop_login_email"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name="fk_shop_login_customer_id_customer",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "shop_checkout",
        sa.Column("cart_id", sa.String(64), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("cart_id", name="pk_shop_checkout"),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["cart.id"], name="fk_shop_checkout_cart_id_cart", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for table in ("shop_checkout", "shop_login"):
        op.drop_table(table)
