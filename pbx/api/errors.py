"""What can be wrong with a request before it reaches a service."""

from pbx.errors import PbxError


class BadRequest(PbxError):
    """The body, the query or a header is not what the route takes; `params["where"]` names the place."""

    id = "api.bad_request"


class Unauthorized(PbxError):
    """The bearer token is missing or wrong."""

    id = "api.unauthorized"


class WrongHost(PbxError):
    """The Host header names something else than an address: a page on another site may be asking."""

    id = "api.wrong_host"


class NoRoute(PbxError):
    """There is nothing at this path."""

    id = "api.no_route"


class WrongMethod(PbxError):
    """The path exists, the method does not fit. `allowed` lists what does."""

    id = "api.wrong_method"

    def __init__(self, detail: str, allowed: tuple[str, ...]) -> None:
        super().__init__(detail, allowed=", ".join(allowed))
        self.allowed = allowed


class TooLong(PbxError):
    """The body is longer than any command."""

    id = "api.too_long"


class NotJson(PbxError):
    """A body came as something else than JSON."""

    id = "api.not_json"


class NeedsUpgrade(PbxError):
    """The event stream is a WebSocket."""

    id = "api.needs_upgrade"
