"""All sockets of the edge: the public listeners, the loopback socket to pjsua2, and connections we make."""

from collections.abc import Callable, Mapping
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import DatagramProtocol
from twisted.logger import Logger
from twisted.protocols.tls import TLSMemoryBIOFactory

from pbx.events import Profile
from pbx.sip.connections import Connections
from pbx.sip.datagrams import DatagramListener
from pbx.sip.edge_settings import Address, EdgeSettings, Listen, TransportName
from pbx.sip.flow_token import ConnectionFlow, FlowName, UdpFlow
from pbx.sip.flows import Flow, Inbox
from pbx.sip.networks import Networks
from pbx.sip.outgoing import OutgoingConnections, connector
from pbx.sip.sockets import (
    WILDCARDS,
    address_towards,
    datagram_socket,
    family_of,
    is_family_missing,
    stream_socket,
)
from pbx.sip.streams import StreamConnection, StreamListener
from pbx.sip.tls import ServerTls
from pbx.sip.websocket import WebSocketWire
from pbx.sip.websocket_gate import Gate, Origins
from pbx.sip.wire import StreamWire, Wire

_LARGEST = 65_535
_OUTGOING: tuple[TransportName, TransportName] = ("TCP", "TLS")
_log = Logger()

FromMedia = Callable[[Profile, bytes], None]


class MediaSocket(DatagramProtocol):
    """The loopback socket to pjsua2. What does not come from pjsua2's own addresses is not read."""

    transport: Any
    receive: FromMedia

    def __init__(self, media: Mapping[Profile, Address]) -> None:
        self._profiles = {address: profile for profile, address in media.items()}
        self.address: Address = ("127.0.0.1", 0)

    def datagramReceived(self, data: bytes, addr: Address) -> None:  # noqa: N802 - Twisted's name
        """Pass on what pjsua2 sends."""
        profile = self._profiles.get(addr)
        if profile is not None and len(data) > 4:
            self.receive(profile, data)

    def send(self, data: bytes, address: Address) -> None:
        """Send to pjsua2; what the system refuses is lost."""
        if self.transport is None:
            return
        try:
            self.transport.write(data, address)
        except OSError as error:
            _log.warn("A message for the media stack was lost: {error}", error=error.strerror)


class Transports:
    """Opens and closes the sockets, and finds flows by name. `origins` are the pages that may open a WebSocket."""

    _inbox: Inbox
    _outgoing: OutgoingConnections

    def __init__(
        self,
        reactor: Any,
        settings: EdgeSettings,
        media: Mapping[Profile, Address],
        origins: Origins = tuple,
    ) -> None:
        self._reactor = reactor
        self._settings = settings
        self._gate = Gate(settings.websocket, origins)
        self._ports: list[Any] = []
        self.connections = Connections(settings.streams, Networks(settings.guard.exempt))
        self.datagrams: dict[Address, DatagramListener] = {}
        self.streams: dict[TransportName, list[Address]] = {}
        self.tls = None if settings.tls is None else ServerTls(reactor, settings.tls)
        self.media_socket = MediaSocket(media)

    # -- opening and closing

    def open(self, inbox: Inbox, from_media: FromMedia) -> None:
        """Listen everywhere. Raises CannotListenError, having closed what was open."""
        self._inbox = inbox
        tcp, tls = (self._connection_factory(Listen(kind, ""), outgoing=True) for kind in _OUTGOING)
        self._outgoing = OutgoingConnections(
            connector(self._reactor, tcp, tls, self._settings.streams.connect_timeout)
        )
        self.media_socket.receive = from_media
        try:
            self._open_media_socket()
            for listen in self._settings.listen:
                self._open(listen)
        except CannotListenError:
            self.close()
            raise

    def _open_media_socket(self) -> None:
        host, port = self._settings.internal_host, self._settings.internal_port
        self.media_socket.address = self._adopt_datagrams((host, port), self.media_socket)

    def _open(self, listen: Listen) -> None:
        try:
            if listen.transport == "UDP":
                self._open_datagrams(listen)
            else:
                self._open_streams(listen)
        except CannotListenError as error:
            if listen.host not in WILDCARDS or not is_family_missing(error):
                raise
            _log.info("Not listening on {host}: this machine has no such addresses", host=listen.host)

    def _open_datagrams(self, listen: Listen) -> None:
        listener = DatagramListener(self._inbox, (listen.host, listen.port), listen.profile)
        listener.address = self._adopt_datagrams(listener.address, listener)
        self.datagrams[listener.address] = listener

    def _adopt_datagrams(self, address: Address, protocol: DatagramProtocol) -> Address:
        bound = datagram_socket(address)
        port = self._reactor.adoptDatagramPort(bound.fileno(), bound.family, protocol, maxPacketSize=_LARGEST)
        self._ports.append(port)
        found: Address = bound.getsockname()[:2]
        bound.close()
        return found

    def _open_streams(self, listen: Listen) -> None:
        bound = stream_socket((listen.host, listen.port))
        factory: Any = self._connection_factory(listen, outgoing=False)
        if listen.is_encrypted:
            factory = TLSMemoryBIOFactory(self.tls, False, factory, self._reactor)  # type: ignore[arg-type]
        port = self._reactor.adoptStreamPort(bound.fileno(), bound.family, factory)
        self._ports.append(port)
        self.streams.setdefault(listen.transport, []).append(bound.getsockname()[:2])
        bound.close()

    def _connection_factory(self, listen: Listen, outgoing: bool) -> StreamListener:
        return StreamListener(
            self._reactor,
            self._inbox,
            self.connections,
            self._settings.streams,
            listen.profile,
            outgoing,
            listen.transport,
            self._websocket_wire if listen.transport in ("WS", "WSS") else StreamWire,
        )

    def _websocket_wire(self) -> Wire:
        return WebSocketWire(self._gate)

    def close(self) -> list[Deferred[None] | None]:
        """Stop listening and end all connections; what is returned fires when the ports are closed."""
        closing = [port.stopListening() for port in self._ports]
        self._ports.clear()
        self.connections.abort_all()
        return closing

    def own_sockets(self) -> frozenset[Address]:
        """Every (literal address, port) of ours that signalling is read from, as far as is known."""
        streams = (address for addresses in self.streams.values() for address in addresses)
        listening = [*self.datagrams, *streams, self.media_socket.address]
        return frozenset((host, port) for at, port in listening for host in _hosts_of(at))

    # -- finding flows

    def find(self, name: FlowName) -> Flow | None:
        """The flow of that name, if it lives. A UDP flow always does."""
        match name:
            case UdpFlow(local, peer):
                listener = self.datagrams.get(local) or self._listener_for(peer)
                return listener.flow(peer) if listener else None
            case ConnectionFlow(number):
                return self.connections.get(number)
            case _:
                return None

    def _listener_for(self, peer: Address) -> DatagramListener | None:
        family = family_of(peer[0])
        return next((one for at, one in self.datagrams.items() if family_of(at[0]) == family), None)

    def towards(self, peer: Address) -> Flow | None:
        """The UDP flow to any peer; None when we do not listen in its address family."""
        listener = self._listener_for(peer)
        return listener.flow(peer) if listener else None

    async def connect(self, peer: Address, tls_name: str = "") -> StreamConnection:
        """A connection to the peer, the one there is or a new one; over TLS to whoever proves to have the name, if
        one is given. Raises what connecting raises."""
        return await self._outgoing.to(peer, tls_name)


def _hosts_of(host: str) -> tuple[str, ...]:
    """The addresses behind a listening address: of a wildcard, loopback and that of the default route."""
    if host not in WILDCARDS:
        return (host,)
    return (
        ("::1", address_towards("2001:db8::1"))
        if ":" in host
        else ("127.0.0.1", address_towards("192.0.2.1"))
    )
