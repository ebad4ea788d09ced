"""Reads and writes the tables; each function is one step of a transaction."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as Database

from agent_ui.cobrowse.parties import About
from agent_ui.cobrowse.policy import MaskPolicy, checked
from agent_ui.cobrowse.tables import cobrowse_consent, cobrowse_policy, cobrowse_session


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One line of the record: what was asked, answered or taken back, by whom, under which policy."""

    at: datetime
    session: str
    action: str
    tier: str
    by: str
    policy_version: int


def policy_of(database: Database, site: str) -> MaskPolicy:
    """A site's policy as it stands; a site that says nothing shares nothing."""
    newest = cobrowse_policy.c.version.desc()
    row = database.execute(
        select(cobrowse_policy).where(cobrowse_policy.c.site == site).order_by(newest).limit(1)
    ).one_or_none()
    if row is None:
        return MaskPolicy(site, 0)
    return MaskPolicy(site, row.version, tuple(json.loads(row.share)), tuple(json.loads(row.pay)))


def set_policy(
    database: Database, site: str, share: tuple[str, ...], pay: tuple[str, ...], now: datetime
) -> MaskPolicy:
    """A new version of a site's policy; earlier ones stay. Raises ValueError for what is no rule."""
    version = policy_of(database, site).version + 1
    texts = {"share": json.dumps(checked(share)), "pay": json.dumps(checked(pay))}
    database.execute(insert(cobrowse_policy).values(site=site, version=version, created_at=now, **texts))
    return MaskPolicy(site, version, share, pay)


def add_session(database: Database, about: About, now: datetime) -> None:
    """A session has begun."""
    database.execute(
        insert(cobrowse_session).values(
            id=about.id,
            contact=about.contact,
            visitor=about.visitor,
            site=about.policy.site,
            policy_version=about.policy.version,
            started_at=now,
            stripped=0,
        )
    )


def end_session(database: Database, session_id: str, reason: str, stripped: int, now: datetime) -> None:
    """A session is over."""
    database.execute(
        update(cobrowse_session)
        .where(cobrowse_session.c.id == session_id)
        .values(ended_at=now, end_reason=reason, stripped=stripped)
    )


def add_consent(database: Database, about: About, entry: ConsentEntry) -> None:
    """One more line of the record."""
    database.execute(
        insert(cobrowse_consent).values(
            at=entry.at,
            session=about.id,
            contact=about.contact,
            visitor=about.visitor,
            action=entry.action,
            tier=entry.tier,
            by=entry.by,
            policy_version=about.policy.version,
        )
    )


def consent_of(database: Database, contact: str) -> tuple[ConsentEntry, ...]:
    """A contact's record, in order."""
    rows = database.execute(
        select(cobrowse_consent).where(cobrowse_consent.c.contact == contact).order_by(cobrowse_consent.c.id)
    )
    return tuple(
        ConsentEntry(row.at, row.session, row.action, row.tier, row.by, row.policy_version) for row in rows
    )
