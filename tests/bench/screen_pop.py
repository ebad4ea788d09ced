"""From the offer to the agent's page, with hundreds of pages connected and calls coming in all the time."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from agent_ui.auth import TOKEN
from agent_ui.logins.model import Login, Preferences
from agent_ui.logins.sessions import Browser, open_session
from agent_ui.logins.store import add_login
from tests.bench.installation import PLAIN, Installation
from tests.bench.meters import Usage, Window, percentile, started_here
from tests.bench.sipp import Sipp
from tests.lab import ROOT, free_port

CHROMIUM = "/usr/bin/chromium"
COOKIE = "comptoir"
WATCHED = 4
"""Desks that are open in a real browser."""
TALKING_SECONDS = 5
"""From a call's offer to its end, at most: so many agents are busy for each call a second."""
WATCH = """() => {
  const seen = (window.__pops = []);
  let shown = false;
  new MutationObserver(() => {
    const now = document.querySelector(".stage-offer") !== null;
    if (now && !shown) seen.push(Date.now() / 1000);
    shown = now;
  }).observe(document.body, { childList: true, subtree: true });
}"""


@dataclass(frozen=True, slots=True)
class PopResult:
    """What was measured; times in milliseconds, `dom` in a real browser, `socket` at the other pages."""

    pages: int
    rate: int
    offers: int
    missed: int
    socket_p50: float
    socket_p95: float
    shown: int
    dom_p50: float
    dom_p95: float
    web: Usage
    pbx_cpu: float


class ScreenPops:
    """The measurement on one installation that has agents and is not started yet."""

    def __init__(self, lab: Installation, work: Path, say: Callable[[str], None]) -> None:
        self._lab = lab
        self._work = work
        self._say = say
        work.mkdir(parents=True)
        (work / "callers.csv").write_text(
            "SEQUENTIAL\n" + "".join(f"{one};\n" for one in lab.known_callers(100))
        )

    def run(self, pages: int, rate: int, seconds: int) -> PopResult:
        """`pages` agents have their desk open; `rate` calls a second come for `seconds`."""
        lab, agents = self._lab, list(self._lab.phones)[:pages]
        port = free_port(socket.SOCK_DGRAM)
        lab.start_and_settle()
        lab.start_web()
        keys = self._keys(agents)
        taking = agents[: min(pages, rate * TALKING_SECONDS)]
        lab.register_phones(port, taking)
        phones = Sipp(
            "agents_phone_rings", self._work / "phones", "-p", str(port), "-key", "rtp", str(port + 1)
        )
        watched = taking[:WATCHED]
        events = lab.events()
        self._say(f"{pages} desks, {rate} calls/s for {seconds} s")
        with self._desks([key for key in keys if key["agent"] not in watched]) as desks:
            with self._browser(keys, watched) as open_pages:
                lab.all_available(taking)
                usage, pbx = self._load(rate, seconds)
                shown = {agent: page.evaluate("window.__pops") for agent, page in open_pages.items()}
            arrived = dict(json.loads(_said(desks)))
        offers = [event["offer"] for event in events.of("offer.created")]
        phones.stop()
        return _result(pages, rate, offers, arrived, shown, usage, pbx)

    def _load(self, rate: int, seconds: int) -> tuple[Usage, float]:
        assert self._lab.web is not None
        assert self._lab.pbx is not None
        callers = Sipp(
            "talks_and_goes",
            self._work / "callers",
            *("-p", str(free_port(socket.SOCK_DGRAM)), "-s", PLAIN, "-r", str(rate)),
            *("-inf", str(self._work / "callers.csv"), "-key", "rtp", str(free_port(socket.SOCK_DGRAM))),
            *("-m", str(rate * seconds), self._lab.server),
        )
        time.sleep(TALKING_SECONDS)
        beside = tuple(pid for pid in started_here() if pid != self._lab.web.pid)
        web, pbx = Window(self._lab.web.pid, beside), Window(self._lab.pbx.pid)
        time.sleep(max(1.0, seconds - TALKING_SECONDS))
        found = web.close(), pbx.close().cpu
        callers.wait(30)
        return found

    def _keys(self, agents: list[str]) -> list[dict[str, str]]:
        """What each agent's browser would hold after signing in."""
        now = datetime.now(UTC)
        with self._lab._session() as database:
            tokens = {agent: _signed_in(database, agent, now) for agent in agents}
            database.commit()
        secret = (self._lab.state / "secrets" / "web.secret_key").read_text().strip()
        return [{"agent": agent, **_cookie(secret, token)} for agent, token in tokens.items()]

    @contextmanager
    def _desks(self, keys: list[dict[str, str]]) -> Iterator["subprocess.Popen[str]"]:
        file = self._work / "keys.json"
        file.write_text(json.dumps(keys))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.desks", str(self._lab.web_port), str(file)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        if not process.stdout.readline().startswith("ready"):
            raise RuntimeError("The desks could not connect.")
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(10)

    @contextmanager
    def _browser(self, keys: list[dict[str, str]], agents: list[str]) -> Iterator[dict[str, Page]]:
        by_agent = {key["agent"]: key for key in keys}
        address = f"http://127.0.0.1:{self._lab.web_port}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM,
                args=["--no-sandbox", "--disable-quic", "--disable-background-timer-throttling",
                      "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"],
            )  # fmt: skip
            found = {}
            for agent in agents:
                context = browser.new_context(reduced_motion="reduce")
                name, _, value = by_agent[agent]["cookie"].partition("=")
                context.add_cookies([{"name": name, "value": value, "url": address}])
                page = found[agent] = context.new_page()
                page.goto(address)
                page.wait_for_load_state("networkidle")
                page.evaluate(WATCH)
            yield found
            browser.close()


def _said(desks: "subprocess.Popen[str]") -> str:
    return desks.communicate(input="", timeout=20)[0]


def _signed_in(database: Session, agent: str, now: datetime) -> str:
    login = Login(
        id=f"bench-{agent}", username=agent, name=agent, role="agent", agent_id=agent, enabled=True,
        must_change=False, preferences=Preferences(ring_sound=False), created_at=now, last_login_at=None,
    )  # fmt: skip
    add_login(database, login, "no password fits")
    return open_session(database, login.id, now, timedelta(hours=1), Browser())


def _cookie(secret: str, token: str) -> dict[str, str]:
    """The session cookie that the pages would set, and the page's token against forgery."""
    app = Flask("bench")
    app.config.update(SECRET_KEY=secret)
    with app.test_request_context():
        session[TOKEN] = token
        csrf = generate_csrf()
        signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return {"cookie": f"{COOKIE}={signer.dumps(dict(session))}", "csrf": csrf}


def _result(
    pages: int,
    rate: int,
    offers: list[dict[str, Any]],
    arrived: dict[str, float],
    shown: dict[str, list[float]],
    web: Usage,
    pbx_cpu: float,
) -> PopResult:
    made = {offer["id"]: datetime.fromisoformat(offer["created_at"]).timestamp() for offer in offers}
    socket_ms = [1000 * (arrived[id_] - at) for id_, at in made.items() if id_ in arrived]
    by_socket = [offer for offer in offers if offer["agent"] not in shown]
    dom_ms = [
        1000 * (moment - max(before))
        for agent, moments in shown.items()
        for moment in moments
        if (before := [made[o["id"]] for o in offers if o["agent"] == agent and made[o["id"]] <= moment])
    ]
    return PopResult(
        pages=pages, rate=rate, offers=len(offers), missed=len(by_socket) - len(socket_ms),
        socket_p50=percentile(socket_ms, 0.5), socket_p95=percentile(socket_ms, 0.95), shown=len(dom_ms),
        dom_p50=percentile(dom_ms, 0.5), dom_p95=percentile(dom_ms, 0.95), web=web, pbx_cpu=pbx_cpu,
    )  # fmt: skip
