"""Static checks of a whole flow, before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.errors import pointer_to
from ivr.finding import Finding
from ivr.graph import Exit, circles_without_input, exits_of, reachable
from ivr.hours import TimeZoneError, time_zone
from ivr.model import Flow
from ivr.node_checks import contradictions, reserved_names, unset_facts
from ivr.nodes import CallbackOfferNode, EnqueueNode, Node, OpeningHoursNode
from ivr.speech.catalogue import Catalogue
from ivr.text_checks import check_texts


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names that exist outside the flow; None where they are not known and cannot be checked."""

    queues: frozenset[str] | None = None
    calendars: frozenset[str] | None = None


def validate(flow: Flow, catalogue: Catalogue, around: Surroundings | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong or doubtful, errors first; `catalogue` is the shipped one."""
    around = around or Surroundings()
    found = [
        *_check_flow_exits(flow),
        *_check_shape(flow),
        *_check_calendars(flow),
        *check_texts(flow, catalogue.with_own(flow.texts)),
    ]
    for name, node in flow.nodes.items():
        found += [*_check_exits(flow, name, node), *_check_node(flow, name, node)]
        found += _check_names(flow, name, node, around)
    unique = {_key(each): each for each in found}
    return tuple(sorted(unique.values(), key=lambda each: each.severity != "error"))


def _key(each: Finding) -> tuple[object, ...]:
    return (each.severity, each.node, each.id, each.pointer, *each.values.items())


def _at(node: str, *path: str) -> str:
    return pointer_to(("nodes", node, *path))


def _check_flow_exits(flow: Flow) -> Iterator[Finding]:
    for field, target in (("start", flow.start), ("on_failure", flow.on_failure)):
        if target is not None and target not in flow.nodes:
            yield Finding("error", None, "unknown_target", f"/{field}", {"target": target})


def _check_exits(flow: Flow, name: str, node: Node) -> Iterator[Finding]:
    for each in exits_of(node):
        if each.target is None:
            yield from _check_missing(flow, name, each)
        elif each.target not in flow.nodes:
            yield Finding("error", name, "unknown_target", _at(name, *each.path), {"target": each.target})


def _check_missing(flow: Flow, name: str, missing: Exit) -> Iterator[Finding]:
    pointer, values = _at(name, *missing.path), {"exit": missing.path[-1]}
    if missing.required:
        yield Finding("error", name, "missing_exit", pointer, values)
    elif flow.on_failure is None:
        yield Finding("error", name, "missing_failure_exit", pointer, values)
    elif flow.on_failure == name:
        yield Finding("warning", name, "failure_in_circles", pointer, values)


def _check_shape(flow: Flow) -> Iterator[Finding]:
    for name in flow.nodes.keys() - reachable(flow):
        yield Finding("warning", name, "unreachable", _at(name))
    for circle in circles_without_input(flow):
        values = {"nodes": ", ".join(circle)}
        yield Finding("error", circle[0], "loop_without_input", _at(circle[0]), values)


def _check_calendars(flow: Flow) -> Iterator[Finding]:
    for name, schedule in flow.calendars.items():
        try:
            time_zone(schedule.timezone)
        except TimeZoneError:
            pointer = pointer_to(("calendars", name, "timezone"))
            yield Finding("error", None, "unknown_time_zone", pointer, {"timezone": schedule.timezone})


def _check_node(flow: Flow, name: str, node: Node) -> Iterator[Finding]:
    for id, path, values in (*contradictions(node, flow.languages), *reserved_names(node)):
        yield Finding("error", name, id, _at(name, *path), values)
    for id, path, values in unset_facts(flow, node):
        yield Finding("warning", name, id, _at(name, *path), values)


def _check_names(flow: Flow, name: str, node: Node, around: Surroundings) -> Iterator[Finding]:
    match node:
        case EnqueueNode(queue=queue) | CallbackOfferNode(queue=queue):
            if around.queues is not None and queue not in around.queues:
                yield Finding("error", name, "unknown_queue", _at(name, "queue"), {"queue": queue})
        case OpeningHoursNode(calendar=calendar):
            elsewhere = around.calendars is None or calendar in around.calendars
            if calendar not in flow.calendars and not elsewhere:
                pointer = _at(name, "calendar")
                yield Finding("error", name, "unknown_calendar", pointer, {"calendar": calendar})
