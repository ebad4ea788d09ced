"""The other typed header values: CSeq, session timers, credentials and challenges."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pbx.sip.grammar import (
    BLANKS,
    NO_PARAMS,
    Params,
    SipSyntaxError,
    is_token,
    parse_number,
    parse_params,
    quote,
    unquote,
    words,
)

LARGEST_CSEQ = 2**31 - 1
LARGEST_SECONDS = 2**32 - 1

_AUTH_PARAM = re.compile(
    r"[ \t]*+([A-Za-z0-9\-.!%*_+`'~]++)[ \t]*+=[ \t]*+(\"(?:[^\"\\]|\\.)*+\"|[^ \t,\"]++)[ \t]*+", re.DOTALL
)
# RFC 7616 section 3.4 and 3.3: these are written quoted, whatever they hold; the others are tokens.
_QUOTED_AUTH_PARAMS = frozenset(
    {"username", "realm", "nonce", "uri", "response", "cnonce", "opaque", "domain", "username*"}
)


@dataclass(frozen=True)
class CSeq:
    """The sequence number and method of a request (RFC 3261 section 20.16)."""

    number: int
    method: str

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


def parse_cseq(value: str) -> CSeq:
    """Parse a CSeq; the number is below 2**31. Raises SipSyntaxError."""
    parts = words(value)
    if len(parts) != 2 or not is_token(parts[1]):
        raise SipSyntaxError("Bad CSeq", "CSeq")
    return CSeq(parse_number(parts[0], "CSeq", LARGEST_CSEQ), parts[1])


@dataclass(frozen=True)
class Seconds:
    """A number of seconds with parameters: Session-Expires, Min-SE, Retry-After (RFC 4028, RFC 3261)."""

    seconds: int
    params: Params = NO_PARAMS

    def __str__(self) -> str:
        return f"{self.seconds}{self.params}"


def parse_seconds(value: str, header: str) -> Seconds:
    """Parse delta-seconds with parameters, up to 2**32-1. Raises SipSyntaxError."""
    number, semicolon, rest = value.partition(";")
    return Seconds(
        parse_number(number, header, LARGEST_SECONDS), parse_params(semicolon + rest.rstrip(BLANKS), header)
    )


@dataclass(frozen=True)
class MediaType:
    """A Content-Type (RFC 3261 section 20.15): `kind` is `type/subtype` in lower case."""

    kind: str
    params: Params = NO_PARAMS


def parse_media_type(value: str) -> MediaType:
    """Parse a Content-Type. Raises SipSyntaxError."""
    kind, semicolon, rest = value.partition(";")
    major, slash, minor = (part.strip(BLANKS) for part in kind.partition("/"))
    if not slash or not is_token(major) or not is_token(minor):
        raise SipSyntaxError("Bad Content-Type", "Content-Type")
    params = parse_params(semicolon + rest.rstrip(BLANKS), "Content-Type")
    return MediaType(f"{major}/{minor}".lower(), params)


@dataclass(frozen=True)
class Auth:
    """A challenge or credentials: a scheme and its parameters (names in lower case, values unquoted).

    Fits WWW-Authenticate, Proxy-Authenticate, Authorization and Proxy-Authorization (RFC 7616, RFC 8760).
    A scheme with a bare token (`Bearer x`) has it in `token68` and no parameters.
    """

    scheme: str
    params: Mapping[str, str] = field(default_factory=dict)
    token68: str = ""

    def get(self, name: str) -> str | None:
        """The parameter of that lower-case name, unquoted."""
        return self.params.get(name)

    def __str__(self) -> str:
        if self.token68:
            return f"{self.scheme} {self.token68}"
        return f"{self.scheme} " + ", ".join(_written(name, value) for name, value in self.params.items())


def challenge(scheme: str, params: Iterable[tuple[str, str]]) -> Auth:
    """A challenge to write, its parameters in order. `qop` is quoted here, unlike in credentials."""
    written = {name: f'"{value}"' if name == "qop" else value for name, value in params}
    return Auth(scheme, written)


def _written(name: str, value: str) -> str:
    quoted = name in _QUOTED_AUTH_PARAMS or not (is_token(value) or value.startswith('"'))
    return f"{name}={quote(value) if quoted else value}"


def parse_auth(value: str, header: str = "Authorization") -> Auth:
    """Parse one challenge or set of credentials. Raises SipSyntaxError, also for a repeated parameter."""
    scheme, _, rest = value.strip(BLANKS).replace("\t", " ").partition(" ")
    rest = rest.strip(BLANKS)
    if not is_token(scheme):
        raise SipSyntaxError(f"Bad {header}", header)
    if rest and "=" not in rest.rstrip("=") and "," not in rest:
        return Auth(scheme, token68=rest)
    return Auth(scheme, _auth_params(rest, header))


def _auth_params(text: str, header: str) -> dict[str, str]:
    params: dict[str, str] = {}
    position = 0
    while position < len(text):
        found = _AUTH_PARAM.match(text, position)
        if found is None or text[found.end() : found.end() + 1] not in ("", ","):
            raise SipSyntaxError(f"Bad {header}", header)
        if found[1].lower() in params:
            raise SipSyntaxError(f"Repeated parameter in {header}", header)
        params[found[1].lower()] = unquote(found[2])
        position = found.end() + 1
    return params
