"""Mangled messages from outside and inside: nothing is ever raised, and the edge serves on."""

import random
from collections.abc import Iterator

import pytest
from twisted.logger import LogLevel, globalLogPublisher

from pbx.contract.browser_token import BrowserIdentity
from pbx.sip.flow_token import ConnectionFlow
from pbx.sip.framing import read_datagram
from tests.unit.sip.edge_rig import DID, MEDIA, PEER, EdgeRig
from tests.unit.sip.torture.catalogue import CASES

MESSAGES = 4000
SDP = b"v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
OPTIONS = (
    b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKo;rport\r\nFrom: <sip:a@b>;tag=1\r\n"
    b"To: <sip:c@d>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nSubject: "
    + b"x" * 200
    + b"\r\n\r\n"
)
SCRAPS = (
    b"\x00",
    b"\xff\xfe",
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b":",
    b";",
    b",",
    b'"',
    b"<",
    b">",
    b"@",
    b"%",
    b"%00",
)
SCRAPS += (b"[::1]", b"4294967296", b"-1", b" ", b"\t", b"sip:", b"tag=", b"SIP/2.0", b"\xc3\xa9", b"*", b"=")


def call(method: str, *more: str, to: str = "", body: bytes = b"") -> bytes:
    lines = [
        f"{method} sip:{DID}@192.0.2.1 SIP/2.0",
        "Via: SIP/2.0/UDP 198.51.100.7:40000;rport;branch=z9hG4bKfuzz",
        f"From: <sip:ana@shop>;tag=f\r\nTo: <sip:{DID}@192.0.2.1>{to}",
        f"Call-ID: fuzz\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\nContact: <sip:ana@198.51.100.7:40000>;q=0.5",
        'Authorization: Digest username="ana",realm="comptoir",nonce="x",uri="sip:shop",response="r",'
        "cnonce=c,nc=00000001,qop=auth,algorithm=MD5",
        *more,
    ]
    kind = ["Content-Type: application/sdp"] if body else []
    return "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}"]).encode() + b"\r\n\r\n" + body


def mangled(message: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(message) + 1), chance.choice((0, 1, 5, 40))
        scrap = chance.choice((b"", *SCRAPS, message[place : place + 30]))
        message = message[:place] + scrap + message[place + length :]
    return message


@pytest.fixture
def failures() -> Iterator[list[str]]:
    found: list[str] = []

    def observe(event):
        if event.get("log_level") in (LogLevel.error, LogLevel.critical):
            found.append(str(event.get("log_failure") or event.get("log_format")))

    globalLogPublisher.addObserver(observe)
    yield found
    globalLogPublisher.removeObserver(observe)


def test_no_message_from_outside_raises(failures):
    rig, chance = EdgeRig(), random.Random(4475)
    seeds = [case.raw for case in CASES]
    seeds += [
        call("REGISTER"),
        call("INVITE", body=SDP),
        call("CANCEL"),
        call("ACK"),
        call("BYE", to=";tag=1"),
    ] * 10
    for _ in range(MESSAGES):
        rig.listener.datagramReceived(mangled(chance.choice(seeds), chance), PEER)
        rig.clock.advance(0.001)
    assert failures == []
    rig.to_peer.take()
    assert [answer.status for answer in rig.hear(OPTIONS)] == [200]


def test_no_message_with_our_own_tokens_in_it_raises_on_either_side(failures):
    rig, chance = EdgeRig(), random.Random(5118)
    plain = call("INVITE", body=SDP).replace(b"Authorization", b"X-Authorization")
    rig.hear(plain)
    (invite,) = rig.to_media.take()
    vias = "\r\n".join(f"Via: {line}" for line in invite.lines("via"))
    routes = "\r\n".join(f"Route: {line}" for line in invite.lines("record-route"))
    answer = (
        f"SIP/2.0 200 OK\r\n{vias}\r\nFrom: {invite.first('from')}\r\nTo: {invite.first('to')};tag=m\r\n"
        f"Call-ID: fuzz\r\nCSeq: 1 INVITE\r\nContact: <sip:{MEDIA[0]}:{MEDIA[1]}>\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    inside = [answer, call("BYE", routes, to=";tag=1"), call("INVITE", routes)]
    outside = [answer, call("BYE", routes, to=";tag=1"), call("REFER", routes, to=";tag=1"), plain]
    for _ in range(MESSAGES // 2):
        rig.hear_media(mangled(chance.choice(inside), chance))
        rig.listener.datagramReceived(mangled(chance.choice(outside), chance), PEER)
    assert failures == []
    for data, address in rig.to_media.sent:
        assert address == MEDIA and data


class Socket:
    """A WebSocket flow that keeps what is sent."""

    kind, profile, peer, local = "WS", "webrtc", PEER, ("192.0.2.1", 8088)
    valued = closed = False
    number, name = 7, ConnectionFlow(7)

    def __init__(self):
        self.sent = []

    def send(self, data):
        self.sent.append(data)

    def close(self):
        pass


def test_whatever_a_guest_s_page_says_it_reaches_public_numbers_alone(failures):
    guest = BrowserIdentity("guest", "v1", 2**31, site="shop")
    rig, chance = EdgeRig(read_token=lambda token, now: guest), random.Random(7118)
    flow, reached = Socket(), set()
    names = [
        DID,
        "take-back",
        "600",
        "ana",
        "+33612345678",
        f"{DID};x=y",
        f"600%00{DID}",
        "%36%30%30",
        "Take-back",
    ]
    for number in range(MESSAGES):
        called = chance.choice(names).encode()
        raw = call(chance.choice(("INVITE", "INVITE", "REGISTER", "REFER", "OPTIONS")), body=SDP)
        raw = raw.replace(f"sip:{DID}@".encode(), b"sip:" + called + b"@", 1).replace(
            b"sip:ana@shop", b"sip:guest-v1@s"
        )
        raw = raw.replace(b"fuzz", b"fuzz%d" % number).replace(b"Digest ", b"Bearer abc\r\nX-Rest: ")
        rig.outside.received(flow, mangled(raw, chance) if number % 2 else raw)
        rig.clock.advance(30)
        for data, _ in rig.to_media.sent:
            seen = read_datagram(data)
            assert (seen.method, seen.lines("x-comptoir-account")) == ("INVITE", ("guest-v1",))
            assert seen.from_.uri.username == "guest-v1"
            reached.add(seen.lines("x-comptoir-called"))
            rig.parts.dialled.ended(seen.call_id)
        rig.to_media.sent.clear()
    assert failures == []
    assert reached == {(DID,), ("take-back",)}
