"""`comptoir recordings`: deletes recordings and replays before their time."""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from config.database import cause_of, create_engine_for, session_factory
from config.purging import purge
from config.settings import Settings
from config.units import parse_duration


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `recordings` with its own sub-commands."""
    verbs = commands.add_parser("recordings", help="delete recordings and replays").add_subparsers(
        metavar="VERB", required=True
    )
    parser = verbs.add_parser(
        "purge", help="delete recordings, messages and replays that are older; what runs is left alone"
    )
    parser.add_argument(
        "--older-than", type=_age, required=True, metavar="AGE", help="such as 30d or 12h; by their beginning"
    )
    parser.set_defaults(run=run_purge)


def run_purge(arguments: argparse.Namespace, settings: Settings) -> int:
    """Delete, and say what was deleted."""
    engine = create_engine_for(settings.database)
    now = datetime.now(UTC)
    try:
        for said in purge(session_factory(engine), settings, now - arguments.older_than, now):
            print(said)
    except (SQLAlchemyError, OSError) as problem:
        print(f"comptoir: not everything could be deleted: {cause_of(problem)}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    return 0


def _age(text: str) -> timedelta:
    try:
        return timedelta(seconds=parse_duration(text))
    except (ValueError, OverflowError) as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is not {problem}") from None
