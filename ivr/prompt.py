"""Prompts as a flow writes them: parts that name facts, which are looked up when the prompt is played."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, TypeAlias

from ivr.constraints import About
from ivr.fields import FactPath, FileName, MessageId, ValueName
from ivr.speech.parts import Gender, Language


@dataclass(frozen=True, slots=True)
class SayWords:
    """The fact as it stands: a first name, a carrier."""

    kind: ClassVar[str] = "words"
    fact: FactPath


@dataclass(frozen=True, slots=True)
class SayNumber:
    """A whole number; `gender` is that of what is counted, in the languages that need it."""

    kind: ClassVar[str] = "number"
    fact: FactPath
    gender: Gender = "masculine"


@dataclass(frozen=True, slots=True)
class SayOrdinal:
    """A rank: first, second."""

    kind: ClassVar[str] = "ordinal"
    fact: FactPath
    gender: Gender = "masculine"


@dataclass(frozen=True, slots=True)
class SayDate:
    """A day; the fact is a date or an ISO 8601 string."""

    kind: ClassVar[str] = "date"
    fact: FactPath


@dataclass(frozen=True, slots=True)
class SayMoney:
    """An amount; the fact is an object with `amount` in minor units and `currency`."""

    kind: ClassVar[str] = "money"
    fact: FactPath


@dataclass(frozen=True, slots=True)
class SayDigits:
    """Characters one by one: an order number, a postal code."""

    kind: ClassVar[str] = "digits"
    fact: FactPath


@dataclass(frozen=True, slots=True)
class SayMinutes:
    """A duration in whole minutes."""

    kind: ClassVar[str] = "minutes"
    fact: FactPath


@dataclass(frozen=True, slots=True)
class SayOrderStatus:
    """What became of an order, in sentences; the fact is an order."""

    kind: ClassVar[str] = "order_status"
    fact: FactPath = "order"


@dataclass(frozen=True, slots=True)
class PlayAudio:
    """A recorded file, the same in every language."""

    kind: ClassVar[str] = "audio"
    file: FileName


SayValue: TypeAlias = SayWords | SayNumber | SayOrdinal | SayDate | SayMoney | SayDigits | SayMinutes


@dataclass(frozen=True, slots=True)
class SayText:
    """A message by its id; `values` fill its {placeholders}, `otherwise` is said when one is missing."""

    kind: ClassVar[str] = "text"
    id: MessageId
    values: Mapping[ValueName, SayValue] = field(default_factory=dict)
    otherwise: MessageId | None = None
    language: Annotated[Language | None, About("Spoken instead of the call's language.")] = None


PromptPart: TypeAlias = SayText | SayValue | SayOrderStatus | PlayAudio
PromptTemplate: TypeAlias = tuple[PromptPart, ...]
