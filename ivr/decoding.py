"""JSON values become objects of the flow model; every mistake is noted, none stops the search for more."""

import difflib
import json
import re
from datetime import date, time
from types import MappingProxyType
from typing import Any, Final

from ivr.constraints import Pattern, Range, Size
from ivr.errors import Problem, pointer_to
from ivr.shapes import Choice, Listing, Maybe, OneOf, Record, Scalar, Shape, Table, mark_of

Path = tuple[str, ...]

JSON_NAMES: Final = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date",
    time: "a time",
}
DATE_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME_PATTERN: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"


class Broken:
    """Stands for a value that could not be read."""


BROKEN: Final = Broken()


class Decoder:
    """Reads values by their shapes and gathers the problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, shape: Shape, value: Any, path: Path = ()) -> Any:
        """The model's object for a JSON value, or BROKEN after noting why."""
        match shape:
            case Scalar():
                return self._scalar(shape, value, path)
            case Choice():
                return self._choice(shape, value, path)
            case Maybe(inner=inner):
                return None if value is None else self.read(inner, value, path)
            case OneOf():
                return self._one_of(shape, value, path)
            case Listing():
                return self._listing(shape, value, path)
            case Table():
                return self._table(shape, value, path)
            case Record():
                return self._record(shape, value, path)

    def _broken(self, path: Path, what: str, advice: str) -> Broken:
        self.problems.append(Problem(pointer_to(path), what, advice))
        return BROKEN

    def _scalar(self, shape: Scalar, value: Any, path: Path) -> Any:
        read = _as_scalar(shape.type, value)
        if isinstance(read, Broken):
            return self._broken(
                path, f"{_shown(value)} is not {JSON_NAMES[shape.type]}", _scalar_advice(shape)
            )
        wrong = _violation(shape, read)
        return read if wrong is None else self._broken(path, f"{_shown(value)} {wrong[0]}", wrong[1])

    def _choice(self, shape: Choice, value: Any, path: Path) -> Any:
        if isinstance(value, str) and value in shape.values:
            return value
        allowed = ", ".join(f'"{each}"' for each in shape.values)
        return self._broken(
            path, f"{_shown(value)} is not one of the values allowed", f"use one of {allowed}"
        )

    def _one_of(self, shape: OneOf, value: Any, path: Path) -> Any:
        records = {each.kind: each for each in shape.members if isinstance(each, Record)}
        if isinstance(value, dict) and records:
            return self._tagged(records, value, path)
        for member in shape.members:
            if isinstance(member, Scalar) and not isinstance(_as_scalar(member.type, value), Broken):
                return self.read(member, value, path)
        return self._broken(path, f"{_shown(value)} cannot stand here", f"give {_described(shape)}")

    def _tagged(self, records: dict[str | None, Record], value: dict[str, Any], path: Path) -> Any:
        kind = value.get("kind")
        if isinstance(kind, str) and kind in records:
            return self._record(records[kind], value, path)
        known = ", ".join(f'"{each}"' for each in records)
        what = (
            f"the kind {_shown(kind)} does not exist here" if "kind" in value else "the field kind is missing"
        )
        return self._broken((*path, "kind"), what, f"use one of {known}{_resembling(kind, records)}")

    def _listing(self, shape: Listing, value: Any, path: Path) -> Any:
        if not isinstance(value, list):
            return self._broken(path, f"{_shown(value)} is not a list", "write [ ... ]")
        if (wrong := _wrong_size(shape, value)) is not None:
            return self._broken(path, *wrong)
        items = [self.read(shape.item, each, (*path, str(index))) for index, each in enumerate(value)]
        return BROKEN if BROKEN in items else tuple(items)

    def _table(self, shape: Table, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._broken(path, f"{_shown(value)} is not an object", "write { ... }")
        if (wrong := _wrong_size(shape, value)) is not None:
            return self._broken(path, *wrong)
        keys = [self.read(shape.key, key, (*path, key)) for key in value]
        values = [self.read(shape.value, each, (*path, key)) for key, each in value.items()]
        if BROKEN in keys or BROKEN in values:
            return BROKEN
        return MappingProxyType(dict(zip(keys, values, strict=True)))

    def _record(self, shape: Record, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            return self._broken(path, f"{_shown(value)} is not an object", "write { ... }")
        names = {member.name: member for member in shape.members}
        known = [self._known(names, shape, key, path) for key in value]
        read: dict[str, Any] = {}
        for name, member in names.items():
            if name in value:
                read[name] = self.read(member.shape, value[name], (*path, name))
            elif member.required:
                read[name] = self._broken((*path, name), f"the field {name} is missing", "add it")
        return shape.cls(**read) if all(known) and BROKEN not in read.values() else BROKEN

    def _known(self, names: dict[str, Any], shape: Record, key: str, path: Path) -> bool:
        if key in names or (key == "kind" and shape.kind is not None):
            return True
        self._broken(
            (*path, key), f'the field "{key}" does not exist here', f"remove it{_resembling(key, names)}"
        )
        return False


def _as_scalar(wanted: type[Any], value: Any) -> Any:
    """The value as that type, without loss, else BROKEN; true and false are not numbers."""
    if wanted is bool or isinstance(value, bool):
        return value if wanted is bool and isinstance(value, bool) else BROKEN
    if wanted is str:
        return value if isinstance(value, str) else BROKEN
    if wanted is int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return int(value) if whole else BROKEN
    if wanted is float:
        return float(value) if isinstance(value, int | float) and abs(value) < 1e300 else BROKEN
    return _as_moment(wanted, value)


def _as_moment(wanted: type[Any], value: Any) -> Any:
    pattern = DATE_PATTERN if wanted is date else TIME_PATTERN
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        return BROKEN
    try:
        return (
            date.fromisoformat(value) if wanted is date else time.fromisoformat(value.replace("24:", "00:"))
        )
    except ValueError:
        return BROKEN


def _violation(shape: Scalar, value: Any) -> tuple[str, str] | None:
    pattern, bounds = mark_of(shape, Pattern), mark_of(shape, Range)
    if pattern is not None and not re.fullmatch(pattern.regex, value):
        return "is not written as it should be", f"use {pattern.advice}"
    if bounds is not None and not bounds.low <= value <= bounds.high:
        return "is out of bounds", f"use a number from {bounds.low:g} to {bounds.high:g}"
    wrong = _wrong_size(shape, value) if isinstance(value, str) else None
    return None if wrong is None else ("has the wrong length", wrong[1])


def _wrong_size(shape: Shape, value: Any) -> tuple[str, str] | None:
    size = mark_of(shape, Size)
    if size is None or size.low <= len(value) <= size.high:
        return None
    unit = "characters" if isinstance(value, str) else "entries"
    return f"there are {len(value)} {unit}", f"have {size.low} to {size.high} {unit}"


def _scalar_advice(shape: Scalar) -> str:
    special = {date: "write it as 2026-12-25", time: "write it as 09:30, at most 24:00"}
    return special.get(shape.type, f"give {JSON_NAMES[shape.type]}")


def _described(shape: OneOf) -> str:
    scalars = [JSON_NAMES[each.type] for each in shape.members if isinstance(each, Scalar)]
    records = ["an object with a kind"] if any(isinstance(each, Record) for each in shape.members) else []
    return " or ".join(scalars + records)


def _resembling(word: object, known: Any) -> str:
    near = difflib.get_close_matches(str(word), [str(each) for each in known], 1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
