"""Brings the database's schema up to date, and tells how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


@dataclass(frozen=True)
class SchemaState:
    """The revision the database has, None for an empty one, and the newest one there is."""

    current: str | None
    newest: str | None

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is left to do."""
        return self.current == self.newest


def upgrade(engine: Engine) -> SchemaState:
    """Run every missing migration in one transaction; return the state before.

    Raises sqlalchemy.exc.SQLAlchemyError.
    """
    if engine.url.get_backend_name() == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        before = _state(connection)
        if not before.up_to_date:
            with _tables_may_be_replaced(connection):
                command.upgrade(_alembic(connection), "head")
                connection.commit()
    return before


def schema_state(engine: Engine) -> SchemaState:
    """Compare the database with the migrations. Raises sqlalchemy.exc.SQLAlchemyError."""
    with engine.connect() as connection:
        return _state(connection)


@contextmanager
def _tables_may_be_replaced(connection: Connection) -> Iterator[None]:
    """Keep SQLite's foreign keys from emptying tables whose parent a migration replaces by a copy of it.

    SQLite cannot alter a constraint: a migration makes a new table, and dropping the old one would delete, row by
    row, whatever refers to it ("Making Other Kinds Of Table Schema Changes", sqlite.org/lang_altertable.html).
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def _state(connection: Connection) -> SchemaState:
    scripts = ScriptDirectory.from_config(_alembic(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()  # ends the transaction that the look-up began
    return SchemaState(current, scripts.get_current_head())


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
