"""Demonstration logins: an admin, a supervisor, and three agents who each speak another language."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from agent_ui.logins.model import Language, Preferences, Role
from agent_ui.logins.passwords import Passwords
from agent_ui.logins.services import Actor, NewLogin, add_login
from agent_ui.logins.store import login_by_username, set_password_hash

PEOPLE: tuple[tuple[str, str, Role, Language, bool], ...] = (
    ("admin", "Ada Admin", "admin", "en", False),
    ("supervisor", "Sam Supervisor", "supervisor", "en", False),
    ("alice", "Alice Martin", "agent", "en", True),
    ("benoit", "Benoît Girard", "agent", "fr", True),
    ("carla", "Carla Nogueira", "agent", "pt", True),
)
"""User name, name, role, language, and whether an agent of that id takes calls."""


def load(session: Session, _seed: int) -> str:
    """Make the logins that do not exist yet, with generated passwords that only the answer has."""
    passwords = Passwords()
    lines = []
    for username, name, role, language, takes_calls in PEOPLE:
        if login_by_username(session, username):
            continue
        agent_id = username if takes_calls else None
        new = NewLogin(username, name, role, agent_id, Preferences(language=language))
        made = add_login(session, passwords, new, Actor("demo"), datetime.now(UTC))
        # Whoever tries the demonstration signs in as five people: no new password is asked of each.
        set_password_hash(session, made.login.id, passwords.hash(made.password), must_change=False)
        lines.append(f"  {username:<12} {made.password:<25} {role}, {language}")
    if not lines:
        return "The pages' logins are there already."
    return "\n".join(("Logins of the pages (shown only now; `comptoir user passwd` makes new ones):", *lines))
