"""A customer's page in real Chromium, loaded anew or gone in the middle of a call with an agent's desk phone."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab import Events, Lab
from phone import Phone

from pbx.contract.browser_token import BrowserIdentity, issue
from tests import audio
from tests.browser_media.browser import BrowserPhone, BrowserPhones

VOICE, AGENT = 2100.0, 2500.0
"""Hz: what the browser's microphone plays, and what the agent's phone does."""
GRACE = 4.0
PAUSE = 0.7
CLEAR = -20.0
"""dB: no click, no beginning of another tone reaches this."""
LONGEST_GAP = 5.0
"""Seconds."""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserPhones]:
    directory = tmp_path_factory.mktemp("page")
    microphone = audio.write_tone(directory / "voice.wav", VOICE, 4, rate=48000, level=-6)
    with BrowserPhones(directory, microphone=microphone) as phones:
        yield phones


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab], chromium: BrowserPhones) -> Iterator[Lab]:
    made = new_lab(sip={"ws_origins": [chromium.origin]}, webrtc={"away_grace": f"{GRACE:.0f}s"})
    with made as lab:
        lab.start_pbx()
        yield lab


@pytest.fixture(scope="module")
def alice(lab: Lab) -> Phone:
    return lab.agent_phone("alice", rtp_start=43000)


def opened(chromium: BrowserPhones, lab: Lab, visitor: str) -> BrowserPhone:
    """A page of this visitor, with a telephone."""
    identity = BrowserIdentity("guest", visitor, int(time.time()) + 300, site="shop", language="fr")
    return chromium.open(
        f"ws://127.0.0.1:{lab.ws_port}/sip",
        uri=f"sip:guest-{visitor}@127.0.0.1",
        token=issue(identity, lab.secret("webrtc.token_secret")),
    )


def calls(page: BrowserPhone, target: str) -> None:
    page.call(f"sip:{target}@127.0.0.1")
    page.wait("confirmed")
    page.connected()


def in_conversation(
    chromium: BrowserPhones, lab: Lab, events: Events, alice: Phone, visitor: str
) -> tuple[BrowserPhone, str, int]:
    """The visitor's page, the contact, and alice's call."""
    lab.available("alice")
    page = opened(chromium, lab, visitor)
    calls(page, "4001")
    page.digits("0", "RFC2833")
    offer = events.wait("offer.created", lambda e: e["offer"]["contact"]["visitor"] == visitor)["offer"]
    assert offer["contact"]["caller"] is None and offer["contact"]["language"] == "fr"
    theirs = int(alice.wait("incoming")["call"])
    alice.answer(theirs)
    contact = str(offer["contact"]["id"])
    events.wait("call.bridged", lambda e: e["contact"] == contact)
    alice.tone(theirs, AGENT)
    return page, contact, theirs


def customer_is_away(events: Events, contact: str) -> Callable[[dict], bool]:
    def fits(event: dict) -> bool:
        parts = event["view"]["participants"]
        return event["contact"] == contact and any(p["away"] for p in parts if p["role"] == "customer")

    return fits


def longest_gap(path: Path, hertz: float) -> tuple[float, float]:
    """Between which times in seconds a tone that is there at first and in the end is missing longest."""
    samples, rate = audio.part(path)
    width = rate // 50
    starts = range(0, len(samples) - width, width)
    heard = [at / rate for at in starts if audio.amplitude(samples[at : at + width], rate, hertz) > CLEAR]
    return max(itertools.pairwise(heard), key=lambda pair: pair[1] - pair[0])


def test_a_page_loaded_anew_has_its_call_within_seconds(
    chromium: BrowserPhones, lab: Lab, events: Events, alice: Phone, tmp_path: Path
) -> None:
    page, contact, theirs = in_conversation(chromium, lab, events, alice, "v1")
    assert audio.tone_level(page.listen(tmp_path / "before.wav"), AGENT) > -20
    alice.record(theirs, tmp_path / "agent.wav")
    time.sleep(1.0)

    page.page.close()
    events.wait("contact.changed", customer_is_away(events, contact))
    time.sleep(PAUSE)
    new = opened(chromium, lab, "v1")
    calls(new, "take-back")
    heard = new.listen(tmp_path / "after.wav", 1.5)
    alice.record_stop(theirs)

    assert audio.tone_level(heard, AGENT, 0.3) > -20, "the agent is heard in the new page"
    seconds = len(audio.part(tmp_path / "agent.wav")[0]) / audio.part(tmp_path / "agent.wav")[1]
    assert audio.tone_level(tmp_path / "agent.wav", VOICE, seconds - 1.0) > -20, (
        "and the customer by the agent"
    )
    gone, back = longest_gap(tmp_path / "agent.wav", VOICE)
    print(f"the customer was not heard for {back - gone:.2f} s, {PAUSE:.1f} s of them without any page")
    assert back - gone < LONGEST_GAP
    assert audio.level(tmp_path / "agent.wav", gone + 0.9, back - 0.2) > -45, "music in between"
    view = lab.api("GET", f"/contacts/{contact}")
    assert view["state"] == "talking" and not any(part["away"] for part in view["participants"])
    assert not events.of("contact.ended")
    new.hang_up()
    alice.wait("ended", call=theirs)
    new.page.close()


def test_a_page_that_does_not_come_back_has_hung_up(
    chromium: BrowserPhones, lab: Lab, events: Events, alice: Phone
) -> None:
    page, contact, theirs = in_conversation(chromium, lab, events, alice, "v2")
    closed = time.monotonic()
    page.page.close()

    events.wait("contact.changed", customer_is_away(events, contact))
    away = time.monotonic() - closed
    alice.wait("ended", call=theirs)
    over = time.monotonic() - closed
    print(f"away after {away:.2f} s, over after {over:.2f} s")

    assert away < 2.0 and GRACE < over < GRACE + 3
    ended = events.wait("contact.ended", lambda e: e["contact"] == contact)
    assert ended["outcome"] == "answered"
