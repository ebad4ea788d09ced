"""Does the database answer, and is its schema up to date?"""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from config.database import cause_of, create_engine_for
from config.doctor.finding import Finding, failure, ok
from config.migrating import schema_state
from config.settings import Settings


def check_database(settings: Settings) -> Iterator[Finding]:
    """Connect and compare the revision."""
    try:
        engine = create_engine_for(settings.database)
        state = schema_state(engine)
    except (SQLAlchemyError, ImportError) as problem:
        cause = cause_of(problem).splitlines()[0]
        yield failure(
            "database", f"cannot be used: {cause}", "is database.url right, and does the server run?"
        )
        return
    shown = engine.url.render_as_string(hide_password=True)
    if state.up_to_date:
        yield ok("database", f"{shown} at revision {state.newest}")
    else:
        found = f"{shown} is at revision {state.current or 'none'}, the newest is {state.newest}"
        yield failure("database", found, "comptoir db upgrade")
    engine.dispose()
