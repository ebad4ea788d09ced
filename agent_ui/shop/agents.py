"""Agents as customers know them: by their first name."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_ui.tables import login


def first_names(session: Session, agent_ids: Iterable[str]) -> dict[str, str]:
    """First names by agent's id; who is gone is left out."""
    wanted = set(agent_ids)
    if not wanted:
        return {}
    query = select(login.c.agent_id, login.c.name).where(login.c.agent_id.in_(wanted))
    return {row.agent_id: row.name.split()[0] for row in session.execute(query) if row.name.strip()}
