"""An agent's page as a telephone, on the real telephone system: it is heard, and calls survive the page."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import ears
import pytest
from lab import CAMILLE, Events, Lab
from phone import Phone
from playwright.sync_api import expect

from tests.browser_desk.desk import Desk, Desks
from tests.browser_desk.wire import Wire

LOW, HIGH = 2100.0, 2500.0
"""Hz, above everything that the hold music plays: the customer's tone and the agent's."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """The browsers' way to the SIP edge."""
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab], wire: Wire) -> Iterator[Lab]:
    page = {"ws_url": f"ws://127.0.0.1:{wire.port}/sip"}
    with new_lab(acd={"wrap_up": "0s", "offer_timeout": "60s"}, webrtc=page) as lab:
        wire.target = lab.ws_port
        lab.start_pbx()
        lab.start_web()
        yield lab


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return audio.write_tone(tmp_path_factory.mktemp("microphone") / "tone.wav", HIGH, 10, 48000)


@pytest.fixture(scope="module")
def chromium(lab: Lab, microphone: Path) -> Iterator[Desks]:
    with Desks(lab, microphone) as desks:
        yield desks


@pytest.fixture
def desks(chromium: Desks, tmp_path: Path) -> Iterator[Desks]:
    """What the pages showed last is kept as pictures; a script error fails the test."""
    yield chromium
    for number, context in enumerate(chromium.browser.contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"last-{number}.png")
    errors = [*chromium.errors]
    chromium.close()
    assert not errors


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


def without_the_agent(path: Path) -> tuple[float, float]:
    """For how many seconds the agent's tone was missing, and how much of that time there was music."""
    samples, rate = audio.read(path)
    starts = [start / 10 for start in range(len(samples) * 10 // rate)]
    missing = [start for start in starts if audio.tone_level(path, HIGH, start, start + 0.1) < -40]
    music = [start for start in missing if audio.level(path, start, start + 0.1) > -50]
    return len(missing) / 10, len(music) / 10


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


def test_a_page_that_is_loaded_anew_takes_its_call_back_and_the_caller_hears_music_meanwhile(
    lab: Lab, events: Events, desks: Desks, caller: Phone, tmp_path: Path
) -> None:
    desk = desks.open("alice")
    call = talking(lab, events, caller, desk)
    desk.page.wait_for_timeout(1000)
    caller.record(call, tmp_path / "reload.wav")
    desk.page.reload()
    expect(desk.page.locator(".call-audio")).to_be_visible(timeout=10_000)
    desk.page.wait_for_timeout(1000)
    caller.record_stop(call)
    gap, music = without_the_agent(tmp_path / "reload.wav")
    print(f"a page loaded anew: the agent was gone for {gap:.1f} s, with music for {music:.1f} s of them")
    assert gap < 5 and (music > 0 or gap < 0.4), "music as soon as the page is known to be gone"
    both_hear_each_other(caller, call, desk, tmp_path, "after the load")
    assert len(lab.snapshot()["contacts"]) == 1 and not events.of("contact.ended")
    desk.button("Hang up").click()
    caller.wait("ended", call=call)
    desk.ready()


def test_a_lost_connection_leaves_the_call_running_and_is_found_again(
    lab: Lab, events: Events, desks: Desks, caller: Phone, wire: Wire, tmp_path: Path
) -> None:
    desk = desks.open("alice")
    call = talking(lab, events, caller, desk)
    desk.page.wait_for_timeout(1000)
    caller.record(call, tmp_path / "lost.wav")
    since = ears.now(desk.page)
    wire.cut()
    expect(desk.page.locator(".call-audio-note")).to_contain_text("Reconnecting", timeout=5_000)
    desk.page.wait_for_timeout(10_000)
    there, here = tmp_path / "lost.wav", ears.heard(desk.page, tmp_path / "lost-agent.wav", since)
    wire.mend()
    expect(desk.page.locator(".call-audio-note")).not_to_contain_text("Reconnecting", timeout=15_000)
    caller.record_stop(call)
    gap, _ = without_the_agent(there)
    print(f"ten seconds without a connection: the agent was not heard for {gap:.1f} s; {wire.refused} tries")
    assert gap <= 0.3 and wire.refused >= 1
    assert audio.tone_level(here, LOW, 0.3) > -30
    assert not any(leg["away"] for one in lab.snapshot()["contacts"] for leg in one["participants"])
    both_hear_each_other(caller, call, desk, tmp_path, "after ten seconds")
    caller.hang_up(call)
    desk.ready()


def test_a_call_whose_audio_is_lost_with_the_network_is_taken_back_in_the_same_page(
    lab: Lab, events: Events, desks: Desks, caller: Phone, tmp_path: Path
) -> None:
    desk = desks.open("alice")
    call = talking(lab, events, caller, desk)
    desk.page.wait_for_timeout(1000)
    caller.record(call, tmp_path / "network.wav")
    desk.page.evaluate("window.faults.loseNetwork()")
    expect(desk.page.locator(".call-audio-note")).to_contain_text("Taking the call back", timeout=5_000)
    expect(desk.page.locator(".call-audio-note")).not_to_contain_text("Taking the call back", timeout=10_000)
    desk.page.wait_for_timeout(1500)
    caller.record_stop(call)
    gap, _ = without_the_agent(tmp_path / "network.wav")
    print(f"a change of network: the agent was gone for {gap:.1f} s")
    assert gap < 5
    both_hear_each_other(caller, call, desk, tmp_path, "after the change")
    desk.page.wait_for_timeout(6000)
    both_hear_each_other(caller, call, desk, tmp_path, "when the old line is forgotten")
    assert len(lab.snapshot()["contacts"]) == 1
    caller.hang_up(call)
    desk.ready()


def test_one_tab_has_the_phone_and_another_can_take_it_with_its_call(
    lab: Lab, events: Events, desks: Desks, caller: Phone, tmp_path: Path
) -> None:
    context = desks.context()
    first = desks.open("alice", context)
    call = talking(lab, events, caller, first)
    second = desks.open("alice", context)
    second.status("In another tab")
    expect(second.page.get_by_text("The phone is active in another tab.")).to_be_visible()
    both_hear_each_other(caller, call, first, tmp_path, "the first tab")

    second.button("Use here").click()
    expect(second.page.locator(".call-audio")).to_be_visible(timeout=10_000)
    first.status("In another tab")
    both_hear_each_other(caller, call, second, tmp_path, "the second tab")
    second.button("Hang up").click()
    caller.wait("ended", call=call)
    second.ready()
    second.page.close()
    first.ready()


def test_nobody_is_offered_calls_in_a_page_without_a_microphone(
    lab: Lab, events: Events, desks: Desks
) -> None:
    desk = desks.open("alice", desks.context(microphone=False))
    desk.status("No microphone")
    expect(desk.page.get_by_text("This page may not use the microphone.")).to_be_visible()
    expect(desk.page.get_by_text("Click the icon left of the address")).to_be_visible()
    assert not registered(lab, "alice")

    desk.page.context.grant_permissions(["microphone"])
    desk.button("Try again").click()
    desk.ready()
    assert registered(lab, "alice")


def test_a_page_whose_person_is_signed_out_elsewhere_is_no_phone_any_more(
    lab: Lab, events: Events, desks: Desks
) -> None:
    context = desks.context()
    desk = desks.open("alice", context)
    desk.ready()
    other = desks.open("alice", context)
    other.status("In another tab")

    other.page.locator(".avatar-button").click()
    other.page.get_by_role("menuitem", name="Sign out").click()
    desk.page.wait_for_url("**/login**")
    deadline = time.monotonic() + 5
    while registered(lab, "alice"):
        assert time.monotonic() < deadline, "the phone is still registered"
        time.sleep(0.05)


def test_a_call_is_answered_by_itself_after_a_beep_and_a_countdown(
    lab: Lab, events: Events, desks: Desks, caller: Phone, tmp_path: Path
) -> None:
    desk = desks.open("alice", autoAnswer=True)
    desk.ready()
    lab.available("alice")
    call = ask_for_an_agent(lab, events, caller)
    expect(desk.page.get_by_text("Answered by itself in")).to_be_visible(timeout=5_000)
    events.wait("call.bridged", timeout=10)
    caller.tone(call, LOW)
    both_hear_each_other(caller, call, desk, tmp_path, "answered by itself")
    caller.hang_up(call)


def test_somebody_with_a_desk_phone_telephones_as_before_and_the_page_loads_no_telephone(
    lab: Lab, events: Events, desks: Desks, caller: Phone
) -> None:
    with Phone(
        username="alice", server=lab.server, password=lab.passwords["alice"], register=True, rtp_start=45400
    ) as phone:
        phone.wait("registered", status=200)
        desk = desks.open("alice", here=False)
        desk.status("Desk phone")
        lab.available("alice")
        call = ask_for_an_agent(lab, events, caller)
        desk.accept()
        again = phone.wait("incoming", timeout=10)
        while "answer-after=0" not in again["message"]:
            again = phone.wait("incoming", timeout=10)
        phone.answer(int(again["call"]))
        events.wait("call.bridged")
        assert not desk.page.evaluate("window.faults.sockets.length")
        loaded = desk.page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
        assert not any("telephone" in name for name in loaded)
        caller.hang_up(call)


def registered(lab: Lab, agent: str) -> bool:
    return next(one["phone_registered"] for one in lab.snapshot()["agents"] if one["id"] == agent)
