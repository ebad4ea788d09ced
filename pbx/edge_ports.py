"""The edge and the calls, each through the other's port."""

from collections.abc import Callable

from orders.ports import NumberParser
from pbx.calls.ports import Binding, DialTarget
from pbx.catalog import Catalog
from pbx.errors import Unreachable
from pbx.sip.directory import EndpointAccount, TrunkAddress
from pbx.sip.edge import Edge
from pbx.sip.edge_settings import TransportName


class CatalogDirectory:
    """`pbx.sip.directory.Directory` on the catalog of the moment."""

    def __init__(self, catalog: Callable[[], Catalog], numbers: NumberParser, region: str) -> None:
        self._catalog = catalog
        self._numbers = numbers
        self._region = region

    def endpoint(self, username: str) -> EndpointAccount | None:
        """See Directory."""
        row = self._catalog().endpoints.get(username)
        if row is None:
            return None
        return EndpointAccount(
            username=row.username,
            ha1={"MD5": row.ha1_md5, "SHA-256": row.ha1_sha256},
            may_dial_out=row.may_dial_out,
            allowed_prefixes=row.number_plan,
            max_calls=row.max_calls,
            max_calls_per_hour=row.max_calls_per_hour,
        )

    def is_public_number(self, user: str) -> bool:
        """See Directory."""
        did = self._catalog().dids.get(user)
        return did is not None and did.public

    def is_number(self, user: str) -> bool:
        """See Directory."""
        return user in self._catalog().dids

    def is_extension(self, user: str) -> bool:
        """See Directory."""
        catalog = self._catalog()
        return user in catalog.endpoints or user in catalog.agents or user in catalog.queues

    def outside_number(self, user: str) -> str | None:
        """See Directory."""
        return self._numbers.e164(user, self._region)

    def trunks(self) -> tuple[TrunkAddress, ...]:
        """See Directory."""
        return tuple(
            TrunkAddress(
                id=row.id, host=row.host, port=row.port, transport=_transport(row.transport),
                sources=row.addresses,
            )
            for row in self._catalog().trunks.values()
        )  # fmt: skip


def _transport(name: str) -> TransportName:
    return "TCP" if name.upper() == "TCP" else "UDP"


class EdgePhones:
    """`pbx.calls.ports.Phones` on the registrar."""

    def __init__(self, edge: Callable[[], Edge]) -> None:
        self._edge = edge

    def bindings(self, username: str) -> tuple[Binding, ...]:
        """See Phones."""
        return tuple(
            Binding(uri=one.uri, route=one.route, profile=one.profile, q=one.q)
            for one in self._edge().bindings(username)
        )


class EdgeTrunks:
    """`pbx.calls.ports.Trunks` on the catalog: the first usable trunk that has room."""

    def __init__(self, edge: Callable[[], Edge], catalog: Callable[[], Catalog]) -> None:
        self._edge = edge
        self._catalog = catalog

    def dial_target(self, number: str, caller: str) -> DialTarget:
        """See Trunks."""
        for trunk in self._catalog().trunks.values():
            try:
                way = self._edge().trunk_route(trunk.id, number)
            except Unreachable:
                continue
            return DialTarget(
                uri=way.uri, route=way.route, caller=trunk.caller or caller, trunk=trunk.id
            )
        raise Unreachable("No trunk leads outside: set one up, or dial an extension.", number=number)
