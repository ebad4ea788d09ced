"""The edge and the calls, each through the other's port."""

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from orders.ports import NumberParser
from pbx.bus import Bus
from pbx.calls.ports import HOUSE, Binding, DialTarget
from pbx.catalog import Catalog
from pbx.clock import Clock
from pbx.contract.browser_token import TAKE_BACK
from pbx.errors import NotAllowed, Unreachable
from pbx.events import LegEnded, LegId
from pbx.sip.dialling import may_dial
from pbx.sip.directory import Directory, EndpointAccount, TrunkAddress
from pbx.sip.edge import Edge
from pbx.sip.edge_settings import TrunkTransport


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
        known = user in catalog.endpoints or user in catalog.agents or user in catalog.queues
        return known or user == TAKE_BACK

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


def _transport(name: str) -> TrunkTransport:
    known: dict[str, TrunkTransport] = {"TCP": "TCP", "TLS": "TLS"}
    return known.get(name.upper(), "UDP")


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
    """`pbx.calls.ports.Trunks` on the catalog: the first trunk with a free line; calls are counted until their
    legs end, those on behalf of an account in the edge's ledger too."""

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        edge: Callable[[], Edge],
        directory: Directory,
        catalog: Callable[[], Catalog],
        house: EndpointAccount,
    ) -> None:
        self._clock = clock
        self._edge = edge
        self._directory = directory
        self._catalog = catalog
        self._house = house
        self._lines: dict[LegId, str] = {}
        bus.subscribe(LegEnded, self._on_ended)

    def allows(self, number: str) -> bool:
        """See Trunks."""
        outside = self._directory.outside_number(number)
        usage = self._edge().dialled.usage(self._house.username, self._clock.seconds())
        return bool(self._catalog().trunks and outside and may_dial(self._house, outside, usage) is None)

    def dial_target(self, number: str, caller: str, on_behalf: str | None) -> DialTarget:
        """See Trunks."""
        outside = self._directory.outside_number(number)
        if outside is None:
            raise Unreachable("This is no telephone number.", number=number)
        target = self._way(outside, caller)
        if on_behalf is not None:
            self._charge(on_behalf, outside, target.leg)
        self._lines[target.leg] = target.trunk or ""
        return target

    def _charge(self, on_behalf: str, number: str, leg: LegId) -> None:
        """Count the call for whoever dials. Raises NotAllowed."""
        account = self._house if on_behalf == HOUSE else self._directory.endpoint(on_behalf)
        if account is None:
            raise NotAllowed("Only a phone of ours can dial outside.")
        ledger, now = self._edge().dialled, self._clock.seconds()
        refusal = may_dial(account, number, ledger.usage(account.username, now))
        if refusal is not None:
            raise NotAllowed(f"{refusal.detail}: an administrator can change that.", reason=refusal.id)
        ledger.started(account.username, leg, now)

    def _way(self, number: str, caller: str) -> DialTarget:
        used = Counter(self._lines.values())
        for trunk in self._catalog().trunks.values():
            if used[trunk.id] >= trunk.max_calls:
                continue
            try:
                way = self._edge().trunk_route(trunk.id, number)
            except Unreachable:
                continue
            shown = trunk.caller or caller
            return DialTarget(uri=way.uri, route=way.route, caller=shown, trunk=trunk.id, leg=uuid4().hex)
        raise Unreachable("No trunk leads outside: all lines are in use, or none is set up.", number=number)

    def _on_ended(self, event: LegEnded) -> None:
        self._lines.pop(event.leg, None)
        self._edge().dialled.ended(event.leg)
