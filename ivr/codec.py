"""Flows to and from JSON. What a field allows is read from the model; nothing is said twice here."""

import json
from datetime import date, time
from typing import Any

from ivr.decoding import Decoder
from ivr.errors import FlowFormatError, Problem
from ivr.model import Flow
from ivr.shapes import Listing, Maybe, OneOf, Record, Shape, Table, member_for, record_of


def loads(text: str | bytes) -> Flow:
    """The flow of a JSON text in UTF-8. Raises FlowFormatError."""
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise FlowFormatError((Problem("", what, "write it as JSON"),)) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise FlowFormatError(
            (Problem("", "it cannot be read as JSON", "write it as JSON in UTF-8"),)
        ) from error
    return load(document)


def load(document: object) -> Flow:
    """The flow of a parsed JSON document. Raises FlowFormatError with every problem found."""
    decoder = Decoder()
    flow = decoder.read(record_of(Flow), document)
    if decoder.problems:
        raise FlowFormatError(tuple(decoder.problems))
    assert isinstance(flow, Flow)  # noqa: S101 - without problems the decoder gives what was asked
    return flow


def dump(flow: Flow) -> dict[str, Any]:
    """The flow as a JSON document; fields that have their default value are left out."""
    document: dict[str, Any] = _written(record_of(Flow), flow)
    return document


def dumps(flow: Flow) -> str:
    """The flow as JSON text, indented, ending in a newline."""
    return json.dumps(dump(flow), ensure_ascii=False, indent=2) + "\n"


def _written(shape: Shape, value: Any) -> Any:
    match shape:
        case Maybe(inner=inner):
            return None if value is None else _written(inner, value)
        case OneOf():
            return _written(member_for(shape, value) or shape.members[0], value)
        case Listing(item=item):
            return [_written(item, each) for each in value]
        case Table(value=inner):
            return {key: _written(inner, each) for key, each in value.items()}
        case Record():
            return _written_record(shape, value)
    return _written_scalar(value)


def _written_scalar(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else value


def _written_record(shape: Record, value: Any) -> dict[str, Any]:
    head = {} if shape.kind is None else {"kind": shape.kind}
    fields = {member.name: (member, getattr(value, member.name)) for member in shape.members}
    return head | {
        name: _written(member.shape, each)
        for name, (member, each) in fields.items()
        if member.required or each != member.default
    }


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FlowFormatError((Problem("", f'the field "{twice}" is written twice', "keep one of them"),))
    return found


def _no_constant(name: str) -> Any:
    raise FlowFormatError((Problem("", f"{name} is not JSON", "use a number"),))
