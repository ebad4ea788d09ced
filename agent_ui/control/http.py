"""The control API over HTTP and a WebSocket on loopback."""

import threading
from collections.abc import Iterator, Mapping
from typing import TypeVar
from urllib.parse import quote

import gevent.socket
import requests
import websocket
from pydantic import TypeAdapter, ValidationError

from agent_ui.control.errors import ControlAway, ControlRefused
from agent_ui.control.port import CdrQuery, EventStream, RecordingsQuery
from agent_ui.control.verbs import ContactVerb, method_of
from pbx.contract.base import Schema
from pbx.contract.commands import (
    AcceptOffer,
    DeclineOffer,
    Device,
    Dial,
    JoinVisitor,
    RequestCallback,
    SetStatus,
)
from pbx.contract.events import Envelope, Reset
from pbx.contract.resources import (
    CallbackView,
    CdrView,
    DirectoryEntry,
    Problem,
    QueueStatus,
    RecordingView,
    Snapshot,
)

T = TypeVar("T")

TIMEOUT = (1.0, 5.0)
"""Seconds to connect, and to wait for an answer."""

SILENCE = 30.0
"""Seconds without anything from the stream, after a ping, that count as a lost connection."""

_STREAMED: TypeAdapter[Envelope | Reset] = TypeAdapter(Envelope | Reset)
_SNAPSHOT = TypeAdapter(Snapshot)
_CDR = TypeAdapter(CdrView)
_CDRS = TypeAdapter(tuple[CdrView, ...])
_RECORDINGS = TypeAdapter(tuple[RecordingView, ...])
_DIRECTORY = TypeAdapter(tuple[DirectoryEntry, ...])
_QUEUE_STATUS = TypeAdapter(QueueStatus)
_CALLBACK = TypeAdapter(CallbackView)


class _Kept(threading.local):
    """Each worker's own connection, kept open: a screen pop does not wait for one to be made."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands before loopback, and looking for one takes its time


class HttpControl:
    """A client of the control API at `host`:`port`, with its bearer token."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self._address = (host, port)
        shown = f"[{host}]" if ":" in host else host
        self._authority = f"{shown}:{port}"
        self._authorization = f"Bearer {token}"
        self._kept = _Kept()

    def snapshot(self) -> Snapshot:
        """GET /v1/snapshot"""
        return _understood(_SNAPSHOT, self._ask("GET", "snapshot"))

    def events(self, boot: str, since: int) -> EventStream:
        """WS /v1/events"""
        return _WebSocketStream(self._connected(f"/v1/events?boot={quote(boot, '')}&since={since}"))

    def directory(self) -> tuple[DirectoryEntry, ...]:
        """GET /v1/directory"""
        return _understood(_DIRECTORY, self._ask("GET", "directory"))

    def cdr(self, query: CdrQuery) -> tuple[CdrView, ...]:
        """GET /v1/cdr"""
        wanted = {"customer_id": query.customer_id, "caller": query.caller, "agent": query.agent}
        params = {name: value for name, value in wanted.items() if value is not None}
        return _understood(_CDRS, self._ask("GET", "cdr", params={**params, "limit": str(query.limit)}))

    def record(self, contact: str) -> CdrView:
        """GET /v1/cdr/{contact}"""
        return _understood(_CDR, self._ask("GET", f"cdr/{quote(contact, '')}"))

    def recordings(self, query: RecordingsQuery) -> tuple[RecordingView, ...]:
        """GET /v1/recordings"""
        wanted = {
            "contact": query.contact,
            "agent": query.agent,
            "since": query.since and query.since.isoformat(),
            "until": query.until and query.until.isoformat(),
            "limit": str(query.limit),
        }
        params = {name: value for name, value in wanted.items() if value is not None}
        return _understood(_RECORDINGS, self._ask("GET", "recordings", params=params))

    def set_status(self, actor: str, agent: str, status: SetStatus) -> None:
        """PUT /v1/agents/{agent}/status"""
        self._ask("PUT", f"agents/{quote(agent, '')}/status", actor, status)

    def accept(self, actor: str, offer: str, device: Device = "phone") -> None:
        """POST /v1/offers/{offer}/accept"""
        self._ask("POST", f"offers/{quote(offer, '')}/accept", actor, AcceptOffer(device=device))

    def decline(self, actor: str, offer: str, decline: DeclineOffer) -> None:
        """POST /v1/offers/{offer}/decline"""
        self._ask("POST", f"offers/{quote(offer, '')}/decline", actor, decline)

    def on_contact(self, actor: str, contact: str, verb: ContactVerb, body: Schema | None = None) -> None:
        """POST (or PUT) /v1/contacts/{contact}/{verb}"""
        self._ask(method_of(verb), f"contacts/{quote(contact, '')}/{verb}", actor, body)

    def join_visitor(self, actor: str, contact: str, join: JoinVisitor) -> None:
        """POST /v1/contacts/{contact}/visitor"""
        self._ask("POST", f"contacts/{quote(contact, '')}/visitor", actor, join)

    def queue_status(self, queue: str, number: str | None = None) -> QueueStatus:
        """GET /v1/queues/{queue}/status"""
        params = {} if number is None else {"number": number}
        return _understood(
            _QUEUE_STATUS, self._ask("GET", f"queues/{quote(queue, '')}/status", params=params)
        )

    def request_callback(self, actor: str, request: RequestCallback) -> CallbackView:
        """POST /v1/callbacks"""
        return _understood(_CALLBACK, self._ask("POST", "callbacks", actor, request))

    def callback(self, id_: str) -> CallbackView:
        """GET /v1/callbacks/{callback}"""
        return _understood(_CALLBACK, self._ask("GET", f"callbacks/{quote(id_, '')}"))

    def cancel_callback(self, actor: str, id_: str) -> None:
        """DELETE /v1/callbacks/{callback}"""
        self._ask("DELETE", f"callbacks/{quote(id_, '')}", actor)

    def dial(self, actor: str, agent: str, dial: Dial) -> None:
        """POST /v1/agents/{agent}/dial"""
        self._ask("POST", f"agents/{quote(agent, '')}/dial", actor, dial)

    def reload(self, actor: str) -> None:
        """POST /v1/reload"""
        self._ask("POST", "reload", actor)

    def _ask(
        self,
        method: str,
        path: str,
        actor: str = "",
        body: Schema | None = None,
        params: Mapping[str, str] | None = None,
    ) -> bytes:
        headers = {"Authorization": self._authorization, "Accept": "application/json"}
        if actor:
            headers["Comptoir-Actor"] = actor
        content = None if body is None else body.model_dump_json(exclude_none=True).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._kept.session.request(
                method,
                f"http://{self._authority}/v1/{path}",
                params=params,
                data=content,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ControlAway("the control API does not answer") from error
        return _answer(response)

    def _connected(self, resource: str) -> websocket.WebSocket:
        """A WebSocket over a gevent socket: waiting for it lets other greenlets run."""
        try:
            sock = gevent.socket.create_connection(self._address, timeout=TIMEOUT[0])
            connection = websocket.create_connection(
                f"ws://{self._authority}{resource}",
                header=[f"Authorization: {self._authorization}"],
                timeout=SILENCE,
                socket=sock,
                suppress_origin=True,
                skip_utf8_validation=True,  # in Python and slow; reading the JSON checks it too
            )
        except (OSError, websocket.WebSocketException) as error:
            raise ControlAway("the event stream cannot be opened") from error
        sock.settimeout(SILENCE)
        return connection


class _WebSocketStream:
    """An open WebSocket that carries events. Silence is answered with a ping; more silence ends it."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection

    def __iter__(self) -> Iterator[Envelope | Reset]:
        asked = False
        while True:
            try:
                opcode, data = self._connection.recv_data(control_frame=True)
            except websocket.WebSocketTimeoutException as error:
                if asked:
                    raise ControlAway("the event stream went silent") from error
                self._ping()
                asked = True
                continue
            except (OSError, websocket.WebSocketException) as error:
                raise ControlAway("the event stream was lost") from error
            asked = False
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise ControlAway("the event stream was closed")
            if opcode == websocket.ABNF.OPCODE_TEXT:
                yield _understood(_STREAMED, data)

    def close(self) -> None:
        """Close the socket at once."""
        self._connection.shutdown()

    def _ping(self) -> None:
        try:
            self._connection.ping()
        except (OSError, websocket.WebSocketException) as error:
            raise ControlAway("the event stream was lost") from error


def _understood(wanted: TypeAdapter[T], content: bytes) -> T:
    try:
        return wanted.validate_json(content)
    except ValidationError as error:
        raise ControlAway(f"the control API speaks another version: {error.error_count()} fields") from None


def _answer(response: requests.Response) -> bytes:
    if response.ok:
        return response.content
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        raise ControlAway(f"the control API answered {response.status_code} without a reason") from None
    raise ControlRefused(response.status_code, problem)
