"""The control API's listener."""

from typing import Any

from autobahn.twisted.resource import WebSocketResource
from twisted.web.server import Site

from config.settings import ApiSettings
from pbx.api.request import ApiRequest
from pbx.api.resource import ApiResource
from pbx.api.services import ApiServices
from pbx.api.stream import StreamFactory

IDLE_SECONDS = 60


class QuietSite(Site):
    """Logs no requests: queries carry customers' numbers, and a busy desk would fill the log."""

    displayTracebacks = False  # noqa: N815 - twisted.web's name
    noisy = False

    def log(self, request: Any) -> None:
        """See twisted.web.server.Site."""


class ApiServer:
    """HTTP commands and the event stream on one port. Needs a token: without one it does not start."""

    def __init__(self, reactor: Any, settings: ApiSettings, services: ApiServices) -> None:
        self._reactor = reactor
        self._settings = settings
        self._services = services
        self._stream: StreamFactory | None = None
        self._port: Any = None

    def start(self) -> int:
        """Listen; returns the port. Raises twisted.internet.error.CannotListenError."""
        if not self._settings.token:
            raise ValueError("the control API needs a token: set api.token")
        self._stream = StreamFactory(self._reactor, self._services.log)
        root = ApiResource(self._services, self._settings.token, WebSocketResource(self._stream))
        site = QuietSite(root, requestFactory=ApiRequest, timeout=IDLE_SECONDS, reactor=self._reactor)
        self._port = self._reactor.listenTCP(self._settings.port, site, interface=self._settings.listen)
        return int(self._port.getHost().port)

    async def stop(self) -> None:
        """Listen no more and close the streams."""
        if self._port is not None:
            closed = self._port.stopListening()
            self._port = None
            if closed is not None:
                await closed
        if self._stream is not None:
            self._stream.close()
            self._stream = None
