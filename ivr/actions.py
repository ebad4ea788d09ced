"""What the interpreter asks of the telephony: perform each action in order.

An action that carries a `request` is answered later by one event with the same number; an action without
one is done and forgotten. At most one request is open at a time, and it is the last action of its list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ivr.speech.parts import Language, Part

Prompt: TypeAlias = tuple[Part, ...]
Method: TypeAlias = Literal["GET", "POST"]
WhichOrder: TypeAlias = Literal["latest", "number"]
HangUpReason: TypeAlias = Literal["completed", "no_input", "closed", "loop_guard", "flow_error"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Take the call (200 OK); always the first action."""


@dataclass(frozen=True, slots=True)
class Play:
    """Play a prompt; answered by PlaybackFinished, also when it cannot be played.

    With `barge_in` a key stops it and is kept for the next Collect; without, keys during it are dropped.
    """

    request: int
    prompt: Prompt
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Collect:
    """Play a prompt and gather keys; answered by Digits. Timeouts are seconds.

    The first timeout runs from the end of the prompt. `terminator` is "#", "*", or "" for none. With
    `barge_in` a key stops the prompt and counts; without, keys during the prompt are dropped.
    """

    request: int
    prompt: Prompt
    min_digits: int
    max_digits: int
    terminator: str = ""
    first_digit_timeout: float = 5.0
    inter_digit_timeout: float = 3.0
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class LookupCustomer:
    """Answered by CustomerFound, LookupMissed or LookupFailed.

    The customer has this id, if the shop vouches for one, else this number.
    """

    request: int
    number: str
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class LookupOrder:
    """Answered by OrderFound, LookupMissed or LookupFailed.

    "latest" needs `customer_id`; "number" needs `number` and proof that it is the caller's: `check` (keys of
    the postal code) when there is one, else `caller` (E.164), which must be a number of the order's customer.
    """

    request: int
    which: WhichOrder
    customer_id: str | None
    number: str | None
    check: str | None
    caller: str | None


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Answered by WebhookAnswered or WebhookFailed. `body` is sent as JSON (as a query for GET)."""

    request: int
    url: str
    method: Method
    body: Mapping[str, object]
    timeout: float


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Give the contact to the ACD; answered by QueueLeft. A higher priority is served first.

    `facts` are what the agent should see: the customer, the order, the language, and the keys pressed.
    """

    request: int
    queue: str
    priority: int = 0
    skills: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Send the caller to an extension or an E.164 number; answered by TransferDone or TransferFailed."""

    request: int
    target: str


@dataclass(frozen=True, slots=True)
class RecordVoicemail:
    """Beep, then record; answered by VoicemailRecorded or VoicemailFailed."""

    request: int
    mailbox: str
    max_seconds: int


@dataclass(frozen=True, slots=True)
class TakeCallback:
    """Answered by CallbackTaken or CallbackRefused. `facts` are as in Enqueue."""

    request: int
    queue: str
    number: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Prompts from here on are rendered in this language."""

    language: Language


@dataclass(frozen=True, slots=True)
class NodeEntered:
    """For the event log."""

    node: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call; the session has ended and takes no more events."""

    reason: HangUpReason


Action: TypeAlias = (
    Answer
    | Play
    | Collect
    | LookupCustomer
    | LookupOrder
    | CallWebhook
    | Enqueue
    | Transfer
    | RecordVoicemail
    | TakeCallback
    | SetLanguage
    | NodeEntered
    | HangUp
)
