"""The parts a prompt is made of once every fact in it is known, and the segments they are rendered to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "fr", "pt"]
Gender: TypeAlias = Literal["masculine", "feminine"]

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """A message of the catalogue; `values` fill its {placeholders}, `count` chooses its plural form.

    `language`, when given, is spoken instead of the call's.
    """

    id: str
    values: Mapping[str, "Part"] = field(default_factory=dict)
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Text that is not translated: a first name, a carrier."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A cardinal, agreeing with the gender of what is counted."""

    value: int
    gender: Gender = "masculine"


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A rank: first, second, third."""

    value: int
    gender: Gender = "masculine"


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day, said relative to today where that is shorter."""

    value: date


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor units, and its ISO 4217 code."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Digits:
    """Characters said one by one: an order number, a postal code."""

    value: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """A duration in whole minutes, such as an estimated wait."""

    value: int


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """The state of an order in sentences; `facts` are the order facts of docs/flows.md."""

    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Audio:
    """A recorded file, named relative to the prompt directory."""

    name: str


Part: TypeAlias = Text | Words | Number | Ordinal | Date | Money | Digits | Minutes | OrderStatus | Audio


@dataclass(frozen=True, slots=True)
class Spoken:
    """A segment for the text-to-speech voice of a language; equal segments sound the same.

    `fixed` says that the text is the same for every caller and worth keeping; without it, it may hold what
    concerns one person only.
    """

    text: str
    language: Language
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """A segment that is a recorded file, named relative to the prompt directory."""

    name: str


Segment: TypeAlias = Spoken | Recorded
