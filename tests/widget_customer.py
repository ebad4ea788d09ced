"""A customer in a shop's page with the widget, in real Chromium; what is said and heard is measured.

with Customers(playwright, shop, tmp_path) as customers:
    one = customers.visitor()
"""

import time
from pathlib import Path
from typing import Self

import audio
import ears
from lab import Events, Lab
from phone import Phone
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from shop_page import CHROMIUM, OPEN_ROOTS, ShopPages

CUSTOMER_HZ, AGENT_HZ = 700.0, 1100.0
LOUD = -30.0
FRAME = 0.02

MEMORY = """
setTimeout(() => {
  window.__early = {
    active: navigator.userActivation.hasBeenActive,
    tap: window.__root?.querySelector(".launcher").innerText.includes("Tap"),
    heard: window.ears.tone(1100).length,
  };
  if (location.pathname === "/other" && location.search === "") console.log("noted");
  if (location.search.includes("hop")) location.assign("/other");
}, 4000);
addEventListener("pagehide", () => {
  sessionStorage.setItem("lastTone", String(window.ears.tone(1100).at(-1) ?? 0));
  sessionStorage.setItem("leftAt", String(window.ears.now()));
});
"""
"""What a page notes of itself, for the next one and for a test that must not look into it before."""


class Customer:
    """A tab with the widget in it."""

    def __init__(self, context: BrowserContext, shop: ShopPages) -> None:
        self.context = context
        self.shop = shop
        self.page: Page = context.new_page()

    def visits(self, path: str = "/") -> None:
        self.page.goto(self.shop.url(path))

    def calls(self) -> None:
        self.page.get_by_role("button", name="Talk to us").click()
        self.page.get_by_role("button", name="Call now").click()

    def sees(self, words: str, timeout: float = 15.0) -> None:
        self.page.locator("comptoir-widget .line", has_text=words).wait_for(timeout=timeout * 1000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def heard(self, path: Path, seconds: float) -> Path:
        """What is heard in the next seconds, as a WAV file."""
        return ears.hear(self.page, path, seconds)

    def hears_tone(self, hertz: float, since: float = 0.0) -> list[float]:
        """The times (Unix milliseconds) of the pieces that hold this tone."""
        return ears.tone_times(self.page, hertz, since)

    def until_tone(self, hertz: float, seconds: float = 15.0) -> float:
        deadline = time.monotonic() + seconds
        while not (times := self.hears_tone(hertz)):
            assert time.monotonic() < deadline, f"{hertz} Hz was not heard"
            self.page.wait_for_timeout(50)
        return times[0]


class Customers:
    """People with a microphone that gives CUSTOMER_HZ, in browsers that play sound only after a gesture."""

    def __init__(self, playwright: Playwright, shop: ShopPages, directory: Path) -> None:
        self._playwright = playwright
        self._shop = shop
        self._microphone = audio.write_tone(directory / "microphone.wav", CUSTOMER_HZ, 10.0, 48000)
        self._browsers: dict[bool, Browser] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for browser in self._browsers.values():
            browser.close()

    def visitor(self, microphone_works: bool = True, script: str = "") -> Customer:
        """One more, who shares nothing with the others. `script` runs first in every page."""
        if microphone_works not in self._browsers:
            self._browsers[microphone_works] = self._launched(microphone_works)
        browser = self._browsers[microphone_works]
        context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
        context.add_init_script(path=ears.EARS)
        context.add_init_script(OPEN_ROOTS + MEMORY + script)
        return Customer(context, self._shop)

    def go(self) -> None:
        """Everybody leaves."""
        for browser in self._browsers.values():
            for context in browser.contexts:
                context.close()

    def _launched(self, microphone_works: bool) -> Browser:
        allowed = ["--use-fake-ui-for-media-stream"] if microphone_works else []
        return self._playwright.chromium.launch(
            executable_path=CHROMIUM,
            ignore_default_args=["--mute-audio"],
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={self._microphone}",
                "--autoplay-policy=document-user-activation-required",
                *allowed,
            ],
        )


def reaches_alice(one: Customer, lab: Lab, alice: Phone) -> tuple[int, Events]:
    """The customer calls, presses 0 in the menu, and alice answers; both give their tone."""
    events = lab.events()
    lab.available("alice")
    one.visits()
    one.calls()
    one.sees("Listen and press a key")
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    one.press("Key 0")
    theirs = int(alice.wait("incoming", timeout=20)["call"])
    alice.answer(theirs)
    alice.wait("media", call=theirs, active=True)
    alice.tone(theirs, AGENT_HZ)
    one.sees("You are talking with Alice")
    return theirs, events


def seconds_without(path: Path, hertz: float) -> float:
    """How long the tone is missing."""
    samples, rate = audio.part(path)
    size = int(rate * FRAME)
    pieces = [samples[at : at + size] for at in range(0, len(samples) - size, size)]
    return sum(audio.amplitude(piece, rate, hertz) < LOUD - 10 for piece in pieces) * FRAME
