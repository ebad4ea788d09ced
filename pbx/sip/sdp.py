"""What a session description must keep to before the media stack sees it (RFC 8866, RFC 3264).

Not a full parser: it reads the lines that can hurt. Media is sent where the description says, so an address
is a literal, of one host, and not one of our own signalling sockets; counts and numbers stay within what the
media stack was built for. 400 is owed for what is no SDP, 488 for what we do not accept.
"""

import ipaddress
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pbx.sip.refusal import Refusal

MOST_MEDIA = 8
MOST_CRYPTO = 32
MOST_ATTRIBUTES = 100
MOST_ATTRIBUTES_OF_BROWSERS = 300
"""Chromium's offer of video alone has 123: every codec with its parameters and feedback, and every candidate."""
PTIME_MS = range(10, 201)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Sockets = Collection[tuple[str, int]]

_LINE = re.compile(r"([a-z])=(.*)")
_MEDIA = re.compile(r"[^ ]+ ([0-9]{1,5})(?:/([0-9]{1,5}))? ([^ ]+)((?: [^ ]+)+) *")
_CONNECTION = re.compile(r"IN (IP4|IP6) ([^ ]+) *")
_RTPMAP = re.compile(r"([0-9]{1,5}) +[^ /]+(?:/([0-9]{1,9})(?:/([0-9]{1,3}))?)? *")
_RTCP = re.compile(r"([0-9]{1,5})(?: (IN IP[46] .*))?")
_CANDIDATE = re.compile(r"[^ ]+ [^ ]+ [^ ]+ [^ ]+ ([^ ]+) ([0-9]{1,5}) .*")
_BROADCAST = ipaddress.IPv4Address("255.255.255.255")


class SdpError(ValueError):
    """A session description that is not taken; `status` is 400 or 488, `reason` fits a reason phrase."""

    id = "sdp"

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True)
class Section:
    """The session part, or one `m=` line with its own lines. `port` is 0 for the session part."""

    port: int
    lines: tuple[tuple[str, str], ...]


def check(body: bytes, own_sockets: Sockets = (), most_attributes: int = MOST_ATTRIBUTES) -> Refusal | None:
    """The refusal that a body of type application/sdp is owed, or None.

    `own_sockets` are the (address, port) pairs that our signalling listens on; `most_attributes` is for each
    media line.
    """
    try:
        sections = _sections(body)
        own = _read_sockets(frozenset(own_sockets))
        for section in sections:
            _check_number(section, most_attributes)
            _check_section(section, sections[0], own)
    except SdpError as error:
        return Refusal(error.status, error.reason)
    return None


@lru_cache(maxsize=16)
def _read_sockets(sockets: frozenset[tuple[str, int]]) -> frozenset[tuple[Address, int]]:
    return frozenset((_plain(ipaddress.ip_address(host)), port) for host, port in sockets)


def _sections(body: bytes) -> list[Section]:
    lines = [
        _line(line)
        for line in body.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
        if line
    ]
    if not lines or lines[0] != ("v", "0"):
        raise SdpError(400, "SDP without v=0")
    starts = [place for place, (kind, _) in enumerate(lines) if kind == "m"]
    if len(starts) > MOST_MEDIA:
        raise SdpError(488, "Too many media lines in SDP")
    session = Section(0, tuple(lines[: starts[0]] if starts else lines))
    media = (lines[start:end] for start, end in pairwise([*starts, len(lines)]))
    return [session, *(Section(_media_port(part[0][1]), tuple(part)) for part in media)]


def _line(text: str) -> tuple[str, str]:
    found = _LINE.fullmatch(text)
    if found is None:
        raise SdpError(400, "Bad line in SDP")
    return found[1], found[2]


def _media_port(value: str) -> int:
    """The port of an `m=` line, whose payload types are checked on the way."""
    found = _MEDIA.fullmatch(value)
    if found is None or int(found[1]) > 65535:
        raise SdpError(400, "Bad m= in SDP")
    if found[2] is not None and int(found[2]) != 1:
        raise SdpError(488, "Several ports in m= in SDP")
    if "RTP/" in found[3]:
        for payload_type in found[4].split(" ")[1:]:
            _payload_type(payload_type)
    return int(found[1])


def _payload_type(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 127):
        raise SdpError(400, "Bad payload type in SDP")


def _check_number(section: Section, most: int) -> None:
    if sum(kind == "a" for kind, _ in section.lines) > most:
        raise SdpError(488, "Too many attributes in SDP")


def _check_section(section: Section, session: Section, own: Collection[tuple[Address, int]]) -> None:
    attributes = [value for kind, value in section.lines if kind == "a"]
    if sum(value.startswith("crypto:") for value in attributes) > MOST_CRYPTO:
        raise SdpError(488, "Too many a=crypto in SDP")
    connections = [value for kind, value in section.lines if kind == "c"]
    if section.port and not connections:
        connections = [value for kind, value in session.lines if kind == "c"]
        if not connections:
            raise SdpError(400, "Missing c= in SDP")
    for value in connections:
        _check_destination(_connection(value), section.port, own)
    for value in attributes:
        name, _, rest = value.partition(":")
        if name in ATTRIBUTE_CHECKS:
            ATTRIBUTE_CHECKS[name](rest, own)


def _connection(value: str) -> Address:
    found = _CONNECTION.fullmatch(value)
    if found is None:
        raise SdpError(400, "Bad c= in SDP")
    try:
        address = ipaddress.ip_address(found[2])
    except ValueError:
        raise SdpError(488, "c= is not the address of one host in SDP") from None
    if (address.version == 4) != (found[1] == "IP4"):
        raise SdpError(400, "Bad c= in SDP")
    return _plain(address)


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _check_destination(address: Address, port: int, own: Collection[tuple[Address, int]]) -> None:
    if address.is_multicast or address.is_link_local or address == _BROADCAST:
        raise SdpError(488, "Address in SDP is not of one host")
    if port and {(address, port), (address, port + 1)} & set(own):
        raise SdpError(488, "Address in SDP is our own")


def _check_ptime(value: str, _: Collection[tuple[Address, int]]) -> None:
    text = value.strip(" ")
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise SdpError(400, "Bad a=ptime in SDP")
    if int(text) not in PTIME_MS:
        raise SdpError(488, "a=ptime out of range in SDP")


def _check_rtpmap(value: str, _: Collection[tuple[Address, int]]) -> None:
    found = _RTPMAP.fullmatch(value)
    if found is None:
        raise SdpError(400, "Bad a=rtpmap in SDP")
    _payload_type(found[1])
    # A rate or channel count of zero has crashed media stacks that divide by it.
    if any(number is not None and int(number) == 0 for number in (found[2], found[3])):
        raise SdpError(400, "Bad a=rtpmap in SDP")


def _check_fmtp(value: str, _: Collection[tuple[Address, int]]) -> None:
    payload_type = value.partition(" ")[0]
    if payload_type.isdigit():
        _payload_type(payload_type)


def _check_rtcp(value: str, own: Collection[tuple[Address, int]]) -> None:
    found = _RTCP.fullmatch(value)
    if found is None or int(found[1]) > 65535:
        raise SdpError(400, "Bad a=rtcp in SDP")
    if found[2]:
        _check_destination(_connection(found[2]), int(found[1]), own)


def _check_candidate(value: str, own: Collection[tuple[Address, int]]) -> None:
    """ICE candidates may be names (mDNS) and link-local; a group or ourselves they may not be."""
    found = _CANDIDATE.fullmatch(value)
    if found is None or int(found[2]) > 65535:
        raise SdpError(400, "Bad a=candidate in SDP")
    try:
        address = _plain(ipaddress.ip_address(found[1]))
    except ValueError:
        return
    if not address.is_link_local:
        _check_destination(address, int(found[2]), own)


ATTRIBUTE_CHECKS: dict[str, Callable[[str, Collection[tuple[Address, int]]], None]] = {
    "ptime": _check_ptime,
    "rtpmap": _check_rtpmap,
    "fmtp": _check_fmtp,
    "rtcp": _check_rtcp,
    "candidate": _check_candidate,
}
