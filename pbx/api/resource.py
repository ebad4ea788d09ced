"""One twisted.web resource for all routes: authorise, read, call one service, answer."""

import inspect
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Protocol

from pydantic import TypeAdapter
from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from pbx.api.errors import BadRequest, NeedsUpgrade, TooLong
from pbx.api.gate import check_host, check_token
from pbx.api.problems import UNEXPECTED, headers_of, problem_of, status_of
from pbx.api.reading import read_actor, read_body, read_query
from pbx.api.request import MAX_BODY, ApiRequest
from pbx.api.route import JSON, Ask, Found, Route, find
from pbx.api.routes import ROUTES
from pbx.api.services import ApiServices
from pbx.errors import PbxError

_log = Logger()


class Rendering(Protocol):
    """The part of IResource that is used here."""

    def render(self, request: ApiRequest) -> Any:
        """Take the request over."""


class ApiResource(Resource):
    """Everything under /. `stream` is the WebSocket resource of the route that streams."""

    isLeaf = True  # noqa: N815 - twisted.web's name

    def __init__(self, services: ApiServices, token: str, stream: Rendering) -> None:
        super().__init__()
        self._services = services
        self._token = token
        self._stream = stream
        self._adapters: dict[str, TypeAdapter[Any]] = {
            route.name: TypeAdapter(route.answer) for route in ROUTES if route.answer is not None
        }

    def render(self, request: ApiRequest) -> Any:
        """See IResource."""
        try:
            found = self._admit(request)
            if found.route.stream:
                return self._upgrade(request, found.route)
            ask = self._read(request, found)
        except PbxError as error:
            return _refuse(request, error)
        work = Deferred.fromCoroutine(self._answer(request, found.route, ask))
        work.addErrback(lambda failure: _log.failure("An answer could not be sent", failure=failure))
        return NOT_DONE_YET

    def _admit(self, request: ApiRequest) -> Found:
        check_host(request.getHeader("host"))
        check_token(request.getHeader("authorization"), self._token)
        return find(
            ROUTES, request.method.decode("ascii", "replace"), request.path.decode("utf-8", "replace")
        )

    def _read(self, request: ApiRequest, found: Found) -> Ask:
        if request.too_long:
            raise TooLong(f"A body may have {MAX_BODY} bytes.", where="body")
        route = found.route
        return Ask(
            params=found.params,
            actor=read_actor(route, request.getHeader("comptoir-actor")),
            query=read_query(route, _query(request)),
            body=read_body(route, request.getHeader("content-type"), request.content.read()),
        )

    def _upgrade(self, request: ApiRequest, route: Route) -> Any:
        read_query(route, _query(request))
        if (request.getHeader("upgrade") or "").lower() != "websocket":
            raise NeedsUpgrade("Connect as a WebSocket client.", where="Upgrade")
        return self._stream.render(request)

    async def _answer(self, request: ApiRequest, route: Route, ask: Ask) -> None:
        gone = request.notifyFinish()
        gone.addErrback(lambda failure: None)
        try:
            result = await self._result(route, ask)
        except PbxError as error:
            content = _refuse(request, error)
        except CancelledError:
            raise
        except Exception:
            _log.failure("{route} failed", route=route.name)
            content = _write(request, HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED.model_dump_json().encode())
        else:
            content = self._write_result(request, route, result)
        if not request.is_gone:
            request.write(content)
            request.finish()

    async def _result(self, route: Route, ask: Ask) -> Any:
        result = route.call(self._services, ask)
        return await result if inspect.isawaitable(result) else result

    def _write_result(self, request: ApiRequest, route: Route, result: Any) -> bytes:
        if route.answer is None:
            return _write(request, HTTPStatus.NO_CONTENT, b"")
        text = route.content_type != JSON
        content = result if text else self._adapters[route.name].dump_json(result)
        return _write(request, HTTPStatus.OK, content, route.content_type)


def _query(request: ApiRequest) -> Mapping[str, list[str]]:
    try:
        return {name.decode(): [value.decode() for value in values] for name, values in request.args.items()}
    except UnicodeDecodeError:
        raise BadRequest("Write the query in UTF-8.", where="query") from None


def _refuse(request: ApiRequest, error: PbxError) -> bytes:
    for name, value in headers_of(error).items():
        request.setHeader(name, value)
    return _write(request, status_of(type(error)), problem_of(error).model_dump_json().encode())


def _write(request: ApiRequest, status: HTTPStatus, content: bytes, content_type: str = JSON) -> bytes:
    request.setResponseCode(status.value, status.phrase.encode())
    request.setHeader("Cache-Control", "no-store")
    request.setHeader("X-Content-Type-Options", "nosniff")
    if status != HTTPStatus.NO_CONTENT:
        request.setHeader("Content-Type", content_type)
        request.setHeader("Content-Length", str(len(content)))
    return content
