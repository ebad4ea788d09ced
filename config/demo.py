"""Loads demonstration data: each package brings its own part, all in one transaction."""

from collections.abc import Mapping

from sqlalchemy import Engine, MetaData, Table, func, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from config.plugins import DEMO, required

VERSION_TABLE = "alembic_version"


def load_demo(sessions: sessionmaker[Session], seed: int) -> list[str]:
    """Run every part in the order of their names; return what each says. All is rolled back on an error."""
    with sessions.begin() as session:
        return [_told(load(session, seed)) for _name, load in required(DEMO)]


def _told(summary: object) -> str:
    """Write counts as words: "60 products, 40 open carts"."""
    if isinstance(summary, Mapping):
        return ", ".join(f"{count} {str(what).replace('_', ' ')}" for what, count in summary.items())
    return str(summary)


def already_loaded(engine: Engine) -> bool:
    """Whether any table holds a row: demonstration data never mixes with somebody's own."""
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != VERSION_TABLE]
        counts = (
            connection.scalar(select(func.count()).select_from(Table(name, MetaData()))) for name in names
        )
        return any(counts)
