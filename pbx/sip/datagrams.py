"""SIP over UDP: one listening socket, and a flow for each peer it speaks with."""

from collections import OrderedDict
from typing import Any

from twisted.internet.protocol import DatagramProtocol

from pbx.events import Profile
from pbx.sip.edge_settings import Address
from pbx.sip.flow_token import UdpFlow
from pbx.sip.flows import Inbox
from pbx.sip.framing import is_keep_alive
from pbx.sip.sockets import WILDCARDS, address_towards

_MOST_FLOWS = 50_000
_SHORTEST = 20
_PONG = b"\r\n"


class DatagramFlow:
    """Datagrams between a listener and one peer."""

    __slots__ = ("_listener", "_local", "kind", "name", "peer", "profile", "valued")

    closed = False
    number = 0

    def __init__(self, listener: "DatagramListener", peer: Address) -> None:
        self.kind = "UDP"
        self.profile: Profile = listener.profile
        self.peer = peer
        self.name = UdpFlow(listener.address, peer)
        self.valued = True
        self._listener = listener
        self._local: Address | None = None

    @property
    def local(self) -> Address:
        """Our address as this peer sees it."""
        if self._local is None:
            host, port = self._listener.address
            self._local = (address_towards(self.peer[0]) if host in WILDCARDS else host, port)
        return self._local

    def send(self, data: bytes) -> None:
        """Send one message; an error is a loss like any other."""
        self._listener.send(data, self.peer)

    def close(self) -> None:
        """Nothing to end."""


class DatagramListener(DatagramProtocol):
    """One UDP socket of the edge."""

    transport: Any

    def __init__(self, inbox: Inbox, address: Address, profile: Profile) -> None:
        self.address = address
        self.profile = profile
        self._inbox = inbox
        self._flows: OrderedDict[Address, DatagramFlow] = OrderedDict()

    def flow(self, peer: Address) -> DatagramFlow:
        """The flow to `peer`."""
        flow = self._flows.get(peer)
        if flow is None:
            if len(self._flows) >= _MOST_FLOWS:
                self._flows.popitem(last=False)
            flow = self._flows[peer] = DatagramFlow(self, peer)
        return flow

    def datagramReceived(self, data: bytes, addr: Address) -> None:  # noqa: N802 - Twisted's name
        """Pass a message on; keep-alives cost nothing and are answered as RFC 5626 has it for streams."""
        if not self._inbox.hears(addr[0], len(data)):
            return
        if len(data) < _SHORTEST and is_keep_alive(data):
            if data == b"\r\n\r\n":
                self.send(_PONG, addr)
            return
        self._inbox.received(self.flow(addr), data)

    def send(self, data: bytes, peer: Address) -> None:
        """Send a datagram; what the system refuses is lost."""
        try:
            self.transport.write(data, peer)
        except OSError:
            return
