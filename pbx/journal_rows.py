"""What can be journaled, and how rows become statements. Writing a row again changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pbx import tables

Row = Mapping[str, Any]
Entry = tuple[str, Row]

KINDS: Mapping[str, Table] = {
    "node_boot": tables.node_boot,
    "contact": tables.contact,
    "segment": tables.segment,
    "call_event": tables.call_event,
    "callback": tables.callback,
    "agent_status": tables.agent_status,
    "recording": tables.recording,
    "voicemail": tables.voicemail,
}
"""Where each kind goes, in the order in which a batch is written: contacts before their segments."""

NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {"call_event": ("boot_id", "seq")}
"""Where the key that makes a row the same is not the primary one."""

_NAMED = "key_"


def keys_of(kind: str) -> tuple[str, ...]:
    """The columns that say which row it is. Raises KeyError for an unknown kind."""
    table = KINDS[kind]
    return NATURAL_KEYS.get(kind) or tuple(column.name for column in table.primary_key)


def identity(kind: str, row: Row) -> tuple[str, tuple[Any, ...]]:
    """Two rows with the same identity are one. Raises KeyError when a key is missing."""
    return kind, tuple(row[key] for key in keys_of(kind))


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """The same rows without those that later ones overwrite; each stays where it was first named."""
    found: dict[tuple[str, tuple[Any, ...]], Entry] = {}
    for kind, row in entries:
        key = identity(kind, row)
        before = found.get(key)
        found[key] = (kind, row if before is None else {**before[1], **row})
    return list(found.values())


def write(session: Session, entries: Iterable[Entry]) -> None:
    """Insert or update every row, without a commit. Raises sqlalchemy.exc.SQLAlchemyError."""
    dialect = session.get_bind().dialect.name
    for (kind, columns), rows in _grouped(merged(entries)):
        statement, prefixed = _statement(dialect, kind, columns)
        session.execute(statement, [_parameters(kind, row) for row in rows] if prefixed else list(rows))


def _grouped(entries: Sequence[Entry]) -> Iterator[tuple[tuple[str, tuple[str, ...]], list[Row]]]:
    groups: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for kind, row in entries:
        groups.setdefault((kind, tuple(sorted(row))), []).append(row)
    order = list(KINDS)
    yield from sorted(groups.items(), key=lambda group: order.index(group[0][0]))


@cache
def _statement(dialect: str, kind: str, columns: tuple[str, ...]) -> tuple[Any, bool]:
    """An upsert, or, for rows that lack what an insert needs, an update (whose keys are parameters apart)."""
    table, keys = KINDS[kind], keys_of(kind)
    if _required(table) - set(columns):
        where = [table.c[key] == bindparam(_NAMED + key) for key in keys]
        return update(table).where(*where), True
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table)
    changes = {name: insert.excluded[name] for name in columns if name not in keys}
    if not changes:
        return insert.on_conflict_do_nothing(index_elements=keys), False
    return insert.on_conflict_do_update(index_elements=keys, set_=changes), False


def _required(table: Table) -> set[str]:
    return {
        column.name
        for column in table.columns
        if not column.nullable and column.default is None and column is not table.autoincrement_column
    }


def _parameters(kind: str, row: Row) -> Row:
    keys = keys_of(kind)
    return {(_NAMED + name if name in keys else name): value for name, value in row.items()}
