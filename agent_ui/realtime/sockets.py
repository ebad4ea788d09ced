"""The pages' Socket.IO connections: who is let in, and which rooms they are in."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import gevent
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from flask_wtf.csrf import validate_csrf
from socketio.exceptions import ConnectionRefusedError as Refused
from wtforms.validators import ValidationError

from agent_ui.auth import current_visit
from agent_ui.logins.model import Login
from agent_ui.logins.sessions import Visit, valid_among
from agent_ui.realtime.broadcast import Broadcast
from agent_ui.realtime.pages import OpenPages, Page
from agent_ui.realtime.rooms import EVERYBODY, SUPERVISORS, Emit, room_of
from agent_ui.storage import Storage
from pbx.contract.base import Schema

SWEEP = 15.0
"""Seconds after which a page whose session was revoked elsewhere is disconnected at the latest."""

_log = logging.getLogger(__name__)


def new_socketio(app: Flask) -> SocketIO:
    """The Socket.IO server of an app: same origin only, on gevent."""
    return SocketIO(app, async_mode="gevent", manage_session=False, ping_interval=20, ping_timeout=20)


def emitter(socketio: SocketIO) -> Emit:
    """Sends messages to rooms."""

    def emit(name: str, message: Schema, rooms: list[str]) -> None:
        socketio.emit(name, message.model_dump(mode="json"), to=rooms)

    return emit


class Sockets:
    """Lets pages in and keeps the revoked ones out."""

    def __init__(
        self,
        socketio: SocketIO,
        pages: OpenPages,
        broadcast: Broadcast,
        storage: Storage,
        welcome: Callable[[str, Login], None],
    ) -> None:
        """`welcome` tells a new page, by its connection, of what this package knows nothing."""
        self._server: Any = socketio.server
        self._pages = pages
        self._broadcast = broadcast
        self._storage = storage
        self._welcome_too = welcome
        socketio.on_event("connect", self._connect)
        socketio.on_event("disconnect", self._disconnect)

    def drop(self, session_ids: frozenset[str]) -> None:
        """Disconnect the pages of these sessions."""
        for sid in self._pages.of_sessions(session_ids):
            self._server.disconnect(sid)

    def start_sweeping(self) -> Callable[[], None]:
        """Disconnect pages of revoked sessions from time to time; the returned function ends that."""
        sweeping = gevent.spawn(self._sweep)
        return lambda: sweeping.kill()

    def _connect(self, auth: Any = None) -> None:
        visit = current_visit()
        if visit is None or not _has_token(auth):
            raise Refused("sign in first")
        login = visit.login
        self._pages.add(Page(_sid(), visit.session_id, login.agent_id))
        join_room(EVERYBODY)
        if login.agent_id:
            join_room(room_of(login.agent_id))
        if login.sees_wallboard:
            join_room(SUPERVISORS)
        gevent.spawn(self._welcome, _sid(), visit)

    def _disconnect(self, *_: object) -> None:
        self._pages.remove(_sid())

    def _welcome(self, sid: str, visit: Visit) -> None:
        """Tell a new page how things stand."""
        if visit.login.sees_wallboard:
            self._broadcast.welcome_supervisor(sid)
        if visit.login.agent_id:
            self._broadcast.welcome_agent(visit.login.agent_id, sid)
        self._welcome_too(sid, visit.login)

    def _sweep(self) -> None:
        while True:
            gevent.sleep(SWEEP)
            try:
                present = self._pages.sessions()
                valid = self._storage.run(valid_among, present, datetime.now(UTC))
                self.drop(present - valid)
            except Exception:
                _log.exception("the sessions of the open pages could not be checked")


def _sid() -> str:
    return str(getattr(request, "sid", ""))


def _has_token(auth: object) -> bool:
    token = auth.get("csrf") if isinstance(auth, dict) else None
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True
