"""SIP over WebSocket (RFC 7118): an upgrade that the gate allows, then one SIP message a WebSocket message.

No I/O here: bytes in, messages and answers out. The connection around it is the same as that of TCP, with its
limits on time, number and memory.
"""

from collections.abc import Iterator

from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Pong,
    Request,
    TextMessage,
)
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from pbx.sip import framing
from pbx.sip.framing import BodyTooLargeError, FramingError, Limits, is_keep_alive, oversize
from pbx.sip.websocket_gate import SUBPROTOCOL, Gate, Upgrade
from pbx.sip.wire import Answered, Cut, Farewell

_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD = 16 * 1024
_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    426: "Upgrade Required",
    431: "Request Header Fields Too Large",
}


class WebSocketWire:
    """One WebSocket from the server's side. No extension is accepted: SIP is short, and inflating is a risk."""

    def __init__(self, gate: Gate, limits: Limits | None = None) -> None:
        self._gate = gate
        self._limits = limits or Limits()
        self._most = self._limits.head + len(_END_OF_HEAD) + self._limits.body
        self._socket = WSConnection(ConnectionType.SERVER)
        self._head = bytearray()
        self._parts: list[bytes] = []
        self._size = 0
        self._inside = False
        self._ended = False
        self._code = CloseReason.GOING_AWAY

    @property
    def is_open(self) -> bool:
        """Whether the upgrade is done."""
        return self._socket.state is not ConnectionState.CONNECTING

    @property
    def pending(self) -> bool:
        """Whether the upgrade, or a message in several frames, has begun and not ended."""
        return not self._ended and (not self.is_open or self._inside)

    # -- reading

    def feed(self, data: bytes) -> Iterator[Cut]:
        """Take more bytes; yield messages and answers. Raises FramingError for a message over the limits."""
        if self._ended:
            return
        if not self.is_open:
            self._head += data
            end = self._head.find(_END_OF_HEAD)
            if end < 0 and len(self._head) <= _LONGEST_HEAD:
                return
            data = bytes(self._head[end + len(_END_OF_HEAD) :])
            yield self._upgraded(bytes(self._head[: end + len(_END_OF_HEAD)]) if end >= 0 else b"")
            self._head.clear()
        if not self._ended:
            self._socket.receive_data(data)
            yield from self._read()

    def _upgraded(self, head: bytes) -> Cut:
        status = 431 if not head or len(head) > _LONGEST_HEAD else self._judge(head)
        if status is None:
            return Answered(self._socket.send(AcceptConnection(subprotocol=SUBPROTOCOL)))
        self._ended = True
        version = "Sec-WebSocket-Version: 13\r\n" if status == 426 else ""
        return Farewell(
            f"HTTP/1.1 {status} {_REASONS[status]}\r\n{version}Connection: close\r\nContent-Length: 0\r\n\r\n"
            .encode()
        )  # fmt: skip

    def _judge(self, head: bytes) -> int | None:
        """The status with which the upgrade is refused, if it is."""
        try:
            self._socket.receive_data(head)
            request = next(self._socket.events(), None)
        except RemoteProtocolError as error:
            return 426 if getattr(error.event_hint, "status_code", 400) == 426 else 400
        except (UnicodeError, ValueError):
            return 400
        return self._gate.refusal(_read_upgrade(request)) if isinstance(request, Request) else 400

    def _read(self) -> Iterator[Cut]:
        for event in self._socket.events():
            yield from self._cut(event)
            if self._ended:
                return

    def _cut(self, event: Event) -> Iterator[Cut]:
        match event:
            case TextMessage() | BytesMessage():
                yield from self._add(event)
            case Ping():
                yield Answered(self._socket.send(event.response()))
            case Pong():
                yield Answered()
            case CloseConnection():
                self._ended = True
                yield Farewell(self._closing(event))

    def _add(self, event: TextMessage | BytesMessage) -> Iterator[Cut]:
        part = event.data.encode() if isinstance(event.data, str) else bytes(event.data)
        self._inside = not event.message_finished
        if not part and event.frame_finished and self._inside:
            yield Answered()  # it brings the message no nearer to its limit: it counts as one itself
            return
        self._size += len(part)
        self._parts.append(part)
        if self._size > self._most:
            raise self._broken(BodyTooLargeError("Message too large", head=b"".join(self._parts)))
        if event.message_finished:
            yield self._whole(b"".join(self._parts))
            self._parts.clear()
            self._size = 0

    def _whole(self, message: bytes) -> Cut:
        if is_keep_alive(message):
            return framing.Ping() if message == framing.PING else Answered()
        error = oversize(message, self._limits)
        if error is not None:
            raise self._broken(error)
        return message

    def _broken(self, error: FramingError) -> FramingError:
        self._ended, self._code = True, CloseReason.MESSAGE_TOO_BIG
        return error

    # -- writing

    def wrap(self, message: bytes) -> bytes:
        """One frame, text where the message is UTF-8: pages' SIP stacks expect that."""
        try:
            event: Event = TextMessage(data=message.decode())
        except UnicodeDecodeError:
            event = BytesMessage(data=message)
        return self._sent(event)

    def farewell(self) -> bytes:
        """A close frame that says why, if none was sent yet."""
        return self._sent(CloseConnection(code=self._code))

    def ping(self) -> bytes:
        """A ping frame."""
        return self._sent(Ping())

    def _closing(self, event: CloseConnection) -> bytes:
        """The answer to the peer's close frame, or to what breaks the protocol."""
        return self._sent(CloseConnection(code=event.code))

    def _sent(self, event: Event) -> bytes:
        try:
            return self._socket.send(event) if self.is_open else b""
        except LocalProtocolError:  # after the close frame nothing is sent
            return b""


def _read_upgrade(request: Request) -> Upgrade:
    origins = tuple(
        value.decode("ascii", "replace") for name, value in request.extra_headers if name == b"origin"
    )
    return Upgrade(request.target, request.host, origins, tuple(request.subprotocols))
