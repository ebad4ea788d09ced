"""A SIP peer as a bare UDP socket, for tests that look at, or write, every byte of a message."""

import re
import socket
import time
from typing import Self

SDP = """v=0
o=- 1 1 IN IP4 {address}
s=-
c=IN IP4 {address}
t=0 0
m=audio {port} RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
"""


class UdpPeer:
    """Receives and sends SIP messages; `rtp` is a second socket that audio may be sent to."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.address = address
        self.socket = _bound(address)
        self.rtp = _bound(address)
        self.port: int = self.socket.getsockname()[1]
        self._sender: tuple[str, int] = ("127.0.0.1", 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.rtp.close()

    def receive(self, start: str = "", timeout: float = 5.0) -> str:
        """The next message whose first line begins with `start`; others are thrown away."""
        deadline = time.monotonic() + timeout
        while True:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            data, self._sender = self.socket.recvfrom(65535)
            message = data.decode().replace("\r\n", "\n")
            if message.startswith(start):
                return message

    def nothing_comes(self, start: str, seconds: float) -> bool:
        """Whether no message with this beginning comes within so many seconds."""
        try:
            self.receive(start, seconds)
        except TimeoutError:
            return True
        return False

    def send(self, message: str, to: tuple[str, int] | None = None) -> None:
        self.socket.sendto(message.replace("\n", "\r\n").encode(), to or self._sender)

    def reply(self, request: str, status: str, headers: str = "", body: str = "", tag: str = "peer") -> None:
        """Answer a request, such as reply(invite, "200 OK")."""
        copied = [line for name in ("Via", "From", "Call-ID", "CSeq") for line in lines(request, name)]
        to = lines(request, "To")[0]
        copied.append(to if "tag=" in to or not tag else f"{to};tag={tag}")
        copied += [line for line in headers.split("\n") if line]
        if body:
            copied.append("Content-Type: application/sdp")
        self.send(f"SIP/2.0 {status}\n" + "\n".join(copied) + f"\nContent-Length: {_length(body)}\n\n{body}")

    def answer(self, invite: str, headers: str = "") -> None:
        """200 with audio to `rtp`."""
        contact = f"Contact: <sip:peer@{self.address}:{self.port}>\n"
        self.reply(invite, "200 OK", contact + headers, self.sdp())

    def request(
        self, method: str, uri: str, to: tuple[str, int], *, number: int = 1, headers: str = "", body: str = "",
        call_id: str = "", to_header: str = "", from_header: str = "",
    ) -> None:  # fmt: skip
        """Send a request."""
        content = "Content-Type: application/sdp\n" if body else ""
        call_id = call_id or f"call-{self.port}-{id(self)}"
        from_header = from_header or f"<sip:peer@{self.address}>;tag=peer"
        self.send(
            f"{method} {uri} SIP/2.0\n"
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK-{call_id}-{method}-{number}\n"
            f"Max-Forwards: 70\nFrom: {from_header}\nTo: {to_header or f'<{uri}>'}\n"
            f"Call-ID: {call_id}\nCSeq: {number} {method}\nContact: <sip:peer@{self.address}:{self.port}>\n"
            f"{headers}{content}Content-Length: {_length(body)}\n\n{body}",
            to,
        )

    def sdp(self) -> str:
        return SDP.format(address=self.address, port=self.rtp.getsockname()[1])


def _bound(address: str) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((address, 0))
    return one


def _length(body: str) -> int:
    return len(body.replace("\n", "\r\n"))


def lines(message: str, name: str) -> list[str]:
    """The header lines of this name."""
    head = message.partition("\n\n")[0]
    return re.findall(rf"(?im)^{re.escape(name)}\s*:.*$", head)


def value(message: str, name: str) -> str:
    """The value of the first header of this name, or an empty text."""
    found = lines(message, name)
    return found[0].partition(":")[2].strip() if found else ""
