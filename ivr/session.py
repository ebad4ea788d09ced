"""Where one call stands in its flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ivr.events import Facts
from ivr.hours import Schedule
from ivr.speech.parts import Language

Awaited: TypeAlias = Literal[
    "start",
    "playback",
    "digits",
    "customer",
    "order",
    "webhook",
    "queue",
    "transfer",
    "voicemail",
    "callback",
]
Ended: TypeAlias = Literal["hung_up", "answered", "callback", "transferred", "caller_gone"]


@dataclass(frozen=True, slots=True)
class KeyPress:
    """Keys the caller pressed at a node; "" where the node keeps them private."""

    node: str
    keys: str


@dataclass(frozen=True, slots=True)
class Session:
    """Everything the interpreter remembers of a call; `advance` returns a new one.

    `request` is the number of the open (or last) request, `awaited` what kind of answer it waits for, None
    once the session has ended. `attempts` counts the tries at the current node, `steps` the nodes entered.
    """

    language: Language
    node: str | None = None
    facts: Facts = field(default_factory=dict)
    calendars: Mapping[str, Schedule] = field(default_factory=dict)
    path: tuple[KeyPress, ...] = ()
    attempts: int = 0
    steps: int = 0
    request: int = 0
    awaited: Awaited | None = "start"
    ended: Ended | None = None
