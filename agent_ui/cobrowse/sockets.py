"""WebSockets of pages and viewers: text in order, both ways, compressed by the connection (RFC 7692).

One greenlet writes, so that messages never mingle; what a peer does not read waits in a queue of limited size.
"""

import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

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
READ_AT_ONCE = 16 * 1024
REFUSED, UNREAD = 4401, 4429

_log = logging.getLogger(__name__)


class _Thread(gevent.Greenlet):
    """Has the interface of a thread that simple-websocket asks for."""

    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target)


class Connection:
    """One accepted WebSocket."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._socket = Server.accept(
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
        """Queue a message; returns at once."""
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
        message = json.loads(text)
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
