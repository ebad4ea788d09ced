"""A flow's prompt becomes the prompt of one call: each part takes the value of the fact it names."""

from collections.abc import Mapping

from ivr.actions import Prompt
from ivr.events import Facts
from ivr.facts import fact_at, text_at
from ivr.prompt import (
    PlayAudio,
    PromptPart,
    PromptTemplate,
    SayDate,
    SayDigits,
    SayMinutes,
    SayMoney,
    SayNumber,
    SayOrderStatus,
    SayOrdinal,
    SayText,
    SayValue,
    SayWords,
)
from ivr.speech.parts import (
    Audio,
    Digits,
    Minutes,
    Number,
    OrderStatus,
    Ordinal,
    Part,
    Text,
    Words,
)
from ivr.speech.values import date_in, money_in, whole_in


def resolve(template: PromptTemplate, facts: Facts) -> Prompt:
    """The prompt with this call's facts; a part whose fact is unknown or of another type is left out."""
    resolved = (_resolved(part, facts) for part in template)
    return tuple(part for part in resolved if part is not None)


def _resolved(part: PromptPart, facts: Facts) -> Part | None:
    match part:
        case SayText():
            return _text(part, facts)
        case SayOrderStatus(fact=path):
            order = fact_at(facts, path)
            return OrderStatus(order) if isinstance(order, Mapping) else None
        case PlayAudio(file=file):
            return Audio(file)
    return _value(part, facts)


def _text(part: SayText, facts: Facts) -> Text | None:
    values = {name: _value(value, facts) for name, value in part.values.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if len(known) == len(values):
        return Text(part.id, known, part.language)
    return None if part.otherwise is None else Text(part.otherwise, language=part.language)


def _value(part: SayValue, facts: Facts) -> Part | None:
    match part:
        case SayMoney(fact=path):
            return money_in(fact_at(facts, path))
        case SayDate(fact=path):
            return date_in(fact_at(facts, path))
        case SayWords(fact=path):
            text = text_at(facts, path)
            return None if text is None else Words(text)
        case SayDigits(fact=path):
            text = text_at(facts, path)
            return None if text is None else Digits(text)
        case SayNumber() | SayOrdinal() | SayMinutes():
            whole = whole_in(fact_at(facts, part.fact))
            return None if whole is None else _counted(part, whole)


def _counted(part: SayNumber | SayOrdinal | SayMinutes, whole: int) -> Part:
    if isinstance(part, SayMinutes):
        return Minutes(whole)
    return Number(whole, part.gender) if isinstance(part, SayNumber) else Ordinal(whole, part.gender)
