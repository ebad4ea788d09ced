"""Co-browsing: mask policies, sessions, and the consent record.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_policy()
    _create_session()
    _create_consent()


def downgrade() -> None:
    for table in ("cobrowse_consent", "cobrowse_session", "cobrowse_policy"):
        op.drop_table(table)


def _create_policy() -> None:
    op.create_table(
        "cobrowse_policy",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("share", sa.Text(), nullable=False),
        sa.Column("pay", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "version", name="pk_cobrowse_policy"),
    )


def _create_session() -> None:
    op.create_table(
        "cobrowse_session",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.String(40)),
        sa.Column("stripped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cobrowse_session"),
    )
    op.create_index("ix_cobrowse_session_contact", "cobrowse_session", ["contact"])


def _create_consent() -> None:
    op.create_table(
        "cobrowse_consent",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("tier", sa.String(40), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cobrowse_consent"),
    )
    op.create_index("ix_cobrowse_consent_contact", "cobrowse_consent", ["contact"])
