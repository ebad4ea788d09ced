"""The nodes a flow is made of: the one catalogue from which codec, schema and validation are derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, TypeAlias

from ivr.actions import HangUpReason, Method, WhichOrder
from ivr.constraints import About, Range, Size
from ivr.fields import (
    Attempts,
    Dialled,
    DigitCount,
    Exit,
    FactPath,
    FailureExit,
    Key,
    Name,
    Priority,
    Scalar,
    Seconds,
    Target,
    Terminator,
    ValueName,
    VariableName,
    WebUrl,
)
from ivr.prompt import PromptTemplate
from ivr.speech.parts import Language

Test: TypeAlias = Literal["equals", "not_equals", "at_least", "at_most", "known", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayNode:
    """Says something, then goes on."""

    kind: ClassVar[str] = "play"
    prompt: Annotated[PromptTemplate, About("What is said.")]
    barge_in: Annotated[bool, About("A key stops the prompt and is kept for the next menu.")] = True
    next: Exit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuNode:
    """Says something and waits for one key; each key leads somewhere."""

    kind: ClassVar[str] = "menu"
    prompt: Annotated[PromptTemplate, About("What is said, again at each attempt.")]
    choices: Annotated[Mapping[Key, Target], Size(1, 12), About("The node each key leads to.")]
    no_input_prompt: Annotated[PromptTemplate, About("Said before the prompt when no key came.")] = ()
    no_match_prompt: Annotated[
        PromptTemplate, About("Said before the prompt when the key has no choice.")
    ] = ()
    attempts: Annotated[Attempts, About("How many times the menu is offered in all.")] = 3
    timeout: Annotated[Seconds, About("Seconds to wait for a key after the prompt.")] = 5.0
    barge_in: Annotated[bool, About("Keys count while the prompt is being said.")] = True
    on_no_input: FailureExit = None
    on_no_match: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectNode:
    """Says something and gathers several keys into a variable."""

    kind: ClassVar[str] = "collect"
    prompt: Annotated[PromptTemplate, About("What is said, again at each attempt.")]
    save_as: Annotated[VariableName, About("The variable that receives the keys.")]
    min_digits: DigitCount = 1
    max_digits: DigitCount = 20
    terminator: Annotated[Terminator, About("The key that ends the input early; empty for none.")] = "#"
    first_digit_timeout: Annotated[Seconds, About("Seconds to wait for the first key after the prompt.")] = (
        6.0
    )
    inter_digit_timeout: Annotated[Seconds, About("Seconds to wait between keys.")] = 3.0
    barge_in: bool = True
    private: Annotated[bool, About("The keys are kept out of what the agent and the event log see.")] = False
    no_input_prompt: PromptTemplate = ()
    no_match_prompt: Annotated[
        PromptTemplate, About("Said before the prompt when the keys were too few.")
    ] = ()
    attempts: Attempts = 3
    next: Exit = None
    on_no_input: FailureExit = None
    on_no_match: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupCustomerNode:
    """Finds the customer by a phone number and keeps what is known as the facts `customer`.

    Somebody who calls from a shop's page, which vouches for who it is, is found without a number.
    """

    kind: ClassVar[str] = "lookup_customer"
    number: Annotated[FactPath, About("The fact that holds the number.")] = "call.caller"
    found: Exit = None
    not_found: Exit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupOrderNode:
    """Finds an order and keeps it as the facts `order`.

    "latest" is the newest order of `customer.id`; "number" is the order whose number is in the fact `number`,
    shown to be the caller's by the fact `check`, or by the number they call from when there is no check.
    """

    kind: ClassVar[str] = "lookup_order"
    which: WhichOrder = "latest"
    number: Annotated[FactPath | None, About("The fact that holds the order's number.")] = None
    check: Annotated[FactPath | None, About("The fact that holds the postal code's digits.")] = None
    max_checks: Annotated[
        int, Range(1, 10), About("How many wrong checks one call may try, over all nodes.")
    ] = 3
    found: Exit = None
    not_found: Exit = None
    on_too_many: FailureExit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one fact; a comparison with a fact of another type does not hold."""

    fact: FactPath
    test: Test
    value: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Where to go when every condition holds."""

    when: Annotated[tuple[Condition, ...], Size(1, 16)]
    next: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchNode:
    """Goes where the first case that holds leads."""

    kind: ClassVar[str] = "branch"
    cases: Annotated[tuple[Case, ...], Size(1, 32)]
    otherwise: Exit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHoursNode:
    """Asks a named calendar whether the call came within opening hours."""

    kind: ClassVar[str] = "opening_hours"
    calendar: Annotated[Name, About("A calendar of the flow, or one that the telephony supplies.")]
    open: Exit = None
    closed: Exit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariableNode:
    """Sets a variable to a value, or to a copy of a fact."""

    kind: ClassVar[str] = "set_variable"
    name: VariableName
    value: Annotated[Scalar | None, About("The value; leave out when `fact` is given.")] = None
    fact: Annotated[FactPath | None, About("The fact to copy.")] = None
    next: Exit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookNode:
    """Calls a URL; the JSON object it answers becomes a variable."""

    kind: ClassVar[str] = "webhook"
    url: WebUrl
    method: Method = "POST"
    body: Annotated[Mapping[ValueName, FactPath], About("What is sent: names and the facts they carry.")] = (
        field(default_factory=dict)
    )
    timeout: Annotated[float, Range(0.5, 15)] = 5.0
    save_as: VariableName = "webhook"
    next: Exit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnqueueNode:
    """Gives the caller to a queue; the exits are taken when the caller leaves it without an agent."""

    kind: ClassVar[str] = "enqueue"
    queue: Name
    priority: Annotated[Priority, About("A higher priority is served first.")] = 0
    priority_fact: Annotated[FactPath | None, About("A fact that holds the priority, when it is known.")] = (
        None
    )
    skills: tuple[Name, ...] = ()
    language_skill: Annotated[bool, About("Also asks for the skill language-en, -fr or -pt.")] = False
    on_full: FailureExit = None
    on_max_wait: FailureExit = None
    on_no_agents: FailureExit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNode:
    """Sends the caller to an extension or an outside number."""

    kind: ClassVar[str] = "transfer"
    target: Dialled
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicemailNode:
    """Beeps and records a message; a play node before it says what to leave."""

    kind: ClassVar[str] = "voicemail"
    mailbox: Name
    max_seconds: Annotated[int, Range(5, 600)] = 120
    next: Exit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackOfferNode:
    """Offers to call back; one key accepts, any other (or none) declines."""

    kind: ClassVar[str] = "callback_offer"
    queue: Name
    prompt: PromptTemplate
    accept: Key = "1"
    number: Annotated[
        FactPath, About("The fact that holds the number to call; unknown counts as declined.")
    ] = "call.caller"
    timeout: Seconds = 5.0
    accepted: Exit = None
    declined: Exit = None
    on_failure: FailureExit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageNode:
    """Chooses the language of what follows: `to`, else the fact, else it stays as it is."""

    kind: ClassVar[str] = "language"
    to: Language | None = None
    fact: FactPath | None = None
    next: Exit = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpNode:
    """Ends the call."""

    kind: ClassVar[str] = "hang_up"
    reason: HangUpReason = "completed"


Node: TypeAlias = (
    PlayNode
    | MenuNode
    | CollectNode
    | LookupCustomerNode
    | LookupOrderNode
    | BranchNode
    | OpeningHoursNode
    | SetVariableNode
    | WebhookNode
    | EnqueueNode
    | TransferNode
    | VoicemailNode
    | CallbackOfferNode
    | LanguageNode
    | HangUpNode
)
