"""Sessions: the cookie carries a random token, the database a hash of it, so that it can be revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from agent_ui.logins.model import Login
from agent_ui.logins.store import login_of
from agent_ui.tables import login, login_session

TOUCH_AFTER = timedelta(minutes=1)
"""How stale `seen_at` may be; a write on every request would make readers wait for each other."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that is valid, and whose it is."""

    session_id: str
    login: Login


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a session was opened from."""

    address: str = ""
    user_agent: str = ""


def open_session(
    session: Session, login_id: str, now: datetime, lifetime: timedelta, browser: Browser
) -> str:
    """Start a session and return its token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(login_session).values(
            id=session_id_of(token),
            login_id=login_id,
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
            address=browser.address[:64],
            user_agent=browser.user_agent[:300],
        )
    )
    return token


def visit_of(session: Session, session_id: str, now: datetime) -> Visit | None:
    """The session with this id, if it has not expired or been revoked and its login is enabled."""
    found = session.execute(
        select(login, login_session.c.seen_at)
        .join(login_session, login_session.c.login_id == login.c.id)
        .where(login_session.c.id == session_id, login_session.c.expires_at > now, login.c.enabled)
    ).one_or_none()
    if found is None:
        return None
    if now - found.seen_at > TOUCH_AFTER:
        session.execute(update(login_session).where(login_session.c.id == session_id).values(seen_at=now))
    return Visit(session_id, login_of(found))


def valid_among(session: Session, session_ids: frozenset[str], now: datetime) -> frozenset[str]:
    """Which of these sessions are still valid."""
    rows = session.execute(
        select(login_session.c.id)
        .join(login, login_session.c.login_id == login.c.id)
        .where(login_session.c.expires_at > now, login.c.enabled)
    )
    return session_ids & frozenset(rows.scalars())


def sessions_of(session: Session, login_id: str) -> frozenset[str]:
    """The ids of all of a login's sessions."""
    rows = session.execute(select(login_session.c.id).where(login_session.c.login_id == login_id))
    return frozenset(rows.scalars())


def close_session(session: Session, session_id: str) -> None:
    """Revoke one session."""
    session.execute(delete(login_session).where(login_session.c.id == session_id))


def close_sessions_of(session: Session, login_id: str, but: str | None = None) -> None:
    """Revoke all of a login's sessions, except the one named by `but`."""
    condition = login_session.c.login_id == login_id
    session.execute(delete(login_session).where(condition, login_session.c.id != (but or "")))


def forget_expired(session: Session, now: datetime) -> None:
    """Remove the rows of sessions that have expired."""
    session.execute(delete(login_session).where(login_session.c.expires_at <= now))


def session_id_of(token: str) -> str:
    """The id under which a token's session is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
