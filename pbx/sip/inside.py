"""The inner side: what pjsua2 sends, requests to the flow their Route names, responses to where they came from."""

from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger

from pbx.errors import Unreachable
from pbx.events import Profile
from pbx.sip import routing
from pbx.sip.edge_parts import EdgeParts
from pbx.sip.flow_token import ForeignToken, Ticket, TrunkFlow, UdpFlow
from pbx.sip.flows import Flow
from pbx.sip.forwarding import branch_of, outward, route_uri, token_in_via, via_line, without_our_via
from pbx.sip.framing import read_datagram
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.hidden import shown_uri
from pbx.sip.message import Request, Response, UnwritableMessageError, serialise
from pbx.sip.refusal import Refusal
from pbx.sip.replies import reply

_log = Logger()
_FLOW_FAILED = Refusal(430, "Flow Failed")


class Inside:
    """Performs what pjsua2 asks for. It is trusted; what it sends is only re-addressed."""

    def __init__(self, parts: EdgeParts) -> None:
        self._parts = parts

    def received(self, profile: Profile, data: bytes) -> None:
        """Work on one message of the media stack's."""
        try:
            message = read_datagram(data)
            if isinstance(message, Response):
                self._pass_response(message)
            else:
                self._pass_request(message, profile)
        except (SipSyntaxError, ForeignToken, UnwritableMessageError) as error:
            _log.warn("The media stack sent what cannot be forwarded: {id}", id=error.id)
        except Exception:
            _log.failure("A message of the media stack's could not be worked on")

    # -- responses

    def _pass_response(self, response: Response) -> None:
        parts = self._parts
        ticket = parts.tokens.open(token_in_via(response) or "")
        if response.status >= 200 and response.cseq.method == "INVITE":
            self._note_final(response)
        elif response.cseq.method == "BYE" and 200 <= response.status < 300:
            parts.dialled.ended(response.call_id)
        flow = parts.transports.find(ticket.flow) if ticket.flow is not None else None
        if flow is None:
            return
        headers = parts.contacts.rewritten(response.headers, parts.addresses.of(flow), flow.kind)
        data = serialise(without_our_via(response, headers))
        if self._may_send(flow, ticket, len(data)):
            flow.send(data)

    def _note_final(self, response: Response) -> None:
        parts = self._parts
        parts.pending.finished(response.via.branch or "", parts.clock.seconds())
        if response.status >= 300:
            parts.dialled.ended(response.call_id)

    def _may_send(self, flow: Flow, ticket: Ticket, size: int) -> bool:
        """A stranger's call over UDP may not make us send more than its allowance before its ACK."""
        if ticket.standing != "anonymous" or not isinstance(flow.name, UdpFlow):
            return True
        now = self._parts.clock.seconds()
        return self._parts.sources.of(flow.peer[0], now).spend(size, now)

    # -- requests

    def _pass_request(self, request: Request, profile: Profile) -> None:
        decision = routing.route_out(request, self._parts.tokens)
        if isinstance(decision, Refusal):
            self._refuse(request, profile, decision)
        elif isinstance(decision, routing.Out):
            self._pass_out(request, profile, decision.ticket)

    def _pass_out(self, request: Request, profile: Profile, ticket: Ticket) -> None:
        if request.method == "BYE":
            self._parts.dialled.ended(request.call_id)
        if isinstance(ticket.flow, TrunkFlow):
            ensureDeferred(self._pass_to_trunk(request, profile, ticket, ticket.flow.trunk)).addErrback(
                lambda failure: _log.failure("A request to a trunk was lost", failure=failure)
            )
            return
        flow = self._parts.transports.find(ticket.flow) if ticket.flow is not None else None
        if flow is None or flow.closed:
            self._refuse(request, profile, _FLOW_FAILED)
        else:
            self._send(request, profile, flow, Ticket(flow.name, profile, ticket.standing))

    async def _pass_to_trunk(self, request: Request, profile: Profile, ticket: Ticket, trunk: str) -> None:
        try:
            flow = await self._parts.trunks.flow(trunk)
        except Unreachable:
            self._refuse(request, profile, Refusal(503, "Trunk not reachable"))
            return
        # A connection may be gone before the dialog is: its name stays the trunk.
        name = flow.name if isinstance(flow.name, UdpFlow) else ticket.flow
        self._send(request, profile, flow, Ticket(name, profile, "trunk"))

    def _send(self, request: Request, profile: Profile, flow: Flow, ticket: Ticket) -> None:
        parts = self._parts
        public, inner = parts.addresses.of(flow), parts.transports.media_socket.address
        branch = branch_of(request, inner[0], parts.key)
        via = via_line(flow.kind, public, branch, parts.tokens.sign(Ticket(None, profile)))
        routes: tuple[str, ...] = ()
        if request.method == "INVITE":
            token = parts.tokens.sign(ticket)
            routes = (route_uri(token, public, flow.kind), route_uri(token, inner))
        headers = parts.contacts.rewritten(request.headers, public, flow.kind)
        keep_ours = ticket.standing == "account"
        message = outward(
            request, via, parts.tokens, headers,
            uri=shown_uri(request.uri), record_routes=routes, keep_ours=keep_ours,
        )  # fmt: skip
        flow.send(serialise(message))

    def _refuse(self, request: Request, profile: Profile, refusal: Refusal) -> None:
        if request.method == "ACK":
            return
        parts = self._parts
        answer = serialise(reply(request, refusal.status, refusal.reason, refusal.headers))
        parts.transports.media_socket.send(answer, parts.media[profile])
        parts.forwarded()
