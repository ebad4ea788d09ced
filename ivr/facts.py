"""Facts by their dotted paths, and the tests a branch makes on them."""

from collections.abc import Mapping
from typing import Final

from ivr.events import Facts
from ivr.nodes import Condition
from ivr.speech.values import text_in

RESERVED: Final = frozenset({"call", "customer", "order"})
"""Roots that variables may not take: what the call, the customer and the order are known by."""


def fact_at(facts: Facts, path: str) -> object:
    """The fact at a path such as customer.open_cart.items; None when it, or anything above it, is unknown."""
    found: object = facts
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def text_at(facts: Facts, path: str) -> str | None:
    """The fact as a text: a string that is not blank, or a whole number's digits; else None."""
    return text_in(fact_at(facts, path))


def with_fact(facts: Facts, name: str, value: object) -> Facts:
    """The facts with one of them set at the top."""
    return {**facts, name: value}


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition is met. An unknown fact meets only `unknown` and `not_equals`."""
    found, wanted = fact_at(facts, condition.fact), condition.value
    match condition.test:
        case "known":
            return found is not None
        case "unknown":
            return found is None
        case "equals":
            return _same(found, wanted)
        case "not_equals":
            return not _same(found, wanted)
        case "at_least":
            return _is_number(found) and _is_number(wanted) and found >= wanted  # type: ignore[operator]
        case "at_most":
            return _is_number(found) and _is_number(wanted) and found <= wanted  # type: ignore[operator]


def _same(found: object, wanted: object) -> bool:
    if _is_number(found) and _is_number(wanted):
        return found == wanted
    comparable = isinstance(found, str) and isinstance(wanted, str)
    return (comparable or (isinstance(found, bool) and isinstance(wanted, bool))) and found == wanted


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
