"""Signed names for flows, written into the user part of our Route URIs and into our Via (RFC 5626 5.2).

A token says where the outer side of a dialog is reached, which media profile is its inner side, and what
we know of the outer side. Whoever holds one can use it; nobody can make or change one.
"""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import struct
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from pbx.events import Profile
from pbx.sip.edge_settings import Address

Standing = Literal["anonymous", "account", "trunk", "guest"]
K = TypeVar("K")
V = TypeVar("V")

_MAC = 10
_CACHED = 20_000
_STANDINGS: tuple[Standing, ...] = get_args(Standing)
_PROFILES: tuple[Profile, ...] = get_args(Profile)


@dataclass(frozen=True, slots=True)
class UdpFlow:
    """Datagrams between one of our addresses and a peer's; it outlives a restart."""

    local: Address
    peer: Address


@dataclass(frozen=True, slots=True)
class ConnectionFlow:
    """One TCP connection of this or an earlier process, by its random number."""

    connection: int


@dataclass(frozen=True, slots=True)
class TrunkFlow:
    """Wherever the trunk is reached when the token is used."""

    trunk: str


FlowName = UdpFlow | ConnectionFlow | TrunkFlow


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says. `flow` is None in our Via on requests from media: their answers go inwards."""

    flow: FlowName | None
    profile: Profile = "plain"
    standing: Standing = "anonymous"


class ForeignToken(Exception):
    """The token is not ours, or was changed."""

    id = "sip.foreign_token"


class FlowTokens:
    """Signs and opens tokens under a secret that survives restarts."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.blake2b(b"flow", key=secret, digest_size=32).digest()
        self._opened: dict[str, Ticket] = {}
        self._signed: dict[Ticket, str] = {}

    def sign(self, ticket: Ticket) -> str:
        """The token of a ticket: characters that need no escape in a URI."""
        token = self._signed.get(ticket)
        if token is None:
            plain = _packed(ticket)
            token = base64.urlsafe_b64encode(plain + self._mac(plain)).rstrip(b"=").decode()
            _keep(self._signed, ticket, token)
        return token

    def open(self, token: str) -> Ticket:
        """What the token says. Raises ForeignToken."""
        ticket = self._opened.get(token)
        if ticket is None:
            ticket = self._verified(token)
            _keep(self._opened, token, ticket)
        return ticket

    def _verified(self, token: str) -> Ticket:
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ForeignToken from None
        plain, mac = raw[:-_MAC], raw[-_MAC:]
        canonical = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == token
        if not canonical or not hmac.compare_digest(mac, self._mac(plain)):
            raise ForeignToken
        return _unpacked(plain)

    def _mac(self, plain: bytes) -> bytes:
        return hashlib.blake2b(plain, key=self._key, digest_size=_MAC).digest()


def _keep(cache: dict[K, V], key: K, value: V) -> None:
    if len(cache) >= _CACHED:
        cache.clear()
    cache[key] = value


def _packed(ticket: Ticket) -> bytes:
    about = bytes((_PROFILES.index(ticket.profile) * 8 + _STANDINGS.index(ticket.standing),))
    match ticket.flow:
        case UdpFlow(local, peer):
            return b"U" + about + _packed_address(local) + _packed_address(peer)
        case ConnectionFlow(connection):
            return b"C" + about + struct.pack(">Q", connection)
        case TrunkFlow(trunk):
            return b"T" + about + trunk.encode()
        case None:
            return b"M" + about


def _unpacked(plain: bytes) -> Ticket:
    profile, standing = _PROFILES[plain[1] // 8], _STANDINGS[plain[1] % 8]
    kind, rest = plain[:1], plain[2:]
    flow: FlowName | None = None
    if kind == b"U":
        local, rest = _unpacked_address(rest)
        flow = UdpFlow(local, _unpacked_address(rest)[0])
    elif kind == b"C":
        flow = ConnectionFlow(struct.unpack(">Q", rest)[0])
    elif kind == b"T":
        flow = TrunkFlow(rest.decode())
    return Ticket(flow, profile, standing)


def _packed_address(address: Address) -> bytes:
    host, _, zone = address[0].partition("%")
    raw = ipaddress.ip_address(host).packed
    shown_zone = zone.encode()
    return bytes((len(raw) + len(shown_zone),)) + raw + shown_zone + struct.pack(">H", address[1])


def _unpacked_address(raw: bytes) -> tuple[Address, bytes]:
    size = raw[0]
    host_bytes, port, rest = raw[1 : 1 + size], raw[1 + size : 3 + size], raw[3 + size :]
    split = 4 if size == 4 else 16
    host = str(ipaddress.ip_address(host_bytes[:split]))
    zone = host_bytes[split:].decode()
    return (f"{host}%{zone}" if zone else host, struct.unpack(">H", port)[0]), rest
