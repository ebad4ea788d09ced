"""What is kept of co-browsing: what customers agreed to, under which policy, which sessions and replays there were,
and who watched replays and heard recordings.

Nothing of a page is kept here; replays are files. The records of consent and of who watched are only ever added to.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from config.columns import Key, Moment, Serial
from config.database import metadata

cobrowse_policy = Table(
    "cobrowse_policy",
    metadata,
    Column("site", Key, nullable=False),
    Column("version", Integer, nullable=False),
    Column("share", Text, nullable=False),
    Column("pay", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("site", "version", name="pk_cobrowse_policy"),
)

cobrowse_session = Table(
    "cobrowse_session",
    metadata,
    Column("id", Key, primary_key=True),
    Column("contact", Key, nullable=False),
    Column("visitor", Key, nullable=False),
    Column("site", Key, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("end_reason", String(40)),
    Column("stripped", Integer, nullable=False),
    Index("ix_cobrowse_session_contact", "contact"),
)

cobrowse_consent = Table(
    "cobrowse_consent",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("session", Key, nullable=False),
    Column("contact", Key, nullable=False),
    Column("visitor", Key, nullable=False),
    Column("action", String(20), nullable=False),
    Column("tier", String(40), nullable=False),
    Column("by", Key, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Index("ix_cobrowse_consent_contact", "contact"),
)

cobrowse_replay = Table(
    "cobrowse_replay",
    metadata,
    Column("session", Key, primary_key=True),
    Column("contact", Key, nullable=False),
    Column("site", Key, nullable=False),
    Column("file", String(255), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("state", String(16), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("deleted_at", Moment),
    Index("ix_cobrowse_replay_contact", "contact"),
    Index("ix_cobrowse_replay_started_at", "started_at"),
)

recording_watch = Table(
    "recording_watch",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("login", Key, nullable=False),
    Column("action", String(16), nullable=False),
    Column("contact", Key, nullable=False),
    Column("subject", Key, nullable=False),
    Column("address", String(64), nullable=False),
    Index("ix_recording_watch_contact", "contact"),
)
