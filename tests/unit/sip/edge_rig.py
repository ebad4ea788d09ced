"""The edge's two sides on a clock and recording transports: no sockets, no reactor."""

from dataclasses import replace
from typing import Any

from twisted.internet.task import Clock

from pbx.sip.assembly import assemble
from pbx.sip.datagrams import DatagramListener
from pbx.sip.digest import ha1
from pbx.sip.directory import EndpointAccount, MemoryDirectory
from pbx.sip.edge_settings import EdgeSettings, GuardSettings
from pbx.sip.framing import read_datagram
from pbx.sip.inside import Inside
from pbx.sip.outside import Outside
from pbx.sip.registration_store import MemoryRegistrationStore

DID = "+33199000001"
MEDIA = ("127.0.0.1", 5080)
PEER = ("198.51.100.7", 40000)
UNLIMITED = GuardSettings(
    source_rate=1e9, source_burst=1e9, new_rate=1e9, ban_after=10**9, ban_address_after=10**9
)


class Wire:
    """Keeps what is sent, with where to."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, tuple[str, int]]] = []

    def write(self, data: bytes, address: tuple[str, int]) -> None:
        self.sent.append((data, address))

    def take(self) -> list[Any]:
        """The messages sent since the last time."""
        messages = [read_datagram(data) for data, _ in self.sent]
        self.sent.clear()
        return messages


class EdgeRig:
    """An edge at 192.0.2.1:5060 with one account, `ana`, and one public number."""

    def __init__(self, guard: GuardSettings = UNLIMITED, **parts: Any) -> None:
        self.clock = Clock()
        self.clock.advance(1_000_000)
        self.said: list[object] = []
        hashes = {name: ha1("ana", "comptoir", "secret", name) for name in ("MD5", "SHA-256")}
        values: dict[str, Any] = {
            "directory": MemoryDirectory((EndpointAccount("ana", hashes),), (DID,), extensions=("600",)),
            "store": MemoryRegistrationStore(),
            "secret": b"s" * 32,
            "media": {"plain": MEDIA},
            "publish": self.said.append,
            "admission": lambda: None,
            "forwarded": lambda: None,
            "look_up": None,
        } | parts
        self.parts = assemble(self.clock, replace(EdgeSettings(), guard=guard), **values)
        self.outside, self.inside = Outside(self.parts), Inside(self.parts)
        self.to_media, self.to_peer = Wire(), Wire()
        transports = self.parts.transports
        transports.media_socket.transport = self.to_media
        transports.media_socket.address = ("127.0.0.1", 5070)
        self.listener = DatagramListener(self.outside, ("192.0.2.1", 5060), "plain")
        self.listener.transport = self.to_peer
        transports.datagrams[self.listener.address] = self.listener

    def hear(self, data: bytes, peer: tuple[str, int] = PEER) -> list[Any]:
        """A datagram of a peer's; what it is answered."""
        self.listener.datagramReceived(data, peer)
        return self.to_peer.take()

    def hear_media(self, data: bytes) -> None:
        """A datagram of pjsua2's."""
        self.inside.received("plain", data)
