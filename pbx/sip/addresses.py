"""Name-addresses (To, From, Contact, Route...) and Via, the two structured values a proxy lives on."""

import re
from dataclasses import dataclass, replace

from pbx.sip.grammar import BLANKS, NO_PARAMS, Params, SipSyntaxError, parse_params, quote, unquote
from pbx.sip.uri import Uri, host_port, parse_host, parse_port, parse_uri

# Unquoted display names of letters outside ASCII break the grammar but are common and unambiguous.
_NAME_ADDR = re.compile(
    r"(?:(?P<quoted>\"(?:[^\"\\]|\\.)*+\")|(?P<tokens>[A-Za-z0-9\-.!%*_+`'~ \t\u0080-\U0010ffff]*+))"
    r"[ \t]*+<(?P<uri>[^<>]*+)>(?P<params>.*+)",
    re.DOTALL,
)
_VIA = re.compile(
    r"(?P<name>[A-Za-z0-9\-.!%*_+`'~]++)[ \t]*+/[ \t]*+(?P<version>[A-Za-z0-9\-.!%*_+`'~]++)[ \t]*+/[ \t]*+"
    r"(?P<transport>[A-Za-z0-9\-.!%*_+`'~]++)[ \t]++"
    r"(?P<host>\[[0-9A-Fa-f:.]++\]|[A-Za-z0-9._\-]++)(?:[ \t]*+:[ \t]*+(?P<port>[0-9]{1,5}+))?"
    r"(?P<params>.*+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class NameAddr:
    """A display name, a URI and the header's own parameters (RFC 3261 section 20.10)."""

    uri: Uri
    display: str = ""
    params: Params = NO_PARAMS

    @property
    def tag(self) -> str | None:
        """The dialog tag, if there is one."""
        return self.params.get("tag")

    def __str__(self) -> str:
        name = f"{quote(self.display)} " if self.display else ""
        return f"{name}<{self.uri}>{self.params}"


def parse_name_addr(value: str, header: str) -> NameAddr:
    """Parse `"Name" <uri>;params` or `uri;params`. Raises SipSyntaxError.

    Without angle brackets, what follows the first semicolon belongs to the header, and the URI may hold
    neither a comma nor a question mark.
    """
    text = value.strip(BLANKS)
    if "<" in text:
        return _parse_bracketed(text, header)
    address, semicolon, rest = text.partition(";")
    address = address.rstrip(BLANKS)
    if "?" in address or "," in address:
        raise SipSyntaxError(f"URI without angle brackets in {header}", header)
    return NameAddr(parse_uri(address, header), params=parse_params(semicolon + rest, header))


def _parse_bracketed(text: str, header: str) -> NameAddr:
    found = _NAME_ADDR.fullmatch(text)
    if found is None:
        raise SipSyntaxError(f"Bad name or address in {header}", header)
    display = unquote(found["quoted"]) if found["quoted"] else found["tokens"].strip(BLANKS)
    return NameAddr(parse_uri(found["uri"], header), display, parse_params(found["params"], header))


@dataclass(frozen=True)
class Via:
    """One Via value (RFC 3261 section 20.42). `host` has no brackets round an IPv6 address."""

    transport: str
    host: str
    port: int | None = None
    params: Params = NO_PARAMS
    version: str = "2.0"

    @property
    def branch(self) -> str | None:
        """The transaction's branch, if there is one."""
        return self.params.get("branch")

    @property
    def received(self) -> str | None:
        """The source address an element downstream noted, without brackets."""
        value = self.params.get("received")
        return None if value is None else value.strip("[]")

    @property
    def wants_rport(self) -> bool:
        """Whether the sender asks for symmetric response routing (RFC 3581)."""
        return "rport" in self.params

    def with_source(self, address: str, port: int) -> "Via":
        """This Via with the request's true source: received always, rport if asked for (RFC 3581)."""
        params = self.params.setting("received", address)
        return replace(self, params=params.setting("rport", str(port)) if self.wants_rport else params)

    def __str__(self) -> str:
        return f"SIP/{self.version}/{self.transport} {host_port(self.host, self.port)}{self.params}"


def parse_via(value: str) -> Via:
    """Parse one Via value. Raises SipSyntaxError."""
    found = _VIA.fullmatch(value.strip(BLANKS))
    if found is None or found["name"].upper() != "SIP":
        raise SipSyntaxError("Bad Via", "Via")
    return Via(
        transport=found["transport"],
        host=parse_host(found["host"], "Via"),
        port=parse_port(found["port"], "Via"),
        params=parse_params(found["params"].rstrip(BLANKS), "Via"),
        version=found["version"],
    )
