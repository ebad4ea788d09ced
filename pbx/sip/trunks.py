"""The carriers: whose address a request came from, and the flow that leads to each."""

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache

from twisted.internet.error import ConnectError
from twisted.logger import Logger

from pbx.errors import Unreachable
from pbx.sip.directory import TrunkAddress
from pbx.sip.flows import Flow
from pbx.sip.resolver import Resolver
from pbx.sip.sockets import family_of
from pbx.sip.transports import Transports

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_log = Logger()


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and CIDR networks; what is neither is left out, with a line in the log."""
    found: list[Network] = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            _log.error("Not an address or network: {text}", text=text)
    return tuple(found)


def is_within(host: str, known: tuple[Network, ...]) -> bool:
    """Whether an address literal is in one of the networks."""
    address = ipaddress.ip_address(host.partition("%")[0])
    return any(address in network for network in known)


class Trunks:
    """Trunks by source address, and flows to them. `refresh` when the directory or the DNS has changed."""

    def __init__(
        self, trunks: Callable[[], tuple[TrunkAddress, ...]], resolver: Resolver, transports: Transports
    ) -> None:
        self._read = trunks
        self._resolver = resolver
        self._transports = transports
        self._trunks: dict[str, TrunkAddress] = {}
        self._sources: tuple[tuple[str, tuple[Network, ...]], ...] = ()
        self._at = lru_cache(maxsize=8192)(self._search)

    async def refresh(self) -> None:
        """Read the directory again and look the names up that have aged."""
        trunks = self._read()
        for trunk in trunks:
            await self._resolver.addresses(trunk.host)
        self._trunks = {trunk.id: trunk for trunk in trunks}
        self._sources = tuple(
            (trunk.id, networks((*self._resolver.known(trunk.host), *trunk.sources))) for trunk in trunks
        )
        self._at.cache_clear()

    def at(self, host: str) -> str | None:
        """The id of the trunk that calls from this address."""
        return self._at(host) if self._sources else None

    def _search(self, host: str) -> str | None:
        return next((trunk for trunk, known in self._sources if is_within(host, known)), None)

    def get(self, trunk: str) -> TrunkAddress:
        """The trunk of that id. Raises Unreachable."""
        found = self._trunks.get(trunk)
        if found is None:
            raise Unreachable("no such trunk")
        return found

    async def flow(self, trunk_id: str) -> Flow:
        """The flow to the trunk; over TCP a connection that may have to be made. Raises Unreachable."""
        trunk = self.get(trunk_id)
        for address in await self._resolver.addresses(trunk.host):
            flow = await self._flow_to(trunk, address)
            if flow is not None:
                return flow
        raise Unreachable("trunk not reachable")

    async def _flow_to(self, trunk: TrunkAddress, address: str) -> Flow | None:
        if trunk.transport == "UDP":
            return self._transports.towards((address, trunk.port))
        try:
            return await self._transports.connect((address, trunk.port))
        except (ConnectError, OSError) as error:
            family = family_of(address).name
            _log.warn("No connection to a trunk ({family}): {error}", family=family, error=str(error))
            return None
