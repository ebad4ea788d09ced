"""Static checks of what a flow says: each text exists in each language, and gets the values it needs."""

from collections.abc import Iterator

from ivr.errors import pointer_to
from ivr.finding import Finding, Severity
from ivr.model import Flow
from ivr.nodes import Node
from ivr.prompt import SayNumber, SayText
from ivr.speech.catalogue import Catalogue
from ivr.speech.message import Message, Plural, Recording
from ivr.speech.parts import Language
from ivr.speech.rendering import PLACEHOLDER


def check_texts(flow: Flow, catalogue: Catalogue) -> Iterator[Finding]:
    """Findings about the texts of every prompt; the catalogue holds the flow's own as well."""
    for name, node in flow.nodes.items():
        for path, part in _texts_of(node):
            place = (name, pointer_to(("nodes", name, *path)))
            for language in (part.language,) if part.language else flow.languages:
                yield from _check_text(place, part, language, catalogue)


def _texts_of(node: Node) -> Iterator[tuple[tuple[str, ...], SayText]]:
    for field in ("prompt", "no_input_prompt", "no_match_prompt"):
        for index, part in enumerate(getattr(node, field, ())):
            if isinstance(part, SayText):
                yield (field, str(index)), part


def _check_text(
    place: tuple[str, str], part: SayText, language: Language, catalogue: Catalogue
) -> Iterator[Finding]:
    yield from _check_message(place, part.id, set(part.values), language, catalogue)
    if part.otherwise is not None:
        yield from _check_message(place, part.otherwise, set(), language, catalogue)
    found = catalogue.find(part.id, language)
    if found and isinstance(found[0], Plural) and not isinstance(part.values.get("count"), SayNumber):
        yield _finding("error", place, "count_not_a_number", text=part.id)


def _check_message(
    place: tuple[str, str], id: str, given: set[str], language: Language, catalogue: Catalogue
) -> Iterator[Finding]:
    found = catalogue.find(id, language)
    if found is None:
        yield _finding("error", place, "unknown_text", text=id)
    elif found[1] != language:
        yield _finding("error", place, "missing_text", text=id, language=language)
    else:
        yield from _check_values(place, id, given, language, found[0])


def _check_values(
    place: tuple[str, str], id: str, given: set[str], language: Language, message: Message
) -> Iterator[Finding]:
    if isinstance(message, Recording):
        return
    needed = set(PLACEHOLDER.findall(_all_forms(message)))
    for value in sorted(needed - given):
        yield _finding("error", place, "missing_value", text=id, value=value, language=language)
    for value in sorted(given - needed - {"count"}):
        yield _finding("warning", place, "unused_value", text=id, value=value)


def _all_forms(message: str | Plural) -> str:
    if isinstance(message, str):
        return message
    return " ".join((message.one, message.other, message.zero or ""))


def _finding(severity: Severity, place: tuple[str, str], id: str, **values: str) -> Finding:
    return Finding(severity, place[0], id, place[1], values)
