"""The outer side: what strangers, phones and carriers send, from the raw bytes to what becomes of them."""

import secrets
from dataclasses import dataclass, replace
from urllib.parse import quote

from twisted.logger import Logger

from pbx.sip import routing
from pbx.sip.browsers import page_of
from pbx.sip.directory import EndpointAccount, Guest
from pbx.sip.edge_parts import EdgeParts
from pbx.sip.edge_settings import Address
from pbx.sip.events import SourceBanned
from pbx.sip.flow_token import ConnectionFlow, Ticket, UdpFlow
from pbx.sip.flows import Flow
from pbx.sip.forwarding import (
    branch_of,
    inward,
    noting_source,
    route_uri,
    token_in_via,
    via_line,
    without_our_via,
)
from pbx.sip.framing import FramingError, owed_status, read_datagram, refused_request
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.guard import urgency_of
from pbx.sip.hidden import with_hidden_contacts, with_set_addresses, without_named_candidates
from pbx.sip.message import Request, Response, UnwritableMessageError, serialise
from pbx.sip.refusal import Refusal
from pbx.sip.registrar import Arrival, answer_headers
from pbx.sip.sdp import MOST_ATTRIBUTES, MOST_ATTRIBUTES_OF_BROWSERS
from pbx.sip.sdp import check as check_sdp
from pbx.sip.uri import host_port
from pbx.sip.validation import drop_reason, verdict

_SDP = "application/sdp"
_USER_SAFE = "-_.!~*'()&=+$,;?/"
"""What a user part need not escape (RFC 3261 section 25.1, user-unreserved)."""

_log = Logger()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request, the flow it came over, and the branch that we give it and all that belongs to it."""

    flow: Flow
    request: Request
    branch: str

    @property
    def host(self) -> str:
        """The address it came from."""
        return self.flow.peer[0]

    @property
    def is_from_browser(self) -> bool:
        """Whether it came over a WebSocket."""
        return self.flow.kind in ("WS", "WSS")


class Outside:
    """The edge's inbox: implements `flows.Inbox` and performs what `routing` decides."""

    def __init__(self, parts: EdgeParts) -> None:
        self._parts = parts

    # -- before parsing

    def hears(self, host: str, size: int) -> bool:
        """Whether bytes from this address are read now."""
        parts, now = self._parts, self._parts.clock.seconds()
        guard = parts.settings.guard
        source = parts.sources.of(host, now)
        source.received(size)
        if self.is_trusted(host):
            return source.take(guard.trusted_rate, guard.trusted_rate, now)
        return not parts.bans.is_banned(host, now) and source.take(guard.source_rate, guard.source_burst, now)

    def may_connect(self, host: str) -> bool:
        """Whether a new connection from this address is taken."""
        return self.is_trusted(host) or not self._parts.bans.is_banned(host, self._parts.clock.seconds())

    def is_trusted(self, host: str) -> bool:
        """Whether the address is a trunk's or exempt from bans and the strangers' limits."""
        return self._parts.trunks.at(host) is not None or host in self._parts.exempt

    # -- from bytes to messages

    def received(self, flow: Flow, data: bytes) -> None:
        """Work on one message; whatever happens, nothing is raised and the next one is read."""
        try:
            self._receive(flow, data)
        except Exception:
            _log.failure("A message could not be worked on")

    def _receive(self, flow: Flow, data: bytes) -> None:
        admitted = self._parts.load.admits(urgency_of(data), self._parts.clock.seconds())
        if not admitted and not self._parts.load.answers():
            return
        try:
            message = read_datagram(data)
        except SipSyntaxError as error:
            self._refuse_unreadable(flow, error)
            return
        if isinstance(message, Response):
            self._receive_response(flow, message)
        elif admitted:
            self._receive_request(flow, message)
        elif message.method != "ACK":
            self._answer(flow, message, _busy())

    def broke(self, flow: Flow, error: FramingError) -> None:
        """Answer the request at which the stream broke."""
        try:
            self._refuse_unreadable(flow, error)
        except Exception:
            _log.failure("A broken stream could not be answered")

    def lost(self, flow: Flow) -> None:
        """The connection has ended."""
        self._parts.registrations.connection_lost(flow.number)
        self._parts.browsers.lost(flow.number)

    def _refuse_unreadable(self, flow: Flow, error: SipSyntaxError) -> None:
        request = refused_request(error)
        if request is not None and request.method != "ACK":
            self._answer(flow, request, Refusal(owed_status(error), error.reason))

    def _answer(self, flow: Flow, request: Request, refusal: Refusal) -> None:
        now = self._parts.clock.seconds()
        self._parts.answers.send(flow, request, refusal, now, self.is_trusted(flow.peer[0]))

    # -- responses of peers

    def _receive_response(self, flow: Flow, response: Response) -> None:
        """Pass a response on to pjsua2, when its Via is ours and its SDP can be trusted to the media stack."""
        if drop_reason(response, self._parts.policy) is not None or self._bad_sdp(flow, response) is not None:
            return
        ticket = self._parts.tokens.open(token_in_via(response) or "")
        if ticket.flow is None:
            self._hand_in(without_our_via(response), self._parts.media[ticket.profile])

    def _bad_sdp(self, flow: Flow, message: Request | Response) -> Refusal | None:
        if not message.body or message.content_type is None or message.content_type.kind != _SDP:
            return None
        most = MOST_ATTRIBUTES_OF_BROWSERS if flow.profile == "webrtc" else MOST_ATTRIBUTES
        return check_sdp(message.body, self._parts.own_sockets, most)

    # -- requests

    def _receive_request(self, flow: Flow, request: Request) -> None:
        refusal = verdict(request, self._parts.policy) or self._bad_sdp(flow, request)
        if refusal is not None:
            if request.method != "ACK":
                self._answer(flow, request, refusal)
            return
        come = Incoming(flow, request, branch_of(request, flow.peer[0], self._parts.key))
        self._perform(come, self._decide(come))

    def _decide(self, come: Incoming, account: EndpointAccount | None = None) -> routing.Decision:
        parts = self._parts
        # A proxy's address may be a trunk's too; what comes over a WebSocket is a browser's.
        trunk = None if come.is_from_browser else parts.trunks.at(come.host)
        origin = routing.Origin(trunk, come.is_from_browser)
        return routing.route(come.request, origin, parts, parts.pending.find(come.branch), account)

    def _perform(self, come: Incoming, decision: routing.Decision) -> None:
        match decision:
            case routing.InDialog(ticket):
                self._pass_in_dialog(come, ticket)
            case routing.NewCall():
                self._pass_new_call(come, decision)
            case routing.Follow(invite):
                self._pass_in(come, Ticket(come.flow.name), invite.media, uri=invite.uri)
            case routing.Login():
                self._log_in(come)
            case routing.Register(account):
                self._register(come, account)
            case routing.Answer():
                self._answer(come.flow, come.request, _options_answer())
            case Refusal():
                self._answer(come.flow, come.request, decision)

    def _log_in(self, come: Incoming) -> None:
        parts, counts = self._parts, not self.is_trusted(come.host)
        check = parts.logins.check_browser if come.is_from_browser else parts.logins.check
        found = check(come.request, come.host, parts.clock.seconds(), counts)
        if isinstance(found, EndpointAccount):
            come.flow.valued = True
            if come.is_from_browser:
                parts.browsers.signalled(found.username, page_of(come.request), come.flow.number)
            self._perform(come, self._decide(come, found))
            return
        for ban in found.bans:
            _log.warn("Too many failed logins: {address} banned", address=ban.address)
            parts.publish(SourceBanned(ban.address, ban.user, ban.seconds))
        self._answer(come.flow, come.request, found.refusal)

    def _register(self, come: Incoming, account: EndpointAccount) -> None:
        flow, request, registrations = come.flow, come.request, self._parts.registrations
        if request.to.uri.username != account.username:
            self._answer(flow, request, Refusal(403, "Not your address"))
            return
        arrival = Arrival(flow.kind, *flow.peer, local=host_port(*flow.local), connection=flow.number)
        outcome = registrations.update(account.username, request, arrival)
        if not isinstance(outcome, Refusal):
            headers = answer_headers(outcome.bindings, request, registrations.now())
            outcome = Refusal(200, "OK", headers)
        self._parts.answers.send_freely(flow, request, outcome)

    # -- handing in

    def _pass_new_call(self, come: Incoming, call: routing.NewCall) -> None:
        parts, now = self._parts, self._parts.clock.seconds()
        before = parts.pending.find(come.branch)
        full = parts.admission() if before is None else None
        if full is not None:
            self._answer(come.flow, come.request, _busy(full.retry_after))
            return
        counted = call.outside or call.standing == "guest"
        repeated = before is not None and not before.finished
        # Calls are counted by their Call-ID: a second one of that name would be one that nobody counts.
        if counted and not repeated and parts.dialled.knows(come.request.call_id):
            self._answer(come.flow, come.request, Refusal(482, "Loop Detected"))
            return
        media = parts.media[come.flow.profile]
        uri = f"sip:{quote(call.called, safe=_USER_SAFE)}@{host_port(*media)}"
        parts.pending.add(come.branch, media, uri, now)
        if call.account is not None and counted and not repeated:
            parts.dialled.started(call.account.username, come.request.call_id, now)
        self._allow_answers(come, call, now)
        ticket = Ticket(come.flow.name, come.flow.profile, call.standing)
        extra = _call_headers(come.flow, call)
        self._pass_in(_named(come, call), ticket, media, uri=uri, extra=extra, trusted=call.trunk is not None)

    def _allow_answers(self, come: Incoming, call: routing.NewCall, now: float) -> None:
        come.flow.valued = True
        source = self._parts.sources.of(come.host, now)
        if call.standing == "anonymous":
            source.advance(now)
        else:
            source.verified(now)

    def _pass_in_dialog(self, come: Incoming, ticket: Ticket) -> None:
        parts, now = self._parts, self._parts.clock.seconds()
        if isinstance(ticket.flow, UdpFlow) and ticket.flow.peer[0] == come.host:
            parts.sources.of(come.host, now).verified(now)
        elif isinstance(ticket.flow, ConnectionFlow):
            parts.transports.connections.moved(ticket.flow.connection, come.flow.number)
        account = parts.logins.browser(come.request, now) if come.is_from_browser else None
        if account is not None:
            parts.browsers.signalled(account.username, page_of(come.request), come.flow.number)
        here = Ticket(come.flow.name, ticket.profile, ticket.standing)
        self._pass_in(come, here, parts.media[ticket.profile])

    def _pass_in(
        self,
        come: Incoming,
        ticket: Ticket,
        media: Address,
        *,
        uri: str | None = None,
        extra: tuple[tuple[str, str], ...] = (),
        trusted: bool = False,
    ) -> None:
        parts, flow = self._parts, come.flow
        token = parts.tokens.sign(ticket)
        inner = parts.transports.media_socket.address
        via = via_line("UDP", inner, come.branch, token)
        routes: tuple[str, ...] = ()
        if come.request.method == "INVITE":
            routes = (route_uri(token, inner), route_uri(token, parts.addresses.of(flow), flow.kind))
        noted = noting_source(come.request, flow.peer)
        message = inward(noted, via, record_routes=routes, extra=extra, trusted=trusted, uri=uri)
        self._hand_in(message, media)

    def _hand_in(self, message: Request | Response, media: Address) -> None:
        socket = self._parts.transports.media_socket
        seen = with_hidden_contacts(message, socket.address)
        if b"a=candidate" in seen.body:
            seen = seen.with_body(without_named_candidates(seen.body))
        if media == self._parts.media["webrtc"]:
            seen = seen.with_body(with_set_addresses(seen.body))
        try:
            socket.send(serialise(seen), media)
        except UnwritableMessageError:
            return
        self._parts.forwarded()


def _call_headers(flow: Flow, call: routing.NewCall) -> tuple[tuple[str, str], ...]:
    """What only we may say to pjsua2 about a call."""
    found = [
        ("X-Comptoir-Source", f"{host_port(*flow.peer)};transport={flow.kind.lower()}"),
        ("X-Comptoir-Profile", flow.profile),
        ("X-Comptoir-Called", _plain(call.called)),
    ]
    if call.account is not None:
        found.append(("X-Comptoir-Account", call.account.username))
        found.extend(_guest_headers(call.account.guest))
    if call.trunk is not None:
        found.append(("X-Comptoir-Trunk", call.trunk))
    return tuple(found)


def _guest_headers(guest: Guest | None) -> tuple[tuple[str, str], ...]:
    if guest is None:
        return ()
    told = (
        ("X-Comptoir-Visitor", guest.visitor),
        ("X-Comptoir-Site", guest.site),
        ("X-Comptoir-Customer", guest.customer),
        ("X-Comptoir-Language", guest.language),
    )
    return tuple((name, _plain(value)) for name, value in told if value)


def _named(come: Incoming, call: routing.NewCall) -> Incoming:
    """A guest shows no name of its own choice: the display name of From is taken off."""
    if call.standing != "guest":
        return come
    bare = replace(come.request.from_, display="")
    return replace(come, request=come.request.with_header("From", str(bare)))


def _plain(text: str) -> str:
    """Text without control characters, which a percent escape may have hidden."""
    return "".join(character for character in text if character.isprintable())


def _busy(retry_after: int = 5) -> Refusal:
    """503, with a Retry-After that spreads those who come back (RFC 3261 section 21.5.4)."""
    jitter = secrets.randbelow(max(1, retry_after) + 1)
    return Refusal(503, "Service Unavailable", (("Retry-After", str(retry_after + jitter)),))


def _options_answer() -> Refusal:
    return Refusal(200, "OK", (("Allow", routing.ALLOWED), ("Accept", _SDP)))
