"""A browser whose packets may go through a TURN server only, as behind a strict firewall."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import audio
from tests.browser_media.browser import MICROPHONE
from tests.browser_media.turn import PROGRAM, TurnServer

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="coturn is not installed (apt-get install coturn)")
OURS = 1000


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    return {"clock_rate": 16000, "rtp_address": "127.0.0.1", "rtp_start": 45000, "rtp_end": 45400}


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TurnServer]:
    with TurnServer(tmp_path_factory.mktemp("turn")) as running:
        yield running


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("who", ["calls", "is called"])
def test_both_are_heard_through_the_relay(box, relay, phones, turn, tmp_path: Path, transport, who) -> None:
    browser = phones.open(relay.url, iceServers=[turn.ice_server(transport)], relayOnly=True)
    leg = "out"
    if who == "calls":
        browser.call("sip:100@comptoir.invalid")
        leg = box.answered()
    else:
        box.do("dial", leg, relay.uri, profile="webrtc")
        browser.wait("incoming")
        browser.answer()
        box.wait("LegMediaReady", leg=leg)
    tone = audio.write_tone(tmp_path / "ours.wav", OURS, 5.0, rate=16000)
    box.do("play", leg, "p", [str(tone)], loop=True)
    box.do("record", "r", leg, None, str(tmp_path / "said.wav"))
    browser.page.wait_for_timeout(300)
    heard = browser.listen(tmp_path / "heard.wav", 1.2)
    box.do("stop_recording", "r")
    box.wait("RecordingStopped", recording="r")
    assert audio.tone_level(heard, OURS, 0.2, 1.0) == pytest.approx(-12, abs=2.5)
    assert audio.tone_level(tmp_path / "said.wav", MICROPHONE, 0.3, 1.2) == pytest.approx(-12, abs=2.5)
    assert browser.statistics()["local"] == "relay"
    browser.hang_up()
    box.wait("LegEnded", leg=leg)
    browser.page.close()


def test_credentials_that_another_secret_signed_open_no_relay(box, relay, phones, turn) -> None:
    wrong = turn.ice_server(secret="another secret")
    browser = phones.open(relay.url, iceServers=[wrong], relayOnly=True)
    browser.call("sip:100@comptoir.invalid")
    browser.page.wait_for_timeout(1500)
    offers = [one["sdp"] for one in browser.events() if one["name"] == "sdp" and one["originator"] == "local"]
    assert not [sdp for sdp in offers if "typ relay" in sdp]
    assert "401" in turn.log()
    browser.page.close()
