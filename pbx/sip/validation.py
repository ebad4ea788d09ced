"""Which status a request is owed before anybody acts on it (RFC 3261 sections 8.2 and 16.3).

The checks run in the order of the table at the end; the first that objects decides. An ACK is never answered,
whatever the verdict: the caller drops it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pbx.sip.addresses import Via
from pbx.sip.grammar import BLANKS, SipSyntaxError, is_token
from pbx.sip.media_grammar import unreadable
from pbx.sip.message import Request, Response
from pbx.sip.refusal import Refusal
from pbx.sip.replies import REASONS

_CALL_ID = re.compile(r"[!-~]++")
_BRANCH_COOKIE = "z9hg4bk"
_NEVER_NEGOTIATED = frozenset({"ACK", "CANCEL"})


def _not_ours(_: Via) -> bool:
    return False


@dataclass(frozen=True)
class Policy:
    """What this server serves and understands. `is_own_via` recognises a Via that we wrote."""

    served: tuple[str, ...] = (
        "INVITE",
        "ACK",
        "BYE",
        "CANCEL",
        "OPTIONS",
        "REGISTER",
        "INFO",
        "PRACK",
        "UPDATE",
        "REFER",
        "NOTIFY",
    )
    known: frozenset[str] = frozenset({"MESSAGE", "PUBLISH", "SUBSCRIBE"})
    schemes: frozenset[str] = frozenset({"sip", "sips", "tel"})
    extensions: frozenset[str] = frozenset({"100rel", "norefersub", "replaces", "timer"})
    proxy_extensions: frozenset[str] = frozenset()
    content_types: tuple[str, ...] = (
        "application/sdp",
        "application/dtmf-relay",
        "application/dtmf",
        "application/media_control+xml",
        "message/sipfrag",
    )
    is_own_via: Callable[[Via], bool] = _not_ours


Check = Callable[[Request, Policy], Refusal | None]


def verdict(request: Request, policy: Policy) -> Refusal | None:
    """The refusal that `request` is owed, or None when it may go on."""
    try:
        for check in CHECKS:
            if (refusal := check(request, policy)) is not None:
                return refusal
    except SipSyntaxError as error:
        return Refusal(400, error.reason)
    return None


def drop_reason(response: Response, policy: Policy) -> str | None:
    """Why a response is to be dropped without a word, or None when it may be forwarded.

    It is ours to forward only when its top Via is one we wrote and another follows (RFC 3261 section 16.7).
    """
    if response.version != "2.0" or not 100 <= response.status <= 699:
        return "not a status we know"
    try:
        _mandatory(response)
        if not policy.is_own_via(response.via):
            return "stray"
        return None if len(response.vias) > 1 else "for ourselves"
    except SipSyntaxError as error:
        return error.reason


def _refuse(status: int, *headers: tuple[str, str]) -> Refusal:
    return Refusal(status, REASONS[status], headers)


def _version(request: Request, _: Policy) -> Refusal | None:
    return None if request.version == "2.0" else _refuse(505)


def _target(request: Request, policy: Policy) -> Refusal | None:
    target = request.target
    if target.scheme not in policy.schemes:
        return _refuse(416)
    return Refusal(400, "Headers in Request-URI") if target.headers is not None else None


def _method(request: Request, policy: Policy) -> Refusal | None:
    if not is_token(request.method):
        return Refusal(400, "Bad method")
    if request.method in policy.served:
        return None
    return _refuse(405 if request.method in policy.known else 501, ("Allow", ", ".join(policy.served)))


def _identifying(request: Request, _: Policy) -> Refusal | None:
    _mandatory(request)
    if request.cseq.method != request.method:
        return Refusal(400, "CSeq names another method")
    if request.method == "REGISTER" and not request.to.uri.is_sip:
        return Refusal(400, "To is no SIP address")
    branch = request.via.branch
    if branch is not None and branch.lower() == _BRANCH_COOKIE:
        return Refusal(400, "Empty branch in Via")
    return None


def _mandatory(message: Request | Response) -> None:
    """Raises SipSyntaxError for a header that every message has, and that is missing, repeated or wrong."""
    if not message.vias:
        raise SipSyntaxError("Missing Via", "Via")
    _read(message.from_, message.to, message.cseq)
    if _CALL_ID.fullmatch(message.call_id) is None:
        raise SipSyntaxError("Bad Call-ID", "Call-ID")


def _read(*_: object) -> None:
    """Values are parsed when they are read; this is a reading for its own sake."""


def _optional(request: Request, _: Policy) -> Refusal | None:
    """Raises SipSyntaxError for those headers that a proxy or registrar acts on."""
    _read(request.max_forwards, request.expires, request.content_length, request.content_type)
    _read(request.contacts, request.routes, request.record_routes)
    if request.contact_is_star and request.method != "REGISTER":
        return Refusal(400, "Bad Contact")
    return None


def _for_media(request: Request, _: Policy) -> Refusal | None:
    header = unreadable(request)
    return None if header is None else Refusal(400, f"Bad parameter in {header}")


def _hops(request: Request, _: Policy) -> Refusal | None:
    # A registrar is where a REGISTER ends; only what goes further counts hops.
    spent = request.max_forwards == 0 and request.method != "REGISTER"
    return _refuse(483) if spent else None


def _loop(request: Request, policy: Policy) -> Refusal | None:
    return _refuse(482) if any(map(policy.is_own_via, request.vias)) else None


def _extensions(request: Request, policy: Policy) -> Refusal | None:
    if request.method in _NEVER_NEGOTIATED:
        return None
    unknown = _unlisted(request, "proxy-require", policy.proxy_extensions)
    unknown += _unlisted(request, "require", policy.extensions)
    return _refuse(420, ("Unsupported", ", ".join(filter(is_token, unknown)))) if unknown else None


def _unlisted(request: Request, name: str, listed: frozenset[str]) -> list[str]:
    """The option tags of a header that are not in `listed`, spelled as they came."""
    tags = (tag.strip(BLANKS) for line in request.lines(name) for tag in line.split(","))
    return [tag for tag in tags if tag and tag.lower() not in listed]


def _content(request: Request, policy: Policy) -> Refusal | None:
    if not request.body or request.method in _NEVER_NEGOTIATED:
        return None
    if request.content_type is None:
        raise SipSyntaxError("Missing Content-Type", "Content-Type")
    if any(coding != "identity" for coding in request.tokens("content-encoding")):
        return _refuse(415, ("Accept-Encoding", "identity"))
    if request.content_type.kind not in policy.content_types:
        return _refuse(415, ("Accept", ", ".join(policy.content_types)))
    return None


def _answer_format(request: Request, _: Policy) -> Refusal | None:
    """An INVITE is answered with SDP, so its sender must accept that (RFC 3261 section 20.1)."""
    if request.method != "INVITE" or not request.has("accept"):
        return None
    ranges = {entry.partition(";")[0].strip(BLANKS) for entry in request.tokens("accept")}
    return None if ranges & {"application/sdp", "application/*", "*/*"} else _refuse(406)


CHECKS: tuple[Check, ...] = (
    _version,
    _target,
    _method,
    _identifying,
    _optional,
    _for_media,
    _hops,
    _loop,
    _extensions,
    _content,
    _answer_format,
)
