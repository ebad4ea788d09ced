"""The event stream as a WebSocket: every client hears every event in order, from the number it names."""

from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from pbx.api.follower import NOT_SPOKEN_TO, STOPPING, Encoded, Follower
from pbx.api.schemas import StreamQuery
from pbx.api.services import Log
from pbx.contract.events import Envelope

PING_SECONDS = 15
CLOSE_SECONDS = 30
"""For a slow client to read up to the close frame, which tells it why."""
LARGEST = 1_000_000
"""Bytes of a message, in either direction: the library has one limit for both."""


@implementer(IPushProducer)
class StreamClient(WebSocketServerProtocol):
    """One connection, read only. The socket says when it is full."""

    factory: "StreamFactory"
    follower: Follower
    transport: Any
    query = StreamQuery()

    def onConnect(self, request: ConnectionRequest) -> None:  # noqa: N802
        """The query was checked before the upgrade."""
        given = {name: values[0] for name, values in request.params.items()}
        self.query = StreamQuery.model_validate_strings(given)

    def onOpen(self) -> None:  # noqa: N802
        """Begin with what was missed, or with a Reset."""
        self.transport.unregisterProducer()  # until the upgrade twisted.web watched over the socket
        self.transport.registerProducer(self, True)
        self.follower = Follower(self.factory.log, self.factory.encoded, self.sendMessage, self.leave)
        self.factory.clients.add(self)
        self.follower.begin(self.query)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        """Clients have nothing to say."""
        self.leave(NOT_SPOKEN_TO, "this stream is read only")

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        """The connection is over."""
        self.factory.clients.discard(self)

    def leave(self, code: int, reason: str) -> None:
        """Close with a code that says why."""
        self.factory.clients.discard(self)
        self.transport.unregisterProducer()
        self.sendClose(code, reason)

    def pauseProducing(self) -> None:  # noqa: N802
        """The socket is full."""
        self.follower.pause()

    def resumeProducing(self) -> None:  # noqa: N802
        """The socket takes more."""
        self.follower.go_on()

    def stopProducing(self) -> None:  # noqa: N802
        """The connection was lost; onClose follows."""
        self.follower.pause()


class StreamFactory(WebSocketServerFactory):
    """All connections of the stream."""

    protocol: Any = StreamClient

    def __init__(self, reactor: Any, log: Log) -> None:
        super().__init__(server="Comptoir", reactor=reactor)
        self.setProtocolOptions(
            autoPingInterval=PING_SECONDS, autoPingTimeout=PING_SECONDS, openHandshakeTimeout=5,
            closeHandshakeTimeout=CLOSE_SECONDS, maxFramePayloadSize=LARGEST, maxMessagePayloadSize=LARGEST,
            tcpNoDelay=True,
        )  # fmt: skip
        self.log = log
        self.encoded = Encoded()
        self.clients: set[StreamClient] = set()
        self._stop_listening = log.listen(self._on_event)

    def close(self) -> None:
        """Send everybody away; they connect again to the next process."""
        self._stop_listening()
        for client in tuple(self.clients):
            client.leave(STOPPING, "the telephone system stops")

    def _on_event(self, envelope: Envelope) -> None:
        for client in tuple(self.clients):
            client.follower.hear(envelope)
