"""What happens to a call, as the interpreter is told it.

An answer carries the `request` of the action it answers; the interpreter ignores one that is not awaited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from ivr.hours import Schedule

Channel: TypeAlias = Literal["voice", "video"]
DigitsOutcome: TypeAlias = Literal["complete", "terminated", "timeout", "no_input"]
FailureReason: TypeAlias = Literal["error", "timeout", "database_away"]
QueueOutcome: TypeAlias = Literal["answered", "full", "max_wait", "no_agents", "callback", "failed"]
Facts: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Started:
    """A call has arrived. `caller` is E.164, or None when it is withheld; `at` is an aware datetime.

    `calendars` are the opening hours that flows name; `facts` are anything else a flow may branch on. Of
    somebody who calls from a shop's page, `customer` is the id that the shop vouches for, `language` the page's.
    """

    caller: str | None
    called: str
    at: datetime
    channel: Channel = "voice"
    calendars: Mapping[str, Schedule] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    customer: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """The prompt was heard, interrupted by a key, or could not be played: in each case the call goes on."""

    request: int


@dataclass(frozen=True, slots=True)
class Digits:
    """The keys that answer a Collect, without its terminator.

    complete: the maximum was reached; terminated: the terminator was pressed; timeout: the caller stopped
    half-way; no_input: no key at all.
    """

    request: int
    keys: str
    outcome: DigitsOutcome


@dataclass(frozen=True, slots=True)
class CustomerFound:
    request: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class OrderFound:
    request: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class LookupMissed:
    """The look-up worked and found nothing (or nothing this caller may hear)."""

    request: int


@dataclass(frozen=True, slots=True)
class LookupFailed:
    request: int
    reason: FailureReason


@dataclass(frozen=True, slots=True)
class WebhookAnswered:
    """The URL answered 2xx; `facts` is its JSON object, empty when it sent none."""

    request: int
    facts: Facts


@dataclass(frozen=True, slots=True)
class WebhookFailed:
    request: int
    reason: FailureReason


@dataclass(frozen=True, slots=True)
class QueueLeft:
    """The contact is out of the queue; after `answered` and `callback` the call is no longer the flow's."""

    request: int
    outcome: QueueOutcome


@dataclass(frozen=True, slots=True)
class TransferDone:
    request: int


@dataclass(frozen=True, slots=True)
class TransferFailed:
    request: int


@dataclass(frozen=True, slots=True)
class VoicemailRecorded:
    request: int


@dataclass(frozen=True, slots=True)
class VoicemailFailed:
    request: int


@dataclass(frozen=True, slots=True)
class CallbackTaken:
    request: int


@dataclass(frozen=True, slots=True)
class CallbackRefused:
    """The queue takes no callback: it is unknown, full, or the number is not allowed."""

    request: int


@dataclass(frozen=True, slots=True)
class HungUp:
    """The caller is gone, in whatever state the call was."""


Event: TypeAlias = (
    Started
    | PlaybackFinished
    | Digits
    | CustomerFound
    | OrderFound
    | LookupMissed
    | LookupFailed
    | WebhookAnswered
    | WebhookFailed
    | QueueLeft
    | TransferDone
    | TransferFailed
    | VoicemailRecorded
    | VoicemailFailed
    | CallbackTaken
    | CallbackRefused
    | HungUp
)
