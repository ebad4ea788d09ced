"""Static checks of single nodes: fields that contradict each other, and names that nothing stands behind."""

from collections.abc import Iterator

from ivr.constraints import Reads, Writes
from ivr.facts import RESERVED
from ivr.model import Flow
from ivr.nodes import (
    BranchNode,
    CollectNode,
    Condition,
    LanguageNode,
    LookupOrderNode,
    Node,
    SetVariableNode,
    WebhookNode,
)
from ivr.shapes import leaves_of, mark_of
from ivr.speech.parts import Language

Remark = tuple[str, tuple[str, ...], dict[str, str]]
"""A finding's id, the path in the node, and the values."""


def contradictions(node: Node, languages: tuple[Language, ...]) -> Iterator[Remark]:
    """What is wrong with a node by itself."""
    match node:
        case CollectNode(min_digits=low, max_digits=high) if low > high:
            yield "digits_range", ("min_digits",), {"low": str(low), "high": str(high)}
        case SetVariableNode(value=value, fact=fact) if (value is None) == (fact is None):
            yield "value_or_fact", (), {}
        case LanguageNode(to=None, fact=None):
            yield "language_not_chosen", (), {}
        case LanguageNode(to=to) if to is not None and to not in languages:
            yield "language_not_spoken", ("to",), {"language": to}
        case LookupOrderNode(which="number", number=None):
            yield "number_not_given", ("number",), {}
        case BranchNode(cases=cases):
            for at, case in enumerate(cases):
                for index, condition in enumerate(case.when):
                    yield from _comparison(condition, ("cases", str(at), "when", str(index)))


def reserved_names(node: Node) -> Iterator[Remark]:
    """Variables that would hide what Comptoir knows itself."""
    for field, name in _written(node):
        if name in RESERVED:
            yield "reserved_name", (field,), {"name": name}


def unset_facts(flow: Flow, node: Node) -> Iterator[Remark]:
    """Facts that are read though neither Comptoir nor any node of the flow sets them."""
    known = RESERVED | {name for each in flow.nodes.values() for _, name in _written(each)}
    for leaf in leaves_of(node):
        if (
            mark_of(leaf.shape, Reads)
            and isinstance(leaf.value, str)
            and leaf.value.split(".")[0] not in known
        ):
            yield "unknown_fact", leaf.path, {"fact": leaf.value}


def _comparison(condition: Condition, path: tuple[str, ...]) -> Iterator[Remark]:
    if condition.test in ("known", "unknown"):
        return
    if condition.value is None:
        yield "comparison_without_value", path, {"fact": condition.fact}
    elif condition.test in ("at_least", "at_most") and isinstance(condition.value, str | bool):
        yield "comparison_not_a_number", (*path, "value"), {"fact": condition.fact}


def _written(node: Node) -> Iterator[tuple[str, str]]:
    """The fields that name a variable the node sets, with those names."""
    if not isinstance(node, CollectNode | SetVariableNode | WebhookNode):
        return
    for leaf in leaves_of(node):
        if mark_of(leaf.shape, Writes) and isinstance(leaf.value, str):
            yield leaf.path[0], leaf.value
