"""Replays of co-browsing, who watched and heard what, and recordings that were deleted.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_replay()
    _create_watch()
    op.add_column("recording", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.create_index("ix_recording_started_at", "recording", ["started_at"])


def downgrade() -> None:
    op.drop_index("ix_recording_started_at", "recording")
    op.drop_column("recording", "deleted_at")
    for table in ("recording_watch", "cobrowse_replay"):
        op.drop_table(table)


def _create_replay() -> None:
    op.create_table(
        "cobrowse_replay",
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("file", sa.String(255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("session", name="pk_cobrowse_replay"),
    )
    op.create_index("ix_cobrowse_replay_contact", "cobrowse_replay", ["contact"])
    op.create_index("ix_cobrowse_replay_started_at", "cobrowse_replay", ["started_at"])


def _create_watch() -> None:
    op.create_table(
        "recording_watch",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("contact", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording_watch"),
    )
    op.create_index("ix_recording_watch_contact", "recording_watch", ["contact"])
