"""What the set-up commands have in common."""

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pbx.setup.session import Refused, Run


def verbs_of(commands: Any, name: str, help: str) -> Callable[[str, str, Run], argparse.ArgumentParser]:
    """Add the command `name`; returns what adds a verb to it."""
    found = commands.add_parser(name, help=help).add_subparsers(metavar="VERB", required=True)

    def verb(word: str, said: str, run: Run) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = found.add_parser(word, help=said)
        parser.set_defaults(run=run)
        return parser

    return verb


def require(session: Session, column: Any, value: str, otherwise: str) -> None:
    """Refuse with `otherwise` when no row has the value in this column."""
    if session.scalar(select(column).where(column == value)) is None:
        raise Refused(otherwise)


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)
