"""Every message a person sees, in each language: one JSON catalogue a language, shared with the front end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from orders.model.text import LANGUAGES, Language

LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Texts:
    """The catalogues, by language and key. `{name}` in a message stands for a value."""

    catalogues: Mapping[Language, Mapping[str, str]]

    @classmethod
    def shipped(cls) -> Self:
        """The catalogues beside this file."""
        return cls({code: json.loads((LOCALES / f"{code}.json").read_text("utf-8")) for code in LANGUAGES})

    def say(self, language: Language, key: str, **values: str) -> str:
        """The message in a language; in English, or else its key, if it is missing."""
        message = self.catalogues[language].get(key) or self.catalogues["en"].get(key, key)
        for name, value in values.items():
            message = message.replace("{" + name + "}", value)
        return message
