"""Tells the pages of agents and supervisors how the sessions stand, over their Socket.IO connections."""

from collections.abc import Callable
from typing import Any

from flask_socketio import SocketIO

from agent_ui.cobrowse.hub import Cobrowsing
from agent_ui.logins.model import Login
from agent_ui.realtime.rooms import SUPERVISORS, room_of

MESSAGE = "cobrowse"


def teller(socketio: SocketIO) -> Callable[[dict[str, Any], frozenset[str]], None]:
    """Tells a session's state to these agents' desks, and to all supervisors."""

    def tell(state: dict[str, Any], agents: frozenset[str]) -> None:
        socketio.emit(MESSAGE, state, to=[*(room_of(agent) for agent in sorted(agents)), SUPERVISORS])

    return tell


def welcomer(socketio: SocketIO, sessions: Cobrowsing) -> Callable[[str, Login], None]:
    """Tells a page that has just connected all sessions of which it may know."""

    def welcome(sid: str, login: Login) -> None:
        seen = sessions.seen_by(None if login.sees_wallboard else login.agent_id or "")
        for contact, state in seen.items():
            socketio.emit(MESSAGE, {"contact": contact, **state}, to=sid)

    return welcome
