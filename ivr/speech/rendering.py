"""A prompt's parts become segments that the prompt layer turns into sound."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from ivr.speech.catalogue import Catalogue
from ivr.speech.message import Message, Plural, Recording
from ivr.speech.order_status import order_sentences
from ivr.speech.parts import (
    Audio,
    Date,
    Digits,
    Language,
    Minutes,
    Money,
    Number,
    OrderStatus,
    Ordinal,
    Part,
    Recorded,
    Segment,
    Spoken,
    Text,
    Words,
)
from ivr.speech.wording import LARGEST_CARDINAL, Wording, spelled
from ivr.speech.wordings import WORDINGS

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
UNSPEAKABLE: Final = re.compile(r"[^\w\s.,;:!?'’&/+-]|_")
LONGEST_WORDS: Final = 120


def render(
    parts: tuple[Part, ...], language: Language, today: date, catalogue: Catalogue
) -> tuple[Segment, ...]:
    """The segments of a prompt, in order. Never raises: a part that cannot be said is left out.

    `today` is the caller's calendar day, to which dates are relative.
    """
    return tuple(segment for part in parts for segment in _segments(part, language, today, catalogue))


def _segments(part: Part, language: Language, today: date, catalogue: Catalogue) -> Iterator[Segment]:
    match part:
        case Text():
            yield from _message(part, part.language or language, today, catalogue)
        case OrderStatus(facts=facts):
            for sentence in order_sentences(facts):
                yield from _message(sentence, language, today, catalogue)
        case Audio(name=name):
            yield Recorded(name)
        case _:
            words = _in_words(part, WORDINGS[language], today)
            if words:
                yield Spoken(words, language)


def _message(part: Text, language: Language, today: date, catalogue: Catalogue) -> Iterator[Segment]:
    found = catalogue.find(part.id, language)
    if found is None:
        return
    message, spoken_in = found
    if isinstance(message, Recording):
        yield Recorded(message.file)
        return
    wording = WORDINGS[spoken_in]
    values = {name: _in_words(value, wording, today) for name, value in part.values.items()}
    text = PLACEHOLDER.sub(lambda name: values.get(name[1], ""), _form(message, part.values, wording))
    yield Spoken(_capitalised(text), spoken_in, fixed=not part.values)


def _form(message: Message, values: Mapping[str, Part], wording: Wording) -> str:
    """The text of a message, in the form that agrees with its `count`."""
    if not isinstance(message, Plural):
        return message if isinstance(message, str) else ""
    count = values.get("count")
    number = count.value if isinstance(count, Number) else 0
    if number == 0 and message.zero is not None:
        return message.zero
    return message.one if wording.plural_form(number) == "one" else message.other


def _in_words(part: Part, wording: Wording, today: date) -> str:
    match part:
        case Words(text=text):
            return speakable(text)
        case Number(value=value, gender=gender):
            return _unless_huge(wording, value) or wording.cardinal(value, gender)
        case Ordinal(value=value, gender=gender):
            return _unless_huge(wording, value) or wording.ordinal(value, gender)
        case Date(value=day):
            return wording.day(day, today)
        case Money(amount=amount, currency=currency):
            return wording.money(amount, currency)
        case Digits(value=value):
            return spelled(wording, value[:LONGEST_WORDS])
        case Minutes(value=value):
            return wording.minutes(value)
    return ""


def speakable(text: str) -> str:
    """A foreign text without what a voice could take for mark-up, in a length fit to be heard."""
    return " ".join(UNSPEAKABLE.sub(" ", text[:LONGEST_WORDS]).split())


def _unless_huge(wording: Wording, number: int) -> str:
    """The digits of a number too large for words, else ""."""
    return spelled(wording, str(number)) if abs(number) > LARGEST_CARDINAL else ""


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
