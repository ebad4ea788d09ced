"""One message of the catalogue in one language."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from ivr.fields import FileName, MessageText


@dataclass(frozen=True, slots=True)
class Plural:
    """Forms chosen by the placeholder {count}, by the language's rule; `zero`, when given, is for none."""

    kind: ClassVar[str] = "plural"
    one: MessageText
    other: MessageText
    zero: MessageText | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded file said instead of a text."""

    kind: ClassVar[str] = "recording"
    file: FileName


Message: TypeAlias = MessageText | Plural | Recording
