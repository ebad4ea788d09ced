"""Where one call stands in its flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
    once the session has ended. `attempts` counts the tries at the current node, `steps` the nodes entered,
    `fallbacks` the times the flow's `on_failure` was taken, `wrong_checks` the proofs that were not
    those of an order.
    """

    language: Language
    node: str | None = None
    started_at: datetime | None = None
    facts: Facts = field(default_factory=dict)
    calendars: Mapping[str, Schedule] = field(default_factory=dict)
    path: tuple[KeyPress, ...] = ()
    attempts: int = 0
    steps: int = 0
    fallbacks: int = 0
    wrong_checks: int = 0
    request: int = 0
    awaited: Awaited | None = "start"
    ended: Ended | None = None
