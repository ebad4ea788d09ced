"""SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966), and any other scheme as opaque text."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote as percent_decode

from pbx.sip.grammar import NO_PARAMS, Params, SipSyntaxError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*+):(.++)", re.DOTALL)
# `#` is not in the grammar, but phones send it unescaped in dial strings (`*21*...#`).
_SIP_REST = re.compile(
    r"(?:(?P<user>[A-Za-z0-9\-_.!~*'()&=+$,;?/%#]++)(?::(?P<password>[A-Za-z0-9\-_.!~*'()&=+$,%]*+))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]++\]|[A-Za-z0-9._\-]++)(?::(?P<port>[0-9]{1,5}+))?"
    r"(?P<params>(?:;[A-Za-z0-9\-_.!~*'()%\[\]/:&+$]++(?:=[A-Za-z0-9\-_.!~*'()%\[\]/:&+$]++)?+)*+)"
    r"(?:\?(?P<headers>[A-Za-z0-9\-_.!~*'()%\[\]/?:+$=&]*+))?"
)
_TEL_REST = re.compile(
    r"(?P<user>\+?[0-9A-Fa-f*#\-.()]++)(?P<params>(?:;[A-Za-z0-9\-]++(?:=[A-Za-z0-9\-_.!~*'()%\[\]/:&+$]++)?+)*+)"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ALWAYS_COMPARED = ("user", "ttl", "method", "maddr", "transport")


@dataclass(frozen=True)
class Uri:
    """A parsed URI.

    `user` and `password` are kept as written (percent escapes included); `host` has no brackets round an IPv6
    address; `headers` is the text after `?`. For a tel URI `user` is the number; for a scheme that is neither
    sip, sips nor tel everything after the colon is `opaque`.
    """

    scheme: str
    user: str | None = None
    password: str | None = None
    host: str = ""
    port: int | None = None
    params: Params = NO_PARAMS
    headers: str | None = None
    opaque: str = ""

    @property
    def is_sip(self) -> bool:
        """Whether this is a sip or sips URI."""
        return self.scheme in ("sip", "sips")

    @property
    def username(self) -> str | None:
        """The user part with its percent escapes decoded."""
        return None if self.user is None else percent_decode(self.user, errors="surrogateescape")

    @property
    def transport(self) -> str | None:
        """The transport parameter in lower case, if there is one."""
        value = self.params.get("transport")
        return None if value is None else value.lower()

    def __str__(self) -> str:
        if self.scheme == "tel":
            return f"tel:{self.user}{self.params}"
        if not self.is_sip:
            return f"{self.scheme}:{self.opaque}"
        secret = "" if self.password is None else f":{self.password}"
        userinfo = "" if self.user is None else f"{self.user}{secret}@"
        query = "" if self.headers is None else f"?{self.headers}"
        return f"{self.scheme}:{userinfo}{host_port(self.host, self.port)}{self.params}{query}"


def host_port(host: str, port: int | None) -> str:
    """A host and an optional port as SIP writes them: brackets round an IPv6 address."""
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def parse_uri(text: str, header: str = "Request-URI") -> Uri:
    """Parse one URI; `header` says where it stood, for the error. Raises SipSyntaxError."""
    return _parse_remembering(text, header) if len(text) <= _LONGEST_REMEMBERED else _parse_any(text, header)


def _parse_any(text: str, header: str) -> Uri:
    parts = _SCHEME.fullmatch(text)
    if parts is None or _BAD_ESCAPE.search(text):
        raise SipSyntaxError(f"Bad URI in {header}", header)
    scheme, rest = parts[1].lower(), parts[2]
    if scheme == "tel":
        return _parse_tel(rest, header)
    if scheme in ("sip", "sips"):
        return _parse_sip(scheme, rest, header)
    return Uri(scheme, opaque=_opaque(rest, header))


# The same few addresses come again and again; long ones are not kept, so that nobody can fill the memory.
_LONGEST_REMEMBERED = 256
_parse_remembering = lru_cache(maxsize=4096)(_parse_any)


def _opaque(rest: str, header: str) -> str:
    if any(character <= " " or character in '<>"\x7f' for character in rest):
        raise SipSyntaxError(f"Bad URI in {header}", header)
    return rest


def _parse_sip(scheme: str, rest: str, header: str) -> Uri:
    found = _SIP_REST.fullmatch(rest)
    if found is None:
        raise SipSyntaxError(f"Bad URI in {header}", header)
    return Uri(
        scheme,
        user=found["user"],
        password=found["password"],
        host=parse_host(found["host"], header),
        port=parse_port(found["port"], header),
        params=_uri_params(found["params"]),
        headers=found["headers"],
    )


def _parse_tel(rest: str, header: str) -> Uri:
    found = _TEL_REST.fullmatch(rest)
    if found is None:
        raise SipSyntaxError(f"Bad URI in {header}", header)
    return Uri("tel", user=found["user"], params=_uri_params(found["params"]))


def _uri_params(text: str) -> Params:
    if not text:
        return NO_PARAMS
    pairs = (part.partition("=") for part in text[1:].split(";"))
    return Params(tuple((name, value if equals else None) for name, equals, value in pairs))


def parse_host(text: str, header: str) -> str:
    """A host name, IPv4 address or bracketed IPv6 address, without the brackets. Raises SipSyntaxError."""
    if not text.startswith("["):
        return text
    # RFC 3261 took over a grammar that allowed three colons before an IPv4 tail; RFC 5118 section 4.10.
    address = text[1:-1].replace(":::", "::", 1)
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        raise SipSyntaxError(f"Bad IPv6 address in {header}", header) from None
    return address


def parse_port(text: str | None, header: str) -> int | None:
    """A port number up to 65535, or None for none. Raises SipSyntaxError."""
    if text is None:
        return None
    if int(text) > 65535:
        raise SipSyntaxError(f"Bad port in {header}", header)
    return int(text)


def equivalent(one: Uri, other: Uri) -> bool:
    """Whether two URIs are equal by RFC 3261 section 19.1.4 (not transitive; neither is the RFC's rule)."""
    if not (one.is_sip and other.is_sip):
        return one.scheme == other.scheme and str(one).lower() == str(other).lower()
    return (
        one.scheme == other.scheme
        and _decoded(one.user) == _decoded(other.user)
        and _decoded(one.password) == _decoded(other.password)
        and _comparable_host(one.host) == _comparable_host(other.host)
        and one.port == other.port
        and _same_params(one.params, other.params)
        and _comparable_headers(one.headers) == _comparable_headers(other.headers)
    )


def _decoded(text: str | None) -> str | None:
    """Escapes of characters that need none are undone; the rest keep theirs, in upper case."""
    return None if text is None else re.sub(r"%([0-9A-Fa-f]{2})", _undo_needless_escape, text)


def _undo_needless_escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    needless = character.isascii() and (character.isalnum() or character in "-_.!~*'()")
    return character if needless else found[0].upper()


def _comparable_host(host: str) -> str:
    return ipaddress.IPv6Address(host).compressed if ":" in host else host.lower()


def _comparable_params(params: Params) -> dict[str, str | None]:
    return {
        (_decoded(name) or "").lower(): None if value is None else (_decoded(value) or "").lower()
        for name, value in params.items
    }


def _same_params(one: Params, other: Params) -> bool:
    left, right = _comparable_params(one), _comparable_params(other)
    if any((name in left) != (name in right) for name in _ALWAYS_COMPARED):
        return False
    return all(left[name] == right[name] for name in left.keys() & right.keys())


def _comparable_headers(headers: str | None) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in (headers or "").split("&") if part)
    return tuple(sorted(((_decoded(name) or "").lower(), _decoded(value) or "") for name, _, value in pairs))
