"""What simple-websocket lacks on gevent's sockets, which take as much of a message as fits, and say how much."""

from typing import Any

from gevent.lock import RLock


class WholeSends:
    """A socket whose `send` sends everything, one message after the other: simple-websocket does not look how much
    was taken, and a peer that reads slowly would get the beginning of one message and then the next."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._turn = RLock()

    def send(self, data: bytes) -> int:
        """Send all of it, waiting for the peer as long as it takes; the number of bytes."""
        with self._turn:
            self._socket.sendall(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
