"""What the set-up commands have in common."""

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pbx.contract.guest import is_reserved
from pbx.setup.session import Refused, Run

_NAME = re.compile(r"\+?[A-Za-z0-9_.*-]{1,63}")


class AnyOrder(argparse.ArgumentParser):
    """Takes options and words in any order; argparse alone wants all words in one row."""

    _mixing = False

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """See ArgumentParser."""
        if self._mixing:
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False


def verbs_of(commands: Any, name: str, help: str) -> Callable[[str, str, Run], argparse.ArgumentParser]:
    """Add the command `name`; returns what adds a verb to it."""
    found = commands.add_parser(name, help=help).add_subparsers(
        metavar="VERB", required=True, parser_class=AnyOrder
    )

    def verb(word: str, said: str, run: Run) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = found.add_parser(word, help=said)
        parser.set_defaults(run=run)
        return parser

    return verb


def name(text: str) -> str:
    """A name that can be dialed and needs no quotes anywhere; for `type`."""
    if _NAME.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: use letters, digits, dots, dashes, underscores"
        )
    if is_reserved(text):
        raise argparse.ArgumentTypeError(f"{text!r} means something else to the dial plan: choose another")
    return text


def whole(lowest: int, highest: int = 10_000) -> Callable[[str], int]:
    """A whole number between two; for `type`."""

    def read(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"{text} is no number from {lowest} to {highest}")
        return int(text)

    return read


def require(session: Session, column: Any, value: str, otherwise: str) -> None:
    """Refuse with `otherwise` when no row has the value in this column."""
    if session.scalar(select(column).where(column == value)) is None:
        raise Refused(otherwise)


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Columns as wide as their widest cell."""
    widths = [max(len(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in (heads, *rows)
    ]
    return "\n".join(line.rstrip() for line in lines)
