"""Logins in the database. Every function works within the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from agent_ui.logins.errors import LoginNotFound
from agent_ui.logins.model import Login, Preferences
from agent_ui.tables import login


def login_by_id(session: Session, login_id: str) -> Login:
    """The login with this id.

    Raises:
        LoginNotFound: there is none.
    """
    row = session.execute(select(login).where(login.c.id == login_id)).one_or_none()
    if row is None:
        raise LoginNotFound(f"no login has the id {login_id}")
    return login_of(row)


def login_by_username(session: Session, username: str) -> Login | None:
    """The login with this user name, in its stored form, if there is one."""
    row = session.execute(select(login).where(login.c.username == username)).one_or_none()
    return login_of(row) if row else None


def all_logins(session: Session) -> tuple[Login, ...]:
    """Every login, by user name."""
    return tuple(login_of(row) for row in session.execute(select(login).order_by(login.c.username)))


def password_hash_of(session: Session, login_id: str) -> str | None:
    """The stored password hash."""
    return session.execute(select(login.c.password_hash).where(login.c.id == login_id)).scalar_one_or_none()


def add_login(session: Session, new: Login, password_hash: str) -> None:
    """Store a new login."""
    session.execute(
        insert(login).values(
            id=new.id,
            username=new.username,
            name=new.name,
            password_hash=password_hash,
            must_change=new.must_change,
            role=new.role,
            agent_id=new.agent_id,
            enabled=new.enabled,
            created_at=new.created_at,
            last_login_at=new.last_login_at,
            **_columns_of(new.preferences),
        )
    )


def set_password_hash(session: Session, login_id: str, password_hash: str, must_change: bool) -> None:
    """Replace the password hash."""
    _update(session, login_id, password_hash=password_hash, must_change=must_change)


def set_preferences(session: Session, login_id: str, preferences: Preferences) -> None:
    """Replace the preferences."""
    _update(session, login_id, **_columns_of(preferences))


def set_enabled(session: Session, login_id: str, enabled: bool) -> None:
    """Allow or forbid to sign in."""
    _update(session, login_id, enabled=enabled)


def set_discount_limit(session: Session, login_id: str, basis_points: int | None) -> None:
    """Replace the largest discount the person may give."""
    _update(session, login_id, discount_limit=basis_points)


def set_last_login(session: Session, login_id: str, at: datetime) -> None:
    """Note a sign-in."""
    _update(session, login_id, last_login_at=at)


def login_of(row: Row[Any]) -> Login:
    """The login in a row that holds the table's columns."""
    return Login(
        id=row.id,
        username=row.username,
        name=row.name,
        role=row.role,
        agent_id=row.agent_id,
        preferences=Preferences(row.language, row.theme, row.ring_sound, row.shortcuts),
        must_change=row.must_change,
        enabled=row.enabled,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
        discount_limit=row.discount_limit,
    )


def _columns_of(preferences: Preferences) -> dict[str, Any]:
    return {
        "language": preferences.language,
        "theme": preferences.theme,
        "ring_sound": preferences.ring_sound,
        "shortcuts": preferences.shortcuts,
    }


def _update(session: Session, login_id: str, **values: Any) -> None:
    session.execute(update(login).where(login.c.id == login_id).values(**values))
