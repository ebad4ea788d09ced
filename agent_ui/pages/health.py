"""Whether the pages work."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.orm import Session

from agent_ui.wiring import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[dict[str, bool], int]:
    """200 when the database answers; a telephone system that is away is told, and not the pages' fault."""
    database = _database_answers()
    state = {
        "database": database,
        "telephone_system": services().feed.up,
        "front_end": services().assets.built,
    }
    return state, 200 if database else 503


def _database_answers() -> bool:
    def ask(session: Session) -> None:
        session.execute(text("select 1"))

    try:
        services().storage.run(ask)
    except Exception:
        return False
    return True
