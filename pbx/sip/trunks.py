"""The carriers: whose address a request came from, and the flow that leads to each."""

from collections.abc import Callable

from twisted.internet.error import ConnectError
from twisted.logger import Logger

from pbx.errors import Unreachable
from pbx.sip.directory import TrunkAddress
from pbx.sip.flows import Flow
from pbx.sip.networks import Networks
from pbx.sip.resolver import Resolver
from pbx.sip.sockets import family_of
from pbx.sip.transports import Transports

_log = Logger()


class Trunks:
    """Trunks by source address, and flows to them. `refresh` when the directory or the DNS has changed."""

    def __init__(
        self, trunks: Callable[[], tuple[TrunkAddress, ...]], resolver: Resolver, transports: Transports
    ) -> None:
        self._read = trunks
        self._resolver = resolver
        self._transports = transports
        self._trunks: dict[str, TrunkAddress] = {}
        self._sources: tuple[tuple[str, Networks], ...] = ()

    async def refresh(self) -> None:
        """Read the directory again and look the names up that have aged."""
        trunks = self._read()
        for trunk in trunks:
            await self._resolver.addresses(trunk.host)
        self._trunks = {trunk.id: trunk for trunk in trunks}
        self._sources = tuple(
            (trunk.id, Networks((*self._resolver.known(trunk.host), *trunk.sources))) for trunk in trunks
        )

    def at(self, host: str) -> str | None:
        """The id of the trunk that calls from this address."""
        return next((trunk for trunk, known in self._sources if host in known), None)

    def get(self, trunk: str) -> TrunkAddress:
        """The trunk of that id. Raises Unreachable."""
        found = self._trunks.get(trunk)
        if found is None:
            raise Unreachable("no such trunk")
        return found

    async def flow(self, trunk_id: str) -> Flow:
        """The flow to the trunk; over TCP and TLS a connection that may have to be made. Raises Unreachable."""
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
            name = trunk.host if trunk.transport == "TLS" else ""
            return await self._transports.connect((address, trunk.port), name)
        except (ConnectError, OSError) as error:
            family = family_of(address).name
            _log.warn("No connection to a trunk ({family}): {error}", family=family, error=str(error))
            return None
