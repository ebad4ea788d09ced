"""Connections that we make: one to each peer, shared by all who want it, made when it is first wanted."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from pbx.sip.edge_settings import Address
from pbx.sip.streams import StreamConnection

Connect = Callable[[Address], Deferred[StreamConnection]]


def tcp(reactor: Any, factory: Factory, timeout: float) -> Connect:
    """What opens one TCP connection, within `timeout` seconds."""

    def connect(peer: Address) -> Deferred[StreamConnection]:
        endpoint = TCP6ClientEndpoint if ":" in peer[0] else TCP4ClientEndpoint
        attempt: Any = endpoint(reactor, *peer, timeout=timeout).connect(factory)  # type: ignore[arg-type]
        return attempt  # type: ignore[no-any-return]

    return connect


class OutgoingConnections:
    """The living connections by peer, and who waits for those that are being made."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._made: dict[Address, StreamConnection] = {}
        self._waiting: dict[Address, list[Deferred[StreamConnection]]] = {}

    async def to(self, peer: Address) -> StreamConnection:
        """The connection to `peer`, old or new. Raises what connecting raises."""
        known = self._made.get(peer)
        if known is not None and not known.closed:
            return known
        waiter: Deferred[StreamConnection] = Deferred()
        waiters = self._waiting.setdefault(peer, [])
        waiters.append(waiter)
        if len(waiters) == 1:
            self._connect(peer).addBoth(self._settle, peer)
        return await waiter

    def _settle(self, outcome: StreamConnection | Failure, peer: Address) -> None:
        if isinstance(outcome, StreamConnection):
            self._made[peer] = outcome
        for waiter in self._waiting.pop(peer):
            if isinstance(outcome, Failure):
                waiter.errback(outcome)
            else:
                waiter.callback(outcome)
