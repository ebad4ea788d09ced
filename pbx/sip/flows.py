"""The seam between the edge and its transports: a flow sends, an inbox receives.

Datagrams (`datagrams`) and connections of every kind (`streams`) are its implementations.
"""

from typing import Protocol

from pbx.events import Profile
from pbx.sip.edge_settings import Address
from pbx.sip.flow_token import FlowName
from pbx.sip.framing import FramingError


class Flow(Protocol):
    """A way to one peer: datagrams between two addresses, or one connection.

    `kind` is the transport as in Via ("UDP", "TCP", "TLS", "WS", "WSS"). `local` is our side as the peer can reach
    it, `listener` the address we listen on (they differ on wildcard addresses). `valued` connections are
    not closed for being idle: a login or a call came over them.
    """

    kind: str
    profile: Profile
    peer: Address
    valued: bool

    @property
    def name(self) -> FlowName:
        """What tokens call this flow."""

    @property
    def number(self) -> int:
        """The connection's number; 0 for datagrams."""

    @property
    def local(self) -> Address:
        """Our address as this peer sees it."""

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""

    def send(self, data: bytes) -> None:
        """Send one whole message; what cannot be sent is lost, as the network may lose it."""

    def close(self) -> None:
        """End the connection, after what was sent; datagram flows have nothing to end."""


class Inbox(Protocol):
    """What receives. Called on the reactor thread; raises nothing."""

    def hears(self, host: str, size: int) -> bool:
        """Whether bytes from this address are read now: not banned, and within its rate."""

    def may_connect(self, host: str) -> bool:
        """Whether a new connection from this address is taken."""

    def received(self, flow: Flow, data: bytes) -> None:
        """One whole message, as bytes."""

    def broke(self, flow: Flow, error: FramingError) -> None:
        """The stream cannot be read any further and will be closed after an answer."""

    def lost(self, flow: Flow) -> None:
        """The connection has ended."""
