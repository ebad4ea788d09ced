"""Writes the front end's types from the Python side: `python -m agent_ui.contract_types`.

Through JSON Schema (draft 2020-12, as pydantic writes it), so that the two sides cannot disagree; a test checks
that the file is current.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from agent_ui import messages, softphone
from agent_ui.recordings import views as recordings
from pbx.contract import commands
from pbx.contract.base import Schema
from pbx.contract.events import AnyEvent
from pbx.contract.resources import CdrView, DirectoryEntry

TARGET = Path(__file__).parent / "web" / "src" / "contract" / "contract.ts"

TOLD: tuple[type[Schema], ...] = (
    messages.Boot,
    messages.DeskState,
    messages.WallboardState,
    messages.ScreenPop,
    messages.ContactFile,
    messages.LinkState,
    messages.Left,
    messages.LiveCart,
    messages.TimelineNews,
    messages.ProductView,
    messages.PreparedInShop,
    messages.Happened,
    messages.RecentContact,
    messages.UserView,
    messages.UserCredentials,
    messages.Refusal,
    recordings.RecordedContacts,
    recordings.OpenedContact,
    softphone.PhoneTicket,
    DirectoryEntry,
    CdrView,
)
"""What the server tells the pages: fields with a default are always there."""

ASKED: tuple[type[Schema], ...] = (
    commands.SetStatus,
    commands.AcceptOffer,
    commands.DeclineOffer,
    commands.SendDigits,
    commands.Transfer,
    commands.Conference,
    commands.WrapUp,
    commands.HangUp,
    commands.Dial,
    messages.NewUser,
    messages.AddLine,
    messages.SetQuantity,
    messages.GiveDiscount,
    messages.SayCode,
    messages.PrepareInShop,
    messages.SetDiscountLimit,
)
"""What the pages ask of the server: fields with a default may be left out."""

_HEAD = """\
// Written by `python -m agent_ui.contract_types` from pbx/contract and agent_ui/messages.py. Do not edit.
"""

Definition = Mapping[str, Any]


def typescript() -> str:
    """The whole file."""
    definitions = _definitions()
    parts = [_HEAD, *(_declaration(name, definitions[name]) for name in sorted(definitions))]
    return "\n".join([*parts, f"export type AnyEvent = {_any_event()};\n"])


def _definitions() -> dict[str, Definition]:
    _, told = models_json_schema([(model, "serialization") for model in TOLD], ref_template="{model}")
    _, asked = models_json_schema([(model, "validation") for model in ASKED], ref_template="{model}")
    complete = {name: {**one, "required": list(one["properties"])} for name, one in told["$defs"].items()}
    return {**asked["$defs"], **complete}


def _any_event() -> str:
    schema = TypeAdapter(AnyEvent).json_schema(mode="serialization", ref_template="{model}")
    return _type(schema)


def _declaration(name: str, definition: Definition) -> str:
    lines = [*_comment(definition, ""), f"export interface {name} {{"]
    required = definition.get("required", ())
    for field, schema in definition.get("properties", {}).items():
        mark = "" if field in required else "?"
        lines.extend(_comment(schema, "  "))
        lines.append(f"  readonly {field}{mark}: {_type(schema)};")
    return "\n".join([*lines, "}\n"])


def _comment(definition: Definition, indent: str) -> Iterator[str]:
    text = str(definition.get("description", "")).strip()
    if text:
        words = " ".join(text.split()).replace("*/", "")
        yield f"{indent}/** {words} */"


def _type(schema: Definition) -> str:
    if "$ref" in schema:
        return str(schema["$ref"])
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(_literal(value) for value in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[several]))
    return _plain(schema)


def _plain(schema: Definition) -> str:
    kind = schema.get("type")
    if kind == "array":
        return _array(schema)
    if kind == "object":
        return _record(schema)
    plain = {
        "string": "string",
        "integer": "number",
        "number": "number",
        "boolean": "boolean",
        "null": "null",
    }
    return plain.get(str(kind), "unknown")


def _array(schema: Definition) -> str:
    members: Sequence[Definition] | None = schema.get("prefixItems")
    if members is not None:
        return f"readonly [{', '.join(_type(member) for member in members)}]"
    inner = _type(schema.get("items", {}))
    return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"


def _record(schema: Definition) -> str:
    names = schema.get("propertyNames", {})
    value = schema.get("additionalProperties", {})
    key = _type(names) if names else "string"
    return f"Readonly<Record<{key}, {_type(value) if isinstance(value, Mapping) else 'unknown'}>>"


def _literal(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def main() -> None:
    """Write the file."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(typescript(), "utf-8")


if __name__ == "__main__":
    main()
