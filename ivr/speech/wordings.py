"""The languages that are spoken."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ivr.speech.english import English
from ivr.speech.french import French
from ivr.speech.parts import Language
from ivr.speech.portuguese import Portuguese
from ivr.speech.wording import Wording

WORDINGS: Final[Mapping[Language, Wording]] = MappingProxyType(
    {"en": English(), "fr": French(), "pt": Portuguese()}
)
