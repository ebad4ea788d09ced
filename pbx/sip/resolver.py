"""Host names of trunks, looked up off the reactor thread and remembered. Nothing else is ever looked up."""

import ipaddress
import socket
from collections.abc import Awaitable, Callable

from twisted.logger import Logger

LookUp = Callable[[str], Awaitable[tuple[str, ...]]]
_log = Logger()


def is_literal(host: str) -> bool:
    """Whether `host` is an address and needs no look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def look_up_blocking(host: str) -> tuple[str, ...]:
    """The addresses of a name, in the system's order. Blocks; raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


class Resolver:
    """Names to addresses. An answer is used for `lifetime` seconds, and beyond when a new one fails."""

    def __init__(self, look_up: LookUp, seconds: Callable[[], float], lifetime: float = 300.0) -> None:
        self._look_up = look_up
        self._seconds = seconds
        self._lifetime = lifetime
        self._known: dict[str, tuple[tuple[str, ...], float]] = {}

    def known(self, host: str) -> tuple[str, ...]:
        """What is remembered, however old; the address itself for a literal."""
        return (host,) if is_literal(host) else self._known.get(host, ((), 0.0))[0]

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of `host`; empty when there are none to be had."""
        if is_literal(host):
            return (host,)
        found, at = self._known.get(host, ((), 0.0))
        if found and self._seconds() - at < self._lifetime:
            return found
        try:
            self._known[host] = (await self._look_up(host), self._seconds())
        except OSError as error:
            _log.warn("A trunk's host name was not found: {error}", error=error.strerror)
        return self.known(host)
