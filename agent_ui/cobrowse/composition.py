"""Puts co-browsing together with the rest of the pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_socketio import SocketIO

from agent_ui.cobrowse.hub import Cobrowsing
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.cobrowse.places import Places
from agent_ui.cobrowse.surroundings import Pages
from agent_ui.cobrowse.tickets import Tickets
from agent_ui.control.port import Control
from agent_ui.realtime.feed import Feed
from agent_ui.realtime.rooms import room_of
from agent_ui.storage import Storage
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Workers
from config.settings import Settings


@dataclass(frozen=True)
class Cobrowse:
    """`start` lets time pass for the sessions and writes their records; it gives what ends that."""

    parts: CobrowseParts
    start: Callable[[], Callable[[], None]]


def new_cobrowse(
    settings: Settings,
    feed: Feed,
    visitors: Visitors,
    control: Control,
    workers: Workers,
    storage: Storage,
    socketio: SocketIO,
) -> Cobrowse:
    """Sessions on what is live."""

    def tell(state: dict[str, Any], agents: frozenset[str]) -> None:
        rooms = [room_of(agent) for agent in sorted(agents)]
        if rooms:
            socketio.emit("cobrowse", state, to=rooms)

    secret = settings.widget.token_secret
    sessions = Cobrowsing(Pages(feed, visitors, control, workers, tell), storage, secret)
    parts = CobrowseParts(sessions, Tickets(secret), Places(settings.web, secret))
    return Cobrowse(parts, sessions.start)
