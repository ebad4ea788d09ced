"""Serves the pages with gevent's pywsgi."""

import logging
import socket
import sys
from collections.abc import Callable
from typing import Any

from gevent._socket3 import socket as GeventSocket  # noqa: N812 - the public name is made at import
from gevent.event import Event
from gevent.pywsgi import WSGIHandler, WSGIServer

from agent_ui.app import Web
from config.settings import WebSettings

SWITCH_SECONDS = 0.0005
"""How long a worker (a look-up in the shop) may keep the event loop waiting; Python's own default is 5 ms."""

GRACE = 3.0
"""Seconds that requests under way get when the server stops."""

_log = logging.getLogger(__name__)


class WholeSends(GeventSocket):
    """A socket whose `send` sends everything.

    simple-websocket sends a frame with one `send`, which on a gevent socket may write a part of a long one.
    """

    def send(self, data: bytes, flags: int = 0) -> int:  # type: ignore[override]
        """Send all of `data`, waiting for the peer while other greenlets run."""
        rest = memoryview(data)
        while rest:
            rest = rest[super().send(rest, flags) :]
        return len(data)


class QuietHandler(WSGIHandler):
    """Writes no line per request: addresses and paths are personal data."""

    def log_request(self) -> None:
        """Nothing."""

    def handle_one_response(self) -> None:
        """Answer one request. What comes after a WebSocket's conversation is the rest of it, and no request."""
        super().handle_one_response()
        if self.environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            self.close_connection = True


class Server(WSGIServer):
    """Small messages leave at once: an offer does not wait for Nagle's algorithm."""

    def handle(self, client: Any, address: Any) -> None:
        """Serve one connection."""
        whole = WholeSends(client.family, client.type, client.proto, fileno=client.detach())
        whole.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle(whole, address)


Beside = Callable[[int], Callable[[], None]]
"""Starts something beside the pages, whose port it is given; returns its stop."""


def nothing_beside(_pages_port: int) -> Callable[[], None]:
    """A `Beside` for where there is nothing."""
    return lambda: None


def start(web: Web, listen: str, port: int, viewer_port: int = 0) -> tuple[int, Callable[[], None]]:
    """Serve until the returned function is called; also gives the pages' port, which was chosen if `port` is 0.

    Raises:
        OSError: an address cannot be listened on; nothing is served then.
    """
    viewer = begun(listen, viewer_port, web.viewer)
    try:
        server = begun(listen, port, web.app)
    except OSError:
        viewer.stop()
        raise
    web.cobrowse.parts.places.port = int(viewer.server_port)
    stops = (web.feed.start(), web.sockets.start_sweeping(), web.cobrowse.start())

    def stop() -> None:
        for stop_part in stops:
            stop_part()
        server.stop(timeout=GRACE)
        viewer.stop(timeout=GRACE)

    return int(server.server_port), stop


def begun(listen: str, port: int, app: object) -> Server:
    """A server of one app, listening. Raises OSError when it cannot."""
    server = Server((listen, port), app, handler_class=QuietHandler, log=None, error_log=_log)
    server.start()
    return server


def serve_until(stopped: Event, web: Web, settings: WebSettings, beside: Beside = nothing_beside) -> None:
    """Serve until the event is set. `beside` starts what else this process serves, given the pages' port."""
    sys.setswitchinterval(SWITCH_SECONDS)
    chosen, stop = start(web, settings.listen, settings.port, settings.viewer_port)
    _log.info(
        "the pages are served on port %d, the viewer on port %d", chosen, web.cobrowse.parts.places.port
    )
    try:
        stop_beside = beside(chosen)
        try:
            stopped.wait()
        finally:
            stop_beside()
    finally:
        stop()
