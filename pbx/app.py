"""The composition root: the only file that names concrete classes, builds them, starts and stops them."""

import fcntl
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname
from typing import IO, Any
from uuid import uuid4

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThread, deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from config.certificates import make_if_missing
from config.database import create_engine_for, session_factory
from config.settings import Settings
from ivr.speech.catalogue import shipped_catalogue
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.pricing import usual_rules
from pbx import boot, restoring
from pbx.api.composition import Parts, compose
from pbx.api.server import ApiServer
from pbx.background import start
from pbx.bus import Bus
from pbx.calls.lookups import ShopLookups
from pbx.calls.speaking import fixed_segments
from pbx.catalog import Catalog, load_catalog
from pbx.cdr import CallRecords
from pbx.center import Center, Ports
from pbx.db import Database
from pbx.edge_ports import CatalogDirectory, EdgePhones, EdgeTrunks
from pbx.errors import DatabaseAway, Overloaded
from pbx.eventlog import EventLog
from pbx.interpreter import Collector, favour_reactor
from pbx.journal import DatabaseJournal
from pbx.media.music import beep, hold_music
from pbx.media.prompts import RenderedPrompts
from pbx.media.stack import MediaStack
from pbx.media.tts import CommandVoice
from pbx.recorded_contacts import RecordedContacts
from pbx.recording import Recordings
from pbx.recording_sql import SqlRecordingStore
from pbx.retention import Retention
from pbx.settings import (
    edge_secret,
    edge_settings,
    house_account,
    needs_certificate,
    origins,
    own_origins,
    policy,
    token_reader,
)
from pbx.setup.prompts import folder as recorded_prompts
from pbx.sip.edge import Edge
from pbx.sip.events import EndpointRegistered, EndpointUnregistered, PeerLost, PeerReturned
from pbx.sip.registration_sql import SqlRegistrationStore
from pbx.status_records import StatusRecords
from pbx.trunk_accounts import TrunkAccounts
from pbx.voicemail import VoicemailBox
from pbx.webhooks import HttpWebhooks

_log = Logger()
HEARTBEAT_SECONDS = 5.0
SPOOL_SECONDS = 30.0
"""For the rows that an earlier process left on disk."""
LEGS_PER_CALL = 2


class AlreadyRunning(Exception):
    """Another `comptoir pbx` holds this state directory."""

    id = "pbx.already_running"


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Application:
    """One telephone system, from `start` to `stop`."""

    def __init__(self, reactor: Any, settings: Settings) -> None:
        self._reactor = reactor
        self._settings = settings
        self._boot = uuid4().hex
        self._lock: IO[str] | None = None
        self._messages = shipped_catalogue()
        self._trunk_accounts: TrunkAccounts | None = None
        self._stops: list[Callable[[], Any]] = []

    async def start(self) -> None:
        """Bring everything up, outermost last: nobody can call before a call can be handled."""
        settings = self._settings
        state = settings.paths.state_dir
        self._lock = _node_lock(state)
        self._bus = Bus(self._reactor)
        self._open_database()
        await self._begin_boot()
        self._start_media()
        self._music = await deferToThread(
            hold_music, settings.prompts.cache_dir, settings.media.music_on_hold
        )
        self._beep = await deferToThread(beep, settings.prompts.cache_dir)
        await self._make_certificate()
        self._edge = self._make_edge()
        self._build_center()
        await self._open_recordings()
        await self.reload()
        await self._restore()
        collector = Collector(self._reactor, lambda: not self._media.live_legs())
        self._stops += [favour_reactor(), collector.start()]
        await self._edge.start()
        await self._start_trunks()
        self._listen_to_phones()
        self._start_api()
        _log.info("The telephone system is ready")

    async def stop(self) -> None:
        """Take no new calls, end those there are, write everything down."""
        self._edge.drain()
        await self._api.stop()
        for call in tuple(self.center.switchboard.calls.values()):
            self.center.switchboard.end(call, "failed", "the telephone system was stopped")
        await self._recordings.finish()
        await self._media.stop()
        for stop in reversed(self._stops):
            stop()
        await self._edge.stop()
        await deferToThread(self._journal.stop)
        try:
            await self._database.run(lambda session: boot.end(session, self._boot, utc_now()))
        except DatabaseAway:
            _log.warn("The database is away; the next start closes this process's records")
        self._pool.stop()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.close()

    async def reload(self) -> None:
        """Read what the administrator set up. No call is lost."""
        catalog: Catalog = await self._database.run(load_catalog, timeout=30.0)
        self.center.set_up(catalog)
        if self._trunk_accounts is not None:
            await self._trunk_accounts.set_up(catalog.trunks)
        await self._edge.reload_certificate()
        for flow in catalog.flows.values():
            said = fixed_segments(self._messages.with_own(flow.texts), flow.languages)
            start(self._prompts.warm(said), "warm prompts")

    # --- the parts ------------------------------------------------------------------------------------------

    def _open_database(self) -> None:
        self._engine = create_engine_for(self._settings.database)
        self._sessions = session_factory(self._engine)
        self._pool = ThreadPool(1, self._settings.database.pool_size, "database")
        self._pool.start()
        self._database = Database(self._reactor, self._pool, self._sessions)
        self._journal = DatabaseJournal(self._sessions, self._settings.paths.state_dir / "journal.jsonl")

    async def _begin_boot(self) -> None:
        self._journal.start()
        await deferToThread(self._journal.flushed, SPOOL_SECONDS)  # before what they opened is closed
        node, now = gethostname(), utc_now()
        closed = await self._database.run(
            lambda session: boot.begin(session, self._boot, node, now), timeout=60.0
        )
        if closed:
            _log.warn("{count} contacts of a process that died were closed", count=closed)
        beating = LoopingCall(self._beat)
        beating.clock = self._reactor
        beating.start(HEARTBEAT_SECONDS, now=False)
        self._stops.append(beating.stop)

    def _beat(self) -> None:
        start(self._database.run(lambda session: boot.heartbeat(session, self._boot, utc_now())), "heartbeat")

    def _start_media(self) -> None:
        sip, media = self._settings.sip, self._settings.media
        self._media = MediaStack(
            self._reactor, self._bus, media,
            session_expires=int(sip.session_expires), min_se=int(sip.min_se),
        )  # fmt: skip
        self._media.start()

    async def _make_certificate(self) -> None:
        """Phones and browsers can connect over TLS from the first start on."""
        if needs_certificate(self._settings.sip) and await deferToThread(make_if_missing, self._settings):
            _log.info("A self-signed certificate was made: {path}", path=self._settings.sip.tls_certificate)

    def _make_edge(self) -> Edge:
        settings = self._settings
        self._directory = CatalogDirectory(self._catalog, PhoneNumberParser(), settings.ivr.region)
        return Edge(
            self._reactor,
            edge_settings(settings),
            directory=self._directory,
            store=SqlRegistrationStore(self._engine, self._in_database_thread),
            secret=edge_secret(settings.sip),
            media={profile: ("127.0.0.1", port) for profile, port in self._media.ports.items()},
            bus=self._bus,
            read_token=token_reader(settings.webrtc),
            origins=origins(own_origins(settings), lambda: self._catalog().site_origins),
            admission=self._admission,
            on_forwarded=self._media.poll_now,
        )

    def _build_center(self) -> None:
        settings = self._settings
        self._prompts = RenderedPrompts(
            self._reactor,
            CommandVoice(self._reactor, settings.prompts),
            cache=settings.prompts.cache_dir,
            recorded=recorded_prompts(settings),
            rate=settings.media.clock_rate,
            in_thread=deferToThread,
        )
        self._prompts.start()
        self._stops.append(self._prompts.stop)
        self.events = EventLog(self._bus, self._journal, self._boot, settings.api.event_buffer)
        self._records = CallRecords(self._bus, self._journal, self._boot)
        self._statuses = StatusRecords(self._bus, self._journal)
        self.center = Center(
            self._ports(),
            policy(settings.acd, settings.ivr, settings.webrtc),
            self._messages,
            random.Random(),  # noqa: S311 - it spreads offers, it guards nothing
            self._boot,
        )
        self._stops += [self._records.stop, self._statuses.stop, self.events.stop, self.center.stop]

    async def _open_recordings(self) -> None:
        settings = self._settings.recording
        self._recordings = Recordings(
            self._reactor, self._bus, self.center.switchboard.media, SqlRecordingStore(self._database), settings,
            in_thread=deferToThread, now=utc_now,
        )  # fmt: skip
        self.recorded = RecordedContacts(self.center.switchboard, self._recordings, self._catalog)
        retention = Retention(
            self._reactor, self._database, settings.retention, in_thread=deferToThread, now=utc_now
        )
        self._stops += [await self._recordings.open(), self.recorded.stop, retention.start()]

    def _ports(self) -> Ports:
        numbers = PhoneNumberParser()
        region = self._settings.ivr.region
        edge = self._edge
        lookups = ShopLookups(
            self._database, lambda session: SqlUnitOfWork(lambda: session), numbers, region, usual_rules(),
            today=lambda: utc_now().astimezone().date(), timeout=self._settings.ivr.lookup_timeout,
        )  # fmt: skip
        return Ports(
            clock=self._reactor, bus=self._bus, media=self._media, prompts=self._prompts, lookups=lookups,
            webhooks=HttpWebhooks(self._reactor), voicemails=self._voicemails,
            phones=EdgePhones(lambda: edge), trunks=self._trunks(),
            journal=self._journal, numbers=numbers, utc_now=utc_now, music=self._music_for,
            admit=self._admit,
        )  # fmt: skip

    def _trunks(self) -> EdgeTrunks:
        settings = self._settings
        house = house_account(settings.sip, settings.ivr.region)
        return EdgeTrunks(self._reactor, self._bus, lambda: self._edge, self._directory, self._catalog, house)

    def _voicemails(self, switchboard: Any) -> VoicemailBox:
        return VoicemailBox(
            self._reactor, switchboard, self._journal, self._settings.recording.directory,
            beep=lambda: self._beep, room_for=self._has_disk_space,
        )  # fmt: skip

    async def _start_trunks(self) -> None:
        sip = self._settings.sip
        port = self._edge.udp_addresses[0][1]
        self._trunk_accounts = TrunkAccounts(
            self._media, self._edge, sip.advertised_address, port, deferToThread,
            tls_port=next((at[1] for at in self._edge.stream_addresses("TLS")), 0),
        )  # fmt: skip
        await self._trunk_accounts.set_up(self._catalog().trunks)

    async def _restore(self) -> None:
        promises, statuses = await self._database.run(restoring.load, timeout=30.0)
        self.center.restore(promises, statuses)

    def _start_api(self) -> None:
        parts = Parts(
            clock=self._reactor, bus=self._bus, center=self.center, edge=self._edge,
            recordings=self.recorded, database=self._database, log=self.events,
            live_legs=self._media.live_legs, journal_waiting=lambda: self._journal.waiting,
            reload=self.reload, utc_now=utc_now,
        )  # fmt: skip
        services, stops = compose(parts)
        self._stops += stops
        self._api = ApiServer(self._reactor, self._settings.api, services)
        self._api.start()

    # --- glue -----------------------------------------------------------------------------------------------

    def _catalog(self) -> Catalog:
        return self.center.catalog() if hasattr(self, "center") else Catalog()

    def _music_for(self, queue: str | None) -> Path:
        row = self._catalog().queues.get(queue or "")
        return Path(row.music) if row is not None and row.music else self._music

    def _admit(self) -> None:
        """Raises Overloaded when there is no room for one more call."""
        if self._media.live_legs() >= LEGS_PER_CALL * self._settings.media.admit_calls:
            raise Overloaded("All lines are in use.", retry_after=random.randint(5, 15))  # noqa: S311

    def _admission(self) -> Overloaded | None:
        try:
            self._admit()
        except Overloaded as error:
            return error
        return None

    def _has_disk_space(self) -> bool:
        settings = self._settings.recording
        return shutil.disk_usage(settings.directory).free >= settings.min_free

    def _in_database_thread(self, work: Callable[[], Any]) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._pool, work)

    def _listen_to_phones(self) -> None:
        dispatch, absences = self.center.dispatch, self.center.absences
        self._stops += [
            self._bus.subscribe(PeerLost, lambda event: absences.lost(event.username)),
            self._bus.subscribe(PeerReturned, lambda event: absences.returned(event.username)),
            self._bus.subscribe(
                EndpointRegistered, lambda event: dispatch.phone_reachable(event.username, True)
            ),
            self._bus.subscribe(
                EndpointUnregistered, lambda event: dispatch.phone_reachable(event.username, False)
            ),
        ]
        for agent in self.center.roster.views():
            dispatch.phone_reachable(agent.phone, bool(self._edge.bindings(agent.phone)))


def _node_lock(state_dir: Path) -> IO[str]:
    """Hold the node: two telephone systems on one state directory would close each other's contacts."""
    state_dir.mkdir(parents=True, exist_ok=True)
    file = (state_dir / "pbx.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise AlreadyRunning(f"A telephone system runs already with {state_dir}; stop it first") from None
    return file


def serve(reactor: Any, settings: Settings) -> int:
    """Run until a signal comes; 1 when it cannot start."""
    application = Application(reactor, settings)
    code = 0

    async def begin() -> None:
        nonlocal code
        try:
            await application.start()
        except Exception:
            code = 1
            _log.failure("The telephone system cannot start")
            reactor.stop()

    async def finish() -> None:
        if code == 0:
            await application.stop()

    reactor.callWhenRunning(lambda: start(begin(), "start"))
    reactor.addSystemEventTrigger("before", "shutdown", lambda: start(finish(), "stop"))
    reactor.run()
    return code
