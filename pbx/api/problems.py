"""How errors become HTTP: the only place that knows both."""

from collections.abc import Mapping
from http import HTTPStatus

from pbx.api import errors as api
from pbx.contract.resources import Problem
from pbx.errors import (
    DatabaseAway,
    MediaError,
    NotAllowed,
    NotFound,
    Overloaded,
    PbxError,
    Unreachable,
    WrongState,
)

STATUS: Mapping[type[PbxError], tuple[HTTPStatus, str]] = {
    api.BadRequest: (HTTPStatus.BAD_REQUEST, "The request is not understood"),
    api.Unauthorized: (HTTPStatus.UNAUTHORIZED, "The token is missing or wrong"),
    api.WrongHost: (HTTPStatus.MISDIRECTED_REQUEST, "The Host header is refused"),
    api.NoRoute: (HTTPStatus.NOT_FOUND, "There is nothing at this path"),
    api.WrongMethod: (HTTPStatus.METHOD_NOT_ALLOWED, "This method does not fit the path"),
    api.TooLong: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too long"),
    api.NotJson: (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is not JSON"),
    api.NeedsUpgrade: (HTTPStatus.UPGRADE_REQUIRED, "This is a WebSocket"),
    NotFound: (HTTPStatus.NOT_FOUND, "Not found"),
    NotAllowed: (HTTPStatus.FORBIDDEN, "Not allowed"),
    WrongState: (HTTPStatus.CONFLICT, "This does not fit the present state"),
    Unreachable: (HTTPStatus.UNPROCESSABLE_ENTITY, "Nobody can be reached there"),
    Overloaded: (HTTPStatus.SERVICE_UNAVAILABLE, "No room for another call"),
    DatabaseAway: (HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer"),
    MediaError: (HTTPStatus.BAD_GATEWAY, "The media stack refused"),
}
"""The status and the title of every error that may reach a client; a subclass has its base's."""

RETRY_SECONDS = 2
"""Sent as Retry-After while the database is away."""

UNEXPECTED = Problem(
    id="api.unexpected",
    title="Something went wrong",
    detail="The telephone system could not do this; its log says why. Try again, or tell the operator.",
)


def status_of(error: type[PbxError]) -> HTTPStatus:
    """The HTTP status of a kind of error; 500 for one that the table does not know."""
    found = _entry(error)
    return found[0] if found else HTTPStatus.INTERNAL_SERVER_ERROR


def problem_of(error: PbxError) -> Problem:
    """What the client is told."""
    found = _entry(type(error))
    if found is None:
        return UNEXPECTED
    return Problem(id=error.id, title=found[1], detail=error.detail, params=error.params)


def headers_of(error: PbxError) -> Mapping[str, str]:
    """Headers that go with the status."""
    if isinstance(error, Overloaded):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, DatabaseAway):
        return {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(error, api.WrongMethod):
        return {"Allow": ", ".join(error.allowed)}
    if isinstance(error, api.Unauthorized):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, api.NeedsUpgrade):
        return {"Upgrade": "websocket"}
    return {}


def _entry(error: type[PbxError]) -> tuple[HTTPStatus, str] | None:
    return next((STATUS[base] for base in error.__mro__ if base in STATUS), None)
