"""SIP over WebSocket (RFC 7118) for one browser, passed on to the media stack over UDP: no edge, no admission.

    with Relay(box.ports["webrtc"]) as relay:
        page.start(relay.url)
        box.do("dial", "leg", relay.uri, profile="webrtc")

It is a stateless record-routing proxy, in a process of its own; `heard` are the messages that passed.
"""

import json
import sys
from typing import Any

from pbx.sip.hidden import with_set_addresses, without_named_candidates
from tests.driven import Driven, perform, read_commands, tell


class Relay(Driven):
    """The process. Browsers connect to `url`, and are called at `uri`."""

    def __init__(self, media_port: int) -> None:
        super().__init__(__file__, media_port=media_port)
        self.url = f"ws://127.0.0.1:{self.ready['ws']}/sip"
        self.uri = f"sip:browser@127.0.0.1:{self.ready['udp']}"

    def forget(self) -> None:
        """Lose the browser's connection: messages to it are dropped from now on, and it is closed."""
        self.do("forget")


def outward(message: str, own: str) -> str:
    """A message of the media stack as the browser gets it."""
    lines = message.split("\r\n")
    if lines[0].startswith("SIP/2.0"):
        lines.pop(next(n for n, line in enumerate(lines) if line.lower().startswith("via:")))
        return "\r\n".join(lines)
    return _passed_on(lines, own)


def inward(message: str, own: str) -> str:
    """A message of the browser as the media stack gets it: its session description as the edge passes it on."""
    message = _as_the_edge_has_it(message)
    lines = message.split("\r\n")
    if lines[0].startswith("SIP/2.0"):
        lines.pop(next(n for n, line in enumerate(lines) if line.lower().startswith("via:")))
        return "\r\n".join(lines)
    return _passed_on(lines, own)


def _as_the_edge_has_it(message: str) -> str:
    head, blank, body = message.partition("\r\n\r\n")
    seen = with_set_addresses(without_named_candidates(body.encode())).decode()
    if seen == body:
        return message
    lines = [line for line in head.split("\r\n") if not line.lower().startswith("content-length:")]
    return "\r\n".join([*lines, f"Content-Length: {len(seen.encode())}"]) + blank + seen


def _passed_on(lines: list[str], own: str) -> str:
    lines = [line for line in lines if not (line.lower().startswith("route:") and own in line)]
    top = next(line for line in lines if line.lower().startswith("via:"))
    branch = top.partition("branch=")[2].partition(";")[0]
    ours = [f"Via: SIP/2.0/UDP {own};branch={branch}.relay;rport"]
    if lines[0].startswith("INVITE"):
        ours.append(f"Record-Route: <sip:{own};lr>")
    return "\r\n".join([lines[0], *ours, *lines[1:]])


def _serve(options: dict[str, Any]) -> None:
    from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
    from twisted.internet import reactor
    from twisted.internet.protocol import DatagramProtocol

    class Udp(DatagramProtocol):
        def datagramReceived(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: N802
            if browsers and data.strip():
                browsers[-1].sendMessage(outward(data.decode(), own).encode())

    class Browser(WebSocketServerProtocol):
        def onConnect(self, request: Any) -> str:  # noqa: N802
            browsers.append(self)
            tell({"event": "connected"})
            return "sip"

        def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
            if payload.strip():
                text = payload.decode()
                tell({"event": "from_browser", "line": text.partition("\r\n")[0], "message": text})
                socket.write(inward(text, own).encode(), ("127.0.0.1", options["media_port"]))

        def onClose(self, clean: bool, code: int, reason: str) -> None:  # noqa: N802
            if self in browsers:
                browsers.remove(self)
            tell({"event": "disconnected"})

    class Commands:
        def forget(self) -> None:
            while browsers:
                browsers.pop().transport.abortConnection()

    browsers: list[Browser] = []
    socket = reactor.listenUDP(0, Udp(), "127.0.0.1", maxPacketSize=65536)
    own = f"127.0.0.1:{socket.getHost().port}"
    factory = WebSocketServerFactory(protocols=["sip"])
    factory.protocol = Browser
    listening = reactor.listenTCP(0, factory, interface="127.0.0.1")

    def received(command: dict[str, Any] | None) -> None:
        if command is None:
            reactor.callFromThread(reactor.stop)
        else:
            reactor.callFromThread(perform, Commands(), command)

    reactor.callWhenRunning(
        tell, {"event": "ready", "udp": socket.getHost().port, "ws": listening.getHost().port}
    )
    reactor.callWhenRunning(read_commands, received)
    reactor.run()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
