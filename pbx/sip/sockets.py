"""Listening sockets made here, because an IPv6 wildcard must leave IPv4 to a socket of its own."""

import errno
import socket
from contextlib import closing, suppress
from functools import lru_cache

from twisted.internet.error import CannotListenError

from pbx.sip.edge_settings import Address

_RECEIVE_BUFFER = 4 * 1024 * 1024
_BACKLOG = 512
_NO_SUCH_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL})
WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - names them, binds nothing


def family_of(host: str) -> socket.AddressFamily:
    """AF_INET6 for an IPv6 literal, else AF_INET."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def datagram_socket(address: Address) -> socket.socket:
    """A bound, non-blocking UDP socket with a large receive buffer. Raises CannotListenError."""
    return _bound(address, socket.SOCK_DGRAM)


def stream_socket(address: Address) -> socket.socket:
    """A listening, non-blocking TCP socket. Raises CannotListenError."""
    bound = _bound(address, socket.SOCK_STREAM)
    bound.listen(_BACKLOG)
    return bound


def is_family_missing(error: CannotListenError) -> bool:
    """Whether the machine has no such address family (IPv6 switched off)."""
    return getattr(error.socketError, "errno", None) in _NO_SUCH_FAMILY


def _bound(address: Address, kind: socket.SocketKind) -> socket.socket:
    try:
        made = socket.socket(family_of(address[0]), kind)
    except OSError as error:
        raise CannotListenError(address[0], address[1], error) from error
    try:
        _prepare(made, kind)
        made.bind(address)
    except OSError as error:
        made.close()
        raise CannotListenError(address[0], address[1], error) from error
    return made


def _prepare(made: socket.socket, kind: socket.SocketKind) -> None:
    made.setblocking(False)
    if made.family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if kind == socket.SOCK_STREAM:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    with suppress(OSError):  # only root may pass the system's limit
        made.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_RCVBUFFORCE", 33), _RECEIVE_BUFFER)


@lru_cache(maxsize=4096)
def address_towards(peer: str) -> str:
    """Our own address on the way to `peer`, by the routing table; nothing is sent."""
    try:
        with closing(socket.socket(family_of(peer), socket.SOCK_DGRAM)) as probe:
            probe.connect((peer, 9))
            own: str = probe.getsockname()[0]
            return own
    except OSError:
        return "::1" if ":" in peer else "127.0.0.1"
