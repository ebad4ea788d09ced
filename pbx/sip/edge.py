"""The SIP edge: listeners, guard, registrar and record-routing proxy, composed."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from twisted.internet.defer import ensureDeferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from pbx.bus import Bus
from pbx.errors import Overloaded
from pbx.events import Profile
from pbx.sip.assembly import assemble
from pbx.sip.bans import Ban
from pbx.sip.dialling import DialLedger
from pbx.sip.directory import Directory
from pbx.sip.edge_settings import Address, EdgeSettings, TransportName
from pbx.sip.flow_token import ConnectionFlow, FlowName, Ticket, TrunkFlow, UdpFlow
from pbx.sip.forwarding import route_uri
from pbx.sip.framing import PING
from pbx.sip.hidden import hidden_uri
from pbx.sip.inside import Inside
from pbx.sip.logins import ReadToken, refuse_tokens
from pbx.sip.outside import Outside
from pbx.sip.reachability import Registered, TrunkRoute
from pbx.sip.registration_store import Registration, RegistrationStore
from pbx.sip.registrations import DATAGRAMS
from pbx.sip.resolver import LookUp
from pbx.sip.uri import host_port, parse_uri
from pbx.sip.websocket_gate import Origins

_SWEEP = 1.0
_LAG_PROBE = 0.1
_TRUNK_REFRESH = 60.0
_KEEP_ALIVE = 25.0
_log = Logger()


class Edge:
    """Everything SIP that strangers can reach, between the public sockets and pjsua2 on loopback.

    `media` says where pjsua2 listens, a loopback address a profile. `secret` (32 bytes, persistent) signs
    flow tokens and nonces. `admission` is asked before each new call from outside: an Overloaded it
    returns becomes 503 with its Retry-After. `on_forwarded` is called, once a reactor turn, after
    messages were handed to pjsua2, so that it can be polled at once. `look_up` finds a trunk's addresses;
    the system's resolver in a thread when it is None. `read_token` says whom a browser's token speaks for, and
    `origins` which pages may connect over WebSocket.
    """

    def __init__(
        self,
        reactor: Any,
        settings: EdgeSettings,
        *,
        directory: Directory,
        store: RegistrationStore,
        secret: bytes,
        media: Mapping[Profile, Address],
        bus: Bus | None = None,
        read_token: ReadToken = refuse_tokens,
        origins: Origins = tuple,
        admission: Callable[[], Overloaded | None] = lambda: None,
        on_forwarded: Callable[[], None] = lambda: None,
        look_up: LookUp | None = None,
    ) -> None:
        self._reactor = reactor
        self._on_forwarded = on_forwarded
        self._told = False
        self._loops: list[LoopingCall] = []
        self._expected = 0.0
        self._parts = assemble(
            reactor,
            settings,
            directory=directory,
            store=store,
            secret=secret,
            media=media,
            publish=bus.publish if bus is not None else lambda event: None,
            read_token=read_token,
            origins=origins,
            admission=admission,
            forwarded=self._tell_forwarded,
            look_up=look_up,
        )

    # -- life

    async def start(self) -> None:
        """Load the registrations, then listen. Raises DatabaseAway, CertificateError and CannotListenError."""
        parts = self._parts
        await parts.registrations.load()
        await parts.trunks.refresh()
        if parts.transports.tls is not None:
            await parts.transports.tls.load()
        parts.transports.open(Outside(parts), Inside(parts).received)
        parts.own_sockets = parts.transports.own_sockets()
        self._expected = self._reactor.seconds() + _LAG_PROBE
        self._loop(self._sweep, _SWEEP)
        self._loop(self._probe_lag, _LAG_PROBE)
        self._loop(self._refresh_in_background, _TRUNK_REFRESH)
        self._loop(self._keep_doors_open, _KEEP_ALIVE)
        if parts.settings.tls is not None:
            self._loop(self._look_at_certificate, parts.settings.tls.poll)

    async def stop(self) -> None:
        """Stop listening, close connections and write what registrations are unwritten."""
        for loop in self._loops:
            loop.stop()
        self._loops.clear()
        for closing in self._parts.transports.close():
            if closing is not None:
                await closing
        await self._parts.registrations.close()

    def drain(self) -> None:
        """From now on refuse new calls with 503 and answer OPTIONS 503; dialogs go on."""
        self._parts.draining = True

    async def refresh_trunks(self) -> None:
        """Read the directory's trunks again; also done every minute."""
        await self._parts.trunks.refresh()

    async def reload_certificate(self) -> None:
        """Take a changed certificate over for new connections; also done by itself within seconds."""
        if self._parts.transports.tls is not None:
            await self._parts.transports.tls.reload_if_changed()

    def _loop(self, work: Callable[[], None], interval: float) -> None:
        loop = LoopingCall(work)
        loop.clock = self._reactor
        loop.start(interval, now=False).addErrback(
            lambda failure: _log.failure("A periodic task of the SIP edge has stopped", failure=failure)
        )
        self._loops.append(loop)

    def _sweep(self) -> None:
        now = self._reactor.seconds()
        self._parts.registrations.sweep()
        self._parts.pending.sweep(now)
        self._parts.transports.connections.close_idle(now)

    def _probe_lag(self) -> None:
        now = self._reactor.seconds()
        self._parts.load.lagged(now - self._expected)
        self._expected = now + _LAG_PROBE

    def _refresh_in_background(self) -> None:
        ensureDeferred(self._parts.trunks.refresh()).addErrback(
            lambda failure: _log.failure("Trunks could not be refreshed", failure=failure)
        )

    def _look_at_certificate(self) -> None:
        ensureDeferred(self.reload_certificate()).addErrback(
            lambda failure: _log.failure("The certificate could not be looked at", failure=failure)
        )

    def _keep_doors_open(self) -> None:
        """Some NATs forget a UDP flow after 30 s of silence from inside; ours from outside keeps most open."""
        for binding in self._parts.registrations.behind_nat():
            flow = self._parts.transports.find(_flow_name(binding))
            if flow is not None:
                flow.send(PING)

    def _tell_forwarded(self) -> None:
        if not self._told:
            self._told = True
            self._reactor.callLater(0, self._forwarded)

    def _forwarded(self) -> None:
        self._told = False
        self._on_forwarded()

    # -- what others ask

    @property
    def internal_address(self) -> Address:
        """Where pjsua2 reaches the edge. Only after `start`."""
        return self._parts.transports.media_socket.address

    @property
    def udp_addresses(self) -> tuple[Address, ...]:
        """What we listen on for datagrams. Only after `start`."""
        return tuple(self._parts.transports.datagrams)

    def stream_addresses(self, transport: TransportName) -> tuple[Address, ...]:
        """What we listen on for connections of this kind. Only after `start`."""
        return tuple(self._parts.transports.streams.get(transport, ()))

    @property
    def dialled(self) -> DialLedger:
        """Outside calls an account, for `may_dial` in transfers and in the dial plan."""
        return self._parts.dialled

    def registered(self) -> tuple[str, ...]:
        """The names of all phones that can be reached."""
        return self._parts.registrations.everybody()

    def registrations(self, username: str) -> tuple[Registration, ...]:
        """All live bindings of a phone, those that cannot be reached now included."""
        return self._parts.registrations.of(username)

    def bindings(self, username: str) -> tuple[Registered, ...]:
        """Live contacts of a phone, highest q first; empty when it cannot be reached or has no account."""
        if self._parts.directory.endpoint(username) is None:
            return ()
        return tuple(map(self._as_registered, self._parts.registrations.reachable(username)))

    def _as_registered(self, binding: Registration) -> Registered:
        name = _flow_name(binding)
        flow = self._parts.transports.find(name)
        profile: Profile = "plain" if flow is None else flow.profile
        token = self._parts.tokens.sign(Ticket(name, profile, "account"))
        route = route_uri(token, self.internal_address)
        uri = hidden_uri(parse_uri(binding.contact_uri), self.internal_address)
        return Registered(uri, (route,), profile, binding.q)

    def trunk_route(self, trunk: str, number: str) -> TrunkRoute:
        """How a request for `number` gets out through the trunk. Raises Unreachable for an unknown one."""
        address = self._parts.trunks.get(trunk)
        token = self._parts.tokens.sign(Ticket(TrunkFlow(trunk), "plain", "trunk"))
        port = None if address.port == 5060 else address.port
        transport = "" if address.transport == "UDP" else f";transport={address.transport.lower()}"
        uri = f"sip:{quote(number, safe='+*')}@{host_port(address.domain or address.host, port)}{transport}"
        return TrunkRoute(uri, (route_uri(token, self.internal_address),))

    def bans(self) -> tuple[Ban, ...]:
        """The bans in force; `until` is in the reactor's seconds (Unix time)."""
        return self._parts.bans.list(self._reactor.seconds())

    def lift_ban(self, address: str, user: str = "") -> bool:
        """End a ban; False when there was none."""
        return self._parts.bans.lift(address, user)


def _flow_name(binding: Registration) -> FlowName:
    if binding.transport != DATAGRAMS:
        return ConnectionFlow(binding.connection)
    host, _, port = binding.local.rpartition(":")
    return UdpFlow((host.strip("[]"), int(port)), (binding.source_host, binding.source_port))
