from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from pbx.sip.edge_settings import StreamSettings
from pbx.sip.streams import Connections, StreamConnection

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

    def connect(self, host="198.51.100.7", outgoing=False):
        connection = StreamConnection(
            self.clock, self.inbox, self.connections, self.settings, "plain", outgoing
        )
        connection.makeConnection(Pipe(host))
        return connection


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
