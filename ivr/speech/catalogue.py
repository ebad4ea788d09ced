"""The messages that prompts refer to, by id and language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeAlias

from ivr.decoding import Decoder
from ivr.errors import FlowFormatError
from ivr.fields import MessageId
from ivr.shapes import shape_of
from ivr.speech.message import Message
from ivr.speech.parts import LANGUAGES, Language

Messages: TypeAlias = Mapping[str, Mapping[Language, Message]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Messages by id and language."""

    messages: Messages

    def with_own(self, own: Messages) -> "Catalogue":
        """This catalogue with a flow's own texts over it, language by language."""
        merged = {id: {**self.messages.get(id, {}), **forms} for id, forms in own.items()}
        return Catalogue({**self.messages, **merged})

    def find(self, id: str, language: Language) -> tuple[Message, Language] | None:
        """The message and its language: the one asked for, else any it exists in; None without any."""
        forms = self.messages.get(id, {})
        if language in forms:
            return forms[language], language
        return next(((message, other) for other, message in forms.items()), None)


def shipped_catalogue() -> Catalogue:
    """The messages of ivr/messages, read anew at each call: keep the catalogue."""
    directory = resources.files("ivr").joinpath("messages")
    return catalogue_of(
        {
            language: json.loads(directory.joinpath(f"{language}.json").read_text("utf-8"))
            for language in LANGUAGES
        }
    )


def catalogue_of(documents: Mapping[Language, Any]) -> Catalogue:
    """The catalogue of a JSON document a language. Raises FlowFormatError."""
    messages: dict[str, dict[Language, Message]] = {}
    decoder = Decoder()
    for language, document in documents.items():
        read = decoder.read(shape_of(Mapping[MessageId, Message]), document, (language,))
        if decoder.problems:
            raise FlowFormatError(tuple(decoder.problems))
        for id, message in read.items():
            messages.setdefault(id, {})[language] = message
    return Catalogue(messages)
