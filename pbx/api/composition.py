"""The API's services from the parts of a running process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.acd.figures import QueueBoard
from pbx.acd.queue_status import QueueStatuses
from pbx.api.directory import directory
from pbx.api.edge_views import BanList, registrations
from pbx.api.health import Health
from pbx.api.metrics import Gauges, Metrics
from pbx.api.records import DatabaseHistory
from pbx.api.services import ApiServices, Log, Recordings, Work
from pbx.api.snapshot import Live
from pbx.bus import Bus, Stop
from pbx.calls.click_to_dial import ClickToDial
from pbx.center import Center
from pbx.clock import Clock
from pbx.contract.events import ConfigurationReloaded
from pbx.db import Database
from pbx.sip.edge import Edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What pbx.app has built. `journal_waiting`: rows not yet written; `reload`: Application.reload."""

    clock: Clock
    bus: Bus
    center: Center
    edge: Edge
    recordings: Recordings
    database: Database
    log: Log
    live_legs: Callable[[], int]
    journal_waiting: Callable[[], int]
    reload: Callable[[], Work]
    utc_now: Callable[[], datetime]


def compose(parts: Parts) -> tuple[ApiServices, list[Stop]]:
    """The services, and what ends the parts of them that listen."""
    center, edge = parts.center, parts.edge
    board = QueueBoard(parts.clock, parts.utc_now, parts.bus, center.acd, center.catalog)
    live = Live(center, board, parts.log, parts.utc_now)
    bans = BanList(edge)
    metrics = Metrics(parts.bus, live.snapshot, _gauges(parts))
    services = ApiServices(
        calls=center.control,
        absences=center.absences,
        desk=center.dispatch,
        dialer=_dialer(center),
        recordings=parts.recordings,
        log=parts.log,
        history=DatabaseHistory(parts.database),
        bans=bans,
        snapshot=live.snapshot,
        contact=live.contact,
        callbacks=center.dispatch.requests,
        queue_status=QueueStatuses(parts.clock, parts.utc_now, center.acd, center.catalog).of,
        directory=lambda: directory(
            center.catalog(), center.roster.views(), lambda name: bool(edge.bindings(name))
        ),
        registrations=lambda: registrations(edge, center.catalog().endpoints),
        health=_health(parts).view,
        metrics=metrics.text,
        reload=lambda: _reload(parts),
    )
    return services, [board.start(), metrics.stop]


async def _reload(parts: Parts) -> None:
    """Everybody who keeps a snapshot takes another one."""
    await parts.reload()
    parts.bus.publish(ConfigurationReloaded(at=parts.utc_now()))


def _dialer(center: Center) -> ClickToDial:
    return ClickToDial(
        center.switchboard, center.conversations, center.dialing, center.dispatch, center.catalog
    )


def _gauges(parts: Parts) -> Gauges:
    return Gauges(
        live_legs=parts.live_legs,
        journal_waiting=parts.journal_waiting,
        stream_last=lambda: parts.log.last,
        registered_phones=lambda: len(parts.edge.registered()),
        bans=lambda: len(parts.edge.bans()),
    )


def _health(parts: Parts) -> Health:
    return Health(
        boot=parts.log.boot,
        started_at=parts.utc_now(),
        database_away=lambda: parts.database.away,
        journal_waiting=parts.journal_waiting,
        live_legs=parts.live_legs,
    )
