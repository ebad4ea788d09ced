"""Stateless answers to requests (RFC 3261 section 8.2.6)."""

import secrets
from collections.abc import Iterable

from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Header, Request, Response
from pbx.sip.names import key_of

REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    202: "Accepted",
    302: "Moved Temporarily",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    421: "Extension Required",
    422: "Session Interval Too Small",
    423: "Interval Too Brief",
    430: "Flow Failed",
    439: "First Hop Lacks Outbound Support",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    483: "Too Many Hops",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    493: "Undecipherable",
    500: "Server Internal Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Server Time-out",
    505: "Version Not Supported",
    513: "Message Too Large",
    600: "Busy Everywhere",
    603: "Decline",
    604: "Does Not Exist Anywhere",
    606: "Not Acceptable",
}

_COPIED = frozenset({"via", "from", "to", "call-id", "cseq"})


def reply(
    request: Request,
    status: int,
    reason: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
    *,
    body: bytes = b"",
    to_tag: str | None = None,
) -> Response:
    """A response to `request`: its Via, From, To, Call-ID and CSeq as they came, then `headers`.

    Works for malformed requests too, copying what is there. To gets a tag (`to_tag`, or a random one) when it
    has none, except in a 100.
    """
    copied = tuple(header for header in request.headers if key_of(header.name) in _COPIED)
    answer = Response(
        status=status,
        reason=REASONS.get(status, "Unknown") if reason is None else reason,
        headers=copied + tuple(Header(name, value) for name, value in headers),
        body=body,
    )
    return answer if status == 100 else _tagged(answer, to_tag)


def _tagged(answer: Response, to_tag: str | None) -> Response:
    try:
        needs_tag = answer.to.tag is None
    except SipSyntaxError:
        return answer
    tag = to_tag or secrets.token_hex(8)
    return answer.with_header("To", f"{answer.first('to')};tag={tag}") if needs_tag else answer
