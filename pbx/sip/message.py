"""SIP messages as frozen values: bytes in, a Request or a Response out, and back (RFC 3261 section 7).

Headers are split once and stay as text; a value (Via, From, Contact...) is parsed when somebody asks for it,
and remembered. A message therefore parses even when one of its values is wrong: what is owed for that is the
business of `validation`. Edits return a new message.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from pbx.sip.addresses import NameAddr, Via, parse_name_addr, parse_via
from pbx.sip.grammar import BLANKS, SipSyntaxError, is_token, parse_number, split_list
from pbx.sip.headers import LARGEST_SECONDS, CSeq, MediaType, parse_cseq, parse_media_type
from pbx.sip.lazy import lazy
from pbx.sip.names import display_name, key_of
from pbx.sip.uri import Uri, parse_uri

_FOLD = re.compile(r"\r\n[ \t]+")
_LONE_LINE_END = re.compile(r"\r(?!\n)|(?<!\r)\n")
_STATUS_LINE = re.compile(
    r"SIP/([0-9]{1,5}\.[0-9]{1,5}) ([1-9][0-9]{0,9})(?: (.*))?", re.IGNORECASE | re.ASCII
)
_REQUEST_LINE = re.compile(r"([^ \t]++) ([^ \t]++) SIP/([0-9]{1,5}\.[0-9]{1,5})", re.IGNORECASE | re.ASCII)


class MalformedMessageError(SipSyntaxError):
    """The bytes are not a SIP message.

    `answerable` is what could be read of it when that is a request with a Via: it can be answered with 400.
    It is never to be forwarded, and an ACK is never to be answered.
    """

    id = "malformed_message"

    def __init__(self, reason: str, header: str | None = None, answerable: "Request | None" = None) -> None:
        super().__init__(reason, header)
        self.answerable = answerable


class UnwritableMessageError(ValueError):
    """We built a message that cannot be written: a line end inside a header or the start line."""

    id = "unwritable_message"


class Header(NamedTuple):
    """One header line, unfolded: the name as received and the value without surrounding blanks."""

    name: str
    value: str


Headers = tuple[Header, ...]


@dataclass(frozen=True, kw_only=True)
class Message:
    """What requests and responses share: ordered headers and a body.

    Names are looked up without regard to case, and a compact form finds the long one and the reverse.
    """

    headers: Headers
    body: bytes = b""

    @lazy
    def _index(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for name, value in self.headers:
            index.setdefault(key_of(name), []).append(value)
        return index

    # -- reading

    def has(self, name: str) -> bool:
        """Whether a header of that name is there."""
        return key_of(name) in self._index

    def first(self, name: str) -> str | None:
        """The value of the first header line of that name."""
        lines = self._index.get(key_of(name))
        return lines[0] if lines else None

    def lines(self, name: str) -> tuple[str, ...]:
        """The values of all header lines of that name, one a line, not split at commas."""
        return tuple(self._index.get(key_of(name), ()))

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a list header, split at commas over all its lines. Raises SipSyntaxError."""
        key = key_of(name)
        shown = display_name(key)
        return tuple(part for line in self._index.get(key, ()) for part in split_list(line, shown))

    def tokens(self, name: str) -> tuple[str, ...]:
        """The values of a list header that may be empty (Supported, Allow...), in lower case."""
        joined = ",".join(self._index.get(key_of(name), ()))
        return tuple(part for raw in joined.split(",") if (part := raw.strip(BLANKS).lower()))

    def required(self, name: str) -> str:
        """The value of a header that must be there once. Raises SipSyntaxError naming it."""
        lines = self._index.get(key_of(name), ())
        if len(lines) != 1:
            shown = display_name(key_of(name))
            raise SipSyntaxError(f"{'Repeated' if lines else 'Missing'} {shown}", shown)
        return lines[0]

    @lazy
    def vias(self) -> tuple[Via, ...]:
        """All Via values, topmost first. Raises SipSyntaxError."""
        return tuple(parse_via(value) for value in self.values("via"))

    @lazy
    def via(self) -> Via:
        """The topmost Via. Raises SipSyntaxError if there is none or it is wrong (the others may be)."""
        line = self.first("via")
        if line is None:
            raise SipSyntaxError("Missing Via", "Via")
        return parse_via(split_list(line, "Via")[0])

    @lazy
    def from_(self) -> NameAddr:
        """The From value. Raises SipSyntaxError."""
        return parse_name_addr(self.required("from"), "From")

    @lazy
    def to(self) -> NameAddr:
        """The To value. Raises SipSyntaxError."""
        return parse_name_addr(self.required("to"), "To")

    @property
    def call_id(self) -> str:
        """The Call-ID. Raises SipSyntaxError."""
        return self.required("call-id")

    @lazy
    def cseq(self) -> CSeq:
        """The CSeq. Raises SipSyntaxError."""
        return parse_cseq(self.required("cseq"))

    @lazy
    def contacts(self) -> tuple[NameAddr, ...]:
        """All Contact values, except a lone `*` (see `contact_is_star`). Raises SipSyntaxError."""
        return () if self.contact_is_star else self._addresses("Contact")

    @property
    def contact_is_star(self) -> bool:
        """Whether the only Contact is `*` (REGISTER: remove all bindings)."""
        return self.lines("contact") == ("*",)

    @lazy
    def routes(self) -> tuple[NameAddr, ...]:
        """All Route values, topmost first. Raises SipSyntaxError."""
        return self._addresses("Route")

    @lazy
    def record_routes(self) -> tuple[NameAddr, ...]:
        """All Record-Route values, topmost first. Raises SipSyntaxError."""
        return self._addresses("Record-Route")

    def _addresses(self, name: str) -> tuple[NameAddr, ...]:
        return tuple(parse_name_addr(value, name) for value in self.values(name))

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, 0 to 255; None if absent (RFC 2543 peers). Raises SipSyntaxError."""
        return self._number("Max-Forwards", 255)

    @property
    def expires(self) -> int | None:
        """The Expires header in seconds; None if absent. Raises SipSyntaxError."""
        return self._number("Expires", LARGEST_SECONDS)

    @property
    def content_length(self) -> int | None:
        """The Content-Length that was received; None if absent. Raises SipSyntaxError."""
        return self._number("Content-Length", LARGEST_SECONDS)

    def _number(self, name: str, largest: int) -> int | None:
        return parse_number(self.required(name), name, largest) if self.has(name) else None

    @property
    def content_type(self) -> MediaType | None:
        """The Content-Type; None if absent. Raises SipSyntaxError."""
        return parse_media_type(self.required("content-type")) if self.has("content-type") else None

    # -- editing

    def with_header(self, name: str, value: str) -> Self:
        """With exactly one header of that name: in the place of the first old one, or at the end."""
        key, new = key_of(name), Header(name, value.strip(BLANKS))
        kept: list[Header] = []
        placed = False
        for header in self.headers:
            if key_of(header.name) != key:
                kept.append(header)
            elif not placed:
                kept.append(new)
                placed = True
        return self.with_headers((*kept, *(() if placed else (new,))))

    def without(self, *names: str) -> Self:
        """Without any header of these names."""
        dropped = {key_of(name) for name in names}
        return self.with_headers(
            tuple(header for header in self.headers if key_of(header.name) not in dropped)
        )

    def replacing_first_value(self, name: str, value: str) -> Self:
        """With the first value of a list header replaced. Raises SipSyntaxError."""
        key = key_of(name)
        for place, header in enumerate(self.headers):
            if key_of(header.name) == key:
                values = (value, *split_list(header.value, display_name(key))[1:])
                line = Header(header.name, ", ".join(values))
                return self.with_headers((*self.headers[:place], line, *self.headers[place + 1 :]))
        return self

    def with_body(self, body: bytes) -> Self:
        """With another body of the same type; `serialise` writes Content-Length."""
        return replace(self, body=body)

    def with_cut_body(self, size: int) -> Self:
        """With the body cut to `size` bytes."""
        return replace(self, body=self.body[:size])

    def with_headers(self, headers: Headers) -> Self:
        """With these headers in place of all."""
        return replace(self, headers=headers)


@dataclass(frozen=True, kw_only=True)
class Request(Message):
    """A request. `uri` is the Request-URI as received; `target` parses it."""

    method: str
    uri: str
    version: str = "2.0"

    @lazy
    def target(self) -> Uri:
        """The Request-URI. Raises SipSyntaxError."""
        return parse_uri(self.uri)

    @property
    def start_line(self) -> str:
        """The request line."""
        return f"{self.method} {self.uri} SIP/{self.version}"


@dataclass(frozen=True, kw_only=True)
class Response(Message):
    """A response. `status` is what the peer wrote, which may be no status at all (see `validation`)."""

    status: int
    reason: str = ""
    version: str = "2.0"

    @property
    def start_line(self) -> str:
        """The status line."""
        return f"SIP/{self.version} {self.status} {self.reason}"


def serialise(message: Request | Response) -> bytes:
    """Write a message: CRLF line ends, no folding, one Content-Length that is true.

    Raises UnwritableMessageError when a header or the start line holds a line end, which would let a value
    from outside smuggle in headers of its own.
    """
    lines = [message.start_line]
    lines += [f"{name}: {value}" for name, value in message.headers if key_of(name) != "content-length"]
    lines.append(f"Content-Length: {len(message.body)}\r\n\r\n")
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) + 1 or head.count("\r") != len(lines) + 1:
        raise UnwritableMessageError("a header or the start line holds a line end")
    return head.encode("utf-8", "surrogateescape") + message.body


def parse(data: bytes) -> Request | Response:
    """Read one whole message; everything after the empty line is its body. Raises only MalformedMessageError.

    Line ends before the start line are skipped (RFC 3261 section 7.5). Content-Length is not looked at here:
    `framing` compares it with what arrived.
    """
    head, blank_line, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    text = head.decode("utf-8", "surrogateescape")
    fault: SipSyntaxError | None = None if blank_line else SipSyntaxError("No empty line after the headers")
    if _LONE_LINE_END.search(text):
        fault = fault or SipSyntaxError("Line end that is not CRLF")
        text = _LONE_LINE_END.sub(" ", text)
    start_line, _, block = text.partition("\r\n")
    headers, header_fault = _split_headers(block)
    return _assemble(start_line, headers, body, fault or header_fault)


def _split_headers(block: str) -> tuple[Headers, SipSyntaxError | None]:
    """The headers that could be read, and the first thing wrong with those that could not."""
    if not block:
        return (), None
    fault: SipSyntaxError | None = None
    if "\r\n " in block or "\r\n\t" in block:
        block = _FOLD.sub(" ", block)
    headers: list[Header] = []
    for line in block.split("\r\n"):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or key_of(name) == "":
            fault = fault or SipSyntaxError("Header line without a proper name")
            continue
        headers.append(Header(name, value.strip(BLANKS)))
    return tuple(headers), fault


def _assemble(line: str, headers: Headers, body: bytes, fault: SipSyntaxError | None) -> Request | Response:
    if line[:4] in ("SIP/", "sip/", "Sip/"):
        return _assemble_response(line, headers, body, fault)
    found = _REQUEST_LINE.fullmatch(line)
    if found is not None and fault is None:
        return Request(method=found[1], uri=found[2], version=found[3], headers=headers, body=body)
    raise _malformed_request(line, headers, fault or SipSyntaxError("Bad request line"))


def _assemble_response(line: str, headers: Headers, body: bytes, fault: SipSyntaxError | None) -> Response:
    found = _STATUS_LINE.fullmatch(line)
    if found is None or fault is not None:
        raise MalformedMessageError(
            fault.reason if fault else "Bad status line", fault.header if fault else None
        )
    status, reason = int(found[2]), found[3] or ""
    return Response(status=status, reason=reason, version=found[1], headers=headers, body=body)


def _malformed_request(line: str, headers: Headers, fault: SipSyntaxError) -> MalformedMessageError:
    method, _, rest = line.strip(BLANKS).partition(" ")
    partial = Request(method=method, uri=rest, headers=headers)
    answerable = is_token(method) and partial.has("via")
    return MalformedMessageError(fault.reason, fault.header, partial if answerable else None)
