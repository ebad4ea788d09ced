"""The few things read from and written into SIP messages around pjsua2. Pure text.

The edge has parsed and admitted each message before pjsua2 sees it, so a header that cannot be read here
counts as absent. Names and forms: RFC 3261 section 20; RFC 3515 (REFER), RFC 3891 (Replaces), RFC 3326
(Reason), RFC 3420 (message/sipfrag).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

OWN_PREFIX = "x-comptoir-"
_COMPACT = {"f": "from", "t": "to", "i": "call-id", "r": "refer-to", "c": "content-type"}
_NAME_ADDR = re.compile(r'^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))?\s*<([^>]*)>')
_TAG = re.compile(r";\s*tag\s*=\s*([^;\s]+)", re.IGNORECASE)
_DTMF_SIGNAL = re.compile(r"^\s*signal\s*=\s*([0-9A-Da-d*#]|1[01])\s*$", re.IGNORECASE | re.MULTILINE)
_PHRASES = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 400: "Bad Request",
    403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 500: "Server Internal Error", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an INVITE says about itself."""

    caller: str
    caller_name: str
    called: str
    call_id: str
    caller_tag: str
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dialog:
    """The identity of a dialog as Replaces names it: the tags are those of the receiver of the Replaces."""

    call_id: str
    to_tag: str
    from_tag: str


@dataclass(frozen=True, slots=True)
class Referral:
    """Where REFER points, and the dialog that is to be replaced there, if one is named."""

    target: str
    replaces: Dialog | None


def fields(message: str) -> Iterator[tuple[str, str]]:
    """The header fields with lower-case long names, unfolded."""
    head = message.replace("\r\n", "\n").split("\n\n", 1)[0]
    for line in re.sub(r"\n[ \t]+", " ", head).split("\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            yield _COMPACT.get(name, name), value.strip()


def first(message: str, name: str) -> str:
    """The first field of this (lower-case, long) name, or an empty text."""
    return next((value for found, value in fields(message) if found == name), "")


def body(message: str) -> str:
    """What follows the header."""
    return message.replace("\r\n", "\n").partition("\n\n")[2]


def invitation(message: str) -> Invitation:
    """Read an INVITE."""
    name, uri = address(first(message, "from"))
    own = {
        found.removeprefix(OWN_PREFIX): value
        for found, value in fields(message)
        if found.startswith(OWN_PREFIX)
    }
    tag = _TAG.search(first(message, "from").rpartition(">")[2])
    called = user(_request_uri(message))
    return Invitation(user(uri), name, called, first(message, "call-id"), tag.group(1) if tag else "", own)


def _request_uri(message: str) -> str:
    parts = message.split("\n", 1)[0].split()
    return parts[1] if len(parts) > 1 else ""


def address(value: str) -> tuple[str, str]:
    """Display name and URI of a From, To or Refer-To value."""
    found = _NAME_ADDR.match(value)
    if found is None:
        return "", value.split(";", 1)[0].strip()
    quoted, plain, uri = found.groups()
    name = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (plain or "").strip()
    return name, uri.strip()


def user(uri: str) -> str:
    """The user part of a SIP URI (unescaped, without its parameters), or a tel URI's number."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "tel":
        return rest.split(";", 1)[0]
    before, at, _ = rest.partition("@")
    return unquote(before.split(";", 1)[0].split(":", 1)[0]) if at else ""


def referral(value: str) -> Referral | None:
    """Read a Refer-To value; None when it names no SIP or tel URI."""
    _, uri = address(value)
    if uri.split(":", 1)[0].lower() not in ("sip", "sips", "tel"):
        return None
    target, _, query = uri.partition("?")
    for part in query.split("&"):
        name, _, escaped = part.partition("=")
        if name.lower() == "replaces":
            return Referral(target, _replaces(unquote(escaped)))
    return Referral(target, None)


def _replaces(value: str) -> Dialog:
    call_id, *parameters = (part.strip() for part in value.split(";"))
    tags = {name.strip().lower(): tag.strip() for name, _, tag in (one.partition("=") for one in parameters)}
    return Dialog(call_id, tags.get("to-tag", ""), tags.get("from-tag", ""))


def info_digit(message: str) -> str | None:
    """The key in an INFO of type application/dtmf, or None. (pjsua2 reads application/dtmf-relay itself.)"""
    if first(message, "content-type").split(";", 1)[0].strip().lower() != "application/dtmf":
        return None
    text = body(message).strip()
    signal = _DTMF_SIGNAL.search(text)
    key = (signal.group(1) if signal else text).upper()
    key = {"10": "*", "11": "#"}.get(key, key)
    return key if len(key) == 1 and key in "0123456789*#ABCD" else None


def phrase(status: int) -> str:
    """The usual words for a SIP status."""
    return _PHRASES.get(status, "Status")


def sipfrag(status: int) -> str:
    """The body of a NOTIFY that tells how a transfer goes."""
    return f"SIP/2.0 {status} {phrase(status)}\r\n"


def reason(status: int, text: str) -> str:
    """A Reason header's value."""
    return f'SIP;cause={status or 200};text="{_quoted(text)}"'


def from_header(caller: str, name: str, domain: str) -> str:
    """A From value for an outgoing call; without a caller it is anonymous (RFC 3323 section 4.1.1.3)."""
    if not caller or caller == "anonymous":
        return '"Anonymous" <sip:anonymous@anonymous.invalid>'
    display = f'"{_quoted(name)}" ' if name else ""
    return f"{display}<sip:{quote(caller, safe=SAFE_USER)}@{domain}>"


SAFE_USER = "-_.!~*'()&=+$,/"


def _quoted(text: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[\x00-\x1f\x7f]", " ", text))


def with_route(uri: str, route: tuple[str, ...]) -> str:
    """`uri` with the Route set as URI headers (RFC 3261 section 19.1.1): pjsip moves them into the INVITE."""
    if not route:
        return uri
    values = "&".join(f"Route={quote(one if one.startswith('<') else f'<{one}>', safe='')}" for one in route)
    return f"{uri}{'&' if '?' in uri else '?'}{values}"


def host(uri: str) -> str:
    """The host of a SIP URI, without its port."""
    rest = uri.partition(":")[2].partition("?")[0].partition(";")[0]
    authority = rest.rpartition("@")[2]
    return authority.partition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]
