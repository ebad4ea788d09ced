"""A real edge on real loopback sockets, its reactor in a thread; tests speak to it in blocking style."""

import itertools
import select
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.internet.epollreactor import EPollReactor
from twisted.internet.threads import blockingCallFromThread

from pbx.sip.digest import Credentials, ha1, response_for
from pbx.sip.directory import EndpointAccount, MemoryDirectory
from pbx.sip.edge import Edge
from pbx.sip.edge_settings import EdgeSettings, GuardSettings, Listen
from pbx.sip.framing import read_datagram
from pbx.sip.headers import parse_auth
from pbx.sip.message import Message, Request, Response
from pbx.sip.registration_store import MemoryRegistrationStore

REALM = "comptoir"
SECRET = b"0123456789abcdef0123456789abcdef"
DID = "+33199000001"
SDP = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 40000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
_numbers = itertools.count(1)


def account(username: str, password: str = "secret", **changed: Any) -> EndpointAccount:
    hashes = {name: ha1(username, REALM, password, name) for name in ("MD5", "SHA-256")}
    return EndpointAccount(username, hashes, **changed)


LISTEN = (
    Listen("UDP", "127.0.0.1", 0),
    Listen("TCP", "127.0.0.1", 0),
    Listen("UDP", "::1", 0),
    Listen("TCP", "::1", 0),
)
GENEROUS = GuardSettings(source_rate=2000.0, source_burst=4000.0, new_rate=4000.0)


class ReactorThread:
    """A reactor of one's own, running in a thread."""

    def __init__(self) -> None:
        self.reactor: Any = EPollReactor()
        self._thread = threading.Thread(
            target=self.reactor.run, kwargs={"installSignalHandlers": False}, daemon=True
        )
        self._thread.start()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function on the reactor thread and wait for its result."""
        return blockingCallFromThread(self.reactor, function, *arguments)

    def wait_for(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return self.call(lambda: ensureDeferred(make()))

    def stop(self) -> None:
        self.reactor.callFromThread(self.reactor.stop)
        self._thread.join(5)


class FakeMedia:
    """A UDP socket in pjsua2's place, driven by the test."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2)
        self.address: tuple[str, int] = self.socket.getsockname()

    def receive(self) -> Any:
        return read_datagram(self.socket.recv(65535))

    def hears_nothing(self, seconds: float = 0.2) -> bool:
        return is_silent(self.socket, seconds)

    def hears_anything(self, seconds: float = 0.2) -> bool:
        """Whether a message arrives, which `receive` then gives."""
        return bool(select.select([self.socket], [], [], seconds)[0])

    def send(self, data: bytes, edge: "Lab") -> None:
        self.socket.sendto(data, edge.internal)

    def answer(
        self, request: Request, status: int, edge: "Lab", contact: str = "", body: bytes = b""
    ) -> None:
        """A response as pjsua2 makes it: Via and Record-Route copied, To tagged."""
        self.send(answer_to(request, status, contact, body, tag="media"), edge)

    def close(self) -> None:
        self.socket.close()


def is_silent(some: socket.socket, seconds: float = 0.2) -> bool:
    before = some.gettimeout()
    some.settimeout(seconds)
    try:
        return not some.recv(65535)
    except TimeoutError:
        return True
    finally:
        some.settimeout(before)


def answer_to(
    request: Request, status: int, contact: str = "", body: bytes = b"", tag: str = "peer"
) -> bytes:
    lines = [f"SIP/2.0 {status} Something"]
    for name in ("Via", "Record-Route", "From", "Call-ID", "CSeq"):
        lines += [f"{name}: {value}" for value in request.lines(name)]
    to = request.first("to") or ""
    lines.append(f"To: {to}" if "tag=" in to else f"To: {to};tag={tag}")
    if contact:
        lines.append(f"Contact: {contact}")
    if body:
        lines.append("Content-Type: application/sdp")
    lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Lab:
    """One running edge with fake media behind it."""

    def __init__(self, thread: ReactorThread, **parts: Any) -> None:
        self.thread = thread
        self.media = FakeMedia()
        media_address = parts.pop("media_address", self.media.address)
        other_media = parts.pop("other_media", {})
        self.store = parts.pop("store", None) or MemoryRegistrationStore()
        self.directory = parts.pop("directory", None) or MemoryDirectory(
            endpoints=(account("ana"), account("bea")), public_numbers=(DID,), extensions=("600",)
        )
        settings = parts.pop("settings", EdgeSettings())
        settings = replace(
            settings, listen=parts.pop("listen", LISTEN), internal_port=0, guard=parts.pop("guard", GENEROUS)
        )
        self.forwarded = 0
        self.edge: Edge = thread.call(
            lambda: Edge(
                thread.reactor,
                settings,
                directory=self.directory,
                store=self.store,
                secret=parts.pop("secret", SECRET),
                media={"plain": media_address, **other_media},
                on_forwarded=self._count,
                **parts,
            )
        )
        thread.wait_for(self.edge.start)
        self.internal = self.edge.internal_address

    def _count(self) -> None:
        self.forwarded += 1

    def udp(self, family: str = "4") -> tuple[str, int]:
        return _of_family(self.edge.udp_addresses, family)

    def tcp(self, family: str = "4") -> tuple[str, int]:
        return _of_family(self.edge.stream_addresses("TCP"), family)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.thread.call(function, *arguments)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 2.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def close(self) -> None:
        self.thread.wait_for(self.edge.stop)
        self.media.close()


def _of_family(addresses: tuple[tuple[str, int], ...], family: str) -> tuple[str, int]:
    return next(one for one in addresses if (":" in one[0]) == (family == "6"))


@contextmanager
def running(thread: ReactorThread, **parts: Any) -> Iterator[Lab]:
    lab = Lab(thread, **parts)
    try:
        yield lab
    finally:
        lab.close()


class Phone:
    """A SIP peer over UDP or TCP that says exactly what the test tells it."""

    def __init__(self, edge: tuple[str, int], transport: str = "UDP") -> None:
        kind = socket.SOCK_DGRAM if transport == "UDP" else socket.SOCK_STREAM
        self.transport = transport
        self.edge = edge
        self.socket = socket.socket(socket.AF_INET6 if ":" in edge[0] else socket.AF_INET, kind)
        self.socket.settimeout(2)
        self.socket.connect(edge)
        self.local: tuple[str, int] = self.socket.getsockname()[:2]
        self._rest = b""

    @property
    def shown(self) -> str:
        host = f"[{self.local[0]}]" if ":" in self.local[0] else self.local[0]
        return f"{host}:{self.local[1]}"

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> Any:
        return read_datagram(self.receive_bytes())

    def receive_bytes(self) -> bytes:
        if self.transport == "UDP":
            return self.socket.recv(65535)
        while (cut := _message_end(self._rest)) is None:
            more = self.socket.recv(65535)
            if not more:
                raise ConnectionError("closed")
            self._rest += more
        message, self._rest = self._rest[:cut], self._rest[cut:]
        return message

    def ask(self, data: bytes) -> Any:
        self.send(data)
        return self.receive()

    def hears_nothing(self, seconds: float = 0.2) -> bool:
        return is_silent(self.socket, seconds)

    def hears_anything(self, seconds: float = 0.2) -> bool:
        """Whether bytes arrive, which `receive` then gives."""
        return bool(select.select([self.socket], [], [], seconds)[0])

    def is_closed(self) -> bool:
        try:
            while self.socket.recv(65535):
                pass
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        self.socket.close()

    # -- messages

    def request(
        self,
        method: str,
        uri: str,
        *extra: str,
        user: str = "ana",
        to: str | None = None,
        call_id: str | None = None,
        cseq: int = 1,
        branch: str | None = None,
        body: bytes = b"",
        contact: bool = True,
    ) -> bytes:
        number = next(_numbers)
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {self.shown};rport;branch={branch or f'z9hG4bKtest{number}'}",
            f"From: <sip:{user}@comptoir.example>;tag=from{call_id or number}",
            f"To: {to or f'<{uri}>'}",
            f"Call-ID: {call_id or f'call-{number}'}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
            *([f"Contact: {self.contact(user)}"] if contact else []),
            "User-Agent: a telephone of the tests",
            "Allow: INVITE, ACK, OPTIONS, CANCEL, BYE, INFO, REFER, NOTIFY, UPDATE, PRACK, MESSAGE",
            "Supported: replaces, timer, norefersub, 100rel",
            *extra,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def contact(self, user: str = "ana") -> str:
        transport = "" if self.transport == "UDP" else ";transport=tcp"
        return f"<sip:{user}@{self.shown}{transport}>"

    def options(self) -> bytes:
        return self.request("OPTIONS", "sip:comptoir.example", user="probe")

    def register(self, user: str = "ana", *extra: str, **changed: Any) -> bytes:
        values = {"to": f"<sip:{user}@comptoir.example>", "user": user} | changed
        return self.request("REGISTER", "sip:comptoir.example", *extra, **values)

    def log_in(
        self, make: Callable[..., bytes], user: str = "ana", password: str = "secret", **how: Any
    ) -> Any:
        """Send what `make(*headers, cseq=...)` builds; on a 401 send it again with credentials."""
        challenged = self.ask(make(cseq=1))
        if not isinstance(challenged, Response) or challenged.status != 401:
            return challenged
        if how.pop("acknowledge", False):
            self.send(make(cseq=1).replace(b"INVITE", b"ACK"))
        return self.ask(make(credentials(challenged, make(cseq=2), user, password, **how), cseq=2))


def credentials(
    challenged: Message, raw: bytes, user: str, password: str, algorithm: str = "SHA-256", nc: int = 1
) -> str:
    """An Authorization header line that answers the 401 for the request `raw`."""
    request = read_datagram(raw)
    assert isinstance(request, Request)
    offers = [parse_auth(line) for line in challenged.lines("www-authenticate")]
    offer = next(one for one in offers if one.get("algorithm") == algorithm)
    plain = Credentials(user, offer.get("nonce") or "", request.uri, "", algorithm, "cn", f"{nc:08x}")
    answer = response_for(ha1(user, REALM, password, algorithm), plain, request.method)
    return (
        f'Authorization: Digest username="{user}",realm="{REALM}",nonce="{plain.nonce}",uri="{plain.uri}",'
        f'response="{answer}",cnonce="cn",nc={plain.nc},qop=auth,algorithm={algorithm}'
    )


def _message_end(data: bytes) -> int | None:
    head, found, _ = data.partition(b"\r\n\r\n")
    if not found:
        return None
    length = next(
        int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    end = len(head) + 4 + length
    return end if len(data) >= end else None
