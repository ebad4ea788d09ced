"""Running statements, with the database's refusals told in the domain's words."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import CursorResult, Executable
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from orders.errors import Conflict

Rows = Sequence[Mapping[str, Any]]

_LOST_RACES = frozenset(("40001", "40P01"))
"""SQLSTATE of a serialization failure and of a deadlock (PostgreSQL manual, appendix A)."""


class Execute(Protocol):
    """Runs one statement, once or for many rows."""

    def __call__(self, statement: Executable, rows: Rows | None = None) -> CursorResult[Any]:
        """The statement's result.

        Raises:
            Conflict: a constraint or another transaction stands against it.
        """
        ...


def execute_in(session: Session) -> Execute:
    """Runs statements in this session."""

    def execute(statement: Executable, rows: Rows | None = None) -> CursorResult[Any]:
        try:
            result = session.execute(statement, rows)
        except DBAPIError as error:
            raise_conflict(error)
            raise
        assert isinstance(result, CursorResult)  # noqa: S101 - Core statements give nothing else
        return result

    return execute


def raise_conflict(error: DBAPIError) -> None:
    """Raise `Conflict` if that is what the database means; its text may hold personal data and is dropped."""
    lost_race = getattr(error.orig, "sqlstate", None) in _LOST_RACES
    if lost_race or isinstance(error, IntegrityError):
        raise Conflict("the database refused the change") from None
