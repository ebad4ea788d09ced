"""The JSON Schema says the same as the codec: shown on a flow with every kind of node, and on many broken ones."""

import copy
import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema
import pytest

from ivr.codec import load
from ivr.errors import FlowFormatError
from ivr.schema import flow_schema, flow_schema_text

NODES: dict[str, Any] = {
    "play": {
        "kind": "play",
        "prompt": [
            {"kind": "text", "id": "a", "values": {"v": {"kind": "words", "fact": "x"}}, "otherwise": "b"},
            {"kind": "number", "fact": "x", "gender": "feminine"},
            {"kind": "ordinal", "fact": "x"},
            {"kind": "date", "fact": "x.y"},
            {"kind": "money", "fact": "x.y.z"},
            {"kind": "digits", "fact": "x"},
            {"kind": "minutes", "fact": "x"},
            {"kind": "order_status"},
            {"kind": "audio", "file": "a/b.wav"},
        ],
        "barge_in": False,
        "next": "menu",
    },
    "menu": {"kind": "menu", "prompt": [], "choices": {"1": "collect"}, "attempts": 2, "on_no_input": None},
    "collect": {
        "kind": "collect",
        "prompt": [],
        "save_as": "n",
        "terminator": "",
        "private": True,
        "next": "end",
    },
    "customer": {"kind": "lookup_customer", "found": "order"},
    "order": {"kind": "lookup_order", "which": "number", "number": "n", "check": "n", "max_checks": 2},
    "branch": {
        "kind": "branch",
        "cases": [
            {
                "when": [
                    {"fact": "x", "test": "equals", "value": "s"},
                    {"fact": "x", "test": "at_most", "value": 1.5},
                    {"fact": "x", "test": "not_equals", "value": True},
                    {"fact": "x", "test": "known"},
                ],
                "next": "end",
            }
        ],
    },
    "hours": {"kind": "opening_hours", "calendar": "shop"},
    "set": {"kind": "set_variable", "name": "v", "value": 3},
    "webhook": {"kind": "webhook", "url": "https://example.org/a?b=c", "body": {"a": "x.y"}, "timeout": 2.5},
    "queue": {"kind": "enqueue", "queue": "shop", "priority": 5, "skills": ["a-b"], "language_skill": True},
    "transfer": {"kind": "transfer", "target": "+33123456789"},
    "voicemail": {"kind": "voicemail", "mailbox": "shop", "max_seconds": 60},
    "offer": {"kind": "callback_offer", "queue": "shop", "prompt": [], "accept": "*"},
    "language": {"kind": "language", "to": "pt"},
    "end": {"kind": "hang_up", "reason": "closed"},
}
FLOW: dict[str, Any] = {
    "id": "all",
    "version": 1,
    "name": "All",
    "languages": ["en"],
    "start": "play",
    "nodes": NODES,
    "texts": {"a": {"en": "x", "fr": {"kind": "plural", "one": "1", "other": "2", "zero": None}}},
    "calendars": {
        "shop": {
            "timezone": "UTC",
            "week": {"sunday": [{"opens": "00:00", "closes": "24:00"}]},
            "holidays": [{"on": "2026-12-25", "periods": []}],
        }
    },
}
ODD_VALUES: list[Any] = [
    None,
    True,
    7,
    2.5,
    10**16,
    "",
    "a",
    "A b",
    "#",
    "x" * 3000,
    [1],
    {"a": 1},
    "../a.wav",
]


@pytest.fixture(scope="module")
def schema_accepts() -> Any:
    validator = jsonschema.Draft202012Validator(flow_schema(), format_checker=jsonschema.FormatChecker())
    return validator.is_valid


def codec_accepts(document: object) -> bool:
    try:
        load(document)
    except FlowFormatError:
        return False
    return True


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in children:
        yield from places(child, (*path, key))


def with_value(flow: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The flow with the place replaced."""
    document, holder = holder_of(flow, path)
    holder[path[-1]] = value
    return document


def without(flow: Any, path: tuple[Any, ...]) -> Any:
    """The flow with the place removed."""
    document, holder = holder_of(flow, path)
    del holder[path[-1]]
    return document


def holder_of(flow: Any, path: tuple[Any, ...]) -> tuple[Any, Any]:
    document = copy.deepcopy(flow)
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    return document, holder


def small_flows() -> Iterator[Any]:
    """The flow in parts, so that many variants are checked quickly: its frame, then each node by itself."""
    yield FLOW | {"nodes": {"end": NODES["end"]}}
    for name, node in NODES.items():
        yield {key: FLOW[key] for key in ("id", "version", "name", "languages", "start")} | {
            "nodes": {name: node}
        }


def test_the_schema_itself_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(flow_schema())


def test_the_shipped_schema_is_current() -> None:
    shipped = resources.files("ivr").joinpath("flow.schema.json").read_text("utf-8")
    assert shipped == flow_schema_text(), "write it anew: python -m ivr.schema > ivr/flow.schema.json"


def test_the_corpus_has_every_kind_of_node() -> None:
    kinds = {definition["properties"]["kind"]["const"] for name, definition in flow_schema()["$defs"].items()
             if name.endswith("Node")}  # fmt: skip
    assert {node["kind"] for node in NODES.values()} == kinds


def test_schema_and_codec_accept_the_same_flow(schema_accepts: Any) -> None:
    assert schema_accepts(FLOW)
    assert codec_accepts(FLOW)


def test_schema_and_codec_agree_wherever_a_value_is_replaced(schema_accepts: Any) -> None:
    answers = {True: 0, False: 0}
    for flow in small_flows():
        for path in places(flow["nodes"], ("nodes",)) if "texts" not in flow else places(flow):
            for value in ODD_VALUES if path else ():
                document = with_value(flow, path, value)
                accepted = codec_accepts(document)
                assert schema_accepts(document) is accepted, (path, value)
                answers[accepted] += 1
    assert min(answers.values()) > 100


def test_schema_and_codec_agree_wherever_something_is_missing_or_too_much(schema_accepts: Any) -> None:
    for flow in small_flows():
        for path in places(flow):
            if path and isinstance(path[-1], str):
                for document in (without(flow, path), with_value(flow, (*path[:-1], "surplus"), 1)):
                    assert schema_accepts(document) is codec_accepts(document), path


@pytest.mark.parametrize("document", ODD_VALUES)
def test_schema_and_codec_refuse_what_is_no_flow(schema_accepts: Any, document: Any) -> None:
    assert (schema_accepts(document), codec_accepts(document)) == (False, False)


def test_the_shipped_flow_satisfies_the_schema(schema_accepts: Any) -> None:
    text = resources.files("ivr").joinpath("flows/shop.json").read_text("utf-8")
    assert schema_accepts(json.loads(text))


def test_exits_facts_and_variables_are_marked_for_the_editor() -> None:
    collect = flow_schema()["$defs"]["CollectNode"]["properties"]
    assert collect["next"]["anyOf"][0]["x-exit"] == "required"
    assert collect["on_no_input"]["anyOf"][0]["x-exit"] == "failure"
    assert collect["save_as"]["x-variable"] is True
    assert flow_schema()["$defs"]["SayDate"]["properties"]["fact"]["x-fact"] is True
