"""How large a discount somebody who is signed in may give."""

from agent_ui.logins.model import Login
from config.settings import WebSettings


def discount_limit_of(login: Login, settings: WebSettings) -> int:
    """In basis points of a cart: the person's own limit, or else their role's."""
    return role_limit(login, settings) if login.discount_limit is None else login.discount_limit


def role_limit(login: Login, settings: WebSettings) -> int:
    """The limit of people with this role who have none of their own."""
    if login.role == "agent":
        return settings.agent_discount_limit
    return settings.supervisor_discount_limit
