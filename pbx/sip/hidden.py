"""What pjsua2 must not see of a peer's message: names. It looks them up itself, and everything waits meanwhile.

A browser's Contact is a name that nobody can look up (`<random>.invalid`, RFC 7118 section 5), and its ICE
candidates may be names of the local network (`.local`). The Contact is replaced by an address literal of ours that
carries the original, which is put back on the way out; a candidate that is a name is left out, for it leads nowhere
from here.
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
_NAMED_CANDIDATE = re.compile(rb"a=candidate:(?:[^ \r\n]+ ){4}(?P<host>[^ \r\n]+) [^\r\n]*\r?\n?")
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
    """The session description without ICE candidates that are names."""
    return _NAMED_CANDIDATE.sub(lambda found: found[0] if _is_address(found["host"]) else b"", sdp)


def _is_address(host: bytes) -> bool:
    return is_literal(host.decode("ascii", "replace"))
