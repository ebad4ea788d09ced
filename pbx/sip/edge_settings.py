"""What the SIP edge is told by the configuration, as frozen values."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pbx.events import Profile

Algorithm = Literal["SHA-256", "MD5"]
TransportName = Literal["UDP", "TCP", "TLS", "WS", "WSS"]
TrunkTransport = Literal["UDP", "TCP", "TLS"]
REALM = "comptoir"
"""The digest realm. No setting: the stored HA1 values contain it, so a change would void every password."""

Address = tuple[str, int]
"""(host, port); the host is an address literal without brackets."""

_PROFILES: dict[TransportName, Profile] = {"TLS": "secure", "WS": "webrtc", "WSS": "webrtc"}


@dataclass(frozen=True, slots=True)
class Listen:
    """One listening socket. `host` is an address literal; port 0 takes a free one (tests)."""

    transport: TransportName
    host: str
    port: int = 5060

    @property
    def profile(self) -> Profile:
        """How the audio of those travels who signal here."""
        return _PROFILES.get(self.transport, "plain")

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is spoken before anything else."""
        return self.transport in ("TLS", "WSS")


@dataclass(frozen=True, slots=True)
class RegistrarSettings:
    """Limits of registrations; times in seconds."""

    min_expires: int = 60
    default_expires: int = 600
    max_expires: int = 3600
    max_contacts: int = 8


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Limits on what strangers may cost us.

    `source_rate` and `source_burst` bound the messages a second from one address (an IPv6 /64 counts as
    one) before they are parsed; a trunk's addresses have `trusted_rate`. `new_rate` bounds new work a
    second from everybody (requests outside a dialog); requests inside a dialog and responses are never
    refused for load. `exempt` addresses and networks are never banned, nor limited as strangers are.
    Failed logins beyond `ban_after` within `ban_window` seconds ban for `ban_first` seconds, twice as
    long each time, up to `ban_longest`.
    """

    source_rate: float = 50.0
    source_burst: float = 200.0
    trusted_rate: float = 5000.0
    new_rate: float = 1000.0
    ban_after: int = 10
    ban_address_after: int = 30
    ban_window: float = 600.0
    ban_first: float = 60.0
    ban_longest: float = 86400.0
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """Limits of TCP, TLS and WebSocket connections; times in seconds, sizes in bytes.

    A TLS handshake has `handshake_timeout`; then a first message, or the upgrade to WebSocket, has
    `header_timeout`. WebSockets are pinged every `ping` seconds and have half as long to answer.
    """

    max_connections: int = 4000
    max_per_address: int = 100
    handshake_timeout: float = 5.0
    header_timeout: float = 10.0
    idle_timeout: float = 600.0
    connect_timeout: float = 5.0
    max_unsent: int = 262_144
    ping: float = 20.0


@dataclass(frozen=True, slots=True)
class WebSocketSettings:
    """Who may open a WebSocket. `hosts` are the names (lower case, without port) that a browser may have asked
    for; with `literal_hosts` address literals too, which no foreign name can be made to mean.
    `authorization_server` is where a browser gets its token (RFC 8898), empty to leave it out."""

    hosts: frozenset[str] = frozenset({"localhost"})
    literal_hosts: bool = True
    authorization_server: str = ""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """The certificate chain and its private key, both PEM files; looked at for changes every `poll` seconds."""

    certificate: Path
    key: Path
    poll: float = 10.0


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """The SIP edge. `advertised_host` replaces the local address in what peers outside private networks
    see (a server behind NAT); empty for the local address itself. `algorithms` are the digest algorithms that
    are offered, in this order: strongest first by RFC 8760, though phones that read only the first challenge
    and know only MD5 need to be offered that alone."""

    listen: tuple[Listen, ...] = (
        Listen("UDP", "0.0.0.0"),  # noqa: S104 - a public SIP service
        Listen("TCP", "0.0.0.0"),  # noqa: S104
        Listen("UDP", "::"),
        Listen("TCP", "::"),
    )
    internal_host: str = "127.0.0.1"
    internal_port: int = 5070
    realm: str = REALM
    advertised_host: str = ""
    nonce_lifetime: int = 300
    algorithms: tuple[Algorithm, ...] = ("SHA-256", "MD5")
    registrar: RegistrarSettings = RegistrarSettings()
    guard: GuardSettings = GuardSettings()
    streams: StreamSettings = StreamSettings()
    websocket: WebSocketSettings = WebSocketSettings()
    tls: TlsSettings | None = None
