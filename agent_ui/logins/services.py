"""What can be done with logins: each function is one transaction's work in the caller's session."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from agent_ui.logins import sessions, store
from agent_ui.logins.errors import (
    InvalidUsername,
    LoginNotFound,
    OwnLogin,
    UsernameTaken,
    WrongCredentials,
    WrongPassword,
)
from agent_ui.logins.model import Login, Preferences, Role, plain_username
from agent_ui.logins.passwords import Passwords, check_strength, generated_password
from agent_ui.logins.sessions import Browser
from agent_ui.tables import login_audit


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A login to be made."""

    username: str
    name: str
    role: Role
    agent_id: str | None = None
    preferences: Preferences = field(default_factory=Preferences)


@dataclass(frozen=True, slots=True)
class Generated:
    """A login and its generated password, which is shown once and kept nowhere."""

    login: Login
    password: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something to logins, and from where."""

    username: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token goes into the cookie."""

    token: str
    login: Login


def sign_in(
    session: Session,
    passwords: Passwords,
    credentials: tuple[str, str],
    now: datetime,
    lifetime: timedelta,
    browser: Browser,
) -> SignedIn:
    """Open a session for a user name and password. An unknown user takes as long as a wrong password.

    Raises:
        WrongCredentials: they do not belong together, or the login is disabled.
    """
    username, password = credentials
    found = _known(session, username)
    stored = store.password_hash_of(session, found.id) if found else None
    if not passwords.matches(stored, password) or found is None or not found.enabled or stored is None:
        raise WrongCredentials("the user name or the password is wrong")
    if passwords.is_outdated(stored):
        store.set_password_hash(session, found.id, passwords.hash(password), found.must_change)
    sessions.forget_expired(session, now)
    store.set_last_login(session, found.id, now)
    _note(session, Actor(found.username, browser.address), "login.signed_in", found.username, now)
    return SignedIn(sessions.open_session(session, found.id, now, lifetime, browser), found)


def add_login(
    session: Session, passwords: Passwords, new: NewLogin, actor: Actor, now: datetime
) -> Generated:
    """Make a login with a generated password, to be changed at the first sign-in.

    Raises:
        InvalidUsername, UsernameTaken.
    """
    username = plain_username(new.username)
    if store.login_by_username(session, username):
        raise UsernameTaken(f"the user name {username} is taken", username=username)
    name = new.name.strip() or username
    made = Login(
        uuid4().hex, username, name, new.role, new.agent_id, new.preferences, True, True, created_at=now
    )
    password = generated_password()
    store.add_login(session, made, passwords.hash(password))
    _note(session, actor, "login.added", username, now)
    return Generated(made, password)


def reset_password(
    session: Session, passwords: Passwords, username: str, actor: Actor, now: datetime
) -> Generated:
    """Give a login a new generated password and end its sessions.

    Raises:
        LoginNotFound.
    """
    found = _known(session, username)
    if found is None:
        raise LoginNotFound("no login has this user name")
    password = generated_password()
    store.set_password_hash(session, found.id, passwords.hash(password), must_change=True)
    sessions.close_sessions_of(session, found.id)
    _note(session, actor, "login.password_reset", found.username, now)
    return Generated(found, password)


def change_password(
    session: Session,
    passwords: Passwords,
    visit: sessions.Visit,
    change: tuple[str, str],
    now: datetime,
) -> None:
    """Replace one's own password (`change` is the present and the new one); other sessions end.

    Raises:
        WrongPassword, WeakPassword.
    """
    present, wanted = change
    login = visit.login
    if not passwords.matches(store.password_hash_of(session, login.id), present):
        raise WrongPassword("the present password is wrong")
    check_strength(wanted, login.username)
    store.set_password_hash(session, login.id, passwords.hash(wanted), must_change=False)
    sessions.close_sessions_of(session, login.id, but=visit.session_id)
    _note(session, Actor(login.username), "login.password_changed", login.username, now)


def set_enabled(session: Session, login_id: str, enabled: bool, actor: Actor, now: datetime) -> Login:
    """Allow or forbid a login; forbidding ends its sessions.

    Raises:
        LoginNotFound, OwnLogin.
    """
    found = store.login_by_id(session, login_id)
    if found.username == actor.username:
        raise OwnLogin("nobody may disable their own login")
    store.set_enabled(session, login_id, enabled)
    if not enabled:
        sessions.close_sessions_of(session, login_id)
    _note(session, actor, "login.enabled" if enabled else "login.disabled", found.username, now)
    return store.login_by_id(session, login_id)


def set_discount_limit(
    session: Session, login_id: str, basis_points: int | None, actor: Actor, now: datetime
) -> Login:
    """Say how large a discount a person may give (basis points); None leaves it to their role.

    Raises:
        LoginNotFound.
    """
    found = store.login_by_id(session, login_id)
    store.set_discount_limit(session, login_id, basis_points)
    _note(session, actor, "login.discount_limit_set", found.username, now)
    return store.login_by_id(session, login_id)


def note_failed_sign_in(session: Session, username: str, address: str, now: datetime) -> None:
    """Leave a trace of a failed sign-in of a login that exists; what others typed is not kept."""
    found = _known(session, username)
    if found:
        _note(session, Actor("", address), "login.refused", found.username, now)


def note_softphone(session: Session, username: str, address: str, phone: str, now: datetime) -> None:
    """Leave a trace of a session that began to use its page as this phone."""
    _note(session, Actor(username, address), "softphone.used", phone, now)


def _known(session: Session, written: str) -> Login | None:
    try:
        return store.login_by_username(session, plain_username(written))
    except InvalidUsername:
        return None


def _note(session: Session, actor: Actor, action: str, subject: str, now: datetime) -> None:
    session.execute(
        insert(login_audit).values(
            at=now, actor=actor.username, action=action, subject=subject, address=actor.address[:64]
        )
    )
