"""The account under which a visitor of a shop's page calls, and acts in the control API."""

from pbx.contract.browser_token import TAKE_BACK

_PREFIX = "guest-"


def guest_account(visitor: str) -> str:
    """The visitor's account: its SIP user name, and its name in the header Comptoir-Actor."""
    return _PREFIX + visitor


def account_visitor(account: str) -> str | None:
    """The visitor of a guest's account; None for any other."""
    visitor = account.removeprefix(_PREFIX)
    return visitor if visitor and visitor != account else None


def is_reserved(name: str) -> bool:
    """Whether no phone, agent, queue or number may be called so: it means something else to the dial plan."""
    return name.lower() == TAKE_BACK or name.lower().startswith(_PREFIX)
