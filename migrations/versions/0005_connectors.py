"""Shops behind connectors, carts that agents prepare, products that can be searched, and limits of discounts.

Revision ID: 0005
Revises: 0004
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_connector()
    _create_records()
    with op.batch_alter_table("cart") as cart:
        cart.add_column(sa.Column("prepared_by", sa.String(64)))
        cart.add_column(sa.Column("prepared_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("login") as login:
        login.add_column(sa.Column("discount_limit", sa.Integer()))
    _let_orders_have_sites()
    _make_products_searchable()


def downgrade() -> None:
    with op.batch_alter_table("product") as product:
        product.drop_column("search_text")
    op.execute("delete from shop_order where site != ''")
    with op.batch_alter_table("shop_order") as order:
        order.drop_constraint("uq_shop_order_number_site", type_="unique")
        order.create_unique_constraint("uq_shop_order_number", ["number"])
        order.drop_column("site")
    with op.batch_alter_table("login") as login:
        login.drop_column("discount_limit")
    with op.batch_alter_table("cart") as cart:
        cart.drop_column("prepared_at")
        cart.drop_column("prepared_by")
    for table in ("connector_delivery", "connector_record", "connector"):
        op.drop_table(table)


def _create_connector() -> None:
    op.create_table(
        "connector",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("region", sa.String(2), nullable=False),
        sa.Column("cursors", sa.JSON(), nullable=False),
        sa.Column("synchronised_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("site", name="pk_connector"),
    )


def _create_records() -> None:
    op.create_table(
        "connector_record",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("local_id", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "local_id", name="pk_connector_record"),
        _of_connector("connector_record"),
    )
    op.create_table(
        "connector_delivery",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "id", name="pk_connector_delivery"),
        _of_connector("connector_delivery"),
    )
    op.create_index("ix_connector_delivery_at", "connector_delivery", ["at"])


def _let_orders_have_sites() -> None:
    with op.batch_alter_table("shop_order") as order:
        order.add_column(sa.Column("site", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("shop_order") as order:
        order.alter_column("site", existing_type=sa.String(64), server_default=None)
        order.drop_constraint("uq_shop_order_number", type_="unique")
        order.create_unique_constraint("uq_shop_order_number_site", ["number", "site"])


def _make_products_searchable() -> None:
    with op.batch_alter_table("product") as product:
        product.add_column(sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    product = sa.table(
        "product",
        sa.column("id", sa.String),
        sa.column("sku", sa.String),
        sa.column("name", sa.JSON),
        sa.column("search_text", sa.Text),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(product.c.id, product.c.sku, product.c.name)).all():
        names = (row.sku, *(row.name[language] for language in ("en", "fr", "pt")))
        text = _folded(" ".join(dict.fromkeys(names)))
        connection.execute(sa.update(product).where(product.c.id == row.id).values(search_text=text))
    with op.batch_alter_table("product") as altered:
        altered.alter_column("search_text", existing_type=sa.Text(), server_default=None)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _of_connector(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["site"], ["connector.site"], name=f"fk_{table}_site_connector", ondelete="CASCADE"
    )
