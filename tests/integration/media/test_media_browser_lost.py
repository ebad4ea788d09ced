"""Browsers that never find their way here, and many calls: nothing may be left."""

import time
from pathlib import Path

import pytest

from tests.mediabox import MediaBox
from tests.phone import Phone
from tests.udp_peer import UdpPeer, value

OFFER = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
m=audio {port} UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 127.0.0.1
a=candidate:1 1 udp 2122194687 127.0.0.1 {port} typ host
a=ice-ufrag:aKVg
a=ice-pwd:to0oX1TXWRhy9YPFjj7OJEBP
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtpmap:0 PCMU/8000
"""
FINGERPRINT = ":".join(["8A"] * 32)


@pytest.fixture(scope="module")
def settings() -> dict[str, object]:
    """Twenty calls at once may lose each other's first DTLS messages, which come again after one, two, four seconds
    (RFC 6347, section 4.2.4.1): patience for that."""
    return {"rtp_timeout_talking": 6.0, "rtp_start": 46000, "rtp_end": 47000, "clock_rate": 16000}


def sockets(box: MediaBox) -> frozenset[str]:
    """The media stack's open sockets, by inode."""
    found = (str(one.readlink()) for one in Path(f"/proc/{box.process.pid}/fd").iterdir())
    return frozenset(one[len("socket:[") : -1] for one in found if one.startswith("socket:"))


def threads(box: MediaBox) -> int:
    return sum(1 for _ in Path(f"/proc/{box.process.pid}/task").iterdir())


def memory(box: MediaBox) -> float:
    """Memory that is its own, in MiB."""
    lines = Path(f"/proc/{box.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon:")).split()[1]) / 1024


def ports_in_use(box: MediaBox) -> int:
    """Its own UDP ports of the range that is for audio. The system's list has those of all processes, and may have
    given one of the range to its SIP transports."""
    own = sockets(box)
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    ports = [int(row[1].rpartition(":")[2], 16) for row in rows if row[9] in own]
    return sum(46000 <= port <= 47000 and port not in box.ports.values() for port in ports)


def invite(peer: UdpPeer, box: MediaBox, port: int) -> None:
    body = OFFER.format(port=port, fingerprint=FINGERPRINT)
    peer.request("INVITE", "sip:100@127.0.0.1", ("127.0.0.1", box.ports["webrtc"]), body=body)


def acknowledge(peer: UdpPeer, box: MediaBox, answer: str) -> None:
    peer.request(
        "ACK", "sip:100@127.0.0.1", ("127.0.0.1", box.ports["webrtc"]), to_header=value(answer, "To"),
        from_header=value(answer, "From"), call_id=value(answer, "Call-ID"),
    )  # fmt: skip


def test_a_browser_that_never_answers_a_connectivity_check_is_let_go(box) -> None:
    before = len(sockets(box))
    with UdpPeer() as peer:
        invite(peer, box, peer.rtp.getsockname()[1])
        leg = box.incoming()
        box.do("answer", leg)
        answer = peer.receive("SIP/2.0 200")
        acknowledge(peer, box, answer)
        box.wait("LegAnswered", leg=leg)
        began = time.monotonic()
        ended = box.wait("LegEnded", leg=leg, timeout=20)
        print(f"let go after {time.monotonic() - began:.1f} s: {ended['reason']}")
        assert ended["by"] == "rtp_timeout"
        assert time.monotonic() - began < 12
        peer.reply(peer.receive("BYE"), "200 OK")
    assert box.empty()
    assert len(sockets(box)) <= before and ports_in_use(box) == 0


def test_a_browser_that_gives_up_before_the_answer_frees_its_port(box) -> None:
    with UdpPeer() as peer:
        invite(peer, box, 9)
        leg = box.incoming()
        assert ports_in_use(box) == 1, "one port a call: RTCP comes in on that of RTP"
        peer.request(
            "CANCEL", "sip:100@127.0.0.1", ("127.0.0.1", box.ports["webrtc"]), number=1,
        )  # fmt: skip
        box.do("reject", leg, 480)
        box.wait("LegEnded", leg=leg)
    assert box.empty()
    deadline = time.monotonic() + 3
    while ports_in_use(box) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ports_in_use(box) == 0


def five_calls(carol: Phone, box: MediaBox) -> None:
    """Beside each other, from the INVITE to the end."""
    calls = [carol.call(f"sip:100@127.0.0.1:{box.ports['webrtc']}") for _ in range(5)]
    legs = [box.incoming(profile="webrtc") for _ in calls]
    for leg in legs:
        box.do("answer", leg)
    for leg in legs:
        box.wait("LegMediaReady", leg=leg)
    for call in calls:
        carol.hang_up(call)
    for leg in legs:
        box.wait("LegEnded", leg=leg)
    for call in calls:
        carol.wait("ended", call=call)


def test_sixty_calls_leave_no_socket_no_thread_and_no_port(box) -> None:
    with Phone(username="carol", profile="webrtc", through_server=False) as carol:
        figures = []
        for number in range(5, 61, 5):
            five_calls(carol, box)
            if number in (10, 35, 60):
                assert box.empty()
                time.sleep(1.2)
                figures.append((number, len(sockets(box)), threads(box), ports_in_use(box), memory(box)))
        for number, *rest in figures:
            print("after {} calls: {} sockets, {} threads, {} ports, {:.1f} MiB".format(number, *rest))
        first, _, last = figures
        assert last[1] <= first[1] and last[2] <= first[2]
        assert last[3] == 0
        assert last[4] - first[4] < 12, "MiB; SIP keeps transactions for 32 s"


def test_many_at_once_stay_within_the_range_of_ports(box) -> None:
    with Phone(username="carol", profile="webrtc", through_server=False) as carol:
        for _ in range(20):
            carol.call(f"sip:100@127.0.0.1:{box.ports['webrtc']}")
        for _ in range(20):
            box.do("answer", box.incoming())
        for _ in range(20):
            box.wait("LegMediaReady")
        assert ports_in_use(box) == 20
        carol.do("hang_up_all")
        assert box.empty()
