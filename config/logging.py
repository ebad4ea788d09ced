"""Sends what the standard library's and Twisted's loggers say to one place, redacted, a line an entry."""

import logging
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from config.loglines import Entry, Form, json_form, text_form
from config.redaction import is_sensitive, redact_field, redact_fields, redact_text
from config.settings import LoggingSettings

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
TWISTED_LEVELS = {"debug": 10, "info": 20, "warn": 30, "error": 40, "critical": 50}
CHILD_LINE = "[{tag}] {line}"
"""The form of twisted.runner.procmon's events: a line that a supervised process wrote, redacted there."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
Stop = Callable[[], None]


def start_logging(
    settings: LoggingSettings, process: str, *, twisted: bool = False, out: TextIO | None = None
) -> Stop:
    """Write every entry of `settings.level` and above to `out` (standard error); return what ends it.

    With `twisted`, twisted.logger's events are written as well. `process` names this process in each line.
    """
    form = (json_form if settings.format == "json" else text_form)(process)
    lines = LineHandler(form, sys.stderr if out is None else out)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(lines)
    root.setLevel(LEVELS[settings.level])
    stop_twisted = _start_twisted(lines, LEVELS[settings.level]) if twisted else None

    def stop() -> None:
        root.removeHandler(lines)
        root.setLevel(before)
        if stop_twisted is not None:
            stop_twisted()

    return stop


class LineHandler(logging.Handler):
    """Writes a redacted line for each record."""

    def __init__(self, form: Form, out: TextIO) -> None:
        super().__init__()
        self._form = form
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; an entry that cannot be written is reported the way `logging` does."""
        try:
            self.write(_entry(record))
        except Exception:
            self.handleError(record)

    def write(self, entry: Entry) -> None:
        """Write one entry."""
        self.pass_on(self._form(entry))

    def pass_on(self, line: str) -> None:
        """Write a line that has its form already."""
        self._out.write(line + "\n")
        self._out.flush()


def _entry(record: logging.LogRecord) -> Entry:
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    return Entry(
        at=record.created,
        level=record.levelname.lower(),
        source=record.name,
        text=_message(record),
        fields=redact_fields(extra),
        traceback=_traceback(record),
    )


def _message(record: logging.LogRecord) -> str:
    """Format the message from redacted parts, so that counts and sizes stay readable."""
    text = redact_text(str(record.msg))
    if isinstance(record.args, Mapping):
        return text % redact_fields(record.args)
    if record.args:
        return text % tuple(redact_field("", value) for value in record.args)
    return text


def _traceback(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    return redact_text("".join(traceback.format_exception(*record.exc_info)).rstrip())


def _start_twisted(lines: LineHandler, least: int) -> Stop:
    from twisted.logger import globalLogBeginner, globalLogPublisher

    def observe(event: Mapping[str, Any]) -> None:
        if event.get("log_format") == CHILD_LINE:
            if event["line"]:
                lines.pass_on(event["line"])
            return
        level = _event_level(event)
        if TWISTED_LEVELS.get(level, 20) >= least:
            lines.write(_event_entry(event, level))

    observer: Any = observe  # zope's interfaces know nothing of plain functions
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False, discardBuffer=True)
    return lambda: globalLogPublisher.removeObserver(observer)


def _event_level(event: Mapping[str, Any]) -> str:
    """Return the level's name; what comes through Twisted's old `log.msg` is chatter about factories."""
    level: str = event["log_level"].name if "log_level" in event else "info"
    return "debug" if level == "info" and event.get("log_namespace") == "log_legacy" else level


def _event_entry(event: Mapping[str, Any], level: str) -> Entry:
    failure = event.get("log_failure")
    return Entry(
        at=event.get("log_time", 0.0),
        level={"warn": "warning"}.get(level, level),
        source=str(event.get("log_namespace", "twisted")),
        text=_event_text(event),
        traceback="" if failure is None else redact_text(failure.getTraceback().rstrip()),
    )


def _event_text(event: Mapping[str, Any]) -> str:
    """Format the event from redacted parts; an object's attributes are redacted once they are text."""
    from twisted.logger import formatEvent

    parts = {name: _event_part(name, value) for name, value in event.items()}
    text = formatEvent(parts)
    plain = all(isinstance(value, str | int | float | None) for value in _own_fields(parts).values())
    return text if plain else redact_text(text)


def _event_part(name: str, value: Any) -> Any:
    return redact_field(name, value) if isinstance(value, str) or is_sensitive(name) else value


def _own_fields(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the caller gave to a twisted.logger event."""
    return {name: value for name, value in event.items() if not name.startswith("log_")}
