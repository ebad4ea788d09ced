"""The SDP that browsers get from us. Pure text.

The library offers one list of codecs to everybody. Phones get it as it is; a browser gets Opus first, then what the
telephone network speaks, and the keys at the clock rates of these (RFC 7874 section 3, RFC 4733 section 2.1).
The library also says that it wants no RTCP, because it has no port for it alone; it takes it on that of RTP.
"""

import re

WANTED = ("opus/48000/2", "PCMU/8000", "PCMA/8000", "telephone-event/48000", "telephone-event/8000")
_STATIC = {"0": "PCMU/8000", "8": "PCMA/8000", "9": "G722/8000"}
_MEDIA = re.compile(r"^(m=audio \d+ \S+) ([\d ]+)$")
_NO_RTCP = frozenset(("b=RS:0", "b=RR:0"))
_ABOUT_FORMAT = re.compile(r"^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) ")


def offer(sdp: str) -> str:
    """The library's own offer with the codecs for a browser, in our order."""
    lines = sdp.splitlines()
    chosen = _chosen(_codecs(lines))
    return answer("\n".join(_with_formats(line, chosen) for line in lines if _concerns(line, chosen)))


def answer(sdp: str) -> str:
    """The library's own answer, or offer, without its refusal of RTCP."""
    return "".join(f"{line}\r\n" for line in sdp.splitlines() if line not in _NO_RTCP)


def _codecs(lines: list[str]) -> dict[str, str]:
    """The names of the codecs by payload type."""
    found = re.findall(r"^a=rtpmap:(\d+) (\S+)", "\n".join(lines), re.MULTILINE)
    return {**_STATIC, **dict(found)}


def _chosen(codecs: dict[str, str]) -> list[str]:
    wanted = {name.lower(): place for place, name in enumerate(WANTED)}
    known = [(wanted[name.lower()], kind) for kind, name in codecs.items() if name.lower() in wanted]
    return [kind for _, kind in sorted(known)]


def _with_formats(line: str, chosen: list[str]) -> str:
    found = _MEDIA.match(line)
    if found is None:
        return line
    offered = found[2].split()
    return " ".join((found[1], *(kind for kind in chosen if kind in offered)))


def _concerns(line: str, chosen: list[str]) -> bool:
    found = _ABOUT_FORMAT.match(line)
    return found is None or found[1] in chosen
