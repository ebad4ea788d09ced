"""A log entry and its two written forms: a line for people, or a JSON object for machines."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One thing that happened, already redacted."""

    at: float  # seconds since the epoch
    level: str
    source: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    traceback: str = ""


Form = Callable[[Entry], str]


def text_form(process: str) -> Form:
    """Return the form for people: time, level, process, source, text, then key=value."""

    def write(entry: Entry) -> str:
        fields = "".join(f" {name}={_shown(value)}" for name, value in sorted(entry.fields.items()))
        line = f"{_time(entry.at)} {entry.level:<7} {process} {entry.source}: {entry.text}{fields}"
        return f"{line}\n{entry.traceback}" if entry.traceback else line

    return write


def json_form(process: str) -> Form:
    """Return the form for machines, one JSON object a line."""

    def write(entry: Entry) -> str:
        line: dict[str, Any] = {
            "at": _time(entry.at),
            "level": entry.level,
            "process": process,
            "source": entry.source,
            "text": entry.text,
        }
        if entry.fields:
            line["fields"] = dict(entry.fields)
        if entry.traceback:
            line["traceback"] = entry.traceback
        return json.dumps(line, ensure_ascii=False, default=str)

    return write


def _time(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: Any) -> str:
    shown = str(value)
    return json.dumps(shown, ensure_ascii=False) if not shown or " " in shown else shown
