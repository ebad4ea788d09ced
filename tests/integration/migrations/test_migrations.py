"""The migrations, up and down, on both databases."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from config.database import metadata

MIGRATIONS = Path(__file__).parents[3] / "migrations"
TABLES = ("orders.adapters.tables", "pbx.tables", "agent_ui.tables")


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'shop.db'}" if sqlite else request.getfixturevalue("postgres_url")
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def revisions() -> list[str]:
    script = ScriptDirectory(str(MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_the_history_is_one_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert len(script.get_heads()) == 1
    assert revisions()[0] == "0001"


def test_the_migrated_schema_is_what_the_tables_say(connection: Connection) -> None:
    for module in TABLES:
        import_module(module)

    command.upgrade(alembic(connection), "head")

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []


def test_every_step_down_removes_what_its_step_up_made(connection: Connection) -> None:
    for revision in revisions():
        before = tables(connection)
        command.upgrade(alembic(connection), revision)
        assert tables(connection) != before
        command.downgrade(alembic(connection), "-1")
        assert tables(connection) == before
        command.upgrade(alembic(connection), revision)


def test_going_down_to_nothing_leaves_nothing_and_up_again_works(connection: Connection) -> None:
    command.upgrade(alembic(connection), "head")
    everything = tables(connection)

    command.downgrade(alembic(connection), "base")
    left = tables(connection)
    command.upgrade(alembic(connection), "head")

    assert left == set()
    assert tables(connection) == everything
