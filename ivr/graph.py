"""A flow as a graph: where its nodes lead, which of them a call can reach, and where it can go in circles."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ivr.constraints import Leads
from ivr.model import Flow
from ivr.nodes import (
    CallbackOfferNode,
    CollectNode,
    EnqueueNode,
    HangUpNode,
    MenuNode,
    Node,
    TransferNode,
    VoicemailNode,
)
from ivr.shapes import leaves_of, mark_of

SILENT_EXITS: Final[Mapping[type[Node], tuple[str, ...]]] = {
    MenuNode: ("on_no_input",),
    CollectNode: ("on_no_input",),
    CallbackOfferNode: ("declined",),
    EnqueueNode: (),
    TransferNode: (),
    VoicemailNode: (),
    HangUpNode: (),
}
"""The exits that a caller who presses no key takes, for the nodes that wait for a person."""


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a node, by its path in the node's JSON; `target` is None when nothing is given."""

    path: tuple[str, ...]
    target: str | None
    required: bool


def exits_of(node: Node) -> Iterator[Exit]:
    """Every way out of a node, given or not."""
    for leaf in leaves_of(node):
        leads = mark_of(leaf.shape, Leads)
        if leads is not None and (leaf.value is None or isinstance(leaf.value, str)):
            yield Exit(leaf.path, leaf.value, leads.required)


def landing(flow: Flow, target: str | None) -> str | None:
    """Where a call comes that is sent to a node: there, or to `on_failure` when it does not exist."""
    return target if target in flow.nodes else flow.on_failure if flow.on_failure in flow.nodes else None


def targets_of(flow: Flow, node: Node) -> tuple[str, ...]:
    """The existing nodes that a node can lead to, the flow's `on_failure` among them."""
    return _existing(landing(flow, each.target) for each in exits_of(node))


def reachable(flow: Flow) -> frozenset[str]:
    """The nodes that a call can come to."""
    edges = {name: targets_of(flow, node) for name, node in flow.nodes.items()}
    first = _existing([landing(flow, flow.start)])
    return frozenset(first) | {name for start in first for name in _closure(edges, start)}


def circles_without_input(flow: Flow) -> tuple[tuple[str, ...], ...]:
    """The groups of nodes among which a caller who presses no key can go round, each in the flow's order."""
    edges = {name: _silent_targets(flow, node) for name, node in flow.nodes.items()}
    reach = {name: _closure(edges, name) for name in edges}
    groups: list[tuple[str, ...]] = []
    for name in edges:
        if name in reach[name] and not any(name in group for group in groups):
            groups.append(tuple(other for other in edges if other in reach[name] and name in reach[other]))
    return tuple(groups)


def _silent_targets(flow: Flow, node: Node) -> tuple[str, ...]:
    silent = SILENT_EXITS.get(type(node))
    if silent is None:
        return targets_of(flow, node)
    return _existing(landing(flow, getattr(node, name)) for name in silent)


def _existing(targets: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(target for target in targets if target is not None)


def _closure(edges: Mapping[str, tuple[str, ...]], start: str) -> frozenset[str]:
    """The nodes that can be reached from one in at least one step."""
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += edges[here]
    return frozenset(found)
