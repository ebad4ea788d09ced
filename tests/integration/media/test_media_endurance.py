"""Legs whose peers vanish, and many calls: nothing may be left."""

import shutil
import signal
import subprocess
import time

import pytest

from tests import audio
from tests.phone import Phone
from tests.udp_peer import UdpPeer, value


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    return {"rtp_timeout_talking": 1.2, "rtp_timeout_held": 3.0}


def test_a_leg_without_packets_is_ended_after_the_timeout(box, alice) -> None:
    with Phone(username="carol", through_server=False) as carol:
        carol.call(f"sip:100@127.0.0.1:{box.port}")
        leg = box.answered()
        time.sleep(1.5)
        assert not box.seen("LegEnded"), "it sends packets"
        carol.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        ended = box.wait("LegEnded", leg=leg)
        assert ended["by"] == "rtp_timeout"
        assert 0.8 < time.monotonic() - began < 2.5
        carol.process.send_signal(signal.SIGCONT)


def test_a_held_leg_has_more_time(box, alice) -> None:
    with UdpPeer() as peer:
        box.do("dial", "h", f"sip:1001@127.0.0.1:{peer.port}")
        invite = peer.receive("INVITE")
        peer.answer(invite)
        box.wait("LegAnswered", leg="h")
        to, ours = value(invite, "To") + ";tag=peer", value(invite, "From")
        body = peer.sdp() + "a=sendonly\n"
        peer.request(
            "INVITE", "sip:comptoir@127.0.0.1", ("127.0.0.1", box.port), number=9, body=body,
            call_id=value(invite, "Call-ID"), to_header=ours, from_header=to,
        )  # fmt: skip
        box.wait("LegHeld", leg="h")
        held = time.monotonic()
        peer.receive("SIP/2.0 200")
        peer.request(
            "ACK", "sip:comptoir@127.0.0.1", ("127.0.0.1", box.port), number=9,
            call_id=value(invite, "Call-ID"), to_header=ours, from_header=to,
        )  # fmt: skip
        ended = box.wait("LegEnded", leg="h")
        assert ended["by"] == "rtp_timeout"
        assert 2.8 < time.monotonic() - held < 5
        peer.reply(peer.receive("BYE"), "200 OK")


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (apt-get install sip-tester)")
def test_a_hundred_calls_leave_no_leg_no_player_and_no_file(box, alice, tmp_path) -> None:
    prompt = audio.write_tone(tmp_path / "hello.wav", 700, 0.2)
    box.do("welcome", [str(prompt)], 0)
    _calls(box.port, 20, tmp_path)
    assert box.empty(10)
    before = box.open_files()
    _calls(box.port, 100, tmp_path)
    assert box.empty(10), box.do("leftovers")
    assert box.closes_down_to(before), (before, box.open_files())
    box.do("unwelcome")
    assert len(box.seen("LegEnded")) == 120
    assert len(box.seen("PlaybackEnded")) == 120


def _calls(port: int, count: int, directory: object) -> None:
    subprocess.run(
        ["sipp", "-sn", "uac", f"127.0.0.1:{port}", "-m", str(count), "-r", "50", "-d", "300", "-nostdin",
         "-i", "127.0.0.1", "-timeout", "30", "-timeout_error"],
        check=True, cwd=str(directory), stdout=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (apt-get install sip-tester)")
def test_calls_beyond_the_librarys_slots_are_refused_and_the_rest_lives(alice, tmp_path) -> None:
    from tests.mediabox import MediaBox

    with MediaBox(max_calls=4) as small:
        calls = [alice.call(f"sip:100@127.0.0.1:{small.port}") for _ in range(6)]
        refused = [alice.wait("ended") for _ in range(2)]
        assert {one["status"] for one in refused} <= {486, 503}
        legs = [small.incoming() for _ in range(4)]
        for leg in legs:
            small.do("answer", leg)
            small.wait("LegAnswered", leg=leg)
        assert small.do("live_legs") == 4
        for call in calls:
            alice.hang_up(call)
        assert small.empty()
