"""Who takes part in a contact, read from its view."""

from pbx.contract.resources import ContactView
from pbx.errors import NotAllowed


def check_in_call(view: ContactView, agent: str) -> None:
    """Only who talks in a call may act on it. Raises NotAllowed."""
    if not any(one.agent == agent and one.state in ("connected", "held") for one in view.participants):
        raise NotAllowed("You are not in this call.", contact=view.id)
