"""SIP over TCP: connections that cut their bytes into messages, with limits on time, number and memory."""

import secrets
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any

from twisted.internet.interfaces import (
    IAddress,
    IPushProducer,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from pbx.events import Profile
from pbx.sip.clock import Clock, Timer
from pbx.sip.edge_settings import Address, StreamSettings
from pbx.sip.flow_token import ConnectionFlow
from pbx.sip.flows import Inbox
from pbx.sip.framing import PONG, Frame, FramingError, Ping, StreamFramer
from pbx.sip.sources import source_key

_MOST_MOVED = 1000
_LAST_WORDS = 5.0
"""Seconds that a peer has to read what was sent before its connection was closed."""
_PAUSE = 0.1
"""Seconds a connection is not read after its source has used up its rate."""


class Connections:
    """All living connections, by number and by source address."""

    def __init__(self, settings: StreamSettings) -> None:
        self._settings = settings
        self._by_number: dict[int, StreamConnection] = {}
        self._moved: OrderedDict[int, int] = OrderedDict()
        self._per_source: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._by_number)

    def get(self, number: int) -> "StreamConnection | None":
        """The connection of this number, or the one that has taken its place, if it lives."""
        found = self._by_number.get(number)
        if found is None and number in self._moved:
            found = self._by_number.get(self._moved[number])
        return found

    def moved(self, old: int, new: int) -> None:
        """The peer of a connection that is gone is reached over another: its dialogs go on there."""
        if not new or old == new or old in self._by_number:
            return
        if len(self._moved) >= _MOST_MOVED:
            self._moved.popitem(last=False)
        self._moved[old] = new
        for earlier in [number for number, target in self._moved.items() if target == old]:
            self._moved[earlier] = new

    def has_room(self, host: str) -> bool:
        """Whether one more connection from this address keeps to the caps."""
        within = len(self._by_number) < self._settings.max_connections
        return within and self._per_source.get(source_key(host), 0) < self._settings.max_per_address

    def add(self, connection: "StreamConnection") -> None:
        """The connection lives from now on."""
        key = source_key(connection.peer[0])
        self._by_number[connection.number] = connection
        self._per_source[key] = self._per_source.get(key, 0) + 1

    def remove(self, connection: "StreamConnection") -> None:
        """The connection has ended."""
        if self._by_number.pop(connection.number, None) is None:
            return
        key = source_key(connection.peer[0])
        self._per_source[key] -= 1
        if not self._per_source[key]:
            del self._per_source[key]

    def close_idle(self, now: float) -> None:
        """Close what has been silent for too long and never carried a login or a call."""
        for connection in tuple(self._by_number.values()):
            if not connection.valued and now - connection.heard_at > self._settings.idle_timeout:
                connection.close()

    def abort_all(self) -> None:
        """End everything at once."""
        for connection in tuple(self._by_number.values()):
            connection.abort()


@implementer(IPushProducer)
class StreamConnection(Protocol):
    """One TCP connection, ours or a peer's. It stops reading while its peer does not read."""

    transport: Any

    def __init__(
        self,
        clock: Clock,
        inbox: Inbox,
        connections: Connections,
        settings: StreamSettings,
        profile: Profile,
        outgoing: bool = False,
    ) -> None:
        self.number = secrets.randbits(64)
        self.name = ConnectionFlow(self.number)
        self.kind = "TCP"
        self.profile: Profile = profile
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
        self._framer = StreamFramer()
        self._frames: deque[Frame | FramingError] = deque()
        self._deadline: Timer | None = None
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
        if not self._outgoing:
            self._expect()

    def _is_welcome(self) -> bool:
        return self._inbox.may_connect(self.peer[0]) and self._connections.has_room(self.peer[0])

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's name
        """Forget the connection and say so."""
        known, self.closed = not self.closed or self._connections.get(self.number) is self, True
        self._expect_nothing()
        if self._resumption is not None and self._resumption.active():
            self._resumption.cancel()
        self._frames.clear()
        self._connections.remove(self)
        if known:
            self._inbox.lost(self)

    def close(self) -> None:
        """End the connection after what was sent."""
        if not self.closed:
            self.closed = True
            self._expect_nothing()
            self.transport.unregisterProducer()
            self.transport.loseConnection()
            # A peer that does not read what was sent would keep the connection for ever.
            self._deadline = self._clock.callLater(_LAST_WORDS, self.transport.abortConnection)

    def abort(self) -> None:
        """End the connection now; what is unsent is lost."""
        self.closed = True
        self.transport.abortConnection()

    # -- reading

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Cut messages out of the stream and pass them on."""
        if self.closed:
            return
        self.heard_at = self._clock.seconds()
        self._frames.extend(_cut(self._framer, data))
        self._watch_deadline()
        self._pass_on()

    def _pass_on(self) -> None:
        while self._frames and not self.closed:
            frame = self._frames[0]
            size = len(frame) if isinstance(frame, bytes) else 0
            if not self._inbox.hears(self.peer[0], size):
                self._rest()
                return
            self._frames.popleft()
            self._dispatch(frame)

    def _dispatch(self, frame: Frame | FramingError) -> None:
        if isinstance(frame, bytes):
            self._inbox.received(self, frame)
        elif isinstance(frame, Ping):
            self.send(PONG)
        else:
            self._inbox.broke(self, frame)
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
        if not self._framer.pending:
            self._expect_nothing()
        elif self._deadline is None:
            self._expect()

    def _expect(self) -> None:
        self._deadline = self._clock.callLater(self._settings.header_timeout, self._too_slow)

    def _expect_nothing(self) -> None:
        if self._deadline is not None and self._deadline.active():
            self._deadline.cancel()
        self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self.close()

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
        self.transport.write(data)

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


def _cut(framer: StreamFramer, data: bytes) -> Iterator[Frame | FramingError]:
    """The frames that `data` completes, ending with the error that breaks the stream."""
    try:
        yield from framer.feed(data)
    except FramingError as error:
        yield error


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
    ) -> None:
        self._parts = (clock, inbox, connections, settings, profile, outgoing)

    def buildProtocol(self, addr: IAddress | None) -> StreamConnection:  # noqa: N802 - Twisted's name
        """A connection for the peer at `addr`."""
        return StreamConnection(*self._parts)
