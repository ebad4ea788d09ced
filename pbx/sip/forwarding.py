"""How a message is changed on its way through: Via, Route, Record-Route, Contact and what is taken off.

Every dialog is record-routed twice, once for each side, so that both come back through the edge
(RFC 3261 section 16.6, RFC 5658 on double Record-Route).
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from pbx.sip.edge_settings import Address
from pbx.sip.flow_token import FlowTokens, ForeignToken
from pbx.sip.grammar import SipSyntaxError, split_list
from pbx.sip.identity import OUR_PREFIX, is_asserted
from pbx.sip.message import Header, Headers, Message, Request, Response
from pbx.sip.names import key_of
from pbx.sip.uri import host_port

VIA_PARAM = "flow"
"""Our own Via parameter: the signed token that says where the response goes."""

_COOKIE = "z9hG4bK"
_NOT_PASSED_IN = frozenset(
    {"route", "max-forwards", "authorization", "proxy-authorization", "content-length"}
)
_DEFAULT_HOPS = 70


def branch_of(request: Request, peer: str, key: bytes) -> str:
    """The branch of our Via: the same for a request and its repetitions, its CANCEL and its ACK.

    RFC 3261 section 16.11: made from the branch received, or from an older peer's transaction identity.
    Keyed, and with the peer's address in it, so that nobody can make it meet somebody else's.
    """
    via = request.via
    branch = via.branch or ""
    if branch.startswith(_COOKIE):
        identity = f"{branch}|{via.host}|{via.port}|{peer}"
    else:
        tag = request.from_.tag
        identity = f"{request.call_id}|{tag}|{request.cseq.number}|{request.uri}|{via}|{peer}"
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogateescape"), key=key, digest_size=12)
    return _COOKIE + digest.hexdigest()


def via_line(kind: str, address: Address, branch: str, token: str) -> str:
    """Our Via. It asks for rport, because some peers answer to the source address only then."""
    return f"SIP/2.0/{kind} {host_port(*address)};rport;branch={branch};{VIA_PARAM}={token}"


def route_uri(token: str, address: Address, kind: str = "UDP") -> str:
    """A Route or Record-Route value that leads back to us."""
    transport = "" if kind == "UDP" else f";transport={kind.lower()}"
    return f"<sip:{token}@{host_port(*address)}{transport};lr>"


def noting_source(request: Request, peer: Address) -> Request:
    """The request with its true source in its topmost Via (RFC 3261 section 18.2.1, RFC 3581)."""
    return request.replacing_first_value("via", str(request.via.with_source(*peer)))


def inward(
    request: Request,
    via: str,
    *,
    record_routes: Sequence[str] = (),
    extra: Iterable[tuple[str, str]] = (),
    trusted: bool = False,
    uri: str | None = None,
) -> Request:
    """A request for pjsua2: all Route and credentials gone, claims of identity too unless `trusted`."""
    added = [Header("Via", via), *(Header("Record-Route", value) for value in record_routes)]
    hops = request.max_forwards
    added.append(Header("Max-Forwards", str((_DEFAULT_HOPS if hops is None else hops) - 1)))
    added.extend(Header(name, value) for name, value in extra)
    kept = [
        header
        for header in request.headers
        if (key := key_of(header.name)) not in _NOT_PASSED_IN and not _is_refused(key, trusted)
    ]
    return Request(
        method=request.method,
        uri=request.uri if uri is None else uri,
        headers=(*added, *kept),
        body=request.body,
    )


def _is_refused(key: str, trusted: bool) -> bool:
    return is_asserted(key) and (not trusted or key.startswith(OUR_PREFIX))


class PublicContacts:
    """Rewrites pjsua2's loopback Contact to the address that the peer knows us by."""

    def __init__(self, media: Iterable[Address]) -> None:
        hosts = "|".join(re.escape(host_port(*address)) for address in media)
        self._loopback = re.compile(rf"(sips?:(?:[^@<>\s]*@)?)(?:{hosts})(?:;transport=\w+)?(?=[;>?]|$)")

    def rewritten(self, headers: Headers, public: Address, kind: str) -> list[Header]:
        """The headers with every Contact of ours made public."""
        transport = "" if kind == "UDP" else f";transport={kind.lower()}"
        shown = rf"\g<1>{host_port(*public)}{transport}"
        return [
            Header(header.name, self._loopback.sub(shown, header.value))
            if key_of(header.name) == "contact"
            else header
            for header in headers
        ]


def outward(
    request: Request,
    via: str,
    tokens: FlowTokens,
    headers: Iterable[Header],
    *,
    uri: str | None = None,
    record_routes: Sequence[str] = (),
    keep_ours: bool = False,
) -> Request:
    """A request of pjsua2's for a peer: our own Routes gone, others kept; X-Comptoir-* only for our phones."""
    added = [Header("Via", via), *(Header("Record-Route", value) for value in record_routes)]
    hops = request.max_forwards
    added.append(Header("Max-Forwards", str((_DEFAULT_HOPS if hops is None else hops) - 1)))
    added.extend(Header("Route", str(hop)) for hop in _routes_left(request, tokens))
    for header in headers:
        key = key_of(header.name)
        if key in ("route", "max-forwards", "content-length"):
            continue
        if keep_ours or not key.startswith(OUR_PREFIX):
            added.append(header)
    return Request(
        method=request.method,
        uri=request.uri if uri is None else uri,
        headers=tuple(added),
        body=request.body,
    )


def _routes_left(request: Request, tokens: FlowTokens) -> Sequence[object]:
    hops = request.routes
    for place, hop in enumerate(hops):
        if hop.uri.user is None or not _is_ours(hop.uri.user, tokens):
            return hops[place:]
    return ()


def _is_ours(token: str, tokens: FlowTokens) -> bool:
    try:
        tokens.open(token)
    except ForeignToken:
        return False
    return True


def token_in_via(message: Message) -> str | None:
    """Our token in the topmost Via. Raises SipSyntaxError."""
    return message.via.params.get(VIA_PARAM)


def without_our_via(response: Response, headers: Sequence[Header] | None = None) -> Response:
    """The response without its topmost Via, which was ours. Raises SipSyntaxError."""
    lines = list(response.headers if headers is None else headers)
    for place, header in enumerate(lines):
        if key_of(header.name) == "via":
            rest = split_list(header.value, "Via")[1:]
            lines[place : place + 1] = [Header("Via", ", ".join(rest))] if rest else []
            return Response(
                status=response.status, reason=response.reason, headers=tuple(lines), body=response.body
            )
    raise SipSyntaxError("Missing Via", "Via")
