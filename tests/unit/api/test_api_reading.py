"""What is read from a request, and what is refused."""

from typing import Any

import pytest

from pbx.api.errors import BadRequest, NotJson
from pbx.api.reading import read_actor, read_body, read_query
from pbx.api.route import Route
from pbx.api.routes import ROUTES
from pbx.api.schemas import CdrQuery
from pbx.contract.commands import HangUp, Transfer
from tests.records import NOON

BY_NAME = {route.name: route for route in ROUTES}
JSON = "application/json; charset=utf-8"


def refusal(route: Route, content: bytes) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        read_body(route, JSON, content)
    return refused.value


def test_a_command_is_read_from_its_body() -> None:
    body = read_body(BY_NAME["transfer"], JSON, b'{"kind": "blind", "target": "agent:alice"}')

    assert body == Transfer(kind="blind", target="agent:alice")


def test_a_command_whose_fields_all_have_defaults_needs_no_body() -> None:
    assert read_body(BY_NAME["hang_up"], None, b"") == HangUp()


def test_a_field_that_is_not_known_is_refused_by_its_place() -> None:
    error = refusal(BY_NAME["transfer"], b'{"kind": "blind", "target": "agent:alice", "targets": 1}')

    assert error.params["where"] == "body.targets"
    assert "not permitted" in error.detail and "send it again" in error.detail


def test_a_wrong_value_is_named_by_its_place_and_not_repeated() -> None:
    error = refusal(BY_NAME["send_digits"], b'{"digits": "+33639980001"}')

    assert error.params["where"] == "body.digits"
    assert "33639980001" not in error.detail


def test_a_missing_field_is_named() -> None:
    assert refusal(BY_NAME["dial"], b"").params["where"] == "body.target"


def test_what_is_not_json_is_refused() -> None:
    assert refusal(BY_NAME["dial"], b"{").params["where"] == "body"
    with pytest.raises(NotJson):
        read_body(BY_NAME["dial"], "text/plain", b"{}")


def test_a_command_that_takes_no_body_refuses_one() -> None:
    assert read_body(BY_NAME["hold"], JSON, b"{}") is None
    assert refusal(BY_NAME["hold"], b'{"please": 1}').params["where"] == "body"


@pytest.mark.parametrize("header", [None, "", "a b", "x" * 65, "é"])
def test_a_command_needs_the_name_of_the_acting_agent(header: str | None) -> None:
    with pytest.raises(BadRequest) as refused:
        read_actor(BY_NAME["hold"], header)
    assert refused.value.params["where"] == "Comptoir-Actor"


def test_reading_needs_nobodys_name() -> None:
    assert read_actor(BY_NAME["snapshot"], None) == ""


def test_a_query_is_read_with_its_types() -> None:
    query = read_query(BY_NAME["cdrs"], {"limit": ["5"], "before": ["2026-03-02T13:00:00+01:00"]})

    assert query == CdrQuery(limit=5, before=NOON)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"limit": ["201"]}, "query.limit"),
        ({"limit": ["many"]}, "query.limit"),
        ({"limit": ["1", "2"]}, "query.limit"),
        ({"before": ["2026-03-02T13:00:00"]}, "query.before"),
        ({"offset": ["1"]}, "query"),
    ],
)
def test_a_wrong_query_is_refused_by_its_place(given: Any, where: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_query(BY_NAME["cdrs"], given)
    assert refused.value.params["where"] == where


def test_a_path_without_parameters_refuses_one() -> None:
    with pytest.raises(BadRequest):
        read_query(BY_NAME["snapshot"], {"agent": ["alice"]})
