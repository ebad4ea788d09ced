"""Alembic's environment: runs the migrations on the connection it is given, or on the configured URL."""

from alembic import context
from sqlalchemy import Connection, create_engine

from config.database import metadata


def run(connection: Connection) -> None:
    """Run the migrations that were asked for in one transaction."""
    # Batch mode only changes SQLite, which cannot alter a table's constraints in place.
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(context.config.get_main_option("sqlalchemy.url") or "").connect() as connection:
        run(connection)
