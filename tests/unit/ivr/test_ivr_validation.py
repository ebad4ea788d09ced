from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import pytest

from ivr.codec import loads
from ivr.finding import Finding, explain, shipped_explanations
from ivr.model import Flow
from ivr.speech.catalogue import Catalogue
from ivr.speech.parts import LANGUAGES
from ivr.validation import Surroundings, validate

FlowMaker = Callable[..., Flow]
END = {"kind": "hang_up"}
BYE = [{"kind": "text", "id": "shop.goodbye"}]


def play(**fields: Any) -> dict[str, Any]:
    return {"kind": "play", "prompt": BYE, "next": "end"} | fields


def menu(**fields: Any) -> dict[str, Any]:
    exits = {"on_no_input": "end", "on_no_match": "end"}
    return {"kind": "menu", "prompt": BYE, "choices": {"1": "end"}} | exits | fields


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, str | None, str, str]]:
    return [(each.severity, each.node, each.id, each.pointer) for each in findings]


def test_a_sound_flow_has_no_findings(flow_of: FlowMaker, catalogue: Catalogue) -> None:
    assert validate(flow_of({"a": play(), "end": END}), catalogue) == ()


def test_the_shipped_flow_has_no_findings(catalogue: Catalogue) -> None:
    flow = loads(resources.files("ivr").joinpath("flows/shop.json").read_bytes())
    assert validate(flow, catalogue, Surroundings(frozenset({"shop"}), frozenset())) == ()


Case = tuple[Mapping[str, Any], Mapping[str, Any], str, str | None, str, str]
CASES: list[Case] = [
    ({"a": play(next="moon")}, {}, "error", "a", "unknown_target", "/nodes/a/next"),
    (
        {"a": menu(choices={"1": "moon"}), "end": END},
        {},
        "error",
        "a",
        "unknown_target",
        "/nodes/a/choices/1",
    ),
    ({"a": play(next=None)}, {}, "error", "a", "missing_exit", "/nodes/a/next"),
    (
        {"a": menu(on_no_input=None), "end": END},
        {},
        "error",
        "a",
        "missing_failure_exit",
        "/nodes/a/on_no_input",
    ),
    (
        {"a": {"kind": "transfer", "target": "desk"}},
        {"on_failure": "a"},
        "warning",
        "a",
        "failure_in_circles",
        "/nodes/a/on_failure",
    ),
    ({"a": play(), "b": play(), "end": END}, {}, "warning", "b", "unreachable", "/nodes/b"),
    ({"a": play(next="b"), "b": play(next="a")}, {}, "error", "a", "loop_without_input", "/nodes/a"),
    ({"a": menu(on_no_input="a"), "end": END}, {}, "error", "a", "loop_without_input", "/nodes/a"),
    (
        {"a": play(prompt=[{"kind": "text", "id": "no.such"}]), "end": END},
        {},
        "error",
        "a",
        "unknown_text",
        "/nodes/a/prompt/0",
    ),
    (
        {"a": play(prompt=[{"kind": "text", "id": "own"}]), "end": END},
        {"languages": ["en", "pt"], "texts": {"own": {"en": "x"}}},
        "error",
        "a",
        "missing_text",
        "/nodes/a/prompt/0",
    ),
    (
        {"a": menu(no_match_prompt=[{"kind": "text", "id": "own"}]), "end": END},
        {"texts": {"own": {"en": "x {name}"}}},
        "error",
        "a",
        "missing_value",
        "/nodes/a/no_match_prompt/0",
    ),
    (
        {
            "a": play(
                prompt=[
                    {
                        "kind": "text",
                        "id": "shop.goodbye",
                        "values": {"x": {"kind": "words", "fact": "call.caller"}},
                    }
                ]
            ),
            "end": END,
        },
        {},
        "warning",
        "a",
        "unused_value",
        "/nodes/a/prompt/0",
    ),
    (
        {"a": play(prompt=[{"kind": "text", "id": "own"}]), "end": END},
        {"texts": {"own": {"en": {"kind": "plural", "one": "x", "other": "y"}}}},
        "error",
        "a",
        "count_not_a_number",
        "/nodes/a/prompt/0",
    ),
    (
        {"a": {"kind": "set_variable", "name": "order", "value": 1, "next": "end"}, "end": END},
        {},
        "error",
        "a",
        "reserved_name",
        "/nodes/a/name",
    ),
    (
        {"a": play(prompt=[{"kind": "number", "fact": "basket.items"}]), "end": END},
        {},
        "warning",
        "a",
        "unknown_fact",
        "/nodes/a/prompt/0/fact",
    ),
    (
        {"a": {"kind": "set_variable", "name": "x", "next": "end"}, "end": END},
        {},
        "error",
        "a",
        "value_or_fact",
        "/nodes/a",
    ),
    (
        {"a": {"kind": "language", "next": "end"}, "end": END},
        {},
        "error",
        "a",
        "language_not_chosen",
        "/nodes/a",
    ),
    (
        {"a": {"kind": "language", "to": "pt", "next": "end"}, "end": END},
        {},
        "error",
        "a",
        "language_not_spoken",
        "/nodes/a/to",
    ),
    (
        {"a": {"kind": "lookup_order", "which": "number", "found": "end", "not_found": "end"}, "end": END},
        {"on_failure": "end"},
        "error",
        "a",
        "number_not_given",
        "/nodes/a/number",
    ),
    (
        {
            "a": {
                "kind": "branch",
                "cases": [{"when": [{"fact": "call.caller", "test": "equals"}], "next": "end"}],
                "otherwise": "end",
            },
            "end": END,
        },
        {},
        "error",
        "a",
        "comparison_without_value",
        "/nodes/a/cases/0/when/0",
    ),
    (
        {
            "a": {
                "kind": "branch",
                "cases": [
                    {"when": [{"fact": "call.caller", "test": "at_most", "value": "5"}], "next": "end"}
                ],
                "otherwise": "end",
            },
            "end": END,
        },
        {},
        "error",
        "a",
        "comparison_not_a_number",
        "/nodes/a/cases/0/when/0/value",
    ),
    (
        {"a": {"kind": "opening_hours", "calendar": "shop", "open": "end", "closed": "end"}, "end": END},
        {"on_failure": "end"},
        "error",
        "a",
        "unknown_calendar",
        "/nodes/a/calendar",
    ),
    (
        {"end": END},
        {"calendars": {"shop": {"timezone": "Mars"}}},
        "error",
        None,
        "unknown_time_zone",
        "/calendars/shop/timezone",
    ),
    (
        {"a": {"kind": "enqueue", "queue": "nobody"}, "end": END},
        {"on_failure": "end"},
        "error",
        "a",
        "unknown_queue",
        "/nodes/a/queue",
    ),
    (
        {
            "a": {
                "kind": "collect",
                "prompt": BYE,
                "save_as": "x",
                "min_digits": 5,
                "max_digits": 4,
                "next": "end",
            },
            "end": END,
        },
        {"on_failure": "end"},
        "error",
        "a",
        "digits_range",
        "/nodes/a/min_digits",
    ),
    ({"end": END}, {"start": "moon", "on_failure": "end"}, "error", None, "unknown_target", "/start"),
]


@pytest.mark.parametrize(
    ("nodes", "fields", "severity", "node", "id", "pointer"), CASES, ids=lambda c: str(c)[:20]
)
def test_each_mistake_is_found(
    flow_of: FlowMaker,
    catalogue: Catalogue,
    nodes: Any,
    fields: Any,
    severity: str,
    node: str | None,
    id: str,
    pointer: str,
) -> None:
    found = validate(flow_of(nodes, **fields), catalogue, Surroundings(frozenset({"shop"}), frozenset()))
    assert brief(found) == [(severity, node, id, pointer)]


def test_the_cases_above_have_every_finding_that_can_be_explained() -> None:
    assert {case[4] for case in CASES} == set(shipped_explanations()["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_is_explained_in_every_language(
    flow_of: FlowMaker, catalogue: Catalogue, language: str
) -> None:
    explanations = shipped_explanations()
    for nodes, fields, *_ in CASES:
        around = Surroundings(frozenset({"shop"}), frozenset())
        for finding in validate(flow_of(nodes, **fields), catalogue, around):
            text = explain(finding, explanations, language)  # type: ignore[arg-type]
            assert "{" not in text
            assert all(value in text for value in finding.values.values())


def test_a_finding_says_what_to_do(flow_of: FlowMaker, catalogue: Catalogue) -> None:
    (finding,) = validate(flow_of({"a": play(next="moon"), "end": END}), catalogue)[:1]
    assert explain(finding, shipped_explanations(), "fr") == (
        "Ceci mène au nœud « moon », qui n'existe pas. Choisissez un nœud existant, ou ajoutez celui-ci."
    )


def test_errors_come_before_warnings(flow_of: FlowMaker, catalogue: Catalogue) -> None:
    flow = flow_of({"a": play(next=None), "b": play(next=None), "end": END})
    assert [finding.severity for finding in validate(flow, catalogue)] == [
        "error",
        "error",
        "warning",
        "warning",
    ]


def test_names_that_are_not_known_are_not_checked(flow_of: FlowMaker, catalogue: Catalogue) -> None:
    nodes = {
        "a": {"kind": "opening_hours", "calendar": "c", "open": "q", "closed": "end"},
        "q": {"kind": "enqueue", "queue": "any"},
        "end": END,
    }
    assert validate(flow_of(nodes, on_failure="end"), catalogue) == ()


def test_a_loop_through_a_choice_of_the_caller_is_no_mistake(
    flow_of: FlowMaker, catalogue: Catalogue
) -> None:
    nodes = {"a": menu(choices={"1": "b", "2": "end"}), "b": play(next="a"), "end": END}
    assert validate(flow_of(nodes), catalogue) == ()


def test_a_queue_may_be_joined_again_after_its_longest_wait(flow_of: FlowMaker, catalogue: Catalogue) -> None:
    queue = {"kind": "enqueue", "queue": "shop", "on_max_wait": "a"}
    assert validate(flow_of({"a": play(next="q"), "q": queue, "end": END}, on_failure="end"), catalogue) == ()
