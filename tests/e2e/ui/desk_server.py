"""The real pages on a telephone system in memory, driven by lines of JSON: what the browser tests talk to.

`python desk_server.py DIRECTORY` keeps its database in DIRECTORY, prints one line with the port, and then
answers each line on standard input with one on standard output.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import gevent
from argon2 import PasswordHasher
from customers_in_the_shop import CALLERS, ShopSide
from gevent.event import Event
from limits.storage import MemoryStorage
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

import pbx.tables  # noqa: F401 - adding a user makes rows there
from agent_ui.app import create_app
from agent_ui.control import scene
from agent_ui.control.memory import MemoryControl
from agent_ui.control.memory_calls import ended
from agent_ui.logins.guard import SignInGuard
from agent_ui.logins.model import Preferences
from agent_ui.logins.passwords import Passwords
from agent_ui.logins.services import Actor, NewLogin, add_login
from agent_ui.logins.store import set_password_hash
from agent_ui.server import start
from agent_ui.tables import login
from config.database import create_engine_for, metadata, session_factory
from config.settings import DatabaseSettings, Settings, WebSettings
from orders.adapters import demo
from pbx.contract.events import AgentStateChanged, AgentStatusChanged, ContactChanged, QueueChanged
from pbx.contract.resources import CdrView

PASSWORD = "correct horse battery"
PEOPLE = (
    ("alice", "Alice Martin", "agent", "en"),
    ("benoit", "Benoît Girard", "agent", "fr"),
    ("carla", "Carla Nogueira", "agent", "pt"),
    ("supervisor", "Sam Supervisor", "supervisor", "en"),
    ("admin", "Ada Admin", "admin", "en"),
)
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Hashes that cost little: the tests sign in often."""

PATH = (("main", "1"), ("after_status", "0"))


class Stage:
    """The server's parts; `reset` makes them new, so that the tests can share them."""

    def __init__(self, directory: Path) -> None:
        self.sessions = _database(directory)
        self.control = MemoryControl(_telephones())
        self.control.rows.extend(_past())
        self._attempts = MemoryStorage()
        settings = Settings(web=WebSettings(secret_key="e2e " * 8))
        guard = SignInGuard(self._attempts)
        self.web = create_app(settings, self.control, self.sessions, passwords=QUICK, guard=guard)
        self.shop = ShopSide(self.web, self.sessions)

    def reset(self) -> None:
        """Everybody as at the beginning, and the pages know it."""
        with self.sessions.begin() as session:
            session.execute(delete(login))
            _people(session)
        self._attempts.reset()
        self.shop.reset()
        start = _telephones()
        self.control.starts_over(start)
        self.control.comes_back()
        self.control.rows.extend(_past())
        while self.web.feed.live.boot != start.boot or not self.web.feed.up:
            time.sleep(0.01)


def main() -> None:
    """Serve until standard input ends."""
    stage = Stage(Path(sys.argv[1]))
    port, stop = start(stage.web, "127.0.0.1", 0)
    print(json.dumps({"port": port}), flush=True)
    ended_input = Event()
    wake = gevent.get_hub().loop.async_()
    wake.start(ended_input.set)
    threading.Thread(target=_answer_lines, args=(stage, wake.send), daemon=True).start()
    ended_input.wait()
    stop()


def _answer_lines(stage: Stage, done: Callable[[], None]) -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = _answer(stage, asked.pop("do"), asked)
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer or {}), flush=True)
    done()


def _answer(stage: Stage, what: str, details: dict[str, Any]) -> Any:
    if what == "reset":
        return stage.reset()
    if what in SHOP_COMMANDS:
        return SHOP_COMMANDS[what](stage.shop, **details)
    return COMMANDS[what](stage.control, **details)


def _offer(control: MemoryControl, id: str, agent: str, caller: str | None, seconds: float = 20) -> None:
    known = CALLERS.get(caller or "")
    contact = scene.contact(
        f"contact-{id}", known.phone if known else caller, known.customer_id if known else None, PATH
    )
    earlier = datetime.now(UTC) - timedelta(seconds=42)
    contact = contact.model_copy(update={"queued_at": earlier, "started_at": earlier})
    control.offers(id, contact, agent, seconds)


def _end_offer(control: MemoryControl, id: str, state: str) -> None:
    control.ends_offer(id, state)


def _customer_hangs_up(control: MemoryControl, contact: str) -> None:
    control.happens(*ended(control.live, contact))


def _wrap_up_over(control: MemoryControl, agent: str) -> None:
    view = control.live.agents[agent].model_copy(
        update={"state": "idle", "contact": None, "wrap_up_ends": None}
    )
    control.happens(AgentStateChanged(at=datetime.now(UTC), agent=view))


def _phone(control: MemoryControl, agent: str, registered: bool) -> None:
    view = control.live.agents[agent].model_copy(update={"phone_registered": registered})
    control.happens(AgentStatusChanged(at=datetime.now(UTC), agent=view))


def _waiting(control: MemoryControl, count: int) -> None:
    now = datetime.now(UTC)
    view = control.live.queues["sales"].model_copy(
        update={"waiting": count, "longest_wait_since": now - timedelta(seconds=75) if count else None}
    )
    control.happens(QueueChanged(at=now, queue=view))


def _busy_floor(control: MemoryControl) -> None:
    for number, caller in enumerate(("+447700900111", "+33698765432", "+351912345678")):
        contact = scene.contact(f"floor-{number}", caller)
        control.happens(ContactChanged(at=datetime.now(UTC), contact=contact.id, view=contact))


def _commands(control: MemoryControl) -> dict[str, Any]:
    return {
        "commands": [
            [actor, what, on, body.model_dump(mode="json") if body else None]
            for actor, what, on, body in control.commands
        ]
    }


COMMANDS: Mapping[str, Callable[..., Any]] = {
    "offer": _offer,
    "end_offer": _end_offer,
    "customer_hangs_up": _customer_hangs_up,
    "wrap_up_over": _wrap_up_over,
    "phone": _phone,
    "waiting": _waiting,
    "busy_floor": _busy_floor,
    "commands": _commands,
    "away": lambda control: control.goes_away(),
    "back": lambda control, boot=None: control.comes_back(boot),
}


SHOP_COMMANDS: Mapping[str, Callable[..., Any]] = {
    "visits": ShopSide.visits,
    "goes_to": ShopSide.goes_to,
    "leaves": ShopSide.leaves,
    "puts_in": ShopSide.puts_in,
    "shows_code": ShopSide.shows_code,
    "cart": ShopSide.cart,
    "told": ShopSide.told,
}


def _database(directory: Path) -> sessionmaker[Session]:
    engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{directory / 'desk.db'}"))
    metadata.create_all(engine)
    sessions = session_factory(engine)
    with sessions.begin() as session:
        demo.load(session)
        _people(session)
    return sessions


def _people(session: Session) -> None:
    stored = QUICK.hash(PASSWORD)
    for username, name, role, language in PEOPLE:
        agent = username if role == "agent" else None
        new = NewLogin(username, name, role, agent, Preferences(language=language, ring_sound=False))
        made = add_login(session, QUICK, new, Actor("test"), datetime.now(UTC))
        set_password_hash(session, made.login.id, stored, must_change=False)


def _telephones() -> Any:
    agents = [
        scene.agent("alice", "Alice Martin"),
        scene.agent("benoit", "Benoît Girard"),
        scene.agent("carla", "Carla Nogueira").model_copy(
            update={"status": "on_break", "pause_reason": "lunch"}
        ),
    ]
    figures = {
        "agents_available": 2,
        "agents_on_break": 1,
        "answered": 48,
        "abandoned": 3,
        "service_level": 0.91,
        "average_speed_of_answer": 12.0,
        "average_handle_time": 214.0,
    }
    queue = scene.queue("sales", "Sales").model_copy(update=figures)
    return scene.snapshot(agents, [queue]).model_copy(update={"boot": uuid4().hex})


def _past() -> list[CdrView]:
    """What happened before: to the demonstration's callers, and on Alice's own day."""
    now = datetime.now(UTC)
    rows = []
    for number, (language, caller) in enumerate(CALLERS.items()):
        for age, talk, disposition, note in (
            (timedelta(minutes=25 + number * 31), 184.0, "informed", "Asked when the parcel will arrive."),
            (timedelta(days=9 + number), 402.0, "sold", "Ordered by phone, wanted an invoice."),
        ):
            started = now - age
            rows.append(
                CdrView(
                    contact=f"past-{language}-{int(talk)}",
                    channel="voice",
                    direction="inbound",
                    caller=caller.phone,
                    called="4000",
                    customer_id=caller.customer_id,
                    language=language,
                    queue="sales",
                    agent="alice",
                    started_at=started,
                    answered_at=started + timedelta(seconds=14),
                    ended_at=started + timedelta(seconds=14 + talk),
                    wait_seconds=14.0,
                    talk_seconds=talk,
                    outcome="answered",
                    disposition=disposition,
                    note=note,
                )
            )
    return rows


if __name__ == "__main__":
    main()
