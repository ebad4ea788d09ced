"""New calls: admitted or refused, then given to a flow, a queue, a phone or a trunk."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Protocol

from twisted.logger import Logger

from pbx.calls.absences import Absences
from pbx.calls.call import Call, Participant
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing, Hunt, device_of
from pbx.calls.dialplan import (
    Destination,
    Refuse,
    ToEndpoint,
    ToFlow,
    ToOwnCall,
    ToQueue,
    ToTrunk,
    destination,
)
from pbx.calls.ivr_session import IvrServices, IvrSession
from pbx.calls.ports import DialTarget
from pbx.calls.switchboard import Switchboard, new_id
from pbx.catalog import Catalog, DidRow
from pbx.clock import Clock
from pbx.contract.base import Direction, Language
from pbx.errors import NotFound, Overloaded, PbxError
from pbx.events import LegEnded, LegEvent, LegId, LegIncoming

_log = Logger()

RING_SECONDS = 60.0
BETWEEN_US = frozenset({401, 407, 503})
"""What a trunk or phone says to us and not to the caller: log in, I am overloaded (RFC 3261 section 16.7)."""
PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Where only our own premises are (RFC 1918, RFC 4193, loopback, link-local)."""


class CallerNumbers(Protocol):
    """Reads numbers as phones send them."""

    def e164(self, raw: str, default_region: str) -> str | None:
        """E.164, or None when it is no number."""


class Inbound:
    """Takes every LegIncoming to where the dial plan says."""

    def __init__(
        self,
        reactor: Clock,
        switchboard: Switchboard,
        conversations: Conversations,
        services: IvrServices,
        dialing: Dialing,
        catalog: Callable[[], Catalog],
        numbers: CallerNumbers,
        region: str,
        trusted: frozenset[str],
        admit: Callable[[], None],
        absences: Absences,
    ) -> None:
        self._reactor = reactor
        self._switchboard = switchboard
        self._conversations = conversations
        self._services = services
        self._dialing = dialing
        self._catalog = catalog
        self._numbers = numbers
        self._region = region
        self._trusted = trusted
        self._admit = admit
        self._absences = absences
        self._stop = switchboard.bus.subscribe(LegIncoming, self._on_incoming)

    def stop(self) -> None:
        """Take no more calls."""
        self._stop()

    def _on_incoming(self, event: LegIncoming) -> None:
        try:
            self._take_in(event)
        except Exception:
            _log.failure("A new call could not be taken in")
            self._refuse(event.leg)

    def _refuse(self, leg: LegId) -> None:
        """Nobody is left ringing because of our own mistake."""
        self._switchboard.media.reject(leg, 500, "Server Internal Error")
        if call := self._switchboard.call_of(leg):
            self._switchboard.end(call, "failed", "internal error")

    def _take_in(self, event: LegIncoming) -> None:
        media = self._switchboard.media
        found = destination(event.called, event.headers.get("account"), self._catalog())
        if isinstance(found, ToOwnCall):
            self._take_back(event)
            return
        try:
            self._admit()
        except Overloaded as error:
            media.reject(event.leg, 503, "Service Unavailable", error.retry_after)
            return
        if isinstance(found, Refuse):
            media.reject(event.leg, found.status, found.reason)
            return
        if "visitor" in event.headers:
            self._end_call_before(event.headers["account"])
        self._lead(event, found)

    def _take_back(self, event: LegIncoming) -> None:
        """No new call: there is room for it, as the old leg goes."""
        try:
            self._absences.take_back(event.headers["account"], event.leg, device_of(event) == "page")
        except NotFound:
            self._switchboard.media.reject(event.leg, 404, "Not Found")

    def _end_call_before(self, guest: str) -> None:
        """A guest has one call at a time; who calls again has left the one before."""
        for call in tuple(self._switchboard.calls.values()):
            for one in tuple(call.participants.values()):
                if one.account == guest and not one.leaving:
                    self._switchboard.lose(one, "the customer called again")

    def _lead(self, event: LegIncoming, found: Destination) -> None:
        call = self._call(event, found)
        first = Participant(
            event.leg, "customer", call.caller or event.caller_name or "", "incoming",
            event.headers.get("account", ""), device_of(event) == "page",
        )  # fmt: skip
        agent = self._catalog().agent_of_phone(event.headers.get("account", ""))
        if isinstance(found, ToFlow):
            self._to_flow(call, first, found)
        elif isinstance(found, ToQueue):
            self._to_queue(call, first, found)
        elif isinstance(found, ToEndpoint | ToTrunk):
            if agent is not None:
                first.role, first.agent, first.label = "agent", agent.id, agent.name
            self._to_phone(call, first, found)
        if agent is not None and self._switchboard.call_of(first.leg) is call:
            self._busy(call, first, agent.id)

    def _call(self, event: LegIncoming, found: Destination) -> Call:
        account = event.headers.get("account")
        visitor = event.headers.get("visitor")
        said = account or event.caller  # a phone of ours is who it logged in as, whatever it writes into From
        caller = None if visitor else self._numbers.e164(said, self._region) or said or None
        direction: Direction = "inbound"
        if isinstance(found, ToEndpoint | ToTrunk):
            direction = "outbound" if isinstance(found, ToTrunk) else "internal"
        did = self._catalog().dids.get(event.called)
        trusted = self._is_trusted(event.headers)
        return Call(
            id=new_id(),
            direction=direction,
            caller=caller,
            caller_name=event.caller_name,
            called=event.called,
            language=self._language(event, did),
            started_at=self._switchboard.now(),
            # a stranger may write anybody's number
            callback_to=(None if visitor else account) or (caller if trusted else None) or "",
            trusted_caller=trusted,
            customer_id=event.headers.get("customer"),
            visitor=visitor,
            site=event.headers.get("site"),
        )

    def _language(self, event: LegIncoming, did: DidRow | None) -> Language:
        """The page's, if the flow speaks it, else the number's."""
        flow = self._catalog().flows.get(did.flow) if did else None
        wanted = event.headers.get("language")
        spoken = (one for one in flow.languages if one == wanted) if flow else ()
        return next(iter(spoken), did.language if did else "en")

    def _is_trusted(self, headers: Mapping[str, str]) -> bool:
        """Whether the caller's number may open the customer's data: a stranger on the Internet can write any."""
        if "trunk" in headers:
            return "trunks" in self._trusted
        if "account" in headers:
            return "endpoints" in self._trusted
        if "anyone" in self._trusted:
            return True
        return "private" in self._trusted and _is_private(_host_of(headers.get("source", "")))

    def _to_flow(self, call: Call, first: Participant, found: ToFlow) -> None:
        catalog = self._catalog()
        flow = catalog.flows.get(catalog.dids[found.did].flow)
        if flow is None:
            self._switchboard.media.reject(first.leg, 503, "No flow is published for this number", 30)
            return
        call.flow, call.flow_version = flow.id, flow.version
        self._switchboard.start(call, first)
        self._switchboard.media.ring(first.leg)
        session = IvrSession(
            self._reactor, self._switchboard, self._services, call, first.leg, flow, dict(catalog.calendars)
        )
        session.start()

    def _to_queue(self, call: Call, first: Participant, found: ToQueue) -> None:
        call.queue = found.queue
        call.answered_at = self._switchboard.now()
        self._switchboard.start(call, first)
        self._switchboard.answer(first)
        self._services.queues.enqueue(call, lambda outcome: self._conversations.left_queue(call, outcome))

    # --- from phone to phone, and out -----------------------------------------------------------------------

    def _to_phone(self, call: Call, first: Participant, found: ToEndpoint | ToTrunk) -> None:
        self._switchboard.start(call, first)
        try:
            targets = self._targets(call, found)
        except PbxError as error:
            self._give_up(call, first.leg, 480, error.id)
            return
        self._switchboard.watch(first.leg, lambda event: self._caller_event(call, event))
        self._ring(call, first, found, targets)

    def _targets(self, call: Call, found: ToEndpoint | ToTrunk) -> tuple[DialTarget, ...]:
        if isinstance(found, ToEndpoint):
            return self._dialing.endpoint(found.username, call, RING_SECONDS)
        return self._dialing.number(found.number, call, call.caller or "", RING_SECONDS, None)

    def _ring(
        self, call: Call, first: Participant, found: ToEndpoint | ToTrunk, targets: tuple[DialTarget, ...]
    ) -> None:
        callee = self._catalog().agent_of_phone(found.username) if isinstance(found, ToEndpoint) else None
        name = found.username if isinstance(found, ToEndpoint) else found.number
        hunt = Hunt(
            self._switchboard, call, "agent" if callee else "third_party", callee.name if callee else name,
            agent=callee.id if callee else None,
            ringing=lambda participant: self._switchboard.media.ring(first.leg),
            answered=lambda participant: self._connect(call, first, participant),
            failed=lambda status, reason: self._give_up(call, first.leg, status, reason),
        )  # fmt: skip
        hunt.start(targets)
        self._switchboard.watch(
            first.leg, lambda event: hunt.cancel() if isinstance(event, LegEnded) and hunt.live else None
        )

    def _connect(self, call: Call, first: Participant, callee: Participant) -> None:
        if callee.agent is not None:
            self._busy(call, callee, callee.agent)
        call.answered_at = self._switchboard.now()
        call.agent = call.agent or callee.agent or first.agent
        self._switchboard.answer(first)
        self._conversations.bring_together(call, callee)

    def _busy(self, call: Call, participant: Participant, agent: str) -> None:
        """An agent whose phone is on a call is offered nothing, whoever is called."""
        queues = self._services.queues
        queues.agent_busy(agent, call)

        def on_event(event: LegEvent) -> None:
            if isinstance(event, LegEnded) and call.of_agent(agent) is None:
                queues.agent_free(agent, call)

        self._switchboard.watch(participant.leg, on_event)

    def _caller_event(self, call: Call, event: LegEvent) -> None:
        if isinstance(event, LegEnded) and call.state == "ringing":
            self._switchboard.end(call, "abandoned", "caller hung up")

    def _give_up(self, call: Call, leg: LegId, status: int, reason: str) -> None:
        told = 480 if status < 400 or status in BETWEEN_US else status
        self._switchboard.media.reject(leg, told, "Unavailable")
        self._switchboard.end(call, "failed", reason or "unreachable")


def _host_of(source: str) -> str:
    """The address in the edge's X-Comptoir-Source: `192.0.2.1:5060;transport=udp`, `[2001:db8::1]:5060`."""
    address = source.partition(";")[0]
    host = address.rpartition(":")[0] if address.count(":") == 1 or "]" in address else address
    return host.strip("[]")


def _is_private(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in PRIVATE if network.version == found.version)
