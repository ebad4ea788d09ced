"""The WebSockets of pages and viewers, on a connection that takes little at once."""

import json
from collections.abc import Callable, Iterator
from random import Random
from socket import SO_SNDBUF, SOL_SOCKET
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from gevent.socket import socketpair
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from agent_ui.cobrowse.sockets import Connection

SMALL = 8 * 1024


class Peer:
    """The other end: reads when it is told to."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._browser = WSConnection(ConnectionType.CLIENT)
        asked = self._browser.send(Request("localhost", "/", extensions=[PerMessageDeflate()]))
        lines = asked.decode().split("\r\n")[1:]
        self.headers = dict(line.split(": ", 1) for line in lines if line)
        self._text = ""

    def reads(self, count: int) -> list[Any]:
        """The next messages."""
        found: list[Any] = []
        while len(found) < count:
            self._browser.receive_data(self._socket.recv(1024))
            found.extend(self._messages())
        return found

    def _messages(self) -> Iterator[Any]:
        for event in self._browser.events():
            assert isinstance(event, TextMessage | AcceptConnection), event
            if isinstance(event, TextMessage):
                self._text += event.data
                if event.message_finished:
                    yield json.loads(self._text)
                    self._text = ""


def at_once(size: int, work: Callable[[], Any]) -> Any:
    """Does the work where it is asked for."""
    return work()


@pytest.fixture
def ends() -> Iterator[tuple[Connection, Peer]]:
    here, there = socketpair()
    here.setsockopt(SOL_SOCKET, SO_SNDBUF, SMALL)
    peer = Peer(there)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in peer.headers.items()}
    stream = SimpleNamespace(raw=SimpleNamespace(_sock=here))
    connection = Connection({**headers, "SERVER_SOFTWARE": "gevent/1", "wsgi.input": stream}, at_once)
    yield connection, peer
    there.close()
    connection.end()
    here.close()


def test_large_messages_arrive_whole_though_the_connection_takes_little_at_once(
    ends: tuple[Connection, Peer],
) -> None:
    connection, peer = ends
    told = [{"n": n, "text": Random(n).randbytes(100_000).hex()} for n in range(3)]
    for message in told:
        connection.send(json.dumps(message))
    gevent.sleep(0.05)
    with gevent.Timeout(10):
        assert peer.reads(3) == told
