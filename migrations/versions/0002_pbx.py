"""The telephony: agents, endpoints, trunks, flows, numbers, queues, and the records of what happened.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_agent()
    _create_calendar()
    _create_call_event()
    _create_callback()
    _create_contact()
    _create_disposition()
    _create_endpoint()
    _create_flow()
    _create_node_boot()
    _create_pause_reason()
    _create_queue()
    _create_recording()
    _create_registration()
    _create_trunk()
    _create_voicemail()
    _create_agent_status()
    _create_did()
    _create_flow_version()
    _create_membership()
    _create_segment()


def downgrade() -> None:
    for table in (
        "segment",
        "membership",
        "flow_version",
        "did",
        "agent_status",
        "voicemail",
        "trunk",
        "registration",
        "recording",
        "queue",
        "pause_reason",
        "node_boot",
        "flow",
        "endpoint",
        "disposition",
        "contact",
        "callback",
        "call_event",
        "calendar",
        "agent",
    ):
        op.drop_table(table)


def _create_agent() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(64), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("max_misses", sa.Integer(), nullable=False),
        sa.Column("auto_answer", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
    )


def _create_calendar() -> None:
    op.create_table(
        "calendar",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_calendar"),
    )


def _create_call_event() -> None:
    op.create_table(
        "call_event",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("type", sa.String(48), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_event"),
        sa.UniqueConstraint("boot_id", "seq", name="uq_call_event_boot_id_seq"),
    )
    op.create_index("ix_call_event_contact", "call_event", ["contact_id", "seq"])


def _create_callback() -> None:
    op.create_table(
        "callback",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("queue_id", sa.String(64), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_callback"),
    )
    op.create_index("ix_callback_state", "callback", ["state"])


def _create_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("caller", sa.String(120)),
        sa.Column("called", sa.String(120), nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("order_number", sa.String(32)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("flow_id", sa.String(64)),
        sa.Column("flow_version", sa.Integer()),
        sa.Column("path", sa.JSON(), nullable=False),
        sa.Column("queue_id", sa.String(64)),
        sa.Column("agent_id", sa.String(64)),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("queued_at", sa.DateTime(timezone=True)),
        sa.Column("connected_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("wait_seconds", sa.Float()),
        sa.Column("talk_seconds", sa.Float()),
        sa.Column("outcome", sa.String(24)),
        sa.Column("end_reason", sa.String(120)),
        sa.Column("disposition", sa.String(64)),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_agent_id", "contact", ["agent_id"])
    op.create_index("ix_contact_boot_open", "contact", ["boot_id", "ended_at"])
    op.create_index("ix_contact_caller", "contact", ["caller"])
    op.create_index("ix_contact_customer_id", "contact", ["customer_id"])
    op.create_index("ix_contact_started_at", "contact", ["started_at"])


def _create_disposition() -> None:
    op.create_table(
        "disposition",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_disposition"),
    )


def _create_endpoint() -> None:
    op.create_table(
        "endpoint",
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("display_name", sa.String(120), nullable=False),
        sa.Column("ha1_md5", sa.String(32), nullable=False),
        sa.Column("ha1_sha256", sa.String(64), nullable=False),
        sa.Column("realm", sa.String(120), nullable=False),
        sa.Column("may_dial_out", sa.Boolean(), nullable=False),
        sa.Column("number_plan", sa.JSON(), nullable=False),
        sa.Column("max_calls", sa.Integer(), nullable=False),
        sa.Column("max_calls_per_hour", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_endpoint"),
    )


def _create_flow() -> None:
    op.create_table(
        "flow",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("published_version", sa.Integer()),
        sa.Column("draft", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_flow"),
    )


def _create_node_boot() -> None:
    op.create_table(
        "node_boot",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("node", sa.String(255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_node_boot"),
    )


def _create_pause_reason() -> None:
    op.create_table(
        "pause_reason",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pause_reason"),
    )


def _create_queue() -> None:
    op.create_table(
        "queue",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("recording", sa.Boolean(), nullable=False),
        sa.Column("music", sa.String(1024), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queue"),
    )


def _create_recording() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("path", sa.String(1024), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("seconds", sa.Float()),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("error", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
    )
    op.create_index("ix_recording_contact_id", "recording", ["contact_id"])


def _create_registration() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("contact_uri", sa.String(1024), nullable=False),
        sa.Column("instance", sa.String(255), nullable=False),
        sa.Column("call_id", sa.String(255), nullable=False),
        sa.Column("cseq", sa.BigInteger(), nullable=False),
        sa.Column("q", sa.Float(), nullable=False),
        sa.Column("transport", sa.String(8), nullable=False),
        sa.Column("source_host", sa.String(64), nullable=False),
        sa.Column("source_port", sa.Integer(), nullable=False),
        sa.Column("local", sa.String(80), nullable=False),
        sa.Column("user_agent", sa.String(255), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
    )
    op.create_index("ix_registration_username", "registration", ["username"])


def _create_trunk() -> None:
    op.create_table(
        "trunk",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("transport", sa.String(8), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("realm", sa.String(120), nullable=False),
        sa.Column("username", sa.String(120), nullable=False),
        sa.Column("password_file", sa.String(1024), nullable=False),
        sa.Column("register", sa.Boolean(), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("max_calls", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trunk"),
    )


def _create_voicemail() -> None:
    op.create_table(
        "voicemail",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("caller", sa.String(120)),
        sa.Column("recording_id", sa.String(64), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_voicemail"),
    )
    op.create_index("ix_voicemail_contact_id", "voicemail", ["contact_id"])


def _create_agent_status() -> None:
    op.create_table(
        "agent_status",
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("pause_reason", sa.String(64)),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name="fk_agent_status_agent_id_agent", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("agent_id", name="pk_agent_status"),
    )


def _create_did() -> None:
    op.create_table(
        "did",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("flow_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.id"], name="fk_did_flow_id_flow"),
        sa.PrimaryKeyConstraint("number", name="pk_did"),
    )


def _create_flow_version() -> None:
    op.create_table(
        "flow_version",
        sa.Column("flow_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flow_id"], ["flow.id"], name="fk_flow_version_flow_id_flow", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("flow_id", "version", name="pk_flow_version"),
    )


def _create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("queue_id", sa.String(64), nullable=False),
        sa.Column("agent_id", sa.String(64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name="fk_membership_agent_id_agent", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["queue_id"], ["queue.id"], name="fk_membership_queue_id_queue", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("queue_id", "agent_id", name="pk_membership"),
    )


def _create_segment() -> None:
    op.create_table(
        "segment",
        sa.Column("contact_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("queue_id", sa.String(64)),
        sa.Column("agent_id", sa.String(64)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.String(40)),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name="fk_segment_contact_id_contact", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contact_id", "number", name="pk_segment"),
    )
