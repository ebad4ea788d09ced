"""`comptoir db`: upgrades the schema, checks it, loads demonstration data."""

import argparse
import sys

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.database import cause_of, create_engine_for, session_factory
from config.demo import already_loaded, load_demo
from config.migrating import schema_state, upgrade
from config.settings import Settings

DEFAULT_SEED = 1


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `db` with its own sub-commands."""
    verbs = commands.add_parser("db", help="upgrade, check or fill the database").add_subparsers(
        metavar="VERB", required=True
    )
    verbs.add_parser("upgrade", help="bring the schema up to date").set_defaults(run=run_upgrade)
    verbs.add_parser("check", help="is the schema up to date?").set_defaults(run=run_check)
    demo = verbs.add_parser("demo", help="load a demonstration shop")
    demo.add_argument("--seed", type=int, default=DEFAULT_SEED, help="the same seed gives the same shop")
    demo.add_argument("--if-empty", action="store_true", help="do nothing when it was loaded before")
    demo.set_defaults(run=run_demo)


def run_upgrade(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Run the missing migrations."""
    engine = create_engine_for(settings.database)
    try:
        before = upgrade(engine)
    except SQLAlchemyError as problem:
        return _unreachable(engine, problem)
    if before.up_to_date:
        print(f"The database is at revision {before.newest}; nothing to do.")
    else:
        print(f"The database went from revision {before.current or 'nothing'} to {before.newest}.")
    return 0


def run_check(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Say whether the schema is up to date; 1 when it is not."""
    engine = create_engine_for(settings.database)
    try:
        state = schema_state(engine)
    except SQLAlchemyError as problem:
        return _unreachable(engine, problem)
    if not state.up_to_date:
        print(f"The database is at {state.current or 'nothing'}, not {state.newest}: comptoir db upgrade")
        return 1
    print(f"The database is at revision {state.newest}, the newest.")
    return 0


def run_demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Load every package's demonstration data in one transaction."""
    engine = create_engine_for(settings.database)
    try:
        if arguments.if_empty and already_loaded(engine):
            print("Demonstration data is there already.")
            return 0
        for summary in load_demo(session_factory(engine), arguments.seed):
            print(summary)
    except SQLAlchemyError as problem:
        return _unreachable(engine, problem)
    return 0


def _unreachable(engine: Engine, problem: SQLAlchemyError) -> int:
    print(
        f"comptoir db: {engine.url.render_as_string(hide_password=True)}: {cause_of(problem)}",
        file=sys.stderr,
    )
    print("Is database.url right, and does the server run? `comptoir doctor` tells more.", file=sys.stderr)
    return 1
