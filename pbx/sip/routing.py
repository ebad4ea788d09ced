"""Where a request goes: pure decisions, made after `validation` had nothing to object.

The edge serves one domain and never relays: whatever the host in the Request-URI, a request from outside
ends here or at pjsua2. Only what pjsua2 itself sends goes out again, to the flow its Route names.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from pbx.contract.browser_token import TAKE_BACK
from pbx.sip.dialling import Usage, may_dial
from pbx.sip.directory import Directory, EndpointAccount
from pbx.sip.flow_token import FlowTokens, ForeignToken, Standing, Ticket
from pbx.sip.message import Request
from pbx.sip.pending import PendingInvite
from pbx.sip.refusal import Refusal

ALLOWED = "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO, PRACK, UPDATE, REFER, NOTIFY"
_IN_DIALOG = frozenset({"INVITE", "ACK", "BYE", "INFO", "PRACK", "UPDATE", "REFER", "NOTIFY"})
_NO_CALL = Refusal(481, "Call/Transaction Does Not Exist")
_NOT_FOUND = Refusal(404, "Not Found")
_FOREIGN = Refusal(403, "Flow token is not ours")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who a request from outside is from: a trunk's id, or nobody we know yet; `browser` over a WebSocket."""

    trunk: str | None = None
    browser: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """Credentials are wanted first; then the request is routed again with the account they prove."""


@dataclass(frozen=True, slots=True)
class Register:
    """The registrar answers, for this account."""

    account: EndpointAccount


@dataclass(frozen=True, slots=True)
class Answer:
    """A 200 of our own (OPTIONS)."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Nothing is done and nothing said."""

    why: str


@dataclass(frozen=True, slots=True)
class NewCall:
    """Hand the INVITE to pjsua2. `called` is the number or name dialled, `outside` set when it leads out."""

    called: str
    standing: Standing
    account: EndpointAccount | None = None
    trunk: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class InDialog:
    """Hand the request to pjsua2, to the dialog's media profile."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Follow:
    """Send the CANCEL or ACK after its INVITE."""

    invite: PendingInvite


@dataclass(frozen=True, slots=True)
class Out:
    """Send pjsua2's request to the flow of the ticket."""

    ticket: Ticket


Decision = Refusal | Login | Register | Answer | Drop | NewCall | InDialog | Follow | Out


class Facts(Protocol):
    """What routing looks up; nothing of it changes by being asked."""

    directory: Directory
    tokens: FlowTokens
    draining: bool

    def usage(self, username: str) -> Usage:
        """The account's outside calls."""


def route(
    request: Request,
    origin: Origin,
    facts: Facts,
    invite: PendingInvite | None = None,
    account: EndpointAccount | None = None,
) -> Decision:
    """Decide on a request from outside. `invite` is what its branch belongs to; `account` who it is from."""
    if request.method == "REGISTER":
        return _route_register(account)
    if request.method == "CANCEL":
        return _NO_CALL if invite is None else Follow(invite)
    try:
        ticket = ticket_of(request, facts.tokens)
    except ForeignToken:
        return Drop("foreign token") if request.method == "ACK" else _FOREIGN
    if request.method == "ACK":
        return _route_ack(ticket, invite)
    if request.to.tag is not None:
        return _route_in_dialog(request, ticket, facts)
    return _route_outside_dialog(request, origin, facts, account, invite)


def _route_register(account: EndpointAccount | None) -> Decision:
    if account is None:
        return Login()
    return Register(account) if account.guest is None else Refusal(403, "Guests cannot register")


def ticket_of(request: Request, tokens: FlowTokens) -> Ticket | None:
    """What our signed Route says; None without one. Raises ForeignToken.

    A Route with no user part is an outbound proxy's plain address, which is us or is ignored; the first
    that has one must be ours.
    """
    for hop in request.routes:
        if hop.uri.user is not None:
            return tokens.open(hop.uri.user)
    return None


def _route_ack(ticket: Ticket | None, invite: PendingInvite | None) -> Decision:
    """An ACK of a refusal follows its INVITE; an ACK of a 200 its Route."""
    if ticket is not None:
        return InDialog(ticket)
    return Drop("stray ACK") if invite is None else Follow(invite)


def _route_in_dialog(request: Request, ticket: Ticket | None, facts: Facts) -> Decision:
    if request.method == "OPTIONS":
        return _route_options(facts)
    if ticket is None or request.method not in _IN_DIALOG:
        return _NO_CALL
    if request.method == "REFER" and ticket.standing in ("anonymous", "guest"):
        return Refusal(403, "Transfer not allowed")
    return InDialog(ticket)


def _route_options(facts: Facts) -> Decision:
    return Refusal(503, "Draining", (("Retry-After", "30"),)) if facts.draining else Answer()


def _route_outside_dialog(
    request: Request,
    origin: Origin,
    facts: Facts,
    account: EndpointAccount | None,
    invite: PendingInvite | None,
) -> Decision:
    if request.method == "OPTIONS":
        # A page that has come back over another connection says so with its token.
        proves = origin.browser and account is None and request.has("authorization")
        return Login() if proves else _route_options(facts)
    if request.method == "REFER":
        return Refusal(403, "Transfer outside a call")
    if request.method != "INVITE":
        return _NO_CALL
    if facts.draining:
        return Refusal(503, "Draining", (("Retry-After", "30"),))
    called = request.target.username or ""
    if origin.trunk is not None:
        return _call_from_trunk(request, called, origin.trunk, facts)
    if account is None:
        return Login() if origin.browser else _call_from_anybody(request, called, facts)
    # A repeated INVITE is the call that it began, and is not counted against itself.
    usage = facts.usage(account.username) if invite is None or invite.finished else Usage()
    if account.guest is not None:
        return _call_from_guest(request, called, account, facts, usage)
    return _call_from_account(called, account, facts, usage)


def _call_from_trunk(request: Request, called: str, trunk: str, facts: Facts) -> Decision:
    """A carrier delivers calls to our numbers and to nothing else: it is no way out again.

    Carriers that we register with call our Contact, and name the number in To.
    """
    for number in (called, request.to.uri.username or ""):
        if facts.directory.is_number(number):
            return NewCall(number, "trunk", trunk=trunk)
    return _NOT_FOUND


def _call_from_anybody(request: Request, called: str, facts: Facts) -> Decision:
    """Public numbers are open. What else exists is not said to strangers: they are asked to log in."""
    wants_login = request.has("authorization") or request.has("replaces")
    if wants_login or not facts.directory.is_public_number(called):
        return Login()
    return NewCall(called, "anonymous")


def _call_from_guest(
    request: Request, called: str, account: EndpointAccount, facts: Facts, usage: Usage
) -> Decision:
    """A guest calls the public numbers, or takes its own call back; of all else it learns nothing."""
    if called != TAKE_BACK and not facts.directory.is_public_number(called):
        return _NOT_FOUND
    if request.has("replaces") or request.from_.uri.username != account.username:
        return Refusal(403, "Not yours")
    if usage.concurrent >= (account.max_calls or 0) or usage.last_hour >= (account.max_calls_per_hour or 0):
        return Refusal(403, "Too many calls")
    return NewCall(called, "guest", account)


def _call_from_account(called: str, account: EndpointAccount, facts: Facts, usage: Usage) -> Decision:
    if account.browser and called == TAKE_BACK:
        return NewCall(called, "account", account)
    if facts.directory.is_number(called) or facts.directory.is_extension(called):
        return NewCall(called, "account", account)
    number = facts.directory.outside_number(called)
    if number is None:
        return _NOT_FOUND
    refusal = may_dial(account, number, usage)
    if refusal is not None:
        return Refusal(403, refusal.detail)
    return NewCall(number, "account", account, outside=True)


def route_out(request: Request, tokens: FlowTokens) -> Out | Refusal | Drop:
    """Decide on a request from pjsua2: it goes where its Route says, or nowhere."""
    problem: Literal["No route", "Bad route"] = "No route"
    try:
        ticket = ticket_of(request, tokens)
        if ticket is not None and ticket.flow is not None:
            return Out(ticket)
    except ForeignToken:
        problem = "Bad route"
    return Drop(problem) if request.method == "ACK" else Refusal(403, problem)
