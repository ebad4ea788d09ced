"""WebSockets of pages and viewers: text in order, both ways, compressed by the connection (RFC 7692).

One greenlet writes, so that messages never mingle; what a peer does not read waits in a queue of limited size. What
a peer says faster than it is listened to is not read from the network: it waits at the peer.
"""

import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any, NoReturn, TypeVar

import gevent
import gevent.event
import gevent.selectors
from simple_websocket import ConnectionClosed, Server

from agent_ui.cobrowse.events import LARGEST_BATCH
from agent_ui.whole_sends import WholeSends

HELLO_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""A peer says at least `ping` this often."""
GOODBYE_SECONDS = 1.0
MOST_WAITING = 24 * 1024 * 1024
"""Characters in the queue of a connection whose peer does not read; beyond it the connection is closed."""
MOST_UNHEARD = LARGEST_BATCH
"""Characters that were read and not listened to yet, beyond which nothing more is read."""
READ_AT_ONCE = 16 * 1024
UNREADABLE, REFUSED, UNREAD, TOO_MUCH = 4400, 4401, 4429, 4430

T = TypeVar("T")
Beside = Callable[[int, Callable[[], T]], T]
"""Does work on something of a size: beside the event loop, when that is large."""

_log = logging.getLogger(__name__)


class _Thread(gevent.Greenlet):
    """Has the interface of a thread that simple-websocket asks for."""

    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target)


class _Paced(Server):
    """Reads on only when what was read is listened to."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self._heard = gevent.event.Event()
        super().__init__(*args, **named)

    def receive(self, timeout: float | None = None) -> Any:
        """The next message, or None."""
        message = super().receive(timeout)
        self._heard.set()
        return message

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """End it, whatever has not been listened to."""
        self._heard.set()
        super().close(reason, message)

    def _handle_events(self) -> bool:
        going = bool(super()._handle_events())
        while going and self.connected and sum(map(len, self.input_buffer)) > MOST_UNHEARD:
            self._heard.clear()
            self._heard.wait()
        return going


class Connection:
    """One accepted WebSocket."""

    def __init__(self, environ: dict[str, Any], beside: Beside[Any]) -> None:
        self._beside = beside
        self._socket = _Paced.accept(
            environ,
            receive_bytes=READ_AT_ONCE,
            max_message_size=LARGEST_BATCH,
            thread_class=_Thread,
            event_class=gevent.event.Event,
            selector_class=gevent.selectors.DefaultSelector,
        )
        self._connection = self._socket.sock.dup()
        self._socket.sock = WholeSends(self._socket.sock)
        self._waiting: deque[str] = deque()
        self._size = 0
        self._code = 1000
        self._wake = gevent.event.Event()
        self._writing = gevent.spawn(self._write)

    def send(self, text: str) -> None:
        """Queue a message; returns at once. Halves of characters, which pages may have, are replaced."""
        if not text.isascii():
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._size += len(text)
        if self._size > MOST_WAITING:
            self.close(UNREAD)
            return
        self._waiting.append(text)
        self._wake.set()

    def receive(self, timeout: float = SILENT_SECONDS) -> tuple[dict[str, Any], int] | None:
        """The next message and its size, or None once the connection is over or silent for too long.

        Raises:
            ValueError: it is no JSON object.
        """
        try:
            text = self._socket.receive(timeout)
        except (ConnectionClosed, OSError):
            return None
        if text is None:
            return None
        message: object = self._beside(len(text), lambda: _read(text))
        if not isinstance(message, dict):
            raise ValueError("a message is an object")
        return message, len(text)

    def close(self, code: int) -> None:
        """Begin to end the connection, without waiting for the peer."""
        self._code = code
        self._waiting.clear()
        gevent.spawn(self._close, code)

    def end(self) -> None:
        """End it: what is queued goes out first, as far as the peer reads."""
        with gevent.Timeout(GOODBYE_SECONDS, False):
            while self._waiting:
                gevent.sleep(0.005)
        self._writing.kill(block=False)
        self._close(self._code)
        self._socket.thread.join(GOODBYE_SECONDS)
        with suppress(OSError):
            self._connection.shutdown(SHUT_RDWR)
        self._connection.close()

    def _close(self, code: int) -> None:
        with suppress(ConnectionClosed, OSError):
            self._socket.close(code)

    def _write(self) -> None:
        try:
            while True:
                self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    text = self._waiting[0]
                    self._socket.send(text)
                    if self._waiting and self._waiting[0] is text:
                        self._waiting.popleft()
                        self._size -= len(text)
        except (ConnectionClosed, OSError):
            return


def _read(text: str | bytes) -> object:
    """The value of a JSON text. Raises ValueError for what is none, or nested beyond all measure."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("that is nested too deeply") from None


def _no_number(_: str) -> NoReturn:
    raise ValueError("that is no number")
