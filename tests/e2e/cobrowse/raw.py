"""Pages and viewers without a browser: they say over a WebSocket whatever a test wants them to say."""

import json
import re
import socket
import time
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import requests
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.extensions import PerMessageDeflate

from tests.e2e.cobrowse.conftest import PASSWORD, Server

Json = dict[str, Any]
WAIT = 15.0
NUMBERS = count(1)


class Peer:
    """One WebSocket. `got` are the messages that came, `code` is why it was closed or refused, if it was."""

    def __init__(self, url: str, origin: str, **options: Any) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), WAIT)
        if options.get("little"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._web = WSConnection(ConnectionType.CLIENT)
        self.got: list[Json] = []
        self.code: int | None = None
        self._text = ""
        self._open = False
        asked = Request(
            host=parts.netloc, target=parts.path, extensions=[PerMessageDeflate()],
            extra_headers=[(b"Origin", origin.encode())],
        )  # fmt: skip
        self.socket.sendall(self._web.send(asked))
        self.until(lambda: self._open or self.code is not None)

    def says(self, message: object) -> None:
        """Send a message as JSON."""
        self.says_text(json.dumps(message))

    def says_text(self, text: str) -> None:
        self.sends(self._web.send(TextMessage(text)))

    def sends(self, data: bytes) -> None:
        """Send bytes as they are. A server that does not listen any more is none of our concern."""
        try:
            self.socket.sendall(data)
        except OSError:
            self.code = self.code or 1006

    def until(self, holds: Callable[[], Any], within: float = WAIT) -> Any:
        """Read until something holds."""
        deadline = time.monotonic() + within
        while not (found := holds()):
            left = deadline - time.monotonic()
            kinds = [one.get("type") for one in self.got][-8:]
            assert left > 0, f"it did not come; closed: {self.code}, came: {kinds}"
            self._read(left)
        return found

    def first(self, kind: str, **parts: Any) -> Json:
        """The first message of a kind with these parts that came, or comes."""
        found: Json = self.until(lambda: next(self._of(kind, parts), None))
        return found

    def last_state(self) -> Json:
        return [one for one in self.got if one["type"] == "state"][-1]

    def closed(self) -> int:
        """Why it was closed, once it is."""
        code: int = self.until(lambda: self.code)
        return code

    def settle(self) -> None:
        """Until the server has heard everything so far."""
        before = sum(one["type"] == "pong" for one in self.got)
        self.says({"type": "ping"})
        self.until(lambda: sum(one["type"] == "pong" for one in self.got) > before)

    def end(self) -> None:
        self.socket.close()

    def _of(self, kind: str, parts: Json) -> Any:
        return (one for one in self.got if one["type"] == kind and parts.items() <= one.items())

    def _read(self, timeout: float) -> None:
        if self.code is not None:
            raise AssertionError(f"it was closed: {self.code}")
        self.socket.settimeout(timeout)
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            return
        except OSError:
            data = b""
        if not data:
            self.code = 1006
            return
        self._web.receive_data(data)
        for event in self._web.events():
            self._happened(event)

    def _happened(self, event: Any) -> None:
        if isinstance(event, AcceptConnection):
            self._open = True
        elif isinstance(event, RejectConnection):
            self.code = event.status_code
        elif isinstance(event, CloseConnection):
            self.code = event.code
        elif isinstance(event, Ping):
            self.sends(self._web.send(event.response()))
        elif isinstance(event, TextMessage | BytesMessage):
            self._text += str(event.data)
            if event.message_finished:
                self.got.append(json.loads(self._text))
                self._text = ""


class Desk:
    """Somebody who is signed in, as far as tickets go."""

    def __init__(self, server: Server, username: str) -> None:
        self.server = server
        self._web = requests.Session()
        page = self._web.get(f"{server.url}/login?lang=en").text
        token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
        assert token is not None
        form = {"csrf_token": token[1], "username": username, "password": PASSWORD}
        shell = self._web.post(f"{server.url}/login", data=form).text
        found = re.search(r'"csrf": "([^"]+)"', shell)
        assert found is not None, shell[:300]
        self._headers = {"X-CSRFToken": found[1], "Origin": server.url}

    def asks(self, contact: str) -> requests.Response:
        """Ask for a ticket."""
        address = f"{self.server.url}/api/cobrowse/{contact}/ticket"
        return self._web.post(address, json={}, headers=self._headers)

    def ticket(self, contact: str) -> tuple[str, str]:
        """A ticket, and the viewer's origin."""
        told = self.asks(contact).json()
        parts = urlsplit(told["viewer"])
        return told["ticket"], f"{parts.scheme}://{parts.netloc}"

    def leaves(self) -> None:
        """Sign out."""
        form = {"csrf_token": self._headers["X-CSRFToken"]}
        answer = self._web.post(f"{self.server.url}/logout", data=form, headers=self._headers)
        assert answer.ok, answer.status_code


def watch(origin: str) -> str:
    """The WebSocket of viewers."""
    return origin.replace("http", "ws", 1) + "/cobrowse/v1/watch"


class Scene:
    """A customer's page that is shared, and an agent who watches it: both honest, so far."""

    def __init__(self, server: Server, desk: Desk, agent: str) -> None:
        self.server, self.desk, self.contact = server, desk, f"raw-{agent}-{next(NUMBERS)}"
        self.visitor = server.do("talk", contact=self.contact, agent=agent)
        self.epoch, self.seq, self._peers = f"epoch-{next(NUMBERS)}", 0, list[Peer]()
        self.viewer = self.watches(*desk.ticket(self.contact))
        self.viewer.first("state")
        self.page = self.shares(self.visitor["token"], self.epoch)
        self.page.first("state")

    def shares(self, token: str, epoch: str, origin: str | None = None, **hello: Any) -> Peer:
        """Another page connects."""
        peer = self.peer(self.server.socket, self.server.shop if origin is None else origin)
        if peer.code is None:
            peer.says({"type": "hello", "token": token, "epoch": epoch, "tab": "t", "visible": True, **hello})
        return peer

    def watches(self, ticket: object, origin: str, as_origin: str | None = None, **options: Any) -> Peer:
        """Another viewer connects."""
        peer = self.peer(watch(origin), as_origin or origin, **options)
        if peer.code is None:
            peer.says({"type": "hello", "ticket": ticket})
        return peer

    def peer(self, url: str, origin: str, **options: Any) -> Peer:
        made = Peer(url, origin, **options)
        self._peers.append(made)
        return made

    def agrees(self, *tiers: str) -> None:
        """The agent asks, the customer agrees."""
        for tier in tiers:
            self.viewer.says({"type": "ask", "tier": tier})
            state = self.page.until(lambda: (s := self.page.last_state())["question"] and s)
            self.page.says({"type": "answer", "question": state["question"]["id"], "granted": True})
            self.viewer.until(lambda tier=tier: self.viewer.last_state()["tiers"][tier])  # type: ignore[misc]
            self.page.until(lambda: self.page.last_state()["question"] is None)

    def tells(self, *events: Json, **parts: Any) -> None:
        """The page sends its next batch."""
        self.seq += 1
        self.page.says({"type": "batch", "epoch": self.epoch, "seq": self.seq, "events": events, **parts})

    def shown(self) -> list[Json]:
        """The batches that came to the viewer."""
        return [one for one in self.viewer.got if one["type"] == "events"]

    def ends(self) -> None:
        for peer in self._peers:
            peer.end()
