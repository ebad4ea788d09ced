"""The messages that prompts refer to, by id and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ivr.speech.message import Message
from ivr.speech.parts import Language

Messages: TypeAlias = Mapping[str, Mapping[Language, Message]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Messages by id; a flow's own come before the shipped ones."""

    messages: Messages

    def with_own(self, own: Messages) -> "Catalogue":
        """This catalogue with a flow's messages put over it."""
        return Catalogue({**self.messages, **own})

    def find(self, id: str, language: Language) -> Message | None:
        """The message in that language, else in any other it exists in, else None."""
        forms = self.messages.get(id, {})
        return forms.get(language, next(iter(forms.values()), None))


def shipped_catalogue() -> Catalogue:
    """The messages of ivr/messages; read once by the caller, who keeps the catalogue."""
    raise NotImplementedError
