"""The `comptoir pbx` command, and what the telephony adds to the welcome."""

import argparse
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.logging import start_logging
from config.settings import Settings
from pbx import tables


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `pbx`."""
    parser = commands.add_parser("pbx", help="run the telephone system alone (`up` runs everything)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Run until a signal comes."""
    from twisted.internet import reactor

    from pbx.app import serve

    stop_logging = start_logging(settings.logging, "pbx", twisted=True)
    try:
        return serve(reactor, settings)
    finally:
        stop_logging()


def welcome(_settings: Settings, session: Session) -> Iterator[str]:
    """The numbers that can be dialled."""
    rows = session.execute(select(tables.did).where(tables.did.c.public).order_by(tables.did.c.number)).all()
    if rows:
        yield "dial         " + ", ".join(f"{row.number} ({row.label}, {row.language})" for row in rows)
