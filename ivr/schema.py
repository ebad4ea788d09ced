"""The published JSON Schema of flows (draft 2020-12), derived from the model as the codec is.

Keywords that begin with "x-" are for the flow editor: `x-exit` ("required" or "failure") marks the id of the
node to go to, `x-fact` the path of a fact, `x-variable` the name of a variable that the node sets.
"""

import inspect
import json
import sys
from datetime import date, time
from typing import Any, Final

from ivr.constraints import About, Leads, Pattern, Range, Reads, Size, Writes
from ivr.decoding import DATE_PATTERN, TIME_PATTERN
from ivr.model import Flow
from ivr.shapes import Choice, Listing, Maybe, Member, OneOf, Record, Scalar, Shape, Table, mark_of, record_of

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
SCALARS: Final[dict[type[Any], dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date", "pattern": f"^({DATE_PATTERN})$"},
    time: {"type": "string", "pattern": f"^({TIME_PATTERN})$"},
}


def flow_schema() -> dict[str, Any]:
    """The JSON Schema of a flow document."""
    definitions: dict[str, Any] = {}
    root = _schema(record_of(Flow), definitions)
    return {
        "$schema": DRAFT,
        "title": "Comptoir call flow",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def flow_schema_text() -> str:
    """The schema as it is shipped in ivr/flow.schema.json."""
    return json.dumps(flow_schema(), ensure_ascii=False, indent=2) + "\n"


def _schema(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    match shape:
        case Scalar(type=kind):
            return SCALARS[kind] | _limits(shape)
        case Choice(values=values):
            return {"enum": list(values)} | _limits(shape)
        case Maybe(inner=inner):
            return {"anyOf": [_schema(inner, definitions), {"type": "null"}]}
        case OneOf(members=members):
            return {"anyOf": [_schema(member, definitions) for member in members]} | _limits(shape)
        case Listing(item=item):
            return {"type": "array", "items": _schema(item, definitions)} | _limits(shape, "Items")
        case Table():
            return _table(shape, definitions)
        case Record():
            return _reference(shape, definitions) | _limits(shape)


def _table(shape: Table, definitions: dict[str, Any]) -> dict[str, Any]:
    members = {
        "type": "object",
        "propertyNames": _schema(shape.key, definitions),
        "additionalProperties": _schema(shape.value, definitions),
    }
    return members | _limits(shape, "Properties")


def _reference(shape: Record, definitions: dict[str, Any]) -> dict[str, Any]:
    name = shape.cls.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _record(shape, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _record(shape: Record, definitions: dict[str, Any]) -> dict[str, Any]:
    tag = {} if shape.kind is None else {"kind": {"const": shape.kind}}
    required = [*tag, *(member.name for member in shape.members if member.required)]
    return {
        "type": "object",
        "description": inspect.getdoc(shape.cls),
        "properties": tag | {member.name: _member(member, definitions) for member in shape.members},
        "required": required,
        "additionalProperties": False,
    }


def _member(member: Member, definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _schema(member.shape, definitions)
    plain = isinstance(member.default, str | int | float) and not member.required
    return schema | ({"default": member.default} if plain else {})


def _limits(shape: Shape, unit: str = "Length") -> dict[str, Any]:
    """The keywords for the shape's marks; `unit` is what its size counts."""
    limits: dict[str, Any] = {}
    if about := mark_of(shape, About):
        limits["description"] = about.text
    if pattern := mark_of(shape, Pattern):
        limits["pattern"] = f"^({pattern.regex})$"
    if bounds := mark_of(shape, Range):
        limits |= {"minimum": bounds.low, "maximum": bounds.high}
    if size := mark_of(shape, Size):
        limits |= {f"min{unit}": size.low, f"max{unit}": size.high}
    return limits | _editor_marks(shape)


def _editor_marks(shape: Shape) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if leads := mark_of(shape, Leads):
        marks["x-exit"] = "required" if leads.required else "failure"
    if mark_of(shape, Reads):
        marks["x-fact"] = True
    if mark_of(shape, Writes):
        marks["x-variable"] = True
    return marks


if __name__ == "__main__":
    sys.stdout.write(flow_schema_text())
