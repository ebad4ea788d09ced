"""Customers' passwords: signing up, in, and out everywhere. Each function is part of a transaction."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agent_ui.logins.passwords import Passwords
from agent_ui.shop.tables import shop_login


class AddressTaken(Exception):
    """Somebody already signs in with this address of e-mail."""


Login = tuple[str, str]
"""A customer's id and the stamp of their login; what a session holds."""


def plain_email(written: str) -> str:
    """The address as it is compared."""
    return written.strip().lower()


def email_is_taken(session: Session, email: str) -> bool:
    """Whether somebody signs in with it."""
    return _by_email(session, email) is not None


def add_login(
    session: Session, passwords: Passwords, customer_id: str, email: str, password: str, now: datetime
) -> Login:
    """Let a customer sign in.

    Raises:
        AddressTaken: another one does with this address.
    """
    if email_is_taken(session, email):
        raise AddressTaken
    stamp = secrets.token_hex(16)
    row = {
        "customer_id": customer_id,
        "email": plain_email(email),
        "password_hash": passwords.hash(password),
        "stamp": stamp,
        "created_at": now,
    }
    try:
        session.execute(insert(shop_login).values(row))
    except IntegrityError:
        raise AddressTaken from None
    return customer_id, stamp


def sign_in(session: Session, passwords: Passwords, email: str, password: str) -> Login | None:
    """The login with this address and password; None takes as long."""
    row = _by_email(session, email)
    if not passwords.matches(row.password_hash if row else None, password) or row is None:
        return None
    return row.customer_id, row.stamp


def is_valid(session: Session, login: Login) -> bool:
    """Whether a session with this login still counts."""
    customer_id, stamp = login
    same = (shop_login.c.customer_id == customer_id) & (shop_login.c.stamp == stamp)
    return session.execute(select(shop_login.c.customer_id).where(same)).first() is not None


def end_sessions(session: Session, customer_id: str) -> None:
    """Sign the customer out of every browser."""
    mine = shop_login.c.customer_id == customer_id
    session.execute(update(shop_login).where(mine).values(stamp=secrets.token_hex(16)))


def has_login(session: Session, customer_id: str) -> bool:
    """Whether the customer can sign in."""
    query = select(shop_login.c.customer_id).where(shop_login.c.customer_id == customer_id)
    return session.execute(query).first() is not None


def _by_email(session: Session, email: str) -> Any:
    columns = (shop_login.c.customer_id, shop_login.c.password_hash, shop_login.c.stamp)
    found: Any = session.execute(select(*columns).where(shop_login.c.email == plain_email(email))).first()
    return found
