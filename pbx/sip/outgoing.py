"""Connections that we make: one to each peer, shared by all who want it, made when it is first wanted."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twisted.internet.defer import CancelledError, Deferred, ensureDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory
from twisted.internet.ssl import TLSVersion, optionsForClientTLS
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from pbx.sip.edge_settings import Address
from pbx.sip.streams import StreamConnection

Connect = Callable[[Address, str], Deferred[StreamConnection]]
"""Opens a connection; with a name, over TLS to whoever proves to have that name."""


def connector(reactor: Any, tcp: Factory, tls: Factory, timeout: float) -> Connect:
    """What opens one connection, within `timeout` seconds and, over TLS, those of the handshake.

    Certificates are checked against those that the system trusts (RFC 5922 section 7.3: the name of the host).
    """

    @lru_cache(maxsize=32)
    def options(name: str) -> Any:
        """Kept for each name, because reading what the system trusts takes its time."""
        return optionsForClientTLS(name, extraCertificateOptions={"raiseMinimumTo": TLSVersion.TLSv1_2})

    def connect(peer: Address, name: str) -> Deferred[StreamConnection]:
        kind = TCP6ClientEndpoint if ":" in peer[0] else TCP4ClientEndpoint
        endpoint: Any = kind(reactor, *peer, timeout=timeout)
        if not name:
            return endpoint.connect(tcp)  # type: ignore[no-any-return]
        factory = TLSMemoryBIOFactory(options(name), True, tls, reactor)  # type: ignore[arg-type]
        return endpoint.connect(factory).addCallback(  # type: ignore[no-any-return]
            lambda connection: ensureDeferred(_secured(connection.wrappedProtocol))
        )

    return connect


async def _secured(connection: StreamConnection) -> StreamConnection:
    """Wait until the peer has proved its name; nothing is sent before. Raises ConnectError."""
    try:
        return await connection.secured
    except CancelledError:
        raise
    except Exception as error:  # of OpenSSL, of the check of names, of the network
        raise ConnectError(string=f"TLS: {type(error).__name__} {error}") from error


class OutgoingConnections:
    """The living connections by peer, and who waits for those that are being made."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._made: dict[tuple[Address, str], StreamConnection] = {}
        self._waiting: dict[tuple[Address, str], list[Deferred[StreamConnection]]] = {}

    async def to(self, peer: Address, tls_name: str = "") -> StreamConnection:
        """The connection to `peer`, old or new; over TLS when a name is given. Raises what connecting raises."""
        key = (peer, tls_name)
        known = self._made.get(key)
        if known is not None and not known.closed:
            return known
        waiter: Deferred[StreamConnection] = Deferred()
        waiters = self._waiting.setdefault(key, [])
        waiters.append(waiter)
        if len(waiters) == 1:
            self._connect(*key).addBoth(self._settle, key)
        return await waiter

    def _settle(self, outcome: StreamConnection | Failure, key: tuple[Address, str]) -> None:
        if isinstance(outcome, StreamConnection):
            self._made[key] = outcome
        for waiter in self._waiting.pop(key):
            if isinstance(outcome, Failure):
                waiter.errback(outcome)
            else:
                waiter.callback(outcome)
