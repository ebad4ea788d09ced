"""Who may sign in to the pages, their sessions, and the trail of what happened to both.

Times are UTC with time zone. Passwords are Argon2id hashes; of a session only a hash of its token is kept.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text

import agent_ui.cobrowse.tables  # noqa: F401 - the metadata is not whole without them
from config.columns import Key, Moment, Serial
from config.database import metadata

login = Table(
    "login",
    metadata,
    Column("id", Key, primary_key=True),
    Column("username", Key, nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("role", String(16), nullable=False),
    Column("agent_id", Key),
    Column("discount_limit", Integer),
    Column("language", String(2), nullable=False),
    Column("theme", String(8), nullable=False),
    Column("ring_sound", Boolean, nullable=False),
    Column("shortcuts", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_login_at", Moment),
)

login_session = Table(
    "login_session",
    metadata,
    Column("id", Key, primary_key=True),
    Column("login_id", Key, ForeignKey("login.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("address", String(64), nullable=False),
    Column("user_agent", Text, nullable=False),
)

login_audit = Table(
    "login_audit",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("actor", Key, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", Key, nullable=False),
    Column("address", String(64), nullable=False),
)
