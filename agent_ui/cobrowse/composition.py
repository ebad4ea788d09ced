"""Puts co-browsing together with the rest of the pages."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_socketio import SocketIO

from agent_ui.cobrowse.desks import teller
from agent_ui.cobrowse.hub import Cobrowsing
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.cobrowse.places import Places
from agent_ui.cobrowse.replay_retention import ReplayRetention
from agent_ui.cobrowse.replays import Replays, Room
from agent_ui.cobrowse.surroundings import Pages
from agent_ui.cobrowse.tickets import Tickets
from agent_ui.control.port import Control
from agent_ui.realtime.feed import Feed
from agent_ui.storage import Storage
from agent_ui.timeline.live import Timelines
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
    timelines: Timelines,
) -> Cobrowse:
    """Sessions on what is live."""
    secret = settings.widget.token_secret
    replays = Replays(_room(settings), storage.sessions)
    around = Pages(feed, visitors, control, workers, teller(socketio), timelines)
    kept = replays if settings.cobrowse.keep_replays else None
    sessions = Cobrowsing(around, storage, secret, replays=kept)
    starts = (replays.start, ReplayRetention(storage, settings).start, sessions.start)
    parts = CobrowseParts(sessions, Tickets(secret), Places(settings.web, secret))
    return Cobrowse(parts, lambda: _started(starts))


def _room(settings: Settings) -> Room:
    keeping = settings.cobrowse
    return Room(keeping.replays, keeping.replay_size, settings.recording.min_free)


def _started(starts: tuple[Callable[[], Callable[[], None]], ...]) -> Callable[[], None]:
    """Start all, in order; the returned function stops them, the last one first."""
    stops = [start() for start in starts]

    def stop() -> None:
        for one in reversed(stops):
            one()

    return stop
