"""The control API's process, and a client that holds every answer against docs/openapi.json."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket
from jsonschema import Draft202012Validator

from tests.integration.api.api_server import TOKEN, ApiBox

OPENAPI = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))


class Client:
    """Asks by the paths of the document, and checks that the answers are those of the document."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.base = f"http://127.0.0.1:{port}"
        self.seen: set[tuple[str, int]] = set()

    def __call__(
        self,
        method: str,
        path: str,
        actor: str | None = None,
        body: Any = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str | None] | None = None,
        **params: str,
    ) -> requests.Response:
        """The checked answer. `params` fill the path's places."""
        sent: dict[str, Any] = {
            "Authorization": f"Bearer {TOKEN}",
            "Comptoir-Actor": actor,
            **(headers or {}),
        }
        answer = requests.request(
            method, self.base + path.format(**params), params=query, json=body, headers=sent, timeout=10
        )
        self.check(method, path, answer)
        return answer

    def check(self, method: str, path: str, answer: requests.Response) -> None:
        operation = OPENAPI["paths"][path][method.lower()]
        described = operation["responses"].get(str(answer.status_code))
        assert described, f"{method} {path}: {answer.status_code} is not documented: {answer.text}"
        if "$ref" in described:
            described = OPENAPI["components"]["responses"]["Problem"]
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if described.get("content"):
            assert kind in described["content"], f"{method} {path} answered {kind}"
            conforms(answer.json() if kind == "application/json" else answer.text, described["content"][kind])
        else:
            assert answer.content == b""
        self.seen.add((operation["operationId"], answer.status_code))

    def stream(self, query: str = "") -> websocket.WebSocket:
        """The event stream."""
        return websocket.create_connection(
            f"ws://127.0.0.1:{self.port}/v1/events{query}",
            header=[f"Authorization: Bearer {TOKEN}"], suppress_origin=True, timeout=10,
        )  # fmt: skip


def conforms(value: Any, content: Any) -> None:
    schema = {**content["schema"], "components": OPENAPI["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait for the other process; returns what the condition found."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiBox]:
    """One process for a file's tests."""
    with ApiBox(tmp_path_factory.mktemp("api")) as box:
        yield box


@pytest.fixture
def own_box(tmp_path: Path) -> Iterator[ApiBox]:
    """A process that the test may ruin."""
    with ApiBox(tmp_path) as box:
        yield box


@pytest.fixture
def ask(box: ApiBox) -> Client:
    return Client(box.port)
