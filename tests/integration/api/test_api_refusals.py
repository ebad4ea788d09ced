"""What the control API does not do, and how it says so."""

import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.integration.api.api_server import TOKEN, ApiBox
from tests.integration.api.conftest import Client, until

HOLD = "/v1/contacts/{contact}/hold"


def problem(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def contact(box: ApiBox, ask: Client) -> Iterator[str]:
    """A call between a customer and alice."""
    leg = uuid4().hex
    ask("PUT", "/v1/agents/{agent}/status", "alice", {"status": "available"}, agent="alice")
    contact: str = box.do("customer_queues", leg)
    until(lambda: box.do("rings", "alice"))
    box.do("answers", "alice")
    until(lambda: state(ask, contact) == "talking")
    yield contact
    ask("PUT", "/v1/agents/{agent}/status", "alice", {"status": "offline"}, agent="alice")
    box.do("hangs_up", leg)
    until(lambda: state(ask, contact) == "wrap_up")
    wrap_up = "/v1/contacts/{contact}/wrap-up"
    until(lambda: ask("PUT", wrap_up, "alice", {"finish": True}, contact=contact).ok)


def state(ask: Client, contact: str) -> str:
    return str(ask("GET", "/v1/contacts/{contact}", contact=contact).json()["state"])


def test_without_the_token_nothing_is_told(ask: Client) -> None:
    for wrong in (None, "Bearer nonsense", f"Basic {TOKEN}"):
        answer = ask("GET", "/v1/snapshot", headers={"Authorization": wrong})
        assert problem(answer, 401) == "api.unauthorized"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert problem(ask("GET", "/v1/events", headers={"Authorization": wrong}), 401) == "api.unauthorized"


def test_a_page_of_another_site_is_refused_even_with_the_token(ask: Client) -> None:
    answer = ask("GET", "/v1/snapshot", headers={"Host": "rebind.example:8089"})

    assert problem(answer, 421) == "api.wrong_host"


def test_a_command_for_somebody_elses_call_is_refused(ask: Client, contact: str) -> None:
    assert problem(ask("POST", HOLD, "benoit", contact=contact), 403) == "pbx.not_allowed"
    paused = ask("POST", "/v1/contacts/{contact}/recording/pause", "benoit", contact=contact)
    assert problem(paused, 403) == "pbx.not_allowed"


def test_a_command_without_an_agent_is_refused(ask: Client, contact: str) -> None:
    assert problem(ask("POST", HOLD, contact=contact), 400) == "api.bad_request"


def test_a_command_that_does_not_fit_the_state_is_refused(ask: Client, contact: str) -> None:
    assert ask("POST", HOLD, "alice", contact=contact).status_code == 204
    assert problem(ask("POST", HOLD, "alice", contact=contact), 409) == "pbx.illegal_transition"


def test_what_is_not_there_is_not_found(ask: Client) -> None:
    assert problem(ask("POST", HOLD, "alice", contact="nobody"), 404) == "pbx.not_found"
    assert problem(ask("GET", "/v1/contacts/{contact}", contact="nobody"), 404) == "pbx.not_found"
    assert problem(ask("GET", "/v1/cdr/{contact}", contact="nobody"), 404) == "pbx.not_found"
    assert problem(ask("GET", "/v1/cdr/{contact}/events", contact="nobody"), 404) == "pbx.not_found"
    assert problem(ask("POST", "/v1/offers/{offer}/accept", "alice", offer="none"), 404) == "pbx.not_found"
    assert problem(ask("DELETE", "/v1/bans/{ban}", "alice", ban="none"), 404) == "pbx.not_found"


def test_a_field_that_is_not_known_is_refused_with_its_place(ask: Client) -> None:
    body = {"status": "available", "reason": "lunch"}
    answer = ask("PUT", "/v1/agents/{agent}/status", "alice", body, agent="alice")

    assert problem(answer, 400) == "api.bad_request"
    assert answer.json()["params"]["where"] == "body.reason"


def test_a_body_that_is_not_json_or_too_long_is_refused(ask: Client, box: ApiBox) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Comptoir-Actor": "alice"}
    url = f"{ask.base}/v1/agents/carla/status"
    path = "/v1/agents/{agent}/status"

    text = requests.put(url, data=b"available", headers=headers, timeout=10)
    ask.check("PUT", path, text)
    assert problem(text, 415) == "api.not_json"
    long = requests.put(url, json={"status": "x" * 70_000}, headers=headers, timeout=10)
    ask.check("PUT", path, long)
    assert problem(long, 413) == "api.too_long"
    assert box.do("status_of", "carla") == "offline"


def test_a_peer_that_sends_without_end_is_cut_off(box: ApiBox) -> None:
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as peer:
        peer.sendall(
            b"PUT /v1/agents/alice/status HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n"
        )
        with pytest.raises(OSError, match=r"reset|pipe"):
            for _ in range(2000):
                peer.sendall(b"x" * 65536)


def test_nobody_can_be_called_who_cannot_be_reached(ask: Client, contact: str) -> None:
    dial = "/v1/agents/{agent}/dial"
    busy = ask("POST", dial, "alice", {"target": "number:warehouse"}, agent="alice")
    assert problem(busy, 422) == "pbx.unreachable"
    outside = ask("POST", dial, "benoit", {"target": "number:0033123456789"}, agent="benoit")
    assert problem(outside, 403) == "pbx.not_allowed"
    for_another = ask("POST", dial, "benoit", {"target": "number:warehouse"}, agent="carla")
    assert problem(for_another, 403) == "pbx.not_allowed"


def test_a_database_that_is_away_is_told_with_a_time_to_come_again(ask: Client, box: ApiBox) -> None:
    box.do("database", False)
    answer = ask("GET", "/v1/cdr")
    assert problem(answer, 503) == "pbx.database_away"
    assert int(answer.headers["Retry-After"]) > 0

    box.do("database", True)
    assert ask("GET", "/v1/cdr").status_code == 200


def test_a_mistake_of_our_own_tells_no_details_and_the_server_lives_on(own_box: ApiBox) -> None:
    ask = Client(own_box.port)
    own_box.do("break_snapshots")
    answer = requests.get(f"{ask.base}/v1/snapshot", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)

    assert problem(answer, 500) == "api.unexpected"
    assert "IndexError" not in answer.text and "Traceback" not in answer.text
    assert ask("GET", "/v1/callbacks").status_code == 200
