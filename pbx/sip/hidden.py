"""What pjsua2 must not see of a peer's message: names. It looks them up itself, and everything waits meanwhile.

A browser's Contact is a name that nobody can look up (`<random>.invalid`, RFC 7118 section 5), and its ICE
candidates may be names of the local network (`.local`). The Contact is replaced by an address literal of ours that
carries the original, which is put back on the way out; a candidate that is a name is left out or leads nowhere.
An address that would be misread counts as well: by 0.0.0.0 a browser says that its candidates tell where it is
(RFC 8829 section 5.2.1), and older phones that a call is held (RFC 2543).
"""

import base64
import binascii
import re
from dataclasses import replace
from typing import TypeVar

from pbx.sip.addresses import parse_name_addr
from pbx.sip.edge_settings import Address
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import Header, Message
from pbx.sip.names import key_of
from pbx.sip.resolver import is_literal
from pbx.sip.uri import Uri, host_port, parse_uri

_PARAM = "at"
_CANDIDATE = re.compile(
    rb"(?P<before>a=candidate:(?:[^ \r\n]+ ){4})(?P<host>[^ \r\n]+)(?P<after> [^\r\n]*\r?\n?)"
)
_UNSET = re.compile(rb"^c=IN (?P<kind>IP4|IP6) (?:0\.0\.0\.0|::)(?=[ \r\n]|\Z)", re.MULTILINE)
_ICE = b"a=ice-ufrag:"
_MEDIA = re.compile(rb"(?=^m=)", re.MULTILINE)
_NOBODY, _NOBODY_6 = b"192.0.2.1", b"2001:db8::1"
"""Addresses that nobody has (RFC 5737, RFC 3849)."""
_SEEN = frozenset({None, "udp", "tcp"})
"""Transports in a URI that pjsua2 can do something with; it sends to our Route anyway."""
M = TypeVar("M", bound=Message)


def hidden_uri(uri: Uri, inner: Address) -> str:
    """The URI for pjsua2: itself when it is harmless, else one at `inner`, our own address, that carries it."""
    if not uri.is_sip or (uri.scheme == "sip" and is_literal(uri.host) and uri.transport in _SEEN):
        return str(uri)
    carried = base64.urlsafe_b64encode(str(uri).encode("utf-8", "surrogateescape")).rstrip(b"=").decode()
    user = f"{uri.user}@" if uri.user is not None else ""
    return f"sip:{user}{host_port(*inner)};{_PARAM}={carried}"


def shown_uri(text: str) -> str:
    """The URI for the peer: what `hidden_uri` has hidden."""
    if f";{_PARAM}=" not in text:
        return text
    try:
        carried = parse_uri(text).params.get(_PARAM) or ""
        raw = base64.urlsafe_b64decode(carried + "=" * (-len(carried) % 4))
        return str(parse_uri(raw.decode("utf-8", "surrogateescape")))
    except (SipSyntaxError, binascii.Error, ValueError):
        return text


def with_hidden_contacts(message: M, inner: Address) -> M:
    """The message with every Contact that is a name, or needs a transport pjsua2 has not, hidden."""
    if not message.has("contact"):
        return message
    headers = tuple(
        Header(header.name, _hidden_contact(header.value, inner))
        if key_of(header.name) == "contact"
        else header
        for header in message.headers
    )
    return message.with_headers(headers)


def _hidden_contact(value: str, inner: Address) -> str:
    """One Contact; `*`, or several in one line, are left alone: pjsua2 has no use for them."""
    try:
        contact = parse_name_addr(value, "Contact")
    except SipSyntaxError:
        return value
    hidden = hidden_uri(contact.uri, inner)
    return value if hidden == str(contact.uri) else str(replace(contact, uri=parse_uri(hidden)))


def without_named_candidates(sdp: bytes) -> bytes:
    """The session description without ICE candidates that are names.

    Where a medium has no others, its first one stays, at an address that nobody has: the media stack would give up
    ICE without any, and the browser's checks show it the way.
    """
    parts = _MEDIA.split(sdp)
    return b"".join(_without_names(part) for part in parts)


def _without_names(part: bytes) -> bytes:
    spare = not any(_is_address(one["host"]) for one in _CANDIDATE.finditer(part))

    def seen(line: re.Match[bytes]) -> bytes:
        nonlocal spare
        if _is_address(line["host"]):
            return line[0]
        stays, spare = spare, False
        return line["before"] + _NOBODY + line["after"] if stays else b""

    return _CANDIDATE.sub(seen, part)


def with_set_addresses(sdp: bytes) -> bytes:
    """A browser's session description without addresses that are left unset: audio goes where its candidates say.
    Without ICE an unset address means what it always did."""
    if _ICE not in sdp:
        return sdp
    return _UNSET.sub(
        lambda found: b"c=IN IP4 " + _NOBODY if found["kind"] == b"IP4" else b"c=IN IP6 " + _NOBODY_6, sdp
    )


def _is_address(host: bytes) -> bool:
    return is_literal(host.decode("ascii", "replace"))
