"""A telephone system without media, behind a real control API and a real database, in a process of its own.

The test is the customer and the phones: `world` of the calls' tests, whose clock goes with the reactor's.
"""

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.driven import Driven, perform, read_commands, tell

TOKEN = "a-token-of-the-tests"
KEPT_EVENTS = 500


class ApiBox(Driven):
    """The process. `port` is the control API's."""

    def __init__(self, directory: Path) -> None:
        super().__init__(__file__, directory=directory)
        self.port: int = self.ready["port"]


class _Recordings:
    """Every call is recorded."""

    def __init__(self) -> None:
        self.paused: set[str] = set()

    def pause(self, contact: str) -> None:
        self.paused.add(contact)

    def resume(self, contact: str) -> None:
        from pbx.errors import WrongState

        if contact not in self.paused:
            raise WrongState("The recording is not paused.", contact=contact)
        self.paused.remove(contact)


class _Commands:
    """What the test can do; values are plain."""

    def __init__(self, reactor: Any, directory: Path) -> None:
        from sqlalchemy import create_engine
        from twisted.internet.task import LoopingCall
        from twisted.python.threadpool import ThreadPool

        from config.database import create_engine_for, session_factory
        from config.migrating import upgrade
        from config.settings import ApiSettings, DatabaseSettings
        from ivr.speech.catalogue import shipped_catalogue
        from pbx.api.composition import Parts, compose
        from pbx.api.server import ApiServer
        from pbx.cdr import CallRecords
        from pbx.db import Database
        from pbx.eventlog import EventLog
        from pbx.journal import DatabaseJournal
        from tests.center_world import World
        from tests.unit.api.test_api_views import FakeEdge

        self.reactor = reactor
        self.world = World(shipped_catalogue())
        engine = create_engine_for(
            DatabaseSettings(url=f"sqlite:///{directory / 'api.db'}", busy_timeout=0.2)
        )
        upgrade(engine)
        self._good, self._bad = (
            session_factory(engine),
            session_factory(create_engine("sqlite:////nowhere/x.db")),
        )
        pool = ThreadPool(1, 2)
        pool.start()
        reactor.addSystemEventTrigger("after", "shutdown", pool.stop)
        self._sessions: Any = self._good
        self.journal = DatabaseJournal(self._good, directory / "spool")
        self.journal.start()
        self.log = EventLog(self.world.bus, self.journal, "boot1234", KEPT_EVENTS)
        self.records = CallRecords(self.world.bus, self.journal, "boot1234")
        self.edge = FakeEdge()
        self.edge.bindings = self.world.phones.bindings  # type: ignore[attr-defined]
        parts = Parts(
            clock=self.world.clock, bus=self.world.bus, center=self.world.center, edge=self.edge,  # type: ignore[arg-type]
            recordings=_Recordings(), database=Database(reactor, pool, lambda: self._sessions(), rest=0.0),  # type: ignore[arg-type]
            log=self.log, live_legs=self.world.media.live_legs, journal_waiting=lambda: self.journal.waiting,
            reload=self._reload, utc_now=lambda: datetime.now(UTC),
        )  # fmt: skip
        self.services, _ = compose(parts)
        settings = dataclasses.replace(ApiSettings(), port=0, token=TOKEN)
        self.server = ApiServer(reactor, settings, self.services)
        self.port = self.server.start()
        LoopingCall(self._tick).start(0.005)

    def _tick(self) -> None:
        behind = self.reactor.seconds() - getattr(self, "_began", self.reactor.seconds())
        self._began = getattr(self, "_began", self.reactor.seconds())
        self.world.clock.advance(max(0.0, behind - self.world.clock.seconds()))

    async def _reload(self) -> None:
        from tests.center_world import a_catalog

        self.world.center.set_up(a_catalog())

    # --- what the test does ---------------------------------------------------------------------------------

    def customer_queues(self, leg: str) -> str:
        return self.world.customer_queues(leg).id

    def answers(self, agent: str) -> str:
        return self.world.answers(agent)

    def hangs_up(self, leg: str) -> None:
        self.world.hangs_up(leg)

    def opens_a_page(self, agent: str) -> None:
        """The agent speaks in a browser."""
        self.world.phones.pages.add(agent)

    def carrier(self) -> None:
        self.world.carrier()

    def rings(self, agent: str) -> bool:
        targets = self.world.media.dialed().values()
        return any(target.uri.startswith(f"sip:{agent}@") for target in targets)

    def status_of(self, agent: str) -> str:
        return self.world.agent(agent).status

    def happen(self, count: int, size: int = 0) -> None:
        """Events without any sense, of at least so many bytes."""
        from pbx.contract.events import PlaybackStarted

        for _ in range(count):
            event = PlaybackStarted(at=datetime.now(UTC), leg="l1", text="x" * size, language="en")
            self.world.bus.publish(event)
        self.world.turn()

    def database(self, there: bool) -> None:
        self._sessions = self._good if there else self._bad

    def break_snapshots(self) -> None:
        """A mistake in our own code."""
        board = self.world.center.roster
        board.views = lambda: [][1]  # type: ignore[method-assign]

    def ban(self, address: str, user: str) -> None:
        from pbx.sip.bans import Ban

        self.edge.banned.append(Ban(address, user, 1_800_000_000.0, 60.0, 1))

    def register(self, username: str) -> None:
        from pbx.sip.registration_store import Registration

        now = datetime.now(UTC)
        one = Registration(
            "r1", username, "sip:x@y", "c", 1, "UDP", "192.0.2.7", 5062, "192.0.2.1:5060", now, now
        )
        self.edge.bound[username] = (one,)

    def flushed(self) -> bool:
        self.world.turn()
        return self.journal.flushed(10)

    def stop_server(self) -> None:
        from twisted.internet.defer import Deferred

        Deferred.fromCoroutine(self.server.stop())


def _main() -> None:
    from twisted.internet import reactor

    commands = _Commands(reactor, Path(json.loads(sys.argv[1])["directory"]))
    tell({"event": "ready", "port": commands.port})

    def received(command: dict[str, Any] | None) -> None:
        if command is None:
            reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]
        else:
            reactor.callFromThread(perform, commands, command)  # type: ignore[attr-defined]

    read_commands(received)
    reactor.run()  # type: ignore[attr-defined]


if __name__ == "__main__":
    _main()
