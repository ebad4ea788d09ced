"""Peers over TLS and WebSocket for a real edge: phones that see a certificate, and what stands for a page."""

import select
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from websocket import ABNF, WebSocket, create_connection

from config.certificates import make_if_missing
from config.settings import Settings, SipSettings
from pbx.contract.browser_token import BrowserIdentity, issue, read
from pbx.sip.edge_settings import EdgeSettings, Listen, TlsSettings
from pbx.sip.framing import read_datagram
from pbx.sip.message import Message, Request
from tests.integration.sip.edge_lab import Lab, Phone, ReactorThread, running
from tests.integration.sip.test_edge_calls import following

TOKEN_SECRET = "a secret of the tests"
ORIGIN = "https://shop.example"
ENCRYPTED = (
    Listen("UDP", "127.0.0.1", 0),
    Listen("TLS", "127.0.0.1", 0),
    Listen("WS", "127.0.0.1", 0),
    Listen("WSS", "127.0.0.1", 0),
)


def read_token(token: str, now: float) -> BrowserIdentity:
    return read(token, TOKEN_SECRET, now)


def agent_token(username: str = "ana", seconds: int = 600, secret: str = TOKEN_SECRET) -> str:
    return issue(BrowserIdentity("agent", username, int(time.time()) + seconds), secret)


def guest_token(visitor: str = "v1", seconds: int = 600, secret: str = TOKEN_SECRET, **claims: str) -> str:
    told: dict[str, Any] = {"site": "shop", "customer": "", "language": "fr"} | claims
    return issue(BrowserIdentity("guest", visitor, int(time.time()) + seconds, **told), secret)


def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}"


def certificate_at(folder: Path) -> TlsSettings:
    """A self-signed pair of its own in that folder, made when it is not there."""
    sip = SipSettings(tls_certificate=folder / "sip.crt", tls_key=folder / "sip.key")
    make_if_missing(replace(Settings(), sip=sip))
    return TlsSettings(sip.tls_certificate, sip.tls_key, poll=0.05)


@contextmanager
def running_for_browsers(thread: ReactorThread, folder: Path, **parts: Any) -> Iterator[Lab]:
    """An edge over UDP, TLS, WebSocket and secure WebSocket."""
    settings = replace(parts.pop("settings", EdgeSettings()), tls=certificate_at(folder))
    given = {"listen": ENCRYPTED, "read_token": read_token, "origins": lambda: {ORIGIN}} | parts
    with running(thread, settings=settings, **given) as lab:
        yield lab


class SecurePhone(Phone):
    """A phone over TLS. It trusts anybody, and keeps the certificate it was shown."""

    def __init__(
        self, lab: Lab, minimum: ssl.TLSVersion | None = None, maximum: ssl.TLSVersion | None = None
    ):
        super().__init__(lab.call(lab.edge.stream_addresses, "TLS")[0], "TCP")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if maximum is not None:
            context.minimum_version, context.maximum_version = minimum or maximum, maximum
        self.socket = context.wrap_socket(self.socket)
        self.socket.settimeout(2)
        self.transport = "TLS"

    @property
    def shown_certificate(self) -> bytes | None:
        return self.socket.getpeercert(binary_form=True)  # type: ignore[attr-defined, no-any-return]

    def contact(self, user: str = "ana") -> str:
        return f"<sip:{user}@{self.shown};transport=tls>"


class Browser(Phone):
    """A page's SIP stack: one message a frame, a Contact that nobody can look up."""

    def __init__(
        self, lab: Lab, kind: str = "WS", *, page: str = "page1", origin: str | None = ORIGIN, **options: Any
    ) -> None:
        self.edge = lab.call(lab.edge.stream_addresses, kind)[0]
        self.transport = kind
        self.page = page
        self.websocket = open_websocket(self.edge, kind, origin=origin, **options)
        self.socket = self.websocket.sock
        self.local = self.socket.getsockname()[:2]

    @property
    def shown(self) -> str:
        return f"{self.page}.invalid"

    def contact(self, user: str = "ana") -> str:
        return f"<sip:{self.page}@{self.shown};transport={self.transport.lower()}>"

    def send(self, data: bytes) -> None:
        self.websocket.send(data, ABNF.OPCODE_BINARY)

    def receive(self) -> Any:
        return read_datagram(self.receive_bytes())

    def receive_bytes(self) -> bytes:
        opcode, data = self.websocket.recv_data()
        if opcode == ABNF.OPCODE_CLOSE:
            raise ConnectionError(int.from_bytes(data[:2], "big"))
        return bytes(data)

    def close_code(self) -> int:
        """The code with which the edge closes; 0 when it just ends the connection."""
        try:
            while True:
                opcode, data = self.websocket.recv_data()
                if opcode == ABNF.OPCODE_CLOSE:
                    return int.from_bytes(data[:2], "big")
        except (ConnectionError, OSError):
            return 0

    def hears_nothing(self, seconds: float = 0.2) -> bool:
        return not select.select([self.socket], [], [], seconds)[0]

    def vanish(self) -> None:
        """End without a word, as a page that is gone."""
        self.socket.close()

    def close(self) -> None:
        self.websocket.close()


def open_websocket(
    edge: tuple[str, int],
    kind: str = "WS",
    *,
    origin: str | None = ORIGIN,
    path: str = "/sip",
    **options: Any,
) -> WebSocket:
    """A WebSocket as a browser opens it. Raises websocket.WebSocketBadStatusException when it is refused."""
    given: dict[str, Any] = {"subprotocols": ["sip"], "timeout": 2} | options
    if origin is None:
        given["suppress_origin"] = True
    else:
        given["origin"] = origin
    url = f"{kind.lower()}://{edge[0]}:{edge[1]}{path}"
    return create_connection(url, sslopt={"cert_reqs": ssl.CERT_NONE}, **given)


class Said:
    """A bus that only keeps what is published."""

    def __init__(self) -> None:
        self.events: list[object] = []

    def publish(self, event: object) -> None:
        self.events.append(event)

    def of(self, *kinds: type) -> list[object]:
        return [event for event in self.events if isinstance(event, kinds)]


def media_request(lab: Any, method: str, seen: Request, answer: Message, cseq: int = 7) -> bytes:
    """An in-dialog request of the media stack's to the caller of `seen`, which `answer` has answered."""
    host, port = lab.webrtc.address
    via = f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bKm{cseq}"
    routes = tuple(str(route) for route in seen.record_routes)
    return (
        f"{method} {seen.contacts[0].uri} SIP/2.0\r\n{via}\r\n".encode()
        + following(answer, method, cseq, caller=False, routes=routes).encode()
    )
