"""Chromium with a telephone in its page (page.js), for tests of what is really said and heard.

with BrowserPhones(tmp_path, microphone=audio.write_tone(...)) as phones:
    phone = phones.open(relay.url)
    phone.call("sip:100@comptoir.invalid")
    phone.wait("confirmed")
    assert audio.tone_level(phone.listen(tmp_path / "heard.wav"), 1000) > -18
"""

import functools
import os
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, Page, sync_playwright

from tests import ears

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WEB = ROOT / "agent_ui" / "web"
CHROMIUM = "/usr/bin/chromium"
MICROPHONE = 440
"""Hertz: the tone that tests let a microphone hear."""
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
)
PERMITTED = "--use-fake-ui-for-media-stream"
"""Every page may use the microphone, without a question."""


def bundle(directory: Path) -> None:
    """The page and its script with JsSIP in it."""
    (directory / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><script src="page.bundle.js"></script>'
    )
    source = directory / "page.js"
    jssip = WEB / "node_modules/jssip/lib/JsSIP.js"
    source.write_text((HERE / "page.js").read_text().replace('from "jssip"', f'from "{jssip}"'))
    command = [str(ROOT / "config/setup/node"), "node_modules/.bin/rolldown", str(source)]
    options = ["--format", "iife", "--platform", "browser", "--file", str(directory / "page.bundle.js")]
    environment = {**os.environ, "PYTHON_BIN": sys.executable}
    done = subprocess.run([*command, *options], cwd=WEB, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing."""


class BrowserPhone:
    """One page. Its events are dictionaries with `name`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._seen = 0

    def do(self, method: str, *args: Any) -> Any:
        """Run a method of the page's phone."""
        return self.page.evaluate("([name, args]) => window.phone[name](...args)", [method, list(args)])

    def events(self) -> list[dict[str, Any]]:
        return list(self.page.evaluate("window.phone.events"))

    def wait(self, name: str, timeout: float = 15.0, **fields: Any) -> dict[str, Any]:
        """The next event with this name and these fields; those before it count as seen."""
        deadline = time.monotonic() + timeout
        while True:
            events = self.events()
            for place, one in enumerate(events[self._seen :], self._seen):
                if one["name"] == name and all(one.get(key) == value for key, value in fields.items()):
                    self._seen = place + 1
                    return one
            assert time.monotonic() < deadline, f"no {name} {fields} in {[brief(one) for one in events]}"
            self.page.wait_for_timeout(30)

    def call(self, target: str) -> None:
        self.do("call", target)

    def answer(self) -> None:
        self.do("answer")

    def hang_up(self) -> None:
        self.do("hangUp")

    def digits(self, keys: str, method: str) -> None:
        self.do("digits", keys, method)

    def listen(self, path: Path, seconds: float = 1.0) -> Path:
        """Write what is heard in the next seconds to a WAV file."""
        return ears.hear(self.page, path, seconds)

    def heard(self, path: Path) -> Path:
        """Write what was heard since the call began to a WAV file."""
        return ears.heard(self.page, path, since=0.0)

    def connected(self) -> None:
        """Wait until ICE and DTLS are done."""
        self.wait("connection", state="connected")

    def statistics(self) -> dict[str, Any]:
        return dict(self.do("statistics"))


def brief(event: dict[str, Any]) -> str:
    known = {key: value for key, value in event.items() if key not in ("name", "at", "sdp") and value}
    return f"{event['name']} {known or ''}".strip()


class BrowserPhones:
    """Chromium. Its fake microphone plays `microphone` over and over (a WAV file), or beeps."""

    def __init__(self, directory: Path, microphone: Path | None = None, flags: tuple[str, ...] = ()) -> None:
        self._directory = directory
        self._flags = [*FLAGS, *flags]
        if microphone is not None:
            self._flags.append(f"--use-file-for-fake-audio-capture={microphone}")
        self._shy: Browser | None = None

    def __enter__(self) -> Self:
        bundle(self._directory)
        serve = functools.partial(_Quiet, directory=str(self._directory))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), serve)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._running = sync_playwright().start()
        self._browser = self._launch([*self._flags, PERMITTED])
        return self

    @property
    def origin(self) -> str:
        """Where the pages come from."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def _launch(self, flags: list[str]) -> Browser:
        return self._running.chromium.launch(executable_path=CHROMIUM, args=flags)

    def open(self, url: str, **options: Any) -> BrowserPhone:
        """A new page whose phone is connected to `url`; options are those of `start` in page.js."""
        return self._open(self._browser, url, options)

    def open_without_permission(self, url: str, **options: Any) -> BrowserPhone:
        """The same in a Chromium whose user was not asked for the microphone, with a `tone` in its place."""
        self._shy = self._shy or self._launch(self._flags)
        return self._open(self._shy, url, options)

    def _open(self, browser: Browser, url: str, options: dict[str, Any]) -> BrowserPhone:
        page = browser.new_page()
        page.add_init_script(path=ears.EARS)
        page.goto(f"http://127.0.0.1:{self._server.server_port}/")
        phone = BrowserPhone(page)
        phone.do("start", {"url": url, **options})
        phone.wait("connected")
        return phone

    def __exit__(self, *_: object) -> None:
        for browser in (self._browser, self._shy):
            if browser is not None:
                browser.close()
        self._running.stop()
        self._server.shutdown()
        self._server.server_close()
