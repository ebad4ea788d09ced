"""Phones that other people wrote, SIPp and baresip, against the whole product."""

from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import pytest
from baresip import Baresip
from lab import CAMILLE, Events, Lab
from rtp_peer import RtpPeer
from sipp import Sipp

from orders.adapters.demo import DEMO_CALLERS

SCENARIOS = Path(__file__).parent / "scenarios"
MODES = {"UDP": "u1", "TCP": "t1"}
FRENCH = next(one for one in DEMO_CALLERS if one.language == "fr")
CUSTOMER_HZ, AGENT_HZ = 2100.0, 2500.0


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(sip={"digest_algorithms": ["MD5"]}, acd={"wrap_up": "0s"}) as lab:  # baresip knows only MD5
        lab.start_pbx()
        yield lab


@pytest.fixture
def events(lab: Lab) -> Iterator[Events]:
    events = lab.events()
    yield events
    for agent in ("alice", "benoit"):
        lab.api("PUT", f"/agents/{agent}/status", {"status": "offline"}, actor=agent)
    events.close()


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_sipp_hears_the_order_s_status_and_its_keys_count_as_info_and_as_rfc_4733(
    lab: Lab, events: Events, tmp_path: Path, transport: str
) -> None:
    with RtpPeer() as rtp, Sipp(
        tmp_path, SCENARIOS / "presses_with_info.xml", lab.server, "-t", MODES[transport], "-s", "4001",
        *("-key", "from", CAMILLE, "-key", "digit", "1", "-key", "rtp", str(rtp.port)),
    ) as phone:  # fmt: skip
        phone.reached("established")
        events.wait("playback.started", lambda e: "Camille" in e["text"])
        assert audio.speech_seconds(rtp.hear(tmp_path / "greeting.wav", 2.0)) > 1.0
        phone.go_on()
        phone.reached("pressed")
        events.wait("playback.started", lambda e: FRENCH.carrier in e["text"])
        assert audio.speech_seconds(rtp.hear(tmp_path / "status.wav", 2.0)) > 1.0
        rtp.press("2")
        events.wait("flow.node_entered", lambda e: e["node"] == "ask_number")
        phone.go_on()
        phone.finished()
    assert events.wait("contact.ended")["outcome"] == "self_served"


def test_baresip_is_a_customer_who_hears_the_status_and_then_an_agent(
    lab: Lab, events: Events, tmp_path: Path
) -> None:
    alice = lab.phone("alice", password=lab.passwords["alice"], register=True, rtp_start=41000)
    alice.wait("registered", status=200)
    lab.available("alice")
    with Baresip(tmp_path / "phone", CAMILLE, lab.server, says=CUSTOMER_HZ) as customer:
        customer.do("dial", f"sip:4001@{lab.server}")
        customer.wait("CALL_ESTABLISHED")
        events.wait("playback.started", lambda e: "Camille" in e["text"])
        customer.do("sndcode", "1")
        events.wait("playback.started", lambda e: FRENCH.carrier in e["text"])
        status = customer.hear(2.0)
        customer.do("sndcode", "0")
        call = int(alice.wait("incoming", timeout=30)["call"])
        alice.answer(call)
        events.wait("call.bridged")
        alice.tone(call, AGENT_HZ)
        heard = alice.hear(call, tmp_path / "alice.wav", 2.0)
        talk = customer.hear(2.0)
        customer.do("hangup")
        alice.wait("ended", call=call)
        contact = events.wait("contact.ended")
    assert audio.tone_level(heard, CUSTOMER_HZ, 1.0) > -20
    assert audio.tone_level(customer.heard(), AGENT_HZ, talk + 0.5, talk + 1.5) > -20
    assert audio.level(customer.heard(), status, status + 2.0) > -40, "the status was spoken"
    assert contact["outcome"] == "answered" and contact["agent"] == "alice"


def test_baresip_is_an_agent_s_desk_phone_over_tcp_that_logs_in_and_picks_up(
    lab: Lab, events: Events, tmp_path: Path
) -> None:
    with Baresip(
        tmp_path / "phone", "benoit", lab.server, lab.passwords["benoit"], "tcp", AGENT_HZ, answers=True
    ) as benoit:
        benoit.registered()
        lab.available("benoit")
        caller = lab.phone(CAMILLE, rtp_start=41400)
        call = lab.dial_shop(caller)
        caller.digits(call, "0")
        events.wait("offer.created", lambda e: e["offer"]["agent"] == "benoit")
        events.wait("call.bridged", lambda e: e["agent"] == "benoit")
        caller.tone(call, CUSTOMER_HZ)
        heard = caller.hear(call, tmp_path / "caller.wav", 2.0)
        talk = benoit.hear(2.0)
        caller.hang_up(call)
        benoit.wait("CALL_CLOSED")
        events.wait("contact.ended")
    assert audio.tone_level(heard, AGENT_HZ, 1.0) > -20
    assert audio.tone_level(benoit.heard(), CUSTOMER_HZ, talk + 0.5, talk + 1.5) > -20
    assert audio.tone_level(benoit.heard(), AGENT_HZ, talk + 0.5, talk + 1.5) < -45, "nobody hears himself"


def test_baresip_with_a_wrong_password_is_not_let_in(lab: Lab, tmp_path: Path) -> None:
    with Baresip(tmp_path / "phone", "carla", lab.server, "a guess") as phone:
        phone.not_registered()
    assert "carla" not in {one["username"] for one in lab.api("GET", "/registrations")}
