"""An agent's page as a telephone, on the real telephone system: it is heard, and calls survive the page."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import pytest
from lab import CAMILLE, Events, Lab
from phone import Phone
from playwright.sync_api import expect

from tests.browser_desk.desk import Desk, Desks

LOW, HIGH = 2100.0, 2500.0
"""Hz, above everything that the hold music plays: the customer's tone and the agent's."""


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(acd={"wrap_up": "0s", "offer_timeout": "60s"}) as lab:
        lab.start_pbx()
        lab.start_web()
        yield lab


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audio.write_tone(tmp_path_factory.mktemp("microphone") / "tone.wav", HIGH, 10, 48000)


@pytest.fixture
def desks(lab: Lab, microphone: Path, tmp_path: Path) -> Iterator[Desks]:
    """What the pages showed last is kept as pictures; a script error fails the test."""
    with Desks(lab, microphone) as desks:
        yield desks
        for number, context in enumerate(desks.browser.contexts):
            for page in context.pages:
                page.screenshot(path=tmp_path / f"last-{number}.png")
    assert not desks.errors


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    """Nobody in a call, nobody available."""
    for agent in ("alice", "benoit"):
        lab.api("PUT", f"/agents/{agent}/status", {"status": "offline"}, actor=agent)
    deadline = time.monotonic() + 25
    while lab.snapshot()["contacts"] or any(one["state"] != "idle" for one in lab.snapshot()["agents"]):
        assert time.monotonic() < deadline, lab.snapshot()["contacts"]
        time.sleep(0.1)
    events = lab.events()
    yield events
    events.close()


@pytest.fixture
def caller(lab: Lab) -> Iterator[Phone]:
    with Phone(username=CAMILLE, server=lab.server, rtp_start=45000) as phone:
        yield phone


def ask_for_an_agent(lab: Lab, events: Events, caller: Phone) -> int:
    call = lab.dial_shop(caller)
    events.wait("playback.started")
    caller.digits(call, "0")
    events.wait("offer.created")
    return call


def talking(lab: Lab, events: Events, caller: Phone, desk: Desk) -> int:
    desk.ready()
    lab.available(desk.username)
    call = ask_for_an_agent(lab, events, caller)
    desk.accept()
    events.wait("call.bridged")
    caller.tone(call, LOW)
    expect(desk.page.locator(".call-audio")).to_be_visible(timeout=10_000)
    return call


def both_hear_each_other(caller: Phone, call: int, desk: Desk, directory: Path, name: str) -> None:
    there = caller.hear(call, directory / f"{name}-customer.wav", 1.5)
    here = desk.listen(directory / f"{name}-agent.wav")
    levels = audio.tone_level(there, HIGH, 0.3), audio.tone_level(here, LOW, 0.3)
    print(f"{name}: heard by the customer at {levels[0]:.0f} dB, by the agent at {levels[1]:.0f} dB")
    assert min(levels) > -30


def test_an_offer_is_taken_in_the_page_and_both_hear_each_other(
    lab: Lab, events: Events, desks: Desks, caller: Phone, tmp_path: Path
) -> None:
    desk = desks.open("alice")
    call = talking(lab, events, caller, desk)
    desk.status("In a call")
    both_hear_each_other(caller, call, desk, tmp_path, "in the page")

    desk.button("Mute").click()
    expect(desk.button("Unmute")).to_be_visible()
    muted = caller.hear(call, tmp_path / "muted.wav", 1.5)
    assert audio.tone_level(muted, HIGH, 0.7) < -50
    desk.button("Unmute").click()

    desk.button("Hold").click()
    events.wait("call.held")
    desk.button("Resume").click()
    events.wait("call.resumed")
    both_hear_each_other(caller, call, desk, tmp_path, "after hold")
    expect(desk.page.locator(".quality")).to_contain_text("Good connection", timeout=10_000)
    desk.button("Hang up").click()
    caller.wait("ended", call=call)
    desk.ready()
