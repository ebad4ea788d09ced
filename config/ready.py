"""Waits until servers answer."""

from collections.abc import Sequence
from typing import Any

from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import deferLater

PAUSE = 0.25


async def wait_for_ports(reactor: Any, ports: Sequence[tuple[str, int]], within: float) -> bool:
    """Return True as soon as every TCP port accepts a connection, False after `within` seconds.

    Port 0 stands for one that nobody knows beforehand; it is not waited for.
    """
    deadline = reactor.seconds() + within
    for host, port in ports:
        while port and not await _answers(reactor, host, port):
            if reactor.seconds() >= deadline:
                return False
            await deferLater(reactor, PAUSE)
    return True


async def _answers(reactor: Any, host: str, port: int) -> bool:
    endpoint: Any = HostnameEndpoint(reactor, host, port, timeout=1)
    factory = Factory.forProtocol(Protocol)
    factory.noisy = False
    try:
        protocol = await endpoint.connect(factory)
    except (ConnectError, OSError):
        return False
    protocol.transport.loseConnection()
    return True
