"""How messages lie in a connection's bytes: what a connection asks of its transport protocol."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pbx.sip.framing import Frame, StreamFramer


@dataclass(frozen=True, slots=True)
class Answered:
    """What the protocol itself says back (a handshake, a pong); often nothing. It counts as a message."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Farewell:
    """The connection ends after these last bytes; nothing more is read."""

    data: bytes = b""


Cut = Frame | Answered | Farewell


class Wire(Protocol):
    """Cuts the bytes of one connection into messages, and wraps those that are sent."""

    @property
    def pending(self) -> bool:
        """Whether something has begun and not ended: what the peer's time is counted for."""

    def feed(self, data: bytes) -> Iterator[Cut]:
        """Take more bytes; yield what they complete, in order. Raises FramingError where it breaks."""

    def wrap(self, message: bytes) -> bytes:
        """The bytes that carry one message."""

    def farewell(self) -> bytes:
        """What is said before the connection is closed from our side."""

    def ping(self) -> bytes:
        """What asks the peer for a sign of life; empty when the protocol has nothing of the kind."""


class StreamWire(StreamFramer):
    """SIP over TCP or TLS: one message after the other, by Content-Length (RFC 3261 section 18.3)."""

    def wrap(self, message: bytes) -> bytes:
        """The message as it is."""
        return message

    def farewell(self) -> bytes:
        """Nothing: a stream just ends."""
        return b""

    def ping(self) -> bytes:
        """Nothing: TCP keeps its own watch, and phones ping us."""
        return b""
