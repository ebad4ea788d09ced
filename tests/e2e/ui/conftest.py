"""A browser on the real pages, with a telephone system in memory behind them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).parents[3]
SERVER = Path(__file__).with_name("desk_server.py")
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse battery"
DIST = ROOT / "agent_ui" / "static" / "dist" / ".vite" / "manifest.json"

expect.set_options(timeout=10_000)


class Desks:
    """The pages' server; `do` makes things happen in its telephone system."""

    def __init__(self, directory: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        )
        self.url = f"http://127.0.0.1:{self._answer()['port']}"

    def do(self, what: str, **details: Any) -> dict[str, Any]:
        """Make something happen."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer
        return answer

    def commands(self) -> list[list[Any]]:
        """What agents asked of the telephone system: who, what, on what, with what."""
        found: list[list[Any]] = self.do("commands")["commands"]
        return found

    def stop(self) -> None:
        """End the server."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(15) == 0

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not DIST.exists():
        pytest.fail("the front end is not built: make web")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shared_desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    """The server of all tests."""
    server = Desks(tmp_path_factory.mktemp("desks"))
    yield server
    server.stop()


@pytest.fixture
def desks(shared_desks: Desks) -> Desks:
    """The server as at its beginning."""
    shared_desks.do("reset")
    return shared_desks


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser complained about; a test that leaves any fails."""
    found: list[str] = []
    yield found
    assert found == []


OpenAs = Callable[..., Page]


@pytest.fixture
def open_as(chromium: Browser, desks: Desks, complaints: list[str]) -> Iterator[OpenAs]:
    """Opens a page as somebody who signs in; options are those of a browser context."""
    contexts: list[BrowserContext] = []

    def open_page(username: str | None, **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        options.setdefault("locale", "en-GB")
        context = chromium.new_context(base_url=desks.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note(complaints, message))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        if username is not None:
            sign_in(page, username)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in page."""
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/login" not in url)


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        complaints.append(f"{message.type}: {message.text}")
