"""Agents' desks in Chromium whose pages are telephones, for tests of what is really said and heard.

with Desks(lab, microphone) as desks:
    desk = desks.open("alice")
    desk.ready()
    ...
    assert audio.tone_level(desk.listen(tmp_path / "heard.wav"), 440) > -20
"""

import json
from pathlib import Path
from typing import Any, Self

from lab import Lab
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import ears

FAULTS = Path(__file__).with_name("faults.js")
CHROMIUM = "/usr/bin/chromium"
WIDE = {"width": 1280, "height": 800}


class Desk:
    """One agent's desk in one tab."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        self.username = username

    def status(self, words: str) -> None:
        """Wait until the header says this of the telephone."""
        expect(self.page.locator(".softphone-button")).to_contain_text(words, timeout=15_000)

    def ready(self) -> None:
        """Wait until calls come to this page."""
        self.status("Ready")

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=False).first

    def accept(self) -> None:
        """Take the offer in this page."""
        button = self.button("Accept")
        expect(button).to_be_visible(timeout=15_000)
        button.click()

    def listen(self, path: Path, seconds: float = 1.5) -> Path:
        """Write what is heard from now on to a WAV file."""
        return ears.hear(self.page, path, seconds)


class Desks:
    """One Chromium. Its fake microphone plays a WAV file over and over."""

    def __init__(self, lab: Lab, microphone: Path) -> None:
        self._lab = lab
        self._flags = [
            "--no-sandbox",
            "--disable-quic",
            "--autoplay-policy=no-user-gesture-required",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}",
        ]
        self.errors: list[str] = []

    def __enter__(self) -> Self:
        self._running = sync_playwright().start()
        self.browser: Browser = self._running.chromium.launch(executable_path=CHROMIUM, args=self._flags)
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        self._running.stop()

    def close(self) -> None:
        """Close everybody's tabs; whoever comes next begins anew."""
        for context in self.browser.contexts:
            context.close()
        self.errors.clear()

    def context(self, *, microphone: bool = True, **options: Any) -> BrowserContext:
        """A browser of somebody's own, whose pages may use the microphone or not."""
        permissions = ["microphone"] if microphone else []
        context = self.browser.new_context(
            **{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce", **options},
            permissions=permissions,
        )
        context.add_init_script(path=ears.EARS)
        context.add_init_script(path=FAULTS)
        return context

    def open(
        self, username: str, context: BrowserContext | None = None, *, language: str = "en", **choices: Any
    ) -> Desk:
        """Somebody's desk in a new tab, signed in; `choices` are what this browser keeps (`here=True`)."""
        context = context or self.context()
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self._sign_in(page, username, language)
        kept = json.dumps({"here": True, **choices})
        page.evaluate(
            "([name, kept]) => localStorage.setItem(name, kept)", [f"comptoir.softphone.{username}", kept]
        )
        page.goto(f"http://127.0.0.1:{self._lab.web_port}/desk")
        return Desk(page, username)

    def _sign_in(self, page: Page, username: str, language: str) -> None:
        page.goto(f"http://127.0.0.1:{self._lab.web_port}/login?lang={language}")
        if not page.locator("input[name=username]").count():
            return
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", self._lab.logins[username])
        page.click("button[type=submit]")
        page.wait_for_load_state("networkidle")
