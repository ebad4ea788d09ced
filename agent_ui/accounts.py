"""The pages' part of an account, a `config.accounts.AccountProvider`: a login with a generated password."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from agent_ui.logins.errors import LoginError
from agent_ui.logins.model import Preferences, plain_username
from agent_ui.logins.passwords import Passwords
from agent_ui.logins.services import Actor, NewLogin, add_login, reset_password
from agent_ui.logins.store import all_logins, login_by_username
from config.accounts import AccountFact, AccountRefused, Credential, NewAccount

KIND = "pages"

_CONSOLE = Actor("console")


def add(session: Session, account: NewAccount) -> Credential:
    """Make a login; the password is to be changed at the first sign-in.

    Raises:
        AccountRefused: the user name is not one, or taken.
    """
    new = NewLogin(
        username=account.username,
        name=account.name,
        role=account.role,
        agent_id=account.username if account.phone_user else None,
        preferences=Preferences(language=account.language),
    )
    try:
        made = add_login(session, Passwords(), new, _CONSOLE, datetime.now(UTC))
    except LoginError as error:
        raise AccountRefused(error.id, error.detail, **error.params) from None
    return Credential(KIND, made.login.username, made.password)


def passwd(session: Session, username: str) -> Credential | None:
    """Give a login a new generated password and end its sessions; None if there is no such login."""
    try:
        if login_by_username(session, plain_username(username)) is None:
            return None
    except LoginError:
        return None
    made = reset_password(session, Passwords(), username, _CONSOLE, datetime.now(UTC))
    return Credential(KIND, made.login.username, made.password)


def facts(session: Session) -> Iterator[AccountFact]:
    """Role, language and whether the login is enabled."""
    for login in all_logins(session):
        yield AccountFact(login.username, "role", login.role)
        yield AccountFact(login.username, "language", login.preferences.language)
        if not login.enabled:
            yield AccountFact(login.username, "login", "disabled")
