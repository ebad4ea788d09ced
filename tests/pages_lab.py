"""The pages on a telephone system in memory, within the test's process."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from agent_ui.app import create_app
from agent_ui.assets import Assets
from agent_ui.control import scene
from agent_ui.control.memory import MemoryControl
from agent_ui.logins.model import Role
from agent_ui.logins.passwords import Passwords
from agent_ui.logins.services import Actor, NewLogin, add_login
from agent_ui.logins.store import set_password_hash
from config.database import create_engine_for, metadata, session_factory
from config.settings import CobrowseSettings, DatabaseSettings, Settings, WebrtcSettings, WebSettings

PASSWORD = "four unrelated words"
TOKEN = re.compile(r'name="csrf_token" type="hidden" value="([^"]+)"')
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Person:
    """A browser, signed in or not."""

    def __init__(self, lab: "PagesLab", client: FlaskClient) -> None:
        self._lab = lab
        self.client = client

    @property
    def csrf(self) -> str:
        """The token of the page's script."""
        found = re.search(r'"csrf": "([^"]+)"', self.client.get("/", follow_redirects=True).text)
        assert found is not None
        return found[1]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> TestResponse:
        """What the page's script does."""
        headers = {"X-CSRFToken": self.csrf}
        return self.client.open(path, method=method, json=body or {}, headers=headers)

    def opens_page(self, csrf: str | None = None) -> SocketIOTestClient:
        """The page's connection; it has been told how things stand once this returns."""
        token = self.csrf if csrf is None else csrf
        page = self._lab.web.socketio.test_client(
            self._lab.web.app, flask_test_client=self.client, auth={"csrf": token}
        )
        return page


class PagesLab:
    """An app with its database, its feed running, and people who may sign in."""

    SECRET = "s" * 32

    def __init__(self, directory: Path, **web: Any) -> None:
        engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{directory / 'pages.db'}"))
        metadata.create_all(engine)
        self.sessions = session_factory(engine)
        agents = [scene.agent("alice"), scene.agent("benoit"), scene.agent("carla")]
        self.control = MemoryControl(scene.snapshot(agents))
        settings = Settings(
            web=WebSettings(secret_key=self.SECRET, **web),
            webrtc=WebrtcSettings(token_secret=self.SECRET),
            cobrowse=CobrowseSettings(replays=directory / "replays"),
        )
        self.web = create_app(
            settings, self.control, self.sessions, passwords=QUICK, assets=Assets(directory)
        )
        self._stop = self.web.feed.start()
        self.until(lambda: self.web.feed.up)

    def stop(self) -> None:
        """End the feed."""
        self._stop()

    def add(self, username: str, role: Role = "agent", must_change: bool = False) -> None:
        """Somebody who may sign in with `PASSWORD`."""
        with self.sessions.begin() as session:
            self._add(session, username, role, must_change)

    def visitor(self) -> Person:
        """A browser that is not signed in."""
        return Person(self, self.web.app.test_client())

    def signed_in(self, username: str, role: Role = "agent") -> Person:
        """A browser of somebody who is made and signs in."""
        self.add(username, role)
        person = self.visitor()
        answer = sign_in(person.client, username, PASSWORD)
        assert answer.status_code == 302, answer.text
        return person

    def until(self, condition: Callable[[], bool]) -> None:
        """Let greenlets and workers run until it holds."""
        with gevent.Timeout(5):
            while not condition():
                gevent.sleep(0.001)

    def settled(self) -> None:
        """Let everything that was begun come to its end."""
        self.until(lambda: self.web.feed.live.seq == self.control.live.seq)
        gevent.sleep(0.1)

    def received(self, page: SocketIOTestClient, name: str, count: int = 1) -> list[Any]:
        """The bodies of the messages of this name, waiting for as many."""
        bodies: list[Any] = []

        def enough() -> bool:
            bodies.extend(one["args"][0] for one in page.get_received() if one["name"] == name)
            return len(bodies) >= count

        self.until(enough)
        return bodies

    def _add(self, session: Session, username: str, role: Role, must_change: bool) -> None:
        agent_id = username if role == "agent" else None
        new = NewLogin(username, username.title(), role, agent_id)
        made = add_login(session, QUICK, new, Actor("test"), datetime.now(UTC))
        set_password_hash(session, made.login.id, QUICK.hash(PASSWORD), must_change)


def sign_in(client: FlaskClient, username: str, password: str) -> TestResponse:
    """Fill in the sign-in page."""
    return post_form(client, "/login", username=username, password=password)


def post_form(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Load a page and send its form with the token that it holds."""
    page = client.get(path)
    found = TOKEN.search(page.text)
    assert found is not None, page.text
    return client.post(path, data={"csrf_token": found[1], **fields})
