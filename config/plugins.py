"""Finds what other packages add, through entry points: config knows none of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

COMMANDS = "comptoir.commands"
"""`add(subparsers) -> None` adds a sub-command whose defaults hold `run(args, settings) -> int`."""

DEMO = "comptoir.demo"
"""`load(session, seed) -> summary` loads demonstration data; run in the order of their names."""

WELCOME = "comptoir.welcome"
"""`lines(settings, session) -> Iterable[str]` is printed when both processes are up."""

PURGE = "comptoir.purge"
"""`purge(session, settings, before, now, contacts) -> Purged` deletes what began before a moment, and what is kept
of `contacts`: of those, others have deleted recordings; run in the order of their names."""


@dataclass(frozen=True)
class PlugIn:
    """One entry point: what it is called, and its function, or why that cannot be imported."""

    name: str
    function: Callable[..., Any] | None
    problem: str = ""


def plug_ins(group: str) -> Iterator[PlugIn]:
    """Yield the group's plug-ins in the order of their names; one that cannot be imported says why."""
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        yield _load(entry)


def required(group: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield name and function of each plug-in. Raises ImportError or AttributeError for a broken one."""
    for entry in sorted(entry_points(group=group), key=lambda entry: entry.name):
        yield entry.name, entry.load()


def _load(entry: EntryPoint) -> PlugIn:
    try:
        return PlugIn(entry.name, entry.load())
    except (ImportError, AttributeError) as problem:
        return PlugIn(entry.name, None, f"{entry.value}: {problem}")
