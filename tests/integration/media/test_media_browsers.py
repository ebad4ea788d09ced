"""Real Chromium, with JsSIP in the page, against the media stack: what one side says is heard on the other."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import audio
from tests.browser_media.browser import MICROPHONE, BrowserPhone, BrowserPhones
from tests.browser_media.relay import Relay
from tests.mediabox import MediaBox

OURS, THEIRS = 1000, 700
NUMBER = "sip:100@comptoir.invalid"


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    return {"clock_rate": 16000}


@pytest.fixture
def browser(phones: BrowserPhones, relay: Relay) -> Iterator[BrowserPhone]:
    phone = phones.open(relay.url)
    yield phone
    phone.page.close()
    relay.wait("disconnected")
    relay.events.clear()


@pytest.fixture
def tone(tmp_path: Path) -> str:
    return str(audio.write_tone(tmp_path / "ours.wav", OURS, 5.0, rate=16000))


def calls(browser: BrowserPhone, box: MediaBox, **options: object) -> str:
    """The browser calls and is answered; the leg."""
    browser.do("configure", options)
    browser.call(NUMBER)
    leg = box.answered(profile="webrtc")
    browser.wait("confirmed")
    return leg


def is_called(browser: BrowserPhone, box: MediaBox, relay: Relay, leg: str = "out") -> str:
    """The browser is called and answers; the leg."""
    box.do("dial", leg, relay.uri, profile="webrtc")
    browser.wait("incoming")
    browser.answer()
    box.wait("LegAnswered", leg=leg)
    box.wait("LegMediaReady", leg=leg)
    return leg


def both_are_heard(browser: BrowserPhone, box: MediaBox, leg: str, tone: str, work: Path) -> None:
    """Our tone in the page, the microphone's tone on the leg, neither of them weakened."""
    recording = f"r-{time.monotonic()}"
    box.do("play", leg, f"p-{recording}", [tone], loop=True)
    box.do("record", recording, leg, None, str(work / "said.wav"))
    browser.page.wait_for_timeout(300)
    heard = browser.listen(work / "heard.wav", 1.2)
    box.do("stop_recording", recording)
    box.wait("RecordingStopped", recording=recording)
    assert audio.tone_level(heard, OURS, 0.2, 1.0) == pytest.approx(-12, abs=2.5)
    assert audio.loudest(heard, 0.2, 1.0) == pytest.approx(OURS, abs=3)
    assert audio.tone_level(work / "said.wav", MICROPHONE, 0.3, 1.2) == pytest.approx(-12, abs=2.5)
    assert audio.loudest(work / "said.wav", 0.3, 1.2) == pytest.approx(MICROPHONE, abs=3)


@pytest.mark.parametrize(
    ("codec", "used"), [("", "opus"), ("opus", "opus"), ("PCMU", "PCMU"), ("PCMA", "PCMA")]
)
def test_a_browser_that_calls_is_heard_and_hears(browser, box, tone, tmp_path, codec, used) -> None:
    leg = calls(browser, box, codec=codec)
    both_are_heard(browser, box, leg, tone, tmp_path)
    found = browser.statistics()
    assert {found[one]["codec"] for one in ("inbound-rtp", "outbound-rtp")} == {f"audio/{used}"}
    assert found["transport"]["dtls"] == "connected"
    browser.hang_up()
    assert box.wait("LegEnded", leg=leg)["by"] == "remote"


def test_a_browser_that_is_called_is_heard_and_hears(browser, box, relay, tone, tmp_path) -> None:
    leg = is_called(browser, box, relay)
    both_are_heard(browser, box, leg, tone, tmp_path)
    assert browser.statistics()["inbound-rtp"]["codec"] == "audio/opus"
    box.do("hang_up", leg)
    assert browser.wait("ended")["originator"] == "remote"
    box.wait("LegEnded", leg=leg)


def test_a_browser_that_knows_no_opus_is_called_with_g711(browser, box, relay, tone, tmp_path) -> None:
    browser.do("configure", {"codec": "PCMU"})
    leg = is_called(browser, box, relay)
    both_are_heard(browser, box, leg, tone, tmp_path)
    assert browser.statistics()["inbound-rtp"]["codec"] == "audio/PCMU"


@pytest.mark.parametrize(("setup", "role"), [("active", "client"), ("passive", "server")])
def test_either_side_may_begin_the_handshake(browser, box, tone, tmp_path, setup, role) -> None:
    leg = calls(browser, box, setup=setup)
    both_are_heard(browser, box, leg, tone, tmp_path)
    assert browser.statistics()["transport"]["role"] == role


@pytest.mark.parametrize(("method", "told"), [("RFC2833", "rfc4733"), ("INFO", "info")])
def test_keys_in_the_page_arrive_as_keys(browser, box, method, told) -> None:
    leg = calls(browser, box)
    browser.digits("15*#", method)
    heard = [box.wait("LegDigit", leg=leg) for _ in range(4)]
    assert "".join(one["digit"] for one in heard) == "15*#"
    assert {one["method"] for one in heard} == {told}


def test_a_browser_and_a_phone_hear_each_other_as_loud(browser, box, bob, tmp_path) -> None:
    leg = calls(browser, box)
    box.dialled("phone", f"sip:bob@127.0.0.1:{bob.port}")
    call = bob.wait("incoming")["call"]
    bob.wait("media", call=call, active=True)
    bob.tone(call, THEIRS)
    box.mix("talk", (leg, "phone"), ("phone", leg))
    browser.page.wait_for_timeout(300)
    bob.record(call, tmp_path / "phone.wav")
    heard = browser.listen(tmp_path / "browser.wav", 1.3)
    bob.record_stop(call)
    assert bob.statistics(call)["codec"].upper() == "PCMA"
    for path, hertz in ((heard, THEIRS), (tmp_path / "phone.wav", MICROPHONE)):
        assert audio.tone_level(path, hertz, 0.3, 1.1) == pytest.approx(-12, abs=2.5)
        assert audio.loudest(path, 0.3, 1.1) == pytest.approx(hertz, abs=3)
    assert audio.tone_level(heard, MICROPHONE, 0.3, 1.1) < -40, "nobody hears themselves"


def test_a_browser_on_hold_hears_music_and_then_the_phone_again(browser, box, bob, tone, tmp_path) -> None:
    leg = calls(browser, box)
    box.dialled("phone", f"sip:bob@127.0.0.1:{bob.port}")
    call = bob.wait("incoming")["call"]
    bob.wait("media", call=call, active=True)
    bob.tone(call, THEIRS)
    edges = ((leg, "phone"), ("phone", leg))
    box.mix("talk", *edges)
    box.mix("talk")
    box.do("play", leg, "music", [tone], loop=True)
    browser.page.wait_for_timeout(200)
    held = browser.listen(tmp_path / "held.wav", 0.9)
    assert audio.tone_level(held, OURS, 0.2, 0.8) > -15 and audio.tone_level(held, THEIRS, 0.2, 0.8) < -40
    box.do("stop_playback", leg)
    box.mix("talk", *edges)
    browser.page.wait_for_timeout(300)
    back = browser.listen(tmp_path / "back.wav", 0.9)
    assert audio.tone_level(back, THEIRS, 0.2, 0.8) > -15 and audio.tone_level(back, OURS, 0.2, 0.8) < -40


@pytest.mark.parametrize("who", ["calls", "is called"])
def test_a_browser_that_holds_and_resumes_goes_on(browser, box, relay, tone, tmp_path, who) -> None:
    leg = calls(browser, box) if who == "calls" else is_called(browser, box, relay)
    for _ in range(2):
        browser.do("hold")
        box.wait("LegHeld", leg=leg)
        browser.wait("hold", originator="local")
        while not browser.do("unhold"):
            browser.page.wait_for_timeout(50)
        box.wait("LegResumed", leg=leg)
        browser.wait("unhold", originator="local")
    both_are_heard(browser, box, leg, tone, tmp_path)


def test_a_prompt_asked_for_before_the_answer_is_heard_from_its_start(browser, box, tmp_path) -> None:
    prompt = audio.write_tone(tmp_path / "prompt.wav", OURS, 1.0, rate=16000)
    browser.call(NUMBER)
    leg = box.incoming()
    box.do("play", leg, "prompt", [str(prompt)])
    box.do("answer", leg)
    assert box.wait("PlaybackEnded", playback="prompt")["completed"]
    browser.page.wait_for_timeout(300)
    heard = browser.heard(tmp_path / "heard.wav")
    at = audio.onset(heard, OURS)
    assert at is not None
    assert audio.speech_seconds(heard) > 0.9, "nothing of it is lost to connectivity checks and handshake"
    assert audio.tone_level(heard, OURS, at + 0.05, at + 0.9) == pytest.approx(-12, abs=2.5)


def test_a_browser_that_gives_up_while_it_rings_leaves_nothing(browser, box) -> None:
    browser.call(NUMBER)
    leg = box.incoming()
    box.do("ring", leg)
    browser.wait("progress")
    browser.hang_up()
    assert box.wait("LegEnded", leg=leg)["status"] == 487
    assert box.empty()


def test_a_browser_that_we_stop_ringing_leaves_nothing(browser, box, relay) -> None:
    box.do("dial", "out", relay.uri, profile="webrtc")
    browser.wait("incoming")
    box.do("hang_up", "out")
    assert browser.wait("failed")["originator"] == "remote"
    box.wait("LegEnded", leg="out")
    assert box.empty()


def test_a_browser_that_refuses_is_told_with_its_status(browser, box, relay) -> None:
    box.do("dial", "out", relay.uri, profile="webrtc")
    browser.wait("incoming")
    browser.do("refuse", 486)
    assert box.wait("LegEnded", leg="out")["status"] == 486


@pytest.mark.parametrize("moment", ["at once", "handshake"])
def test_hanging_up_in_the_middle_of_setting_up_the_audio_leaves_nothing(browser, box, moment) -> None:
    browser.call(NUMBER)
    leg = box.incoming()
    box.do("answer", leg)
    if moment == "handshake":
        box.wait("LegAnswered", leg=leg)
    box.do("hang_up", leg)
    box.wait("LegEnded", leg=leg)
    assert box.empty()


def test_a_page_that_hides_its_addresses_finds_its_way_too(phones, relay, box, tone, tmp_path) -> None:
    """Without a microphone there is no permission, and Chromium offers names for addresses (RFC 8828)."""
    browser = phones.open_without_permission(relay.url, tone=MICROPHONE)
    leg = calls(browser, box)
    offers = [one["sdp"] for one in browser.events() if one["name"] == "sdp" and one["originator"] == "local"]
    assert ".local " in offers[0], "it does hide them"
    browser.wait("connection", state="connected")
    both_are_heard(browser, box, leg, tone, tmp_path)
    browser.page.close()
    relay.wait("disconnected")


def test_a_server_behind_nat_is_found_by_its_own_address_from_inside(phones, tone, tmp_path) -> None:
    """The advertised address comes first, and leads nowhere from here; the call is told anew where it goes."""
    with (
        MediaBox(clock_rate=16000, rtp_advertised_address="203.0.113.7") as box,
        Relay(box.ports["webrtc"]) as relay,
    ):
        browser = phones.open(relay.url)
        leg = calls(browser, box)
        answer = next(
            one["sdp"] for one in browser.events() if one["name"] == "sdp" and one["type"] == "answer"
        )
        assert "c=IN IP4 203.0.113.7" in answer
        both_are_heard(browser, box, leg, tone, tmp_path)
        browser.hang_up()
        box.wait("LegEnded", leg=leg)
        browser.page.close()


def test_a_page_that_vanishes_falls_silent_at_once(phones, relay, box) -> None:
    browser = phones.open(relay.url)
    leg = calls(browser, box)
    browser.page.wait_for_timeout(300)
    box.do("silent_for", leg)
    assert box.do("silent_for", leg) < 0.2
    browser.page.close()
    gone = time.monotonic()
    while box.do("silent_for", leg) < 0.5:
        assert time.monotonic() - gone < 3, "the page's packets still come"
        time.sleep(0.05)
    assert time.monotonic() - gone < 2
    relay.wait("disconnected")
    box.do("hang_up", leg)
    box.wait("LegEnded", leg=leg)
    assert box.empty()


def test_twenty_calls_of_one_page_leave_nothing(browser, box) -> None:
    before = 0
    for number in range(20):
        leg = calls(browser, box)
        browser.hang_up()
        box.wait("LegEnded", leg=leg)
        assert box.empty()
        if number == 4:
            time.sleep(1)
            before = box.open_files()
    time.sleep(1)
    print(f"files and sockets: {before} after 5 calls, {box.open_files()} after 20")
    assert box.closes_down_to(before)
