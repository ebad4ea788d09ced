"""Products of connected shops are theirs: each shop has its own SKUs, and none of them is sold in the shop here.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("product") as product:
        product.add_column(sa.Column("site", sa.String(64), nullable=False, server_default=""))
    with op.batch_alter_table("product") as product:
        product.alter_column("site", existing_type=sa.String(64), server_default=None)
        product.drop_constraint("uq_product_sku", type_="unique")
        product.create_unique_constraint("uq_product_sku_site", ["sku", "site"])
    _give_imported_products_their_site()


def downgrade() -> None:
    op.execute("update product set sku = substr(sku || '@' || site, 1, 64) where site != ''")
    with op.batch_alter_table("product") as product:
        product.drop_constraint("uq_product_sku_site", type_="unique")
        product.create_unique_constraint("uq_product_sku", ["sku"])
        product.drop_column("site")


def _give_imported_products_their_site() -> None:
    """Their ids begin with it (`atelier:p7`). A SKU that was in use, here or in the same shop, ends with it; where
    the shop uses one twice, the second product goes by its id."""
    product = sa.table(
        "product", sa.column("id", sa.String), sa.column("sku", sa.String), sa.column("site", sa.String)
    )
    connection = op.get_bind()
    imported = sa.select(product.c.id, product.c.sku).where(product.c.id.contains(":p"))
    rows = [(row.id, row.id.partition(":p")[0], row.sku) for row in connection.execute(imported)]
    taken = {(site, sku) for _, site, sku in rows}
    for id_, site, sku in rows:
        own = sku.removesuffix(f"@{site}")
        if own != sku and (site, own) in taken:
            own = id_
        taken.add((site, own))
        connection.execute(sa.update(product).where(product.c.id == id_).values(site=site, sku=own))
