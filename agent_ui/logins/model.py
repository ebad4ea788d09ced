"""A login: who signs in, what they may do, and how they like the pages."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from agent_ui.logins.errors import InvalidUsername
from orders.model.text import LANGUAGES, Language

Role = Literal["agent", "supervisor", "admin"]
Theme = Literal["auto", "light", "dark"]

ROLES: tuple[Role, ...] = get_args(Role)
THEMES: tuple[Theme, ...] = get_args(Theme)

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """How a person likes the pages."""

    language: Language = "en"
    theme: Theme = "auto"
    ring_sound: bool = True
    shortcuts: bool = True


@dataclass(frozen=True, slots=True)
class Login:
    """Someone who may sign in. `agent_id` names the agent whose desk they see, if they take calls.

    `must_change` asks for a new password at the next sign-in: the present one was generated or reset.
    `discount_limit` is the largest discount they may give in basis points; None leaves it to their role.
    """

    id: str
    username: str
    name: str
    role: Role
    agent_id: str | None
    preferences: Preferences
    must_change: bool
    enabled: bool
    created_at: datetime
    last_login_at: datetime | None = None
    discount_limit: int | None = None

    @property
    def sees_wallboard(self) -> bool:
        """Whether live data of all agents and contacts may be shown."""
        return self.role in ("supervisor", "admin")

    @property
    def manages_users(self) -> bool:
        """Whether logins may be created, disabled and reset."""
        return self.role == "admin"


def plain_username(written: str) -> str:
    """The user name as it is stored: lower case, no spaces around it.

    Raises:
        InvalidUsername: not 2 to 32 of a-z, 0-9, dot, dash, underscore, starting with a letter or digit.
    """
    username = written.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise InvalidUsername("a user name is 2 to 32 letters a-z, digits, dots, dashes or underscores")
    return username


__all__ = [
    "LANGUAGES",
    "ROLES",
    "THEMES",
    "Language",
    "Login",
    "Preferences",
    "Role",
    "Theme",
    "plain_username",
]
