"""The page from which a callback was asked for goes with it.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("callback") as callback:
        callback.add_column(sa.Column("visitor", sa.String(64)))
        callback.add_column(sa.Column("site", sa.String(64)))


def downgrade() -> None:
    with op.batch_alter_table("callback") as callback:
        callback.drop_column("site")
        callback.drop_column("visitor")
