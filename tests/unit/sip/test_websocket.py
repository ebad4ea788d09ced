"""One WebSocket from the server's side, byte by byte: the upgrade, messages and frames, limits, closing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wsproto import ConnectionType, WSConnection
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, Request, TextMessage

from pbx.sip import framing
from pbx.sip.edge_settings import WebSocketSettings
from pbx.sip.framing import FramingError, Limits
from pbx.sip.websocket import WebSocketWire
from pbx.sip.websocket_gate import Gate, Upgrade, normal_origin
from pbx.sip.wire import Answered, Farewell

ORIGIN = "https://shop.example"
MESSAGE = b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/WS x\r\n\r\n"
SMALL = Limits(head=200, headers=5, body=100)


def gate(**changed) -> Gate:
    return Gate(WebSocketSettings(**changed), lambda: [ORIGIN])


class Client:
    """A browser's end, and the wire that it speaks to."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.wire = WebSocketWire(gate(), limits)
        self.socket = WSConnection(ConnectionType.CLIENT)
        (answer,) = self.wire.feed(self.upgrade())
        assert isinstance(answer, Answered)
        self.heard(answer.data)

    def upgrade(self) -> bytes:
        return self.socket.send(
            Request(
                host="localhost", target="/sip", subprotocols=["sip"],
                extra_headers=[(b"Origin", ORIGIN.encode())],
            )
        )  # fmt: skip

    def heard(self, data: bytes) -> list[Event]:
        self.socket.receive_data(data)
        return list(self.socket.events())

    def say(self, event: Event) -> list:
        return list(self.wire.feed(self.socket.send(event)))


def status_of(raw: bytes) -> tuple[int, bool]:
    """The HTTP status of the answer, and whether the connection goes on."""
    (answer,) = WebSocketWire(gate()).feed(raw)
    return int(answer.data.split(b" ")[1]), isinstance(answer, Answered)


def request(*changes: tuple[str, str | None], path: str = "/sip", method: str = "GET") -> bytes:
    headers: dict[str, str | None] = {
        "Host": "localhost:8088", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade", "Origin": ORIGIN,
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "sip",
    }  # fmt: skip
    headers |= dict(changes)
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "\r\n")).encode("latin-1")


UPGRADES = [
    ("as browsers ask", request(), 101),
    ("with a query", request(path="/sip?x=1"), 101),
    ("several sub-protocols", request(("Sec-WebSocket-Protocol", "mqtt, sip")), 101),
    ("an address literal", request(("Host", "192.0.2.7:8088")), 101),
    ("an IPv6 literal", request(("Host", "[2001:db8::7]:8088")), 101),
    ("extensions are not taken", request(("Sec-WebSocket-Extensions", "permessage-deflate")), 101),
    ("no sub-protocol", request(("Sec-WebSocket-Protocol", None)), 400),
    ("a foreign sub-protocol", request(("Sec-WebSocket-Protocol", "mqtt")), 400),
    ("a foreign Host", request(("Host", "evil.example")), 403),
    ("a Host that is none", request(("Host", "localhost@evil.example")), 403),
    ("no Host", request(("Host", None)), 400),
    ("a foreign Origin", request(("Origin", "https://evil.example")), 403),
    ("an Origin that begins alike", request(("Origin", "https://shop.example.evil.example")), 403),
    ("our Origin's name over http", request(("Origin", "http://shop.example")), 403),
    ("another port of the Origin", request(("Origin", "https://shop.example:8443")), 403),
    ("the null Origin", request(("Origin", "null")), 403),
    ("no Origin", request(("Origin", None)), 403),
    ("another path", request(path="/"), 404),
    ("another method", request(method="POST"), 400),
    ("an old version", request(("Sec-WebSocket-Version", "8")), 426),
    ("no upgrade", request(("Upgrade", None)), 400),
    ("no key", request(("Sec-WebSocket-Key", None)), 400),
    ("bytes that are no HTTP", b"INVITE sip:a SIP/2.0\r\n\r\n", 400),
    ("a name that is no name", request(("Host", "xn--\xff")), 400),
    ("a head that does not end", b"GET /sip HTTP/1.1\r\n" + b"X: y\r\n" * 3000, 431),
]


@pytest.mark.parametrize(("raw", "owed"), [pytest.param(raw, owed, id=name) for name, raw, owed in UPGRADES])
def test_an_upgrade_is_answered_as_it_deserves(raw, owed):
    assert status_of(raw) == (owed, owed == 101)


def test_two_origins_are_none():
    raw = request().replace(b"Origin: ", b"Origin: https://shop.example\r\nOrigin: ")
    assert status_of(raw) == (403, False)


def test_the_answer_names_the_sub_protocol_and_no_extension():
    (answer,) = WebSocketWire(gate()).feed(request(("Sec-WebSocket-Extensions", "permessage-deflate")))
    assert b"\r\nsec-websocket-protocol: sip\r\n" in answer.data.lower()
    assert b"extensions" not in answer.data.lower()


@pytest.mark.parametrize(
    ("settings_", "host", "allowed"),
    [
        ({}, "localhost", True),
        ({}, "127.0.0.1:8088", True),
        ({}, "pbx.example", False),
        ({"hosts": frozenset({"pbx.example"}), "literal_hosts": False}, "PBX.example:443", True),
        ({"hosts": frozenset({"pbx.example"}), "literal_hosts": False}, "127.0.0.1", False),
        ({}, "", False),
        ({}, "[::1", False),
    ],
)
def test_a_host_is_known_by_name_or_by_being_an_address(settings_, host, allowed):
    asked = Upgrade("/sip", host, (ORIGIN,), ("sip",))
    assert (gate(**settings_).refusal(asked) is None) is allowed


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("https://Shop.Example:443/", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://shop.example/path", None),
        ("https://user@shop.example", None),
        ("file:///tmp", None),
        ("https://shop.example:99999", None),
        ("null", None),
        ("", None),
    ],
)
def test_origins_compare_as_browsers_write_them(text, normal):
    assert normal_origin(text) == normal


def test_the_pages_of_the_moment_are_asked_for_at_each_upgrade():
    origins: list[str] = []
    asked = Upgrade("/sip", "localhost", (ORIGIN,), ("sip",))
    changing = Gate(WebSocketSettings(), lambda: origins)
    assert changing.refusal(asked) == 403
    origins.append("https://shop.example:443")
    assert changing.refusal(asked) is None


# --- messages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [TextMessage(data=MESSAGE.decode()), BytesMessage(data=MESSAGE)])
def test_text_and_binary_frames_carry_messages(event):
    assert Client().say(event) == [MESSAGE]


def test_a_message_in_several_frames_is_one_message():
    client = Client()
    half = MESSAGE[:10].decode(), MESSAGE[10:].decode()
    assert client.say(TextMessage(data=half[0], message_finished=False)) == []
    assert client.wire.pending
    assert client.say(Ping(payload=b"in between")) != []
    assert client.say(TextMessage(data=half[1])) == [MESSAGE]
    assert not client.wire.pending


def test_the_upgrade_and_what_follows_may_come_together_or_byte_by_byte():
    client = Client()
    data = client.socket.send(BytesMessage(data=MESSAGE))
    assert [cut for byte in data for cut in client.wire.feed(bytes([byte]))] == [MESSAGE]
    wire, other = WebSocketWire(gate()), WSConnection(ConnectionType.CLIENT)
    other.send(Request(host="localhost", target="/sip", subprotocols=["sip"]))
    answer, message = wire.feed(request() + data)
    assert isinstance(answer, Answered) and message == MESSAGE


def test_keep_alives_in_frames_are_tolerated():
    client = Client()
    assert client.say(TextMessage(data="\r\n\r\n")) == [framing.Ping()]
    assert client.say(TextMessage(data="\r\n")) == [Answered()]


def test_a_ping_is_ponged_and_a_pong_counts():
    client = Client()
    (answer,) = client.say(Ping(payload=b"x"))
    assert client.heard(answer.data) == [Pong(payload=b"x")]
    assert client.say(Pong()) == [Answered()]


def test_what_we_send_is_text_where_it_can_be():
    client = Client()
    assert client.heard(client.wire.wrap("é".encode())) == [TextMessage(data="é")]
    assert client.heard(client.wire.wrap(b"\xff")) == [BytesMessage(data=bytearray(b"\xff"))]


# --- limits and ends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (MESSAGE + b"x" * 101, "Body too large"),
        (b"OPTIONS sip:a SIP/2.0\r\nX: " + b"x" * 200 + b"\r\n\r\n", "Headers too long"),
        (b"OPTIONS sip:a SIP/2.0\r\n" + b"X: y\r\n" * 6 + b"\r\n", "Too many headers"),
        (MESSAGE + b"x" * 500, "Message too large"),
    ],
)
def test_a_message_over_a_limit_breaks_the_connection_with_1009(message, reason):
    client = Client(SMALL)
    with pytest.raises(FramingError, match=reason) as raised:
        client.say(BytesMessage(data=message))
    assert raised.value.status == 513
    assert client.heard(client.wire.farewell()) == [CloseConnection(code=1009, reason="")]
    assert list(client.wire.feed(b"more")) == []


def test_a_message_that_grows_frame_by_frame_is_cut_off_at_the_limit():
    client = Client(SMALL)
    with pytest.raises(FramingError, match="Message too large"):
        for _ in range(100):
            client.say(BytesMessage(data=b"x" * 50, message_finished=False))
    assert sum(map(len, client.wire._parts)) <= 400


def test_a_frame_of_nothing_is_counted_and_takes_no_memory():
    client = Client()
    assert client.say(TextMessage(data=MESSAGE[:9].decode(), message_finished=False)) == []
    for _ in range(3):
        assert client.say(TextMessage(data="", message_finished=False)) == [Answered()]
    assert client.say(TextMessage(data=MESSAGE[9:].decode())) == [MESSAGE]


def test_a_huge_announced_frame_is_cut_off_before_it_has_arrived():
    client = Client(SMALL)
    header = b"\x82\xff" + (2**40).to_bytes(8, "big") + b"\0\0\0\0"
    with pytest.raises(FramingError, match="Message too large"):
        list(client.wire.feed(header + b"x" * 1000))


BROKEN = [
    ("unmasked", b"\x81\x01x", 1002),
    ("a reserved bit", b"\xc1\x80\0\0\0\0", 1002),
    ("an unknown opcode", b"\x83\x80\0\0\0\0", 1002),
    ("a continuation of nothing", b"\x80\x80\0\0\0\0", 1002),
    ("a fragmented ping", b"\x09\x80\0\0\0\0", 1002),
    ("text that is no UTF-8", b"\x81\x81\0\0\0\0\xff", 1007),
]


@pytest.mark.parametrize(("frame", "code"), [pytest.param(f, c, id=n) for n, f, c in BROKEN])
def test_what_breaks_the_protocol_is_told_why_and_closed(frame, code):
    client = Client()
    (answer,) = client.wire.feed(frame)
    assert isinstance(answer, Farewell)
    (closed,) = client.heard(answer.data)
    assert isinstance(closed, CloseConnection) and closed.code == code
    assert client.wire.farewell() == b""


def test_a_peer_that_closes_gets_its_close_back():
    client = Client()
    (answer,) = client.say(CloseConnection(code=1001))
    assert isinstance(answer, Farewell) and client.heard(answer.data) == [
        CloseConnection(code=1001, reason="")
    ]
    assert client.wire.wrap(MESSAGE) == b""


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=6), st.booleans())
def test_no_bytes_raise_anything_but_a_framing_error(chunks, opened):
    wire = Client(SMALL).wire if opened else WebSocketWire(gate(), SMALL)
    for chunk in chunks:
        try:
            cuts = list(wire.feed(chunk))
        except FramingError:
            cuts = []
        assert all(isinstance(cut, bytes | framing.Ping | Answered | Farewell) for cut in cuts)
        assert sum(map(len, wire._parts)) <= 200 + 4 + 100 + 200
        wire.wrap(MESSAGE)
    wire.farewell()


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 50), st.integers(1, 50))
def test_any_message_arrives_whole_however_it_is_framed_and_cut(body, piece, segment):
    client = Client()
    message = MESSAGE + body
    parts = [message[at : at + piece] for at in range(0, len(message), piece)]
    data = b"".join(
        client.socket.send(BytesMessage(data=part, message_finished=number == len(parts)))
        for number, part in enumerate(parts, 1)
    )
    cuts = [cut for at in range(0, len(data), segment) for cut in client.wire.feed(data[at : at + segment])]
    assert cuts == [message]
