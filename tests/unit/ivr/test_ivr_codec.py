import copy
import json
from datetime import date, time
from typing import Any

import pytest

from ivr.codec import dump, dumps, load, loads
from ivr.errors import FlowFormatError
from ivr.hours import Holiday, Period
from ivr.nodes import Case, Condition, MenuNode

FLOW: dict[str, Any] = {
    "id": "test",
    "version": 3,
    "name": "Tést",
    "languages": ["en", "fr"],
    "start": "menu",
    "on_failure": "end",
    "nodes": {
        "menu": {
            "kind": "menu",
            "prompt": [
                {"kind": "text", "id": "own.hello", "values": {"n": {"kind": "number", "fact": "x.y"}}},
                {"kind": "audio", "file": "tones/beep.wav"},
            ],
            "choices": {"1": "branch", "#": "end"},
            "timeout": 4,
        },
        "branch": {
            "kind": "branch",
            "cases": [{"when": [{"fact": "a.b", "test": "at_least", "value": 2}], "next": "end"}],
            "otherwise": "end",
        },
        "end": {"kind": "hang_up"},
    },
    "texts": {
        "own.hello": {
            "en": "Hello.",
            "fr": {"kind": "plural", "one": "un", "other": "plusieurs"},
        },
        "own.tone": {"en": {"kind": "recording", "file": "a.wav"}},
    },
    "calendars": {
        "shop": {
            "timezone": "Europe/Paris",
            "week": {"monday": [{"opens": "09:00", "closes": "24:00"}]},
            "holidays": [{"on": "2026-12-25"}],
        }
    },
}


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The flow with one place set to another value (removed for None)."""
    document = copy.deepcopy(FLOW)
    *path, last = pointer.strip("/").split("/")
    place: Any = document
    for key in path:
        place = place[int(key)] if isinstance(place, list) else place[key]
    if value is None:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document


def problems(document: object) -> list[tuple[str, str, str]]:
    with pytest.raises(FlowFormatError) as refused:
        load(document)
    assert refused.value.id == "flow_format"
    return [(each.pointer, each.what, each.advice) for each in refused.value.problems]


def test_json_becomes_the_model() -> None:
    flow = load(FLOW)
    menu = flow.nodes["menu"]
    assert isinstance(menu, MenuNode)
    assert (menu.choices, menu.timeout, menu.attempts) == ({"1": "branch", "#": "end"}, 4.0, 3)
    assert flow.nodes["branch"].cases == (Case((Condition("a.b", "at_least", 2),), "end"),)  # type: ignore[union-attr]
    assert flow.calendars["shop"].week == {"monday": (Period(time(9), time(0)),)}
    assert flow.calendars["shop"].holidays == (Holiday(date(2026, 12, 25)),)


def test_the_model_becomes_the_same_json_again() -> None:
    flow = load(FLOW)
    assert load(dump(flow)) == flow
    assert loads(dumps(flow)) == flow
    assert dump(flow)["nodes"] == FLOW["nodes"]
    assert dump(flow)["texts"] == FLOW["texts"]


def test_a_flow_cannot_be_changed_through_its_tables() -> None:
    flow = load(FLOW)
    with pytest.raises(TypeError):
        flow.nodes["x"] = flow.nodes["end"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("pointer", "value", "at", "what", "advice"),
    [
        ("/name", None, "/name", "the field name is missing", "add it"),
        ("/name", "", "/name", '"" has the wrong length', "have 1 to 200 characters"),
        ("/version", "3", "/version", '"3" is not a whole number', "give a whole number"),
        ("/version", True, "/version", "true is not a whole number", "give a whole number"),
        ("/version", 0, "/version", "0 is out of bounds", "use a number from 1 to 2.14748e+09"),
        ("/languages", [], "/languages", "there are 0 entries", "have 1 to 3 entries"),
        (
            "/languages/1",
            "de",
            "/languages/1",
            '"de" is not one of the values allowed',
            'use one of "en", "fr", "pt"',
        ),
        ("/nodes/end/kind", None, "/nodes/end/kind", "the field kind is missing", None),
        ("/nodes/end/kind", "hangup", "/nodes/end/kind", 'the kind "hangup" does not exist here', None),
        (
            "/nodes/menu/promt",
            [],
            "/nodes/menu/promt",
            'the field "promt" does not exist here',
            'remove it (did you mean "prompt"?)',
        ),
        (
            "/nodes/menu/choices/A",
            "end",
            "/nodes/menu/choices/A",
            '"A" is not one of the values allowed',
            None,
        ),
        (
            "/nodes/menu/timeout",
            0,
            "/nodes/menu/timeout",
            "0 is out of bounds",
            "use a number from 0.5 to 120",
        ),
        (
            "/nodes/menu/prompt/0/values/n/fact",
            "X.y",
            "/nodes/menu/prompt/0/values/n/fact",
            '"X.y" is not written as it should be',
            "use names joined by dots, such as customer.open_cart.items",
        ),
        ("/nodes/menu/prompt", {}, "/nodes/menu/prompt", "{} is not a list", "write [ ... ]"),
        ("/nodes/branch/cases/0", 7, "/nodes/branch/cases/0", "7 is not an object", "write { ... }"),
        (
            "/nodes/branch/cases/0/when/0/value",
            [1],
            "/nodes/branch/cases/0/when/0/value",
            "[1] cannot stand here",
            "give a string or a whole number or a number or true or false",
        ),
        (
            "/texts/own.hello/en",
            5,
            "/texts/own.hello/en",
            "5 cannot stand here",
            "give a string or an object with a kind",
        ),
        ("/nodes/a~b", {"kind": "hang_up"}, "/nodes/a~0b", '"a~b" is not written as it should be', None),
        (
            "/calendars/shop/holidays/0/on",
            "2026-02-30",
            "/calendars/shop/holidays/0/on",
            '"2026-02-30" is not a date',
            "write it as 2026-12-25",
        ),
        (
            "/calendars/shop/week/monday/0/opens",
            "9:00",
            "/calendars/shop/week/monday/0/opens",
            '"9:00" is not a time',
            "write it as 09:30, at most 24:00",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_to_do(
    pointer: str, value: Any, at: str, what: str, advice: str | None
) -> None:
    found = problems(changed(pointer, value))
    assert len(found) == 1
    assert found[0][:2] == (at, what)
    assert advice is None or found[0][2] == advice


def test_every_mistake_is_found_at_once() -> None:
    document = changed("/version", "x") | {"start": 5}
    document["nodes"]["end"] = {"kind": "nothing"}
    assert [pointer for pointer, _, _ in problems(document)] == ["/version", "/start", "/nodes/end/kind"]


@pytest.mark.parametrize("document", [None, [], "flow", 3, True])
def test_what_is_no_object_is_no_flow(document: object) -> None:
    assert problems(document)[0][0] == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2"),
        ('{"id": "a", "id": "b"}', 'the field "id" is written twice'),
        ('{"version": NaN}', "NaN is not JSON"),
        (b"\xff\xfe\x00", "it cannot be read as JSON"),
        ("[" * 100_000, "it cannot be read as JSON"),
    ],
)
def test_what_is_not_json_is_refused_in_words(text: str | bytes, words: str) -> None:
    with pytest.raises(FlowFormatError) as refused:
        loads(text)
    assert words in str(refused.value)


def test_long_values_are_shortened_in_the_message() -> None:
    (found,) = problems(changed("/start", "x" * 500))
    assert len(found[1]) < 120


def test_numbers_beyond_every_bound_are_refused() -> None:
    text = json.dumps(changed("/nodes/menu/timeout", 1)).replace('"timeout": 1', '"timeout": 1e999')
    with pytest.raises(FlowFormatError):
        loads(text)
