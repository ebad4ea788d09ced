"""The live connection of a shop's page: a WebSocket whose first message says who it is."""

import json
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import gevent.event
import gevent.selectors
from gevent.queue import Full, Queue
from pydantic import ValidationError
from simple_websocket import ConnectionClosed, Server

from agent_ui.visitors.errors import VisitorUnknown
from agent_ui.visitors.model import PageCart, PageCartLine
from agent_ui.visitors.registry import Visitors
from agent_ui.whole_sends import WholeSends
from agent_ui.widget.errors import WidgetRefused
from agent_ui.widget.messages import FROM_PAGE, HELLO, PageFacts, PublishedCart
from agent_ui.widget.sites import SiteDirectory
from agent_ui.widget.tokens import VisitorClaims, VisitorTokens
from agent_ui.windows import source_of
from orders.model.site import Site

HELLO_SECONDS = 10.0
PING_SECONDS = 25.0
GOODBYE_SECONDS = 1.0
LARGEST = 32 * 1024
MESSAGES_PER_SECOND = 10.0
BURST = 40.0
WAITING = 100
"""Messages to a page that does not read them, above which it is closed; it comes back and is told everything."""
CONNECTIONS = 5_000
FROM_ONE_ADDRESS = 2_500
"""Of those: many customers may share an address, but none keeps all others out."""

REFUSED, TOO_MUCH, TRY_LATER = 4401, 4429, 4503
"""Close codes. After the first the page asks for a session before it comes back."""

_log = logging.getLogger(__name__)
Greet = Callable[[str], dict[str, object]]


class _Thread(gevent.Greenlet):
    """Has the interface of a thread that simple-websocket asks for."""

    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target)


class LivePages:
    """Serves connections; each in the greenlet of its request."""

    def __init__(
        self,
        visitors: Visitors,
        tokens: VisitorTokens,
        sites: SiteDirectory,
        greet: Greet,
    ) -> None:
        self._visitors = visitors
        self._tokens = tokens
        self._sites = sites
        self._greet = greet
        self._open: Counter[str] = Counter()
        """Connections by address."""

    def serve(self, environ: dict[str, Any], origin: str) -> None:
        """Accept the WebSocket and go on until either side ends it."""
        socket = Server.accept(
            environ,
            ping_interval=PING_SECONDS,
            max_message_size=LARGEST,
            thread_class=_Thread,
            event_class=gevent.event.Event,
            selector_class=gevent.selectors.DefaultSelector,
        )
        connection, source = socket.sock.dup(), source_of(environ.get("REMOTE_ADDR", ""))
        socket.sock = WholeSends(socket.sock)
        self._open[source] += 1
        try:
            if self._open[source] > FROM_ONE_ADDRESS or self._open.total() > CONNECTIONS:
                socket.close(TRY_LATER)
                return
            self._converse(socket, origin)
        except (ConnectionClosed, OSError):
            return
        except (ValidationError, ValueError, WidgetRefused, VisitorUnknown) as problem:
            _log.debug("a page's connection is closed: %s", type(problem).__name__)
            _close(socket, REFUSED)
        finally:
            self._left(source)
            _end(socket, connection)

    def _left(self, source: str) -> None:
        self._open[source] -= 1
        if not self._open[source]:
            del self._open[source]

    def _converse(self, socket: Server, origin: str) -> None:
        claims, site = self._who(socket.receive(timeout=HELLO_SECONDS), origin)
        page = OpenPage(socket)
        closed = self._visitors.opened(claims.visitor, page)
        try:
            page.send({"type": "hello", **self._greet(claims.visitor)})
            bucket = _Bucket()
            while True:
                message = socket.receive()
                if not bucket.take():
                    _close(socket, TOO_MUCH)
                    return
                if message is not None:
                    self._took(claims, site, message)
        finally:
            closed()
            page.stop()

    def _who(self, message: str | bytes | None, origin: str) -> tuple[VisitorClaims, Site]:
        claims = self._tokens.read(HELLO.validate_json(message or b"").token)
        site = self._sites.get(claims.site)
        if site is None or not self._sites.has(site, origin):
            raise WidgetRefused
        if self._visitors.get(claims.visitor) is None:
            # This process was started again since the session began.
            self._visitors.renew(claims.visitor, claims.site, claims.language, claims.customer)
        return claims, site

    def _took(self, claims: VisitorClaims, site: Site, message: str | bytes) -> None:
        said = FROM_PAGE.validate_json(message)
        if isinstance(said, PageFacts):
            url = self._plain(site, said.url)
            self._visitors.published(claims.visitor, page=(url, said.title, said.step or None))
        else:
            self._visitors.published(claims.visitor, cart=cart_of(said, site))

    def _plain(self, site: Site, url: str) -> str:
        """The address without query and fragment: they hold what is nobody's business. Others' pages are none,
        nor is what no browser would send."""
        if not (url.isascii() and url.isprintable()):
            return ""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        return f"{origin}{parts.path}" if self._sites.has(site, origin) else ""


def cart_of(said: PublishedCart, site: Site) -> PageCart:
    """The cart as the page shows it; its id only if the shop's proof is right."""
    lines = tuple(PageCartLine(line.name, line.sku, line.quantity, line.unit_price) for line in said.lines)
    proven = said.id is not None and site.vouches_for(f"cart:{said.id}", said.proof)
    return PageCart(said.currency, lines, said.id if proven else None)


class OpenPage:
    """`agent_ui.visitors.registry.Page` on a WebSocket: what is sent waits in a queue of limited length."""

    def __init__(self, socket: Server) -> None:
        self._socket = socket
        self._waiting: Queue = Queue(WAITING)
        self._writing = gevent.spawn(self._write)

    def send(self, message: dict[str, object]) -> None:
        """Queue a message; a page that reads none of them is closed."""
        try:
            self._waiting.put_nowait(message)
        except Full:
            self.close()

    def close(self) -> None:
        """End the connection, without waiting for a page that does not read."""
        gevent.spawn(_close, self._socket, TRY_LATER)

    def stop(self) -> None:
        """Write nothing more."""
        self._writing.kill(block=False)

    def _write(self) -> None:
        try:
            for message in self._waiting:
                self._socket.send(json.dumps(message))
        except (ConnectionClosed, OSError):
            return


class _Bucket:
    """MESSAGES_PER_SECOND on average, BURST at once."""

    def __init__(self) -> None:
        self._level, self._at = BURST, monotonic()

    def take(self) -> bool:
        now = monotonic()
        self._level = min(BURST, self._level + (now - self._at) * MESSAGES_PER_SECOND)
        self._at = now
        self._level -= 1
        return self._level >= 0


def _close(socket: Server, code: int) -> None:
    with suppress(ConnectionClosed, OSError):
        socket.close(code)


def _end(socket: Server, connection: Any) -> None:
    """Let the page say goodbye, then end the connection, which the server would keep for another request."""
    socket.thread.join(GOODBYE_SECONDS)
    with suppress(OSError):
        connection.shutdown(SHUT_RDWR)
    connection.close()
