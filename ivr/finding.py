"""What the static checks find in a flow, and the sentence that explains it to a person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal, TypeAlias

from ivr.speech.parts import LANGUAGES, Language

Severity: TypeAlias = Literal["error", "warning"]
Explanations: TypeAlias = Mapping[Language, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (error: do not publish) or doubtful (warning).

    `id` names the explanation, `values` fill it; `node` is None when the flow itself is meant, `pointer` is
    the JSON pointer of the place.
    """

    severity: Severity
    node: str | None
    id: str
    pointer: str
    values: Mapping[str, str] = field(default_factory=dict)


def shipped_explanations() -> Explanations:
    """The sentences of ivr/findings, read anew at each call: keep them."""
    directory = resources.files("ivr").joinpath("findings")
    return {
        language: json.loads(directory.joinpath(f"{language}.json").read_text("utf-8"))
        for language in LANGUAGES
    }


def explain(finding: Finding, explanations: Explanations, language: Language) -> str:
    """What is wrong and what to do, in that language."""
    return explanations[language][finding.id].format_map(finding.values)
