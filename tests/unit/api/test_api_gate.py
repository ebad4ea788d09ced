"""Who may speak to the control API."""

import pytest

from pbx.api.errors import Unauthorized, WrongHost
from pbx.api.gate import check_host, check_token


@pytest.mark.parametrize(
    "host",
    [None, "127.0.0.1", "127.0.0.1:8089", "localhost:8089", "LOCALHOST", "[::1]:8089", "::1", "10.0.0.4:1"],
)
def test_addresses_and_localhost_are_served(host: str | None) -> None:
    check_host(host)


@pytest.mark.parametrize(
    "host",
    ["", "rebind.example", "rebind.example:8089", "127.0.0.1.example", "localhost.example", "[::g]", "a:b:c"],
)
def test_names_are_refused_as_another_site_may_have_chosen_them(host: str) -> None:
    with pytest.raises(WrongHost) as refused:
        check_host(host)
    assert refused.value.params["where"] == "Host"


def test_the_right_token_is_let_in() -> None:
    check_token("Bearer s3cret", "s3cret")
    check_token("bearer  s3cret", "s3cret")


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "Bearer é"],
)
def test_anything_else_is_not(header: str | None) -> None:
    with pytest.raises(Unauthorized):
        check_token(header, "s3cret")


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer x"])
def test_without_a_token_of_ours_nobody_is_let_in(header: str | None) -> None:
    with pytest.raises(Unauthorized):
        check_token(header, "")
