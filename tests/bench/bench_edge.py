"""What the SIP edge alone costs: a call's six messages through its forward path, without sockets or media.

A caller's INVITE goes in, pjsua2's 180 and 200 come out, the caller's ACK and BYE follow the route, the 200 of the
BYE comes out. Each kind is timed by itself, in processor time. Run it alone: `python -m tests.bench.bench_edge`.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from time import thread_time
from typing import Any

from twisted.internet.task import Clock

from pbx.sip.assembly import assemble
from pbx.sip.datagrams import DatagramListener
from pbx.sip.directory import MemoryDirectory
from pbx.sip.edge_settings import EdgeSettings, GuardSettings
from pbx.sip.framing import read_datagram
from pbx.sip.inside import Inside
from pbx.sip.message import Message
from pbx.sip.outside import Outside
from pbx.sip.registration_store import MemoryRegistrationStore

CALLS = 2000
SECONDS_BETWEEN = 0.01
NUMBER = "4000"
EDGE, INNER, MEDIA, CALLER = (
    ("192.0.2.1", 5060),
    ("127.0.0.1", 5070),
    ("127.0.0.1", 5080),
    ("192.0.2.9", 5060),
)
SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
)


class Wire:
    """Keeps the last datagram, in the place of a socket."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, data: bytes, _address: tuple[str, int]) -> None:
        self.sent = data


class Bench:
    """An edge on wires; `run` passes calls through it."""

    def __init__(self) -> None:
        self.clock = Clock()
        parts = assemble(
            self.clock,
            EdgeSettings(guard=GuardSettings(exempt=(CALLER[0],))),
            directory=MemoryDirectory(public_numbers=(NUMBER,)), store=MemoryRegistrationStore(),
            secret=bytes(range(32)), media={"plain": MEDIA}, publish=lambda event: None,
            admission=lambda: None, forwarded=lambda: None, look_up=None,
        )  # fmt: skip
        self.outer, self.inner = Wire(), Wire()
        self.listener = DatagramListener(Outside(parts), EDGE, "plain")
        self.listener.transport = self.outer
        parts.transports.datagrams[EDGE] = self.listener
        parts.transports.media_socket.transport = self.inner
        parts.transports.media_socket.address = INNER
        self.inside = Inside(parts)
        self.took: dict[str, float] = defaultdict(float)

    def run(self, calls: int) -> dict[str, float]:
        """Microseconds of processor time a message, by kind, and of a whole call."""
        for number in range(calls + calls // 10):
            if number == calls // 10:
                self.took.clear()
            self._call(number)
            self.clock.advance(SECONDS_BETWEEN)
        kinds = {kind: 1e6 * seconds / calls for kind, seconds in self.took.items()}
        whole = sum(kinds.values())
        return {**kinds, "a call": whole, "messages a second": 6e6 / whole}

    def _call(self, number: int) -> None:
        self._from_outside("INVITE, in", _request(number, "INVITE", 1, f"sip:{NUMBER}@{EDGE[0]}", body=SDP))
        invited = read_datagram(self.inner.sent)
        self._from_inside("180, out", _answer(invited, 180, ""))
        self._from_inside("200, out", _answer(invited, 200, SDP))
        answered = read_datagram(self.outer.sent)
        routes = tuple(f"Route: {one}" for one in reversed(answered.lines("record-route")))
        contact = (answered.first("contact") or "").strip("<>")
        to = answered.first("to") or ""
        self._from_outside("ACK, in", _request(number, "ACK", 1, contact, *routes, to=to))
        self._from_outside("BYE, in", _request(number, "BYE", 2, contact, *routes, to=to))
        self._from_inside("200 of BYE, out", _answer(read_datagram(self.inner.sent), 200, ""))

    def _from_outside(self, kind: str, data: bytes) -> None:
        self._time(kind, self.inner, lambda: self.listener.datagramReceived(data, CALLER))

    def _from_inside(self, kind: str, data: bytes) -> None:
        self._time(kind, self.outer, lambda: self.inside.received("plain", data))

    def _time(self, kind: str, wire: Wire, work: Callable[[], Any]) -> None:
        wire.sent = b""
        began = thread_time()
        work()
        self.took[kind] += thread_time() - began
        if not wire.sent:
            raise RuntimeError(f"The edge forwarded nothing for: {kind}")


def _request(
    number: int, method: str, cseq: int, uri: str, *extra: str, to: str = "", body: str = ""
) -> bytes:
    host = f"{CALLER[0]}:{CALLER[1]}"
    lines = (
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/UDP {host};rport;branch=z9hG4bK{number}{method}",
        *extra,
        f"From: <sip:+33199000001@{CALLER[0]}>;tag=caller{number}",
        f"To: {to or f'<{uri}>'}",
        f"Call-ID: bench-{number}@{CALLER[0]}",
        f"CSeq: {cseq} {method}",
        f"Contact: <sip:caller@{host}>",
        "Max-Forwards: 70",
        "User-Agent: bench",
        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE, REFER, NOTIFY",
        "Supported: timer, replaces",
        *(("Content-Type: application/sdp",) if body else ()),
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _answer(request: Message, status: int, body: str) -> bytes:
    """As pjsua2 makes it: Via and Record-Route copied, To tagged."""
    copied = ("Via", "Record-Route", "From", "Call-ID", "CSeq")
    to = request.first("to") or ""
    lines = (
        f"SIP/2.0 {status} OK",
        *(f"{name}: {value}" for name in copied for value in request.lines(name)),
        f"To: {to}" if "tag=" in to else f"To: {to};tag=media",
        f"Contact: <sip:comptoir@{MEDIA[0]}:{MEDIA[1]}>",
        *(("Content-Type: application/sdp",) if body else ()),
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def measure(calls: int = CALLS) -> dict[str, float]:
    """Microseconds of processor time by kind of message."""
    return Bench().run(calls)


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=1)
