"""The table of routes, and how requests find theirs."""

import json
from collections import Counter

import pytest
from openapi_spec_validator import validate

from pbx import errors
from pbx.api import openapi
from pbx.api.errors import NoRoute, WrongMethod
from pbx.api.problems import STATUS, UNEXPECTED, headers_of, problem_of, status_of
from pbx.api.route import find
from pbx.api.routes import ROUTES
from pbx.errors import DatabaseAway, IllegalTransition, Overloaded, PbxError


def test_every_route_has_a_name_and_a_place_of_its_own() -> None:
    assert Counter(route.name for route in ROUTES).most_common(1)[0][1] == 1
    assert Counter((route.method, route.path) for route in ROUTES).most_common(1)[0][1] == 1


def test_every_command_names_the_acting_agent_and_no_reading_does() -> None:
    for route in ROUTES:
        assert route.actor == (route.method != "GET"), route.name


def test_the_openapi_file_is_current() -> None:
    assert openapi.TARGET.read_text("utf-8") == openapi.text(), "run: python -m pbx.api.openapi"


def test_the_openapi_file_is_valid() -> None:
    validate(json.loads(openapi.text()))


def test_a_path_is_found_with_its_parameters() -> None:
    found = find(ROUTES, "POST", "/v1/contacts/c%2F1/transfer/complete")

    assert found.route.name == "complete_transfer"
    assert found.params == {"contact": "c/1"}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/v1",
        "/v1/",
        "/v1/snapshot/",
        "/v1/contacts//hold",
        "/v2/snapshot",
        "/v1/contacts/c1/fly",
        "//",
    ],
)
def test_a_path_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(NoRoute):
        find(ROUTES, "GET", path)


def test_a_method_that_does_not_fit_is_told_which_do() -> None:
    with pytest.raises(WrongMethod) as refused:
        find(ROUTES, "DELETE", "/v1/contacts/c1/wrap-up")

    assert refused.value.allowed == ("PUT",)
    assert headers_of(refused.value) == {"Allow": "PUT"}


def test_every_error_of_the_switch_has_a_status_and_a_title() -> None:
    named = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, PbxError)]

    unknown = [one for one in named if one is not PbxError and status_of(one) == 500]

    assert unknown == []
    assert all(title for _, title in STATUS.values())


def test_a_problem_says_what_was_wrong_in_the_errors_own_words() -> None:
    problem = problem_of(IllegalTransition("'hold' does not fit the state 'held'.", state="held"))

    assert problem.id == "pbx.illegal_transition"
    assert problem.detail == "'hold' does not fit the state 'held'."
    assert problem.params == {"state": "held"}
    assert status_of(IllegalTransition) == 409


def test_an_error_that_nobody_foresaw_tells_nothing() -> None:
    class Surprise(PbxError):
        id = "pbx.surprise"

    assert problem_of(Surprise("a secret")) == UNEXPECTED


def test_who_comes_at_a_bad_time_is_told_when_to_come_again() -> None:
    assert headers_of(Overloaded("full", retry_after=7)) == {"Retry-After": "7"}
    assert headers_of(DatabaseAway("away")) == {"Retry-After": "2"}
