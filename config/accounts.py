"""People's accounts: each package makes its own part of one (a login of the pages, an agent with a phone)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from sqlalchemy.orm import Session

from config.plugins import required

ACCOUNTS = "comptoir.accounts"
"""Entry points that are an `AccountProvider`, usually a module; asked in the order of their names."""

Role = Literal["agent", "supervisor", "admin"]
Language = Literal["en", "fr", "pt"]


class AccountRefused(Exception):
    """A provider cannot do what was asked; `id` is stable, `params` are values for a translated message."""

    def __init__(self, id_: str, detail: str, **params: str) -> None:
        super().__init__(detail)
        self.id = id_
        self.detail = detail
        self.params = params


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is to have an account.

    With a `phone_user` they take calls: they become the agent named like `username`, whose desk phone is the
    SIP endpoint of that name. Without one they only use the pages.
    """

    username: str
    name: str
    role: Role
    language: Language = "en"
    phone_user: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A generated password, shown once and kept nowhere. `kind` says for what: "pages" or "phone"."""

    kind: str
    username: str
    password: str


@dataclass(frozen=True, slots=True)
class AccountFact:
    """What a provider knows about an account, for the list: `fact` is "role", "login", "phone"..."""

    username: str
    fact: str
    value: str


class AccountProvider(Protocol):
    """One package's part. Nothing is committed here; whoever raises `AccountRefused` has changed nothing."""

    def add(self, session: Session, account: NewAccount) -> Credential | None:
        """Make this part of the account; None if it has none."""
        ...

    def passwd(self, session: Session, username: str) -> Credential | None:
        """Generate a new password for this part; None if the account has no such part."""
        ...

    def facts(self, session: Session) -> Iterable[AccountFact]:
        """What is known of every account."""
        ...


def providers() -> tuple[AccountProvider, ...]:
    """All providers. Raises ImportError or AttributeError for a broken entry point."""
    return tuple(cast(AccountProvider, provider) for _name, provider in required(ACCOUNTS))


def add_account(session: Session, account: NewAccount) -> tuple[Credential, ...]:
    """Make every part of an account.

    Raises:
        AccountRefused: a part cannot be made; the caller rolls back.
    """
    made = [provider.add(session, account) for provider in providers()]
    return tuple(credential for credential in made if credential is not None)


def reset_passwords(session: Session, username: str, kind: str | None = None) -> tuple[Credential, ...]:
    """Generate new passwords for an account, or only the one of this `kind`.

    Raises:
        AccountRefused: there is no such account.
    """
    made = [provider.passwd(session, username) for provider in _of_kind(kind)]
    credentials = tuple(credential for credential in made if credential is not None)
    if not credentials:
        raise AccountRefused("account.not_found", f"there is no account {username}", username=username)
    return credentials


def _of_kind(kind: str | None) -> Iterable[AccountProvider]:
    return [one for one in providers() if kind is None or getattr(one, "KIND", None) == kind]
