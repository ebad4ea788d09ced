"""The real pages with a telephone system in memory, and a small shop of another origin: what the browser tests use.

`python cobrowse_server.py DIRECTORY` prints one line with the ports, and answers each line of JSON on standard
input with one on standard output. Logs go to standard error.
"""

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any

import gevent
from argon2 import PasswordHasher
from gevent.event import Event
from gevent.pywsgi import WSGIServer
from limits.storage import MemoryStorage
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import pbx.tables  # noqa: F401 - adding a user makes rows there
from agent_ui.app import create_app
from agent_ui.cobrowse.parts import DIST
from agent_ui.cobrowse.replay_store import replays_of, watches_of
from agent_ui.cobrowse.store import consent_of, set_policy
from agent_ui.cobrowse.tables import cobrowse_session
from agent_ui.control import scene
from agent_ui.control.memory import MemoryControl
from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.model import Preferences
from agent_ui.logins.passwords import Passwords
from agent_ui.logins.services import Actor, NewLogin, add_login
from agent_ui.logins.store import set_password_hash
from agent_ui.server import start
from agent_ui.widget.files import WidgetFiles
from agent_ui.widget.tokens import VisitorClaims
from config.database import create_engine_for, metadata, session_factory
from config.settings import (
    CobrowseSettings,
    DatabaseSettings,
    RecordingSettings,
    Settings,
    WebSettings,
    WidgetSettings,
)
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.site import Site, SiteNumber
from pbx.contract.events import ContactChanged, ContactEnded
from pbx.contract.resources import CdrView, RecordingView

PASSWORD = "correct horse battery"
SITE_KEY = "key"
PEOPLE = (
    ("alice", "Alice Martin", "agent"),
    ("benoit", "Benoît Girard", "agent"),
    ("sam", "Sam Supervisor", "supervisor"),
)
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
SHOP = Path(__file__).with_name("shop")
MODULES = Path(__file__).parents[3] / "agent_ui" / "web" / "node_modules"
SHARE = (
    "name:email", "name:first_name", "name:city", "name:note", "name:gift", "name:speed", "name:nickname",
    "id:country",
)  # fmt: skip
PAY = ("id:pay",)


class Shop:
    """Serves the test pages, and the customer's side of co-browsing as they load it; `pages` has the widget."""

    def __init__(self) -> None:
        self.pages = ""
        self._server = WSGIServer(("127.0.0.1", 0), self._answer, log=None)
        self._server.start()
        self.port = int(self._server.server_port)

    def stop(self) -> None:
        self._server.stop(timeout=1)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        file = self._file(str(environ["PATH_INFO"]))
        if file is None or not file.is_file():
            start_response("404 Not Found", [])
            return [b""]
        kind = guess_type(file.name)[0] or "text/html"
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")]
        start_response("200 OK", headers)
        tag = WidgetFiles().tag(self.pages, SITE_KEY) or ""
        return [file.read_bytes().replace(b"<!-- widget -->", tag.encode())]

    def _file(self, path: str) -> Path | None:
        if path == "/capture.js":
            entry = json.loads((DIST / ".vite" / "manifest.json").read_text())["src/cobrowse/capture/page.ts"]
            return Path(DIST / entry["file"])
        if path.startswith("/node_modules/"):
            return MODULES / path.removeprefix("/node_modules/")
        name = Path(path).name
        return DIST / "assets" / name if (DIST / "assets" / name).exists() else SHOP / name


class OpenPage:
    """A page of the widget, as far as visitors know of it."""

    def send(self, message: dict[str, object]) -> None:
        """Nothing listens."""

    def close(self) -> None:
        """Nothing to close."""


class Stage:
    """The server's parts."""

    def __init__(self, directory: Path) -> None:
        self.shop = Shop()
        self.sessions = _database(directory, f"http://127.0.0.1:{self.shop.port}")
        agents = [scene.agent(name, shown) for name, shown, role in PEOPLE if role == "agent"]
        self.control = MemoryControl(scene.snapshot(agents))
        widget = WidgetSettings(token_secret="widget " * 6)
        settings = Settings(
            web=WebSettings(secret_key="e2e " * 8),
            widget=widget,
            recording=RecordingSettings(min_free=0),
            cobrowse=CobrowseSettings(keep_replays=True, replays=directory / "replays"),
        )
        self._attempts = MemoryStorage()
        guard = SignInGuard(self._attempts)
        self.web = create_app(settings, self.control, self.sessions, passwords=QUICK, guard=guard)

    @property
    def services(self) -> Any:
        return self.web.app.extensions["comptoir"]

    def talk(
        self, contact: str, agent: str = "alice", language: str = "en", page: bool = True
    ) -> dict[str, Any]:
        """An agent speaks with a customer whose page is open; gives what the page needs."""
        self._attempts.reset()
        visitor = self.services.visitors.arrive("shop", language, None)
        if page:
            self.services.visitors.opened(visitor.id, OpenPage())
        token = self.services.widget.tokens.make(VisitorClaims(visitor.id, "shop", visitor.language))
        self.calls(contact, visitor.id if page else None, agent)
        return {"visitor": visitor.id, "token": token}

    def calls(self, contact: str, visitor: str | None, agent: str = "alice") -> None:
        """An agent speaks with somebody: with the visitor of a page, or with a voice on a telephone."""
        self._attempts.reset()
        for earlier in [one for one in self.control.live.contacts.values() if one.agent == agent]:
            self.hang_up(earlier.id)
        who = self.control.live.agents[agent]
        view = scene.contact(contact).model_copy(
            update={
                "state": "talking",
                "agent": agent,
                "visitor": visitor,
                "recording": "recording",
                "participants": (scene.customer_leg(contact, "x"), scene.agent_leg(contact, who)),
            }
        )
        self._happens(ContactChanged(at=datetime.now(UTC), contact=contact, view=view))

    def latest(self) -> dict[str, Any]:
        """The visitor who came last."""
        return {"visitor": next(reversed(self.services.visitors._visitors))}

    def stranger(self) -> dict[str, Any]:
        """Somebody who only looks at the shop."""
        visitor = self.services.visitors.arrive("shop", "en", None)
        return {"token": self.services.widget.tokens.make(VisitorClaims(visitor.id, "shop", "en"))}

    def hang_up(self, contact: str) -> None:
        """The contact ends."""
        now = datetime.now(UTC)
        self._happens(ContactEnded(at=now, contact=contact, outcome="answered", reason="customer_hung_up"))

    def records(self, contact: str) -> dict[str, Any]:
        """What is on record of a contact."""
        with self.sessions() as session:
            consent = [[row.action, row.by, row.tier] for row in consent_of(session, contact)]
            rows = session.execute(
                select(cobrowse_session).where(cobrowse_session.c.contact == contact)
            ).all()
        return {"consent": consent, "sessions": [[row.end_reason, row.stripped] for row in rows]}

    def recorded(self, contact: str, path: str, began: float, seconds: float, pauses: Any = ()) -> None:
        """The telephone system has recorded the contact."""
        at = datetime.fromtimestamp(began, UTC)
        self.control.rows.append(
            CdrView(
                contact=contact, channel="voice", direction="inbound", caller="+33639980001", called="4000",
                language="en", queue="sales", agent="alice", started_at=at, ended_at=datetime.now(UTC),
            )
        )  # fmt: skip
        self.control.recorded.append(
            RecordingView(
                id=f"recording-{contact}", contact=contact, kind="call", state="finished", path=path,
                started_at=at, ended_at=datetime.now(UTC), seconds=seconds, pauses=pauses,
            )
        )  # fmt: skip

    def kept(self, contact: str) -> dict[str, Any]:
        """The replays of a contact, as they stand, and who watched and heard what of it."""
        with self.sessions() as session:
            replays = [[one.session, one.state, one.file] for one in replays_of(session, [contact])]
            watched = [[one.login, one.action, one.subject] for one in watches_of(session, contact)]
        return {"replays": replays, "watched": watched}

    def commands(self) -> dict[str, Any]:
        """What was asked of the telephone system."""
        return {"commands": [[actor, what, on] for actor, what, on, _ in self.control.commands]}

    def later(self, seconds: float) -> None:
        """So much time passes for the sessions, at once."""
        sessions = self.services.cobrowse.sessions
        earlier = sessions._clock
        sessions._clock = lambda: earlier() + seconds
        sessions._tick()

    def drop(self, contact: str) -> None:
        """Cut the connections of the contact's pages and viewers, in the middle of whatever they say."""
        session = self.services.cobrowse.sessions.of_contact(contact)
        for one in (*session.showing.pages.values(), *session.showing.viewers):
            connection = getattr(one.out, "__self__", None)
            if connection is not None:
                connection._connection.shutdown(2)

    def wire(self) -> dict[str, Any]:
        """Process figures."""
        fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
        return {"rss_kb": int(fields["VmRSS"].split()[0])}

    def _happens(self, *events: Any) -> None:
        self.control.happens(*events)
        while self.web.feed.live.seq != self.control.live.seq:
            gevent.sleep(0.005)


def main() -> None:
    """Serve until standard input ends."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    stage = Stage(Path(sys.argv[1]))
    port, stop = start(stage.web, "127.0.0.1", 0)
    stage.shop.pages = f"http://127.0.0.1:{port}"
    while not stage.web.feed.up:
        gevent.sleep(0.01)
    print(json.dumps({"port": port, "shop": stage.shop.port}), flush=True)
    lines: list[str] = []
    over, wake = Event(), gevent.get_hub().loop.async_()
    wake.start(lambda: gevent.spawn(_answer_all, stage, lines, over))
    threading.Thread(target=_read, args=(lines, wake.send), daemon=True).start()
    over.wait()
    stop()
    stage.shop.stop()


def _read(lines: list[str], wake: Callable[[], None]) -> None:
    for line in sys.stdin:
        lines.append(line)
        wake()
    lines.append("")
    wake()


def _answer_all(stage: Stage, lines: list[str], over: Event) -> None:
    while lines:
        line = lines.pop(0)
        if not line:
            over.set()
            return
        asked = json.loads(line)
        try:
            answer = getattr(stage, asked.pop("do"))(**asked)
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer or {}), flush=True)


def _database(directory: Path, origin: str) -> sessionmaker[Session]:
    engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{directory / 'pages.db'}"))
    metadata.create_all(engine)
    sessions = session_factory(engine)
    site = Site(
        "shop", SITE_KEY, "Test shop", (origin,), (SiteNumber("en", "+3310000"),), "sales", "FR", "s" * 32
    )
    with SqlUnitOfWork(sessions) as uow:
        uow.sites.save(site)
        uow.commit()
    with sessions.begin() as session:
        set_policy(session, "shop", SHARE, PAY, datetime.now(UTC))
        for username, name, role in PEOPLE:
            agent = username if role == "agent" else None
            new = NewLogin(username, name, role, agent, Preferences(language="en", ring_sound=False))  # type: ignore[arg-type]
            made = add_login(session, QUICK, new, Actor("test"), datetime.now(UTC))
            set_password_hash(session, made.login.id, QUICK.hash(PASSWORD), must_change=False)
    return sessions


if __name__ == "__main__":
    main()
