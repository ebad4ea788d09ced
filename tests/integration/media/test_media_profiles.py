"""Plain RTP, SDES-SRTP and DTLS-SRTP: each at its own port, each with its own kind of audio."""

import base64
import re
import time

import numpy as np
import pytest

from tests import audio
from tests.mediabox import MediaBox
from tests.phone import Phone
from tests.talk import Conversation
from tests.udp_peer import UdpPeer, value

PROFILES = ("plain", "secure", "webrtc")
LINE = {"plain": "RTP/AVP", "secure": "RTP/SAVP", "webrtc": "UDP/TLS/RTP/SAVP"}


def phone(profile: str, username: str = "carol", **options: object) -> Phone:
    return Phone(username=username, profile=profile, through_server=False, **options)


def offer_from(box: MediaBox, peer: UdpPeer, profile: str) -> str:
    """The INVITE of a call that is refused at once."""
    leg = f"offer-{profile}-{time.monotonic()}"
    box.do("dial", leg, f"sip:1@127.0.0.1:{peer.port}", profile=profile)
    invite = peer.receive("INVITE")
    peer.reply(invite, "486 Busy Here")
    box.wait("LegEnded", leg=leg)
    return invite


@pytest.mark.parametrize("profile", PROFILES)
def test_a_call_to_a_profiles_port_has_that_profiles_audio(box, profile, tmp_path) -> None:
    with phone(profile) as carol:
        call = carol.call(f"sip:100@127.0.0.1:{box.ports[profile]}")
        leg = box.answered(profile=profile)
        carol.tone(call, 440)
        box.do("play", leg, "p", [str(audio.write_tone(tmp_path / "tone.wav", 1000, 5.0))], loop=True)
        carol.hear(call, tmp_path / "heard.wav", 1.2)
        box.do("record", "r", leg, None, str(tmp_path / "said.wav"))
        time.sleep(1.0)
        box.do("stop_recording", "r")
        box.wait("RecordingStopped", recording="r")
    assert audio.tone_level(tmp_path / "heard.wav", 1000, 0.4, 1.1) == pytest.approx(-12, abs=2)
    assert audio.tone_level(tmp_path / "said.wav", 440, 0.3, 0.9) == pytest.approx(-12, abs=2)


@pytest.mark.parametrize("offered", PROFILES)
@pytest.mark.parametrize("port", PROFILES)
def test_a_profiles_port_takes_no_other_kind_of_audio(box, offered, port) -> None:
    """What is offered decides nothing: the port does, as the edge chooses it by the way that a call came."""
    with phone(offered) as carol:
        call = carol.call(f"sip:100@127.0.0.1:{box.ports[port]}")
        if offered == port:
            assert box.wait("LegIncoming")["profile"] == port
        else:
            assert carol.wait("ended", call=call)["status"] in (480, 488)
            for told in box.seen("LegIncoming"):
                assert box.wait("LegEnded", leg=told["leg"])["status"] in (480, 488)


@pytest.mark.parametrize("profile", PROFILES)
def test_whom_the_to_header_names_changes_no_profile(box, alice, profile) -> None:
    """pjsua by itself would choose the account that To and the request URI look like."""
    with phone(profile) as carol:
        carol.call(f"sip:comptoir@127.0.0.1:{box.ports[profile]}")
        assert box.wait("LegIncoming")["profile"] == profile


@pytest.mark.parametrize("profile", PROFILES)
def test_we_call_each_profile_in_its_way(box, profile, tmp_path) -> None:
    with phone(profile, auto_answer=0.05) as carol:
        box.dialled("out", f"sip:carol@127.0.0.1:{carol.port}", profile=profile)
        call = carol.wait("incoming")["call"]
        carol.wait("media", call=call, active=True)
        box.do("play", "out", "p", [str(audio.write_tone(tmp_path / "tone.wav", 1000, 5.0))], loop=True)
        carol.hear(call, tmp_path / "heard.wav", 1.2)
    assert audio.tone_level(tmp_path / "heard.wav", 1000, 0.5, 1.1) == pytest.approx(-12, abs=2)


def test_offers_have_one_audio_line_of_the_profiles_kind_and_no_other(box) -> None:
    with UdpPeer() as peer:
        for profile in PROFILES:
            offer = offer_from(box, peer, profile)
            (line,) = re.findall(r"^m=.*$", offer, re.MULTILINE)
            assert (line.split()[0], line.split()[2]) == ("m=audio", LINE[profile])


def test_phones_are_offered_g711_first_and_browsers_opus(box) -> None:
    with UdpPeer() as peer:
        offers = {profile: offer_from(box, peer, profile) for profile in PROFILES}
    for profile, codecs in (
        ("plain", ["8", "0", "9"]),
        ("secure", ["8", "0", "9"]),
        ("webrtc", ["96", "0", "8"]),
    ):
        found = re.search(r"^m=audio \d+ \S+ (.*)$", offers[profile], re.MULTILINE)
        assert found is not None and found[1].split()[:3] == codecs, profile
    assert "a=rtpmap:96 opus/48000/2" in offers["webrtc"]
    assert "useinbandfec=1" in offers["webrtc"]
    assert "telephone-event/48000" in offers["webrtc"] and "telephone-event/8000" in offers["webrtc"]
    assert "G722" not in offers["webrtc"]
    assert {"a=rtcp-mux", "a=setup:actpass"} <= set(offers["webrtc"].split("\n"))
    assert "a=crypto:" in offers["secure"] and "a=crypto:" not in offers["webrtc"]


def test_rtp_of_an_encrypted_call_cannot_be_listened_to_on_the_way(box, tmp_path) -> None:
    tone = str(audio.write_tone(tmp_path / "tone.wav", 1000, 5.0))
    levels, sizes = {}, {}
    for profile in ("plain", "secure"):
        with UdpPeer() as peer:
            _call_with_raw_audio(box, peer, profile)
            leg = box.answered(profile=profile)
            box.do("play", leg, "p", [tone], loop=True)
            time.sleep(0.3)
            packets = _packets(peer, 25)
            sizes[profile] = {len(one) for one in packets}
            samples = audio.decode_ulaw(b"".join(one[12:172] for one in packets))
            levels[profile] = audio.amplitude(np.asarray(samples), 8000, 1000)
            box.do("hang_up", leg)
            peer.reply(peer.receive("BYE"), "200 OK")
    assert levels["plain"] == pytest.approx(-12, abs=2)
    assert levels["secure"] < levels["plain"] - 10, "what travels is no tone any more"
    assert sizes == {"plain": {172}, "secure": {182}}, "the authentication tag of ten bytes"


def _call_with_raw_audio(box: MediaBox, peer: UdpPeer, profile: str) -> None:
    body = peer.sdp()
    if profile == "secure":
        key = base64.b64encode(bytes(range(30))).decode()
        body = body.replace("RTP/AVP", "RTP/SAVP")
        body += f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}\n"
    peer.request("INVITE", "sip:100@127.0.0.1", ("127.0.0.1", box.ports[profile]), body=body)
    incoming = box.wait("LegIncoming", profile=profile)
    box.events.append({"event": "LegIncoming", **incoming})
    box.do("answer", incoming["leg"])
    answer = peer.receive("SIP/2.0 200")
    assert ("a=crypto:1 AES_CM_128_HMAC_SHA1_80" in answer) == (profile == "secure")
    peer.request(
        "ACK", "sip:100@127.0.0.1", ("127.0.0.1", box.ports[profile]), to_header=value(answer, "To"),
        from_header=value(answer, "From"), call_id=value(answer, "Call-ID"),
    )  # fmt: skip


def _packets(peer: UdpPeer, count: int) -> list[bytes]:
    """So many packets of PCMU that came last."""
    peer.rtp.settimeout(2)
    packets: list[bytes] = []
    while len(packets) < count:
        packet = peer.rtp.recv(2048)
        if packet[1] & 0x7F == 0:
            packets.append(packet)
    return packets


def test_a_phone_over_tls_may_speak_plainly_where_encryption_is_only_offered() -> None:
    with MediaBox(srtp="offered") as box, phone("plain") as plain, phone("secure", "dave") as secure:
        for one in (plain, secure):
            call = one.call(f"sip:100@127.0.0.1:{box.ports['secure']}")
            box.answered(profile="secure")
            one.wait("answered", call=call)


def test_people_on_different_profiles_hear_each_other_as_loud(box, alice, tmp_path) -> None:
    """Opus at 16 kHz beside G.711, on a bridge of one rate."""
    with MediaBox(clock_rate=16000) as wide, phone("webrtc", codecs=("opus",), auto_answer=0.05) as carol:
        call = alice.call(f"sip:100@127.0.0.1:{wide.port}")
        left = wide.answered()
        wide.dialled("right", f"sip:carol@127.0.0.1:{carol.port}", profile="webrtc")
        theirs = carol.wait("incoming")["call"]
        carol.wait("media", call=theirs, active=True)
        wide.mix("talk", (left, "right"), ("right", left))
        alice.tone(call, 440)
        carol.tone(theirs, 1000)
        alice.record(call, tmp_path / "alice.wav")
        carol.hear(theirs, tmp_path / "carol.wav", 1.5)
        alice.record_stop(call)
        assert carol.statistics(theirs)["codec"].lower() == "opus"
        assert alice.statistics(call)["codec"].upper() in ("PCMA", "PCMU")
    assert audio.tone_level(tmp_path / "alice.wav", 1000, 0.6, 1.3) == pytest.approx(-12, abs=2.5)
    assert audio.tone_level(tmp_path / "carol.wav", 440, 0.6, 1.3) == pytest.approx(-12, abs=2.5)
    assert audio.loudest(tmp_path / "alice.wav", 0.6, 1.3) == pytest.approx(1000, abs=3)
    assert audio.loudest(tmp_path / "carol.wav", 0.6, 1.3) == pytest.approx(440, abs=3)


def test_the_advertised_address_is_the_first_that_browsers_are_told() -> None:
    with MediaBox(rtp_advertised_address="203.0.113.7") as behind_nat, UdpPeer() as peer:
        offer = offer_from(behind_nat, peer, "webrtc")
    candidates = re.findall(r"^a=candidate:\S+ 1 UDP (\d+) (\S+) (\d+) typ host", offer, re.MULTILINE)
    assert candidates[0][1] == "203.0.113.7"
    assert len(candidates) > 1, "and the machine's own, for those inside"
    assert len({port for _, _, port in candidates}) == 1
    assert max(candidates, key=lambda one: int(one[0])) == candidates[0]
    assert "c=IN IP4 203.0.113.7" in offer


def test_a_stack_on_loopback_alone_has_a_way_for_browsers(tmp_path) -> None:
    with MediaBox(rtp_address="127.0.0.1", rtp_start=45000, rtp_end=45200) as small, phone("webrtc") as carol:
        with UdpPeer() as peer:
            offer = offer_from(small, peer, "webrtc")
        (found,) = re.findall(r"^a=candidate:\S+ 1 UDP \d+ 127.0.0.1 (\d+) typ host", offer, re.MULTILINE)
        assert 45000 <= int(found) <= 45200, "ICE stays within the range of ports, too"
        call = carol.call(f"sip:100@127.0.0.1:{small.ports['webrtc']}")
        small.answered()
        deadline = time.monotonic() + 10
        while carol.statistics(call)["received"] <= 10:
            assert time.monotonic() < deadline, "no packet came within 10 s"
            time.sleep(0.1)


@pytest.mark.parametrize("profile", ["secure", "webrtc"])
def test_encrypted_calls_are_held_resumed_and_keep_their_audio(box, profile, tmp_path) -> None:
    with phone(profile) as carol:
        call = carol.call(f"sip:100@127.0.0.1:{box.ports[profile]}")
        leg = box.answered(profile=profile)
        tone = str(audio.write_tone(tmp_path / "tone.wav", 1000, 9.0))
        box.do("play", leg, "p", [tone], loop=True)
        carol.hold(call)
        box.wait("LegHeld", leg=leg)
        carol.resume(call)
        box.wait("LegResumed", leg=leg)
        carol.hear(call, tmp_path / "heard.wav", 1.2)
    assert audio.tone_level(tmp_path / "heard.wav", 1000, 0.5, 1.1) == pytest.approx(-12, abs=2)


def test_a_bridge_of_two_profiles_ends_like_any_other(box, alice, bob) -> None:
    conversation = Conversation(box, alice, bob)
    alice.hang_up(conversation.alice)
    box.wait("LegEnded", leg=conversation.left)
    box.do("hang_up", conversation.right)
    assert box.empty()
