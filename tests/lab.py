"""The whole product on loopback: a database with the demonstration, the pbx, the pages, and phones around them.

with Lab(directory) as lab:
    lab.start_pbx()
    alice = lab.agent_phone("alice")
    caller = lab.phone("+33639980001")
"""

import itertools
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import websocket
from phone import Phone
from sqlalchemy import create_engine, text

ROOT = Path(__file__).resolve().parent.parent
SHOP = {"en": "4000", "fr": "4001", "pt": "4002"}
_EMAIL = re.compile(r"^  (\S+@\S+) +(\S+)", re.MULTILINE)
CAMILLE = "+33639980001"
"""The demonstration's French caller: an open cart of four items and a shipped order, 2002029, postal code 75011."""


class ApiRefused(Exception):
    """The control API answered with a Problem."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORTS = range(30100 + _WORKER % 4 * 650, 30100 + _WORKER % 4 * 650 + 650)
"""Below those that the system gives to outgoing connections: a port found free stays free until it is used.
Tests that run beside each other draw from different ones, and each port comes once in a round."""
_ROUND = itertools.cycle(random.sample(PORTS, len(PORTS)))


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port that was free a moment ago."""
    while True:
        port = next(_ROUND)
        with socket.socket(socket.AF_INET, kind) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def free_sip_port() -> int:
    """A port free for UDP and TCP alike."""
    while True:
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Events:
    """What the stream tells, collected by a thread; `wait` finds the first that fits, seen already or not."""

    def __init__(self, url: str, token: str) -> None:
        self._socket = websocket.create_connection(url, header=[f"Authorization: Bearer {token}"], timeout=20)
        self._socket.settimeout(None)
        self.all: list[dict[str, Any]] = []
        self._news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with suppress(websocket.WebSocketException, OSError, ValueError):
            while message := self._socket.recv():
                envelope = json.loads(message)
                with self._news:
                    self.all.append(envelope.get("event", envelope))
                    self._news.notify_all()

    def wait(
        self, kind: str, where: Callable[[dict[str, Any]], bool] = lambda event: True, timeout: float = 30.0
    ) -> dict[str, Any]:
        """The first event of a kind that fits."""
        deadline = time.monotonic() + timeout
        with self._news:
            while True:
                for event in self.all:
                    if event.get("type") == kind and where(event):
                        return event
                left = deadline - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    seen = [one.get("type") for one in self.all]
                    raise AssertionError(f"no {kind} within {timeout} s; seen: {seen}")

    def of(self, kind: str) -> list[dict[str, Any]]:
        """All of a kind so far."""
        with self._news:
            return [event for event in self.all if event.get("type") == kind]

    def close(self) -> None:
        self._socket.close()


class Lab:
    """One installation in a directory of its own."""

    def __init__(self, directory: Path, database: str = "", **settings: dict[str, Any]) -> None:
        self.directory = directory
        self.state = directory / "state"
        self.sip_port, self.api_port, self.web_port = free_sip_port(), free_port(), free_port()
        self.tls_port, self.ws_port, self.wss_port = free_port(), free_port(), free_port()
        self.shop_port, self.payment_port, self.viewer_port = free_port(), free_port(), free_port()
        self.settings = directory / "comptoir.toml"
        self.passwords: dict[str, str] = {}
        self.logins: dict[str, str] = {}
        self.customers: dict[str, str] = {}
        self.pbx: subprocess.Popen[bytes] | None = None
        self.web: subprocess.Popen[bytes] | None = None
        self._stack = ExitStack()
        self._write_settings(database, settings)
        self.database = database or f"sqlite:///{self.state}/comptoir.db"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the installation -----------------------------------------------------------------------------------

    def _write_settings(self, database: str, extra: dict[str, dict[str, Any]]) -> None:
        rtp = 22000 + (os.getpid() + self.sip_port) % 60 * 100
        sections: dict[str, dict[str, Any]] = {
            "paths": {"state_dir": str(self.state)},
            "sip": {
                "listen": ["127.0.0.1"],
                "port": self.sip_port,
                "tls_port": self.tls_port,
                "ws_port": self.ws_port,
                "wss_port": self.wss_port,
                "internal_port": 0,
            },
            "media": {
                "plain_port": 0,
                "secure_port": 0,
                "webrtc_port": 0,
                "rtp_start": rtp,
                "rtp_end": rtp + 2000,
                "max_calls": 128,
                "admit_calls": 32,
            },
            "recording": {"min_free": "1 MB"},
            "acd": {"wrap_up": "5s"},
            "api": {"port": self.api_port},
            "web": {"port": self.web_port, "viewer_port": self.viewer_port},
            "shop": {"port": self.shop_port, "payment_port": self.payment_port},
        }
        if database:
            sections["database"] = {"url": database}
        for name, values in extra.items():
            sections.setdefault(name, {}).update(values)
        lines = []
        for name, values in sections.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
        self.settings.write_text("\n".join(lines) + "\n")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "config.cli", "--settings", str(self.settings), *words]

    def run(self, *words: str) -> str:
        """A console command that ends; its output."""
        done = subprocess.run(self.command(*words), cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"comptoir {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def install(self) -> None:
        """The schema and the demonstration; keeps the passwords that are printed once."""
        self.run("db", "upgrade")
        printed = self.run("db", "demo")
        phones, _, pages = printed.partition("Logins of the pages")
        self.customers = dict(_EMAIL.findall(printed))
        found = re.compile(r"^  (\S+) +(\S+)", re.MULTILINE)
        self.passwords = dict(found.findall(phones.partition("Desk phones")[2]))
        self.logins = dict(found.findall(pages))

    def start_pbx(self) -> None:
        """Start the telephone system and wait until it answers."""
        log = (self.directory / "pbx.log").open("ab")
        self.pbx = subprocess.Popen(self.command("pbx"), cwd=ROOT, stdout=log, stderr=log)
        self._wait_for_port(self.api_port, self.pbx, "pbx")

    def start_web(self) -> None:
        """Start the pages and wait until they answer."""
        log = (self.directory / "web.log").open("ab")
        self.web = subprocess.Popen(self.command("web"), cwd=ROOT, stdout=log, stderr=log)
        self._wait_for_port(self.web_port, self.web, "web")

    def _wait_for_port(self, port: int, process: "subprocess.Popen[bytes]", name: str) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert process.poll() is None, (
                f"{name} died: {(self.directory / f'{name}.log').read_text()[-3000:]}"
            )
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(
            f"{name} does not listen: {(self.directory / f'{name}.log').read_text()[-3000:]}"
        )

    def kill_pbx(self) -> None:
        """`kill -9`."""
        assert self.pbx is not None
        self.pbx.send_signal(signal.SIGKILL)
        self.pbx.wait(10)

    def stop_pbx(self) -> int:
        """An orderly stop; its exit code."""
        assert self.pbx is not None
        self.pbx.terminate()
        return self.pbx.wait(30)

    def close(self) -> None:
        """End everything this lab started."""
        self._stack.close()
        for process in (self.web, self.pbx):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(10)

    # --- people ---------------------------------------------------------------------------------------------

    @property
    def server(self) -> str:
        return f"127.0.0.1:{self.sip_port}"

    def phone(self, username: str = CAMILLE, **options: Any) -> Phone:
        """Somebody's phone; it ends with the lab."""
        return self._stack.enter_context(Phone(username=username, server=self.server, **options))

    def agent_phone(self, agent: str, **options: Any) -> Phone:
        """An agent's desk phone, registered."""
        phone = self.phone(agent, password=self.passwords[agent], register=True, **options)
        phone.wait("registered", status=200)
        return phone

    def dial_shop(self, phone: Phone, language: str = "fr") -> int:
        """Call the shop's number; returns the call."""
        call = phone.call(f"sip:{SHOP[language]}@{self.server}")
        phone.wait("answered", call=call)
        return call

    # --- the control API ------------------------------------------------------------------------------------

    @property
    def token(self) -> str:
        return self.secret("api.token")

    def secret(self, key: str) -> str:
        """A secret that was made at the first start."""
        return (self.state / "secrets" / key).read_text().strip()

    def api(self, method: str, path: str, body: Any = None, actor: str = "") -> Any:
        """A command; its answer. Raises ApiRefused."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.api_port}/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        if actor:
            request.add_header("Comptoir-Actor", actor)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise ApiRefused(error.code, json.loads(error.read() or b"{}")) from None
        return json.loads(content) if content else None

    def available(self, agent: str) -> None:
        self.api("PUT", f"/agents/{agent}/status", {"status": "available"}, actor=agent)

    def settle(self, seconds: float = 25.0) -> None:
        """Nobody available, no call and no wrap-up, whatever was before."""
        for agent in self.snapshot()["agents"]:
            if agent["status"] != "offline":
                self.api("PUT", f"/agents/{agent['id']}/status", {"status": "offline"}, actor=agent["id"])
        deadline = time.monotonic() + seconds
        while (now := self.snapshot())["contacts"] or any(one["state"] != "idle" for one in now["agents"]):
            assert time.monotonic() < deadline, now
            for agent in now["agents"]:
                if agent["state"] == "wrap_up":
                    with suppress(ApiRefused):  # it may be over by itself meanwhile
                        contact = f"/contacts/{agent['contact']}/wrap-up"
                        self.api("PUT", contact, {"finish": True}, actor=agent["id"])
            time.sleep(0.05)

    def events(self) -> Events:
        """The stream from now on."""
        url = f"ws://127.0.0.1:{self.api_port}/v1/events"
        events = Events(url, self.token)
        self._stack.callback(events.close)
        return events

    def snapshot(self) -> dict[str, Any]:
        return dict(self.api("GET", "/snapshot"))

    # --- the database ---------------------------------------------------------------------------------------

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        engine = create_engine(self.database)
        try:
            with engine.connect() as connection:
                return [dict(row._mapping) for row in connection.execute(text(query), values)]
        finally:
            engine.dispose()

    def wait_for_rows(
        self, query: str, fits: Callable[[list[dict[str, Any]]], bool], timeout: float = 10.0, **values: Any
    ) -> list[dict[str, Any]]:
        """The rows once they fit; the journal writes a moment after the fact."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.rows(query, **values)
            if fits(found):
                return found
            assert time.monotonic() < deadline, f"{query}: {found}"
            time.sleep(0.1)

    def log(self) -> str:
        return (self.directory / "pbx.log").read_text()

    def lines(self) -> Iterator[str]:
        yield from self.log().splitlines()
