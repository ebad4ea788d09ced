"""A prompt's parts become segments that the prompt layer turns into sound."""

from datetime import date

from ivr.speech.catalogue import Catalogue
from ivr.speech.parts import Language, Part, Segment


def render(
    parts: tuple[Part, ...], language: Language, today: date, catalogue: Catalogue
) -> tuple[Segment, ...]:
    """The segments of a prompt, in order. Never raises: a part that cannot be said is left out."""
    raise NotImplementedError
