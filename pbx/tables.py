"""The telephony side of the database.

Times are UTC with time zone. Documents (flows, calendars, queue settings) are JSON that the pure packages
validate before they are stored. Passwords are never here: endpoints keep digest HA1 values (RFC 7616 3.4.2),
trunks name the file that holds their secret.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from config.columns import Key, Moment, Serial
from config.database import metadata

node_boot = Table(
    "node_boot",
    metadata,
    Column("id", Key, primary_key=True),
    Column("node", String(255), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("heartbeat_at", Moment, nullable=False),
    Column("stopped_at", Moment),
)

agent = Table(
    "agent",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("phone", Key, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("max_misses", Integer, nullable=False),
    Column("auto_answer", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

endpoint = Table(
    "endpoint",
    metadata,
    Column("username", Key, primary_key=True),
    Column("display_name", String(120), nullable=False),
    Column("ha1_md5", String(32), nullable=False),
    Column("ha1_sha256", String(64), nullable=False),
    Column("realm", String(120), nullable=False),
    Column("may_dial_out", Boolean, nullable=False),
    Column("number_plan", JSON, nullable=False),
    Column("max_calls", Integer, nullable=False),
    Column("max_calls_per_hour", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

registration = Table(
    "registration",
    metadata,
    Column("id", Key, primary_key=True),
    Column("username", Key, nullable=False, index=True),
    Column("contact_uri", String(1024), nullable=False),
    Column("instance", String(255), nullable=False, default=""),
    Column("call_id", String(255), nullable=False),
    Column("cseq", BigInteger, nullable=False),
    Column("q", Float, nullable=False),
    Column("transport", String(8), nullable=False),
    Column("source_host", String(64), nullable=False),
    Column("source_port", Integer, nullable=False),
    Column("local", String(80), nullable=False),
    Column("user_agent", String(255), nullable=False, default=""),
    Column("registered_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

trunk = Table(
    "trunk",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("host", String(255), nullable=False),
    Column("port", Integer, nullable=False),
    Column("transport", String(8), nullable=False),
    Column("addresses", JSON, nullable=False),
    Column("realm", String(120), nullable=False),
    Column("username", String(120), nullable=False),
    Column("password_file", String(1024), nullable=False),
    Column("register", Boolean, nullable=False),
    Column("caller", String(64), nullable=False),
    Column("max_calls", Integer, nullable=False),
    Column("enabled", Boolean, nullable=False),
)

flow = Table(
    "flow",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("published_version", Integer),
    Column("draft", JSON),
)

flow_version = Table(
    "flow_version",
    metadata,
    Column("flow_id", Key, ForeignKey("flow.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", JSON, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("published_by", Key, nullable=False),
    Column("note", Text, nullable=False),
)

did = Table(
    "did",
    metadata,
    Column("number", Key, primary_key=True),
    Column("label", String(120), nullable=False),
    Column("flow_id", Key, ForeignKey("flow.id"), nullable=False),
    Column("language", String(2), nullable=False),
    Column("public", Boolean, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("name", Key, primary_key=True),
    Column("document", JSON, nullable=False),
)

queue = Table(
    "queue",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("recording", Boolean, nullable=False),
    Column("music", String(1024), nullable=False),
)

membership = Table(
    "membership",
    metadata,
    Column("queue_id", Key, ForeignKey("queue.id", ondelete="CASCADE"), primary_key=True),
    Column("agent_id", Key, ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True),
    Column("level", Integer, nullable=False),
)

pause_reason = Table(
    "pause_reason",
    metadata,
    Column("id", Key, primary_key=True),
    Column("labels", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

disposition = Table(
    "disposition",
    metadata,
    Column("id", Key, primary_key=True),
    Column("labels", JSON, nullable=False),
    Column("position", Integer, nullable=False),
)

agent_status = Table(
    "agent_status",
    metadata,
    Column("agent_id", Key, ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("pause_reason", Key),
    Column("since", Moment, nullable=False),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Key, primary_key=True),
    Column("boot_id", Key, nullable=False),
    Column("channel", String(8), nullable=False),
    Column("direction", String(8), nullable=False),
    Column("caller", String(120)),
    Column("called", String(120), nullable=False),
    Column("customer_id", Key, index=True),
    Column("order_number", String(32)),
    Column("language", String(2), nullable=False),
    Column("flow_id", Key),
    Column("flow_version", Integer),
    Column("path", JSON, nullable=False),
    Column("queue_id", Key),
    Column("agent_id", Key, index=True),
    Column("priority", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("queued_at", Moment),
    Column("connected_at", Moment),
    Column("ended_at", Moment),
    Column("wait_seconds", Float),
    Column("talk_seconds", Float),
    Column("outcome", String(24)),
    Column("end_reason", String(120)),
    Column("disposition", Key),
    Column("note", Text),
    Index("ix_contact_boot_open", "boot_id", "ended_at"),
    Index("ix_contact_caller", "caller"),
    Index("ix_contact_started_at", "started_at"),
)

segment = Table(
    "segment",
    metadata,
    Column("contact_id", Key, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("queue_id", Key),
    Column("agent_id", Key),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(40)),
)

call_event = Table(
    "call_event",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("boot_id", Key, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("contact_id", Key),
    Column("at", Moment, nullable=False),
    Column("type", String(48), nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("boot_id", "seq"),
    Index("ix_call_event_contact", "contact_id", "seq"),
)

recording = Table(
    "recording",
    metadata,
    Column("id", Key, primary_key=True),
    Column("contact_id", Key, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("seconds", Float),
    Column("state", String(16), nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("error", String(255), nullable=False),
    Column("deleted_at", Moment),
    Index("ix_recording_started_at", "started_at"),
)

voicemail = Table(
    "voicemail",
    metadata,
    Column("id", Key, primary_key=True),
    Column("contact_id", Key, nullable=False, index=True),
    Column("mailbox", Key, nullable=False),
    Column("caller", String(120)),
    Column("recording_id", Key, nullable=False),
    Column("left_at", Moment, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("heard_at", Moment),
)

callback = Table(
    "callback",
    metadata,
    Column("id", Key, primary_key=True),
    Column("contact_id", Key, nullable=False),
    Column("queue_id", Key, nullable=False),
    Column("number", String(64), nullable=False),
    Column("customer_id", Key),
    Column("visitor", Key),
    Column("site", Key),
    Column("language", String(2), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Index("ix_callback_state", "state"),
)
