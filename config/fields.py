"""How one setting is declared: its default, its documentation, and what is allowed.

Each function below returns a dataclass field; `spec(field)` gives back what was declared. Durations are held
in seconds, sizes in bytes; the defaults are written the way a person writes them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from config.units import parse_duration, parse_size

_SPEC = "spec"


class Kind(Enum):
    """How a setting's written form is read."""

    TEXT = "text"
    NUMBER = "number"
    RATIO = "ratio"
    FLAG = "flag"
    LIST = "list"
    PATH = "path"
    DURATION = "duration"
    SIZE = "size"
    SECRET = "secret"  # noqa: S105 - the name of a kind


@dataclass(frozen=True)
class Spec:
    """The declaration of one setting; `written` is its default as it stands in defaults.toml."""

    kind: Kind
    doc: str
    written: Any
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    generated: bool = False


def text(default: str, doc: str, choices: tuple[str, ...] = ()) -> Any:
    """A string; one of `choices` when there are any. "{state_dir}" in it stands for paths.state_dir."""
    return _field(default, Spec(Kind.TEXT, doc, default, choices=choices))


def number(default: int, doc: str, low: int | None = None, high: int | None = None) -> Any:
    """A whole number between `low` and `high`, both included."""
    return _field(default, Spec(Kind.NUMBER, doc, default, low, high))


def ratio(default: float, doc: str, low: float | None = None, high: float | None = None) -> Any:
    """A number with a fraction between `low` and `high`, both included."""
    return _field(default, Spec(Kind.RATIO, doc, default, low, high))


def flag(default: bool, doc: str) -> Any:
    """True or false."""
    return _field(default, Spec(Kind.FLAG, doc, default))


def names(default: tuple[str, ...], doc: str) -> Any:
    """A list of strings; in an environment variable they are separated by commas."""
    return _field(default, Spec(Kind.LIST, doc, list(default)))


def path(default: str, doc: str) -> Any:
    """A path; "~" is the home directory and "{state_dir}" is paths.state_dir."""
    return _field(Path(default), Spec(Kind.PATH, doc, default))


def duration(default: str, doc: str, low: str = "0s", high: str | None = None) -> Any:
    """A time, held in seconds."""
    top = None if high is None else parse_duration(high)
    return _field(parse_duration(default), Spec(Kind.DURATION, doc, default, parse_duration(low), top))


def size(default: str, doc: str, low: str = "0 B") -> Any:
    """A number of bytes."""
    return _field(parse_size(default), Spec(Kind.SIZE, doc, default, parse_size(low)))


def secret(doc: str, generated: bool = False) -> Any:
    """A secret, never shown; it may come from a file named by `<key>_file`.

    An empty `generated` one is made at the first start and kept in paths.state_dir.
    """
    declared = Spec(Kind.SECRET, doc, "", generated=generated)
    return dataclasses.field(default="", repr=False, metadata={_SPEC: declared})


def spec(field: dataclasses.Field[Any]) -> Spec:
    """Return what was declared for a field of a settings section."""
    declared = field.metadata[_SPEC]
    assert isinstance(declared, Spec)  # noqa: S101 - a section declared without the functions above is a bug
    return declared


def _field(default: Any, declared: Spec) -> Any:
    return dataclasses.field(default=default, metadata={_SPEC: declared})
