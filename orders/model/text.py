"""A short text in every language the shop speaks."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "fr", "pt"]
"""ISO 639-1 codes of the languages that are spoken and shown."""

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """One text, once per language."""

    en: str
    fr: str
    pt: str

    def of(self, language: str) -> str:
        """The text in this language, in English for a language the shop does not speak."""
        if language == "fr":
            return self.fr
        return self.pt if language == "pt" else self.en


def folded(text: str) -> str:
    """The text as it is searched: without case and accents, so that elodie finds Élodie."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
