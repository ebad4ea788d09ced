"""Demonstration logins of the shop: the three customers to call as can sign in."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from agent_ui.logins.passwords import Passwords, generated_password
from agent_ui.shop.logins import add_login, has_login
from orders.adapters.demo import DEMO_CALLERS


def load(session: Session, _seed: int) -> str:
    """Make the logins that do not exist yet; only the answer has the generated passwords."""
    passwords = Passwords()
    lines = []
    for caller in DEMO_CALLERS:
        if has_login(session, caller.customer_id):
            continue
        password = generated_password()
        add_login(session, passwords, caller.customer_id, caller.email, password, datetime.now(UTC))
        lines.append(f"  {caller.email:<34} {password:<25} {caller.name}, {caller.language}")
    if not lines:
        return "The shop's logins are there already."
    return "\n".join(("Logins of the shop's customers (shown only now):", *lines))
