"""Where one message ends and the next begins, on streams (RFC 3261 section 18.3) and in datagrams.

A stream is cut by Content-Length alone, so anything doubtful about it ends the stream: two elements that
disagree on where a message ends can be made to disagree on what it says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import MalformedMessageError, Request, Response, parse

PING = b"\r\n\r\n"
PONG = b"\r\n"

_END_OF_HEAD = b"\r\n\r\n"
_FOLD = re.compile(rb"\r\n[ \t]+")
_CONTENT_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_DIGITS = re.compile(rb"[0-9]{1,10}")


@dataclass(frozen=True)
class Limits:
    """The largest message that is read: bytes before the empty line, header lines, bytes of body."""

    head: int = 16 * 1024
    headers: int = 100
    body: int = 64 * 1024


@dataclass(frozen=True)
class Ping:
    """A peer asks whether the connection lives (RFC 5626 section 3.5.1); `PONG` is the answer."""


Frame = bytes | Ping


class FramingError(SipSyntaxError):
    """The stream cannot be cut into messages any further and is to be closed.

    `status` is what the request at fault may be answered with first; `head` is what was received of it, from
    which `parse` may make that answer (it may be incomplete).
    """

    id = "framing"
    status = 400

    def __init__(self, reason: str, header: str | None = None, head: bytes = b"") -> None:
        super().__init__(reason, header)
        self.head = head


class HeadTooLargeError(FramingError):
    """The start line and headers are longer than the limit."""

    id = "head_too_large"
    status = 513


class TooManyHeadersError(FramingError):
    """There are more header lines than the limit."""

    id = "too_many_headers"
    status = 513


class BodyTooLargeError(FramingError):
    """Content-Length is more than the limit."""

    id = "body_too_large"
    status = 513


class MissingContentLengthError(FramingError):
    """A message on a stream does not say how long its body is."""

    id = "missing_content_length"


class BadContentLengthError(FramingError):
    """Content-Length is not a number."""

    id = "bad_content_length"


class ConflictingContentLengthError(FramingError):
    """Several Content-Length values differ."""

    id = "conflicting_content_length"


class StreamFramer:
    """Cuts the bytes of one TCP, TLS or other stream connection into messages.

    After a FramingError nothing more is read: `feed` yields nothing.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._buffer = bytearray()
        self._searched = 0
        self._needed: int | None = None
        self._broken = False

    @property
    def pending(self) -> bool:
        """Whether a message has begun and not ended: what the peer's 10 seconds are counted for."""
        return not self._awaiting_line_end() and not self._broken

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take more bytes; yield whole messages and pings, in order. Raises FramingError where it breaks.

        The bytes are taken in at once; the frames are cut as the result is consumed.
        """
        if not self._broken:
            self._buffer += data
        return self._frames()

    def _frames(self) -> Iterator[Frame]:
        try:
            while (frame := self._next_frame()) is not None:
                yield frame
        except FramingError:
            self._broken = True
            self._buffer.clear()
            raise

    def _next_frame(self) -> Frame | None:
        if self._needed is None:
            if self._skip_line_ends():
                return Ping()
            if not self._find_head():
                return None
        if self._needed is None or len(self._buffer) < self._needed:
            return None
        return self._take(self._needed)

    def _skip_line_ends(self) -> bool:
        """Drop line ends before a message (RFC 3261 section 7.5); True for a double one, which is a ping."""
        buffer = self._buffer
        while buffer[:2] == b"\r\n" and len(buffer) > 2:
            if buffer[:4] == PING:
                del buffer[:4]
                return True
            if buffer[2:] == b"\r":
                return False
            del buffer[:2]
        return False

    def _awaiting_line_end(self) -> bool:
        """Whether nothing is there but what may become a ping."""
        return PING.startswith(bytes(self._buffer[: len(PING)]))

    def _find_head(self) -> bool:
        """Look for the end of the headers; True when it is there and the message's length is known."""
        if self._awaiting_line_end():
            return False
        end = self._buffer.find(_END_OF_HEAD, max(0, self._searched - 3))
        self._searched = len(self._buffer)
        length = self._searched if end < 0 else end
        if length > self._limits.head:
            raise HeadTooLargeError("Headers too long", head=bytes(self._buffer[: self._limits.head]))
        if end < 0:
            return False
        head = bytes(self._buffer[: end + len(_END_OF_HEAD)])
        self._needed = len(head) + body_length(head, self._limits)
        return True

    def _take(self, size: int) -> bytes:
        message = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        self._needed = None
        return message


def body_length(head: bytes, limits: Limits) -> int:
    """The bytes of body that follow `head` on a stream. Raises FramingError."""
    unfolded = _FOLD.sub(b" ", head)
    if unfolded.count(b"\r\n") - 2 > limits.headers:
        raise TooManyHeadersError("Too many headers", head=head)
    stated = [value.strip(b" \t") for value in _CONTENT_LENGTH.findall(unfolded)]
    if not stated:
        raise MissingContentLengthError("Missing Content-Length", "Content-Length", head)
    if any(_DIGITS.fullmatch(value) is None for value in stated):
        raise BadContentLengthError("Bad Content-Length", "Content-Length", head)
    if any(int(one) != int(other) for one, other in pairwise(stated)):
        raise ConflictingContentLengthError("Conflicting Content-Length", "Content-Length", head)
    if int(stated[0]) > limits.body:
        raise BodyTooLargeError("Body too large", "Content-Length", head)
    return int(stated[0])


def oversize(message: bytes, limits: Limits) -> FramingError | None:
    """Which limit a message that came whole passes, if it does."""
    head, _, body = message.partition(_END_OF_HEAD)
    if len(head) > limits.head:
        return HeadTooLargeError("Headers too long", head=message)
    if _FOLD.sub(b" ", head).count(b"\r\n") > limits.headers:
        return TooManyHeadersError("Too many headers", head=message)
    return BodyTooLargeError("Body too large", head=message) if len(body) > limits.body else None


def is_keep_alive(datagram: bytes) -> bool:
    """Whether a datagram is no message but a keep-alive: nothing but line ends, blanks and zero bytes."""
    return not datagram.strip(b"\r\n \t\0")


def read_datagram(datagram: bytes, limits: Limits | None = None) -> Request | Response:
    """Read a message that came whole: one UDP datagram, or one WebSocket message.

    A body shorter than Content-Length is an error; bytes beyond it are dropped (RFC 3261 section 18.3).
    Raises MalformedMessageError, or FramingError for a message over the limits.
    """
    limits = limits or Limits()
    message = parse(datagram)
    if len(datagram) - len(message.body) > limits.head + len(_END_OF_HEAD):
        raise HeadTooLargeError("Headers too long", head=datagram)
    if len(message.headers) > limits.headers:
        raise TooManyHeadersError("Too many headers", head=datagram)
    if len(message.body) > limits.body:
        raise BodyTooLargeError("Body too large", head=datagram)
    return _cut_to_length(message)


def _cut_to_length(message: Request | Response) -> Request | Response:
    answerable = message if isinstance(message, Request) else None
    try:
        stated = message.content_length
    except SipSyntaxError as error:
        raise MalformedMessageError(error.reason, error.header, answerable) from None
    if stated is None or stated == len(message.body):
        return message
    if stated > len(message.body):
        raise MalformedMessageError("Content-Length exceeds the body", "Content-Length", answerable)
    return message.with_cut_body(stated)


def refused_request(error: SipSyntaxError) -> Request | None:
    """The request that a reading error is to be answered to, or None when nothing is to be sent.

    The status is `owed_status(error)`. An ACK is never answered, and a response never is.
    """
    request = error.answerable if isinstance(error, MalformedMessageError) else None
    if isinstance(error, FramingError):
        request = _readable_request(error.head)
    return None if request is None or request.method == "ACK" else request


def owed_status(error: SipSyntaxError) -> int:
    """The status that a message which could not be read is owed."""
    return error.status if isinstance(error, FramingError) else 400


def _readable_request(head: bytes) -> Request | None:
    try:
        message = parse(head)
    except MalformedMessageError as error:
        return error.answerable
    return message if isinstance(message, Request) and message.has("via") else None
