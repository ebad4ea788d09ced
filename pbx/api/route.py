"""What a route is, and how a request finds its own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from pbx.api.errors import NoRoute, WrongMethod
from pbx.api.services import ApiServices
from pbx.contract.base import Schema
from pbx.errors import PbxError

Method = Literal["GET", "POST", "PUT", "DELETE"]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that has been read: path parameters, the acting agent, the parsed body and query."""

    params: Mapping[str, str]
    actor: str = ""
    body: Any = None
    query: Any = None

    def __getitem__(self, name: str) -> str:
        """A path parameter."""
        return self.params[name]


Call = Callable[[ApiServices, Ask], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the API. `answer` is what `call` returns (None: 204 without a body).

    `actor` says that the header Comptoir-Actor is needed; a `stream` is a WebSocket, whose `call` is never made.
    """

    method: Method
    path: str
    name: str
    summary: str
    call: Call
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    answer: Any = None
    content_type: str = JSON
    errors: tuple[type[PbxError], ...] = field(default=())
    actor: bool = False
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The route of a request, with its path parameters."""

    route: Route
    params: Mapping[str, str]


def find(routes: Sequence[Route], method: str, path: str) -> Found:
    """The route for a method and a raw (still quoted) path. Raises NoRoute and WrongMethod."""
    parts = tuple(map(unquote, path.split("/")))
    fitting = [
        (route, params) for route in routes if (params := _match(route.path.split("/"), parts)) is not None
    ]
    for route, params in fitting:
        if route.method == method:
            return Found(route, params)
    if fitting:
        allowed = tuple(route.method for route, _ in fitting)
        raise WrongMethod(f"Use {' or '.join(allowed)} here.", allowed)
    raise NoRoute("There is nothing at this path; docs/openapi.json lists what there is.")


def _match(pattern: Sequence[str], parts: Sequence[str]) -> Mapping[str, str] | None:
    if len(pattern) != len(parts):
        return None
    params = {}
    for wanted, given in zip(pattern, parts, strict=True):
        if wanted.startswith("{") and given:
            params[wanted.strip("{}")] = given
        elif wanted != given:
            return None
    return params
