from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from wsproto import ConnectionType, WSConnection
from wsproto.events import BytesMessage, CloseConnection, Ping, Request, TextMessage

from pbx.sip.connections import Connections
from pbx.sip.edge_settings import StreamSettings, WebSocketSettings
from pbx.sip.streams import StreamConnection
from pbx.sip.websocket import WebSocketWire
from pbx.sip.websocket_gate import Gate

ORIGIN = "https://shop.example"

MESSAGE = b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n"


class RecordingInbox:
    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.broken: list[str] = []
        self.lost_flows = 0
        self.deaf = False

    def hears(self, host, size):
        return not self.deaf

    def may_connect(self, host):
        return host != "203.0.113.9"

    def received(self, flow, data):
        self.messages.append(data)

    def broke(self, flow, error):
        self.broken.append(error.reason)
        flow.send(b"400")

    def lost(self, flow):
        self.lost_flows += 1


class Pipe(StringTransport):
    """A transport that also takes TCP's options and shows how it ended."""

    def __init__(self, host="198.51.100.7"):
        local = IPv4Address("TCP", "192.0.2.1", 5060)
        super().__init__(hostAddress=local, peerAddress=IPv4Address("TCP", host, 40000))

    def setTcpNoDelay(self, on):  # noqa: N802
        pass

    def setTcpKeepAlive(self, on):  # noqa: N802
        pass


class Rig:
    def __init__(self, **settings):
        self.clock = Clock()
        self.inbox = RecordingInbox()
        self.settings = StreamSettings(**settings)
        self.connections = Connections(self.settings)

    def connect(self, host="198.51.100.7", outgoing=False, kind="TCP", wire=None):
        connection = StreamConnection(
            self.clock, self.inbox, self.connections, self.settings, "plain", outgoing, kind, wire
        )
        connection.makeConnection(Pipe(host))
        return connection

    def connect_browser(self, **how):
        """A WebSocket after its upgrade, and the browser's end of it."""
        browser = WSConnection(ConnectionType.CLIENT)
        connection = self.connect(
            kind="WS", wire=WebSocketWire(Gate(WebSocketSettings(), lambda: [ORIGIN])), **how
        )
        origin = [(b"Origin", ORIGIN.encode())]
        upgrade = Request(host="localhost", target="/sip", subprotocols=["sip"], extra_headers=origin)
        connection.dataReceived(browser.send(upgrade))
        heard(browser, connection)
        return connection, browser


def heard(browser, connection):
    """What the browser hears of what was sent since the last time."""
    browser.receive_data(connection.transport.value())
    connection.transport.clear()
    return list(browser.events())


def ended(connection) -> bool:
    return connection.transport.disconnecting or connection.transport.disconnected


def test_messages_are_passed_on_whole_however_they_are_cut():
    rig = Rig()
    connection = rig.connect()
    for byte in MESSAGE:
        connection.dataReceived(bytes([byte]))
    connection.dataReceived(MESSAGE * 2)
    assert rig.inbox.messages == [MESSAGE] * 3


def test_a_ping_gets_its_pong():
    rig = Rig()
    connection = rig.connect()
    connection.dataReceived(b"\r\n\r\n" + MESSAGE)
    assert connection.transport.value() == b"\r\n"
    assert rig.inbox.messages == [MESSAGE]


def test_a_peer_that_says_nothing_for_ten_seconds_is_closed():
    rig = Rig()
    connection = rig.connect()
    rig.clock.advance(9.9)
    assert not ended(connection)
    rig.clock.advance(0.2)
    assert ended(connection)


def test_a_message_must_be_whole_ten_seconds_after_its_first_byte():
    rig = Rig()
    connection = rig.connect()
    connection.dataReceived(MESSAGE)
    rig.clock.advance(1000)
    connection.dataReceived(MESSAGE[:1])
    for byte in MESSAGE[1:10]:
        rig.clock.advance(1)
        connection.dataReceived(bytes([byte]))
    assert not ended(connection)
    rig.clock.advance(1)
    assert ended(connection)


def test_a_connection_that_we_made_may_be_silent():
    rig = Rig()
    connection = rig.connect(outgoing=True)
    rig.clock.advance(1000)
    rig.connections.close_idle(rig.clock.seconds())
    assert not ended(connection)


def test_where_the_stream_breaks_it_is_answered_and_closed():
    rig = Rig()
    connection = rig.connect()
    connection.dataReceived(MESSAGE + b"OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n" + MESSAGE)
    assert rig.inbox.messages == [MESSAGE]
    assert rig.inbox.broken == ["Missing Content-Length"]
    assert connection.transport.value() == b"400" and ended(connection)


def test_a_source_beyond_its_rate_is_read_later_and_loses_nothing():
    rig = Rig()
    connection = rig.connect()
    rig.inbox.deaf = True
    connection.dataReceived(MESSAGE * 2)
    assert rig.inbox.messages == [] and connection.transport.producerState == "paused"
    rig.inbox.deaf = False
    rig.clock.advance(0.1)
    assert rig.inbox.messages == [MESSAGE] * 2
    assert connection.transport.producerState == "producing"


def test_a_peer_that_does_not_read_is_not_read_and_cut_off_at_the_limit():
    rig = Rig(max_unsent=100)
    connection = rig.connect()
    connection.pauseProducing()
    assert connection.transport.producerState == "paused"
    connection.send(b"x" * 60)
    assert not ended(connection)
    connection.send(b"x" * 60)
    assert ended(connection)
    other = rig.connect()
    other.pauseProducing()
    other.send(b"x" * 60)
    other.resumeProducing()
    other.send(b"x" * 60)
    assert not ended(other) and other.transport.producerState == "producing"


def test_connections_are_capped_by_address_and_in_all():
    rig = Rig(max_connections=3, max_per_address=2)
    first, second, third = (rig.connect() for _ in range(3))
    assert [ended(one) for one in (first, second, third)] == [False, False, True]
    assert not ended(rig.connect("198.51.100.8"))
    assert ended(rig.connect("198.51.100.9"))
    first.connectionLost()
    assert not ended(rig.connect())
    assert rig.inbox.lost_flows == 1


def test_a_banned_address_gets_no_connection():
    assert ended(Rig().connect("203.0.113.9"))


def test_an_idle_connection_is_closed_unless_a_login_or_call_came_over_it():
    rig = Rig(idle_timeout=60.0)
    idle, valued, busy = (rig.connect() for _ in range(3))
    valued.valued = True
    for connection in (idle, valued, busy):
        connection.dataReceived(MESSAGE)
    rig.clock.advance(50)
    busy.dataReceived(MESSAGE)
    rig.clock.advance(11)
    rig.connections.close_idle(rig.clock.seconds())
    assert [ended(one) for one in (idle, valued, busy)] == [True, False, False]


def test_a_closed_peer_that_does_not_read_its_last_answer_is_cut_off():
    rig = Rig()
    connection = rig.connect()
    connection.close()
    assert not connection.transport.disconnected
    rig.clock.advance(5.1)
    assert connection.transport.disconnected


def test_nothing_is_read_or_sent_after_the_end():
    rig = Rig()
    connection = rig.connect()
    connection.close()
    connection.dataReceived(MESSAGE)
    connection.send(b"late")
    connection.connectionLost()
    connection.connectionLost()
    assert rig.inbox.messages == [] and connection.transport.value() == b""
    assert rig.inbox.lost_flows == 1 and rig.clock.getDelayedCalls() == []
    assert len(rig.connections) == 0


def test_a_tls_handshake_has_five_seconds_and_the_first_message_ten_more():
    rig = Rig()
    slow, quick = rig.connect(kind="TLS"), rig.connect(kind="TLS")
    rig.clock.advance(4.9)
    quick.handshakeCompleted()
    rig.clock.advance(0.2)
    assert (ended(slow), ended(quick)) == (True, False)
    rig.clock.advance(9.7)
    assert not ended(quick)
    rig.clock.advance(0.2)
    assert ended(quick)


def test_an_upgrade_has_ten_seconds_however_it_trickles_in():
    rig = Rig()
    connection = rig.connect(kind="WS", wire=WebSocketWire(Gate(WebSocketSettings(), lambda: [ORIGIN])))
    for byte in b"GET /sip ":
        rig.clock.advance(1)
        connection.dataReceived(bytes([byte]))
    assert not ended(connection)
    rig.clock.advance(1.1)
    assert ended(connection)


def test_a_refused_upgrade_is_answered_and_closed():
    rig = Rig()
    connection = rig.connect(kind="WS", wire=WebSocketWire(Gate(WebSocketSettings(), lambda: [])))
    connection.dataReceived(b"GET /other HTTP/1.1\r\nHost: a\r\n\r\n")
    assert connection.transport.value().startswith(b"HTTP/1.1 400 ")
    assert ended(connection)
    assert rig.inbox.messages == []


def test_a_websocket_that_pongs_lives_on_and_one_that_does_not_is_ended():
    rig = Rig(ping=20.0)
    connection, browser = rig.connect_browser()
    silent, _ = rig.connect_browser()
    for _ in range(5):
        rig.clock.advance(10)
        (ping,) = heard(browser, connection)
        assert isinstance(ping, Ping)
        connection.dataReceived(browser.send(ping.response()))
        rig.clock.advance(10)
    assert not ended(connection)
    assert ended(silent) and rig.inbox.lost_flows == 0
    silent.connectionLost()
    assert rig.inbox.lost_flows == 1


def test_pongs_do_not_keep_a_websocket_that_is_used_for_nothing():
    rig = Rig(idle_timeout=600.0, ping=20.0)
    connection, browser = rig.connect_browser()
    for _ in range(31):
        rig.clock.advance(10)
        for ping in heard(browser, connection):
            connection.dataReceived(browser.send(ping.response()))
        rig.clock.advance(10)
    rig.connections.close_idle(rig.clock.seconds())
    assert ended(connection)


def test_a_fragmented_message_must_be_whole_ten_seconds_after_it_began():
    rig = Rig()
    connection, browser = rig.connect_browser()
    rig.clock.advance(5)
    connection.dataReceived(browser.send(BytesMessage(data=MESSAGE, message_finished=False)))
    rig.clock.advance(9.9)
    assert not ended(connection)
    rig.clock.advance(0.2)
    assert ended(connection)


def test_a_message_too_large_is_answered_in_a_frame_and_closed_with_1009():
    rig = Rig()
    connection, browser = rig.connect_browser()
    connection.dataReceived(browser.send(BytesMessage(data=MESSAGE + b"x" * 70_000)))
    answer, closed = heard(browser, connection)
    assert answer == TextMessage(data="400")  # what the recording inbox answers
    assert isinstance(closed, CloseConnection) and closed.code == 1009
    assert rig.inbox.broken == ["Body too large"]
    assert ended(connection)


def test_a_keep_alive_in_a_frame_gets_its_answer_in_a_frame():
    rig = Rig()
    connection, browser = rig.connect_browser()
    connection.dataReceived(browser.send(TextMessage(data="\r\n\r\n")))
    assert heard(browser, connection) == [TextMessage(data="\r\n")]


def test_exempt_addresses_bring_as_many_connections_as_they_like():
    rig = Rig(max_per_address=1)
    rig.connections = Connections(rig.settings, exempt={"198.51.100.7"})
    assert not any(map(ended, [rig.connect() for _ in range(3)]))
    one, other = rig.connect(host="198.51.100.8"), rig.connect(host="198.51.100.8")
    assert (ended(one), ended(other)) == (False, True)


def test_who_moves_on_and_on_takes_little_memory_and_nothing_from_others():
    rig = Rig()
    first = rig.connect(outgoing=True)
    numbers = [10**6 + number for number in range(50)]
    rig.connections.moved(5, first.number)
    here = rig.connect(outgoing=True)
    for number in numbers:
        rig.connections.moved(number, here.number)
    assert rig.connections.get(5) is first
    assert [rig.connections.get(number) is here for number in numbers] == [False] * 42 + [True] * 8


def test_a_connection_that_was_superseded_is_reached_over_its_heir_and_nobody_is_lost():
    rig = Rig()
    old, new = rig.connect(), rig.connect()
    rig.connections.supersede(old.number, new.number)
    assert ended(old)
    old.connectionLost()
    assert rig.connections.get(old.number) is new
    assert rig.inbox.lost_flows == 0
