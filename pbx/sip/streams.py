"""One connection, of TCP, TLS and WebSocket alike: its bytes are cut into messages by a `Wire`, within limits on
time, number and memory."""

import secrets
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import (
    IAddress,
    IHandshakeListener,
    IPushProducer,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from pbx.events import Profile
from pbx.sip.clock import Clock, Timer
from pbx.sip.connections import Connections
from pbx.sip.edge_settings import Address, StreamSettings, TransportName
from pbx.sip.flow_token import ConnectionFlow
from pbx.sip.flows import Inbox
from pbx.sip.framing import PONG, FramingError, Ping
from pbx.sip.wire import Answered, Cut, Farewell, StreamWire, Wire

_LAST_WORDS = 5.0
"""Seconds that a peer has to read what was sent before its connection was closed."""
_PAUSE = 0.1
"""Seconds a connection is not read after its source has used up its rate."""


@implementer(IPushProducer, IHandshakeListener)
class StreamConnection(Protocol):
    """One connection, ours or a peer's. It stops reading while its peer does not read.

    `secured` fires when the TLS handshake is done; of one that we make, it fails with why it was not.
    """

    transport: Any

    def __init__(
        self,
        clock: Clock,
        inbox: Inbox,
        connections: Connections,
        settings: StreamSettings,
        profile: Profile,
        outgoing: bool = False,
        kind: TransportName = "TCP",
        wire: Wire | None = None,
    ) -> None:
        self.number = secrets.randbits(64)
        self.name = ConnectionFlow(self.number)
        self.kind: str = kind
        self.profile: Profile = profile
        self.secured: Deferred[StreamConnection] = Deferred()
        self.valued = outgoing
        self.peer: Address = ("", 0)
        self.local: Address = ("", 0)
        self.heard_at = clock.seconds()
        self.closed = True
        self._outgoing = outgoing
        self._clock = clock
        self._inbox = inbox
        self._connections = connections
        self._settings = settings
        self._wire: Wire = wire or StreamWire()
        self._cuts: deque[Cut | FramingError] = deque()
        self._deadline: Timer | None = None
        self._next_ping: Timer | None = None
        self._alive = True
        self._resumption: Timer | None = None
        self._unsent = 0
        self._writable = True

    # -- the connection's life

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        """Take the connection, or end it when there is no room for it."""
        self.peer, self.local = _address(self.transport.getPeer()), _address(self.transport.getHost())
        if not self._outgoing and not self._is_welcome():
            self.transport.abortConnection()
            return
        self.closed = False
        self._connections.add(self)
        self.transport.setTcpNoDelay(True)
        self.transport.setTcpKeepAlive(True)
        self.transport.registerProducer(self, True)
        if self.kind in ("TLS", "WSS"):
            self._expect(self._settings.handshake_timeout)
        elif not self._outgoing:
            self._expect(self._settings.header_timeout)

    def handshakeCompleted(self) -> None:  # noqa: N802 - Twisted's name
        """TLS is up: from now on the peer's time is counted for what it says."""
        self._expect_nothing()
        if not self._outgoing:
            self._expect(self._settings.header_timeout)
        self.secured.callback(self)

    def _is_welcome(self) -> bool:
        return self._inbox.may_connect(self.peer[0]) and self._connections.has_room(self.peer[0])

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        """Forget the connection and say so."""
        known, self.closed = not self.closed or self._connections.get(self.number) is self, True
        self._expect_nothing()
        _cancel(self._resumption)
        _cancel(self._next_ping)
        self._cuts.clear()
        self._connections.remove(self)
        if known:
            self._inbox.lost(self)
        if self._outgoing and self.kind == "TLS" and not self.secured.called:
            self.secured.errback(reason)

    def close(self) -> None:
        """End the connection after what was sent."""
        if not self.closed:
            self.closed = True
            self._expect_nothing()
            _cancel(self._next_ping)
            self.transport.unregisterProducer()
            self.transport.write(self._wire.farewell())
            self.transport.loseConnection()
            # A peer that does not read what was sent would keep the connection for ever.
            self._deadline = self._clock.callLater(_LAST_WORDS, self.transport.abortConnection)

    def abort(self) -> None:
        """End the connection now; what is unsent is lost."""
        self.closed = True
        _cancel(self._next_ping)
        self.transport.abortConnection()

    # -- reading

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Cut messages out of the stream and pass them on."""
        if self.closed:
            return
        self._alive = True
        self._cuts.extend(_cut(self._wire, data))
        self._watch_deadline()
        self._pass_on()

    def _pass_on(self) -> None:
        while self._cuts and not self.closed:
            cut = self._cuts[0]
            size = len(cut) if isinstance(cut, bytes) else 0
            if not self._inbox.hears(self.peer[0], size):
                self._rest()
                return
            self._cuts.popleft()
            self._dispatch(cut)

    def _dispatch(self, cut: Cut | FramingError) -> None:
        if isinstance(cut, bytes | Ping):
            self.heard_at = self._clock.seconds()
        match cut:
            case bytes():
                self._inbox.received(self, cut)
            case Ping():
                self.send(PONG)
            case Answered(data):
                self.transport.write(data)
            case Farewell(data):
                self.transport.write(data)
                self.close()
            case _:
                self._inbox.broke(self, cut)
                self.close()

    def _rest(self) -> None:
        """The source has used up its rate: TCP's own flow control slows it down."""
        if self._resumption is None or not self._resumption.active():
            self.transport.pauseProducing()
            self._resumption = self._clock.callLater(_PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._resumption = None
        if self._writable and not self.closed:
            self.transport.resumeProducing()
        self._pass_on()

    # -- the time a message may take

    def _watch_deadline(self) -> None:
        """Time runs from a message's first byte to its last; more bytes do not buy more time."""
        if not self._wire.pending:
            self._expect_nothing()
            self._watch_life()
        elif self._deadline is None:
            self._expect(self._settings.header_timeout)

    def _expect(self, seconds: float) -> None:
        self._deadline = self._clock.callLater(seconds, self._too_slow)

    def _expect_nothing(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self.close()

    # -- whether the peer is still there

    def _watch_life(self) -> None:
        if self._next_ping is None and self.kind in ("WS", "WSS"):
            self._next_ping = self._clock.callLater(self._settings.ping / 2, self._ping)

    def _ping(self) -> None:
        self._alive = False
        self.transport.write(self._wire.ping())
        self._next_ping = self._clock.callLater(self._settings.ping / 2, self._look_for_life)

    def _look_for_life(self) -> None:
        if self._alive:
            self._next_ping = self._clock.callLater(self._settings.ping / 2, self._ping)
        else:
            self.abort()

    # -- writing

    def send(self, data: bytes) -> None:
        """Send one message; a peer that reads too slowly is cut off before it fills our memory."""
        if self.closed:
            return
        if not self._writable:
            self._unsent += len(data)
            if self._unsent > self._settings.max_unsent:
                self.abort()
                return
        self.transport.write(self._wire.wrap(data))

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """The peer does not read: do not read from it either."""
        self._writable = False
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """The peer has read what was sent."""
        self._writable, self._unsent = True, 0
        if self._resumption is None and not self.closed:
            self.transport.resumeProducing()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """The transport is ending; `connectionLost` follows."""


def _cut(wire: Wire, data: bytes) -> Iterator[Cut | FramingError]:
    """What `data` completes, ending with the error that breaks the stream."""
    try:
        yield from wire.feed(data)
    except FramingError as error:
        yield error


def _cancel(timer: Timer | None) -> None:
    if timer is not None and timer.active():
        timer.cancel()


def _address(address: IAddress) -> Address:
    return str(getattr(address, "host", "")), int(getattr(address, "port", 0))


class StreamListener(Factory):
    """Makes a connection of each that is accepted."""

    noisy = False

    def __init__(
        self,
        clock: Clock,
        inbox: Inbox,
        connections: Connections,
        settings: StreamSettings,
        profile: Profile,
        outgoing: bool = False,
        kind: TransportName = "TCP",
        make_wire: Callable[[], Wire] = StreamWire,
    ) -> None:
        self._parts = (clock, inbox, connections, settings, profile, outgoing, kind)
        self._make_wire = make_wire

    def buildProtocol(self, addr: IAddress | None) -> StreamConnection:  # noqa: N802 - Twisted's name
        """A connection for the peer at `addr`."""
        return StreamConnection(*self._parts, self._make_wire())
