"""What a session description must keep to."""

import pytest

from pbx.sip import sdp
from tests.unit.sip.torture.catalogue import CASES

OWN = (("192.0.2.1", 5060), ("2001:db8::1", 5060))

GOOD = """\
v=0
o=- 1 1 IN IP4 host.example.com
s=
c=IN IP4 198.51.100.7
t=0 0
m=audio 40000 RTP/AVP 0 8 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16
a=ptime:20
a=sendrecv
"""

BROWSER = """\
v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2113937151 0f3a.local 50000 typ host
a=candidate:2 1 udp 1677729535 198.51.100.7 50000 typ srflx raddr 0.0.0.0 rport 0
a=candidate:3 1 udp 1677729535 fe80::1 50000 typ host
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP6 ::
"""


def body(*edits: tuple[str, str], text: str = GOOD) -> bytes:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text.replace("\n", "\r\n").encode()


def after_ptime(line: str) -> bytes:
    return body(("a=ptime:20\n", f"a=ptime:20\n{line}\n"))


def address(text: str) -> bytes:
    return body(("c=IN IP4 198.51.100.7", f"c=IN {text}"))


@pytest.mark.parametrize(
    "description",
    [
        body(),
        body(text=BROWSER),
        b"v=0\r\n",
        body().replace(b"\r\n", b"\n"),
        address("IP6 2001:db8::7"),
        address("IP6 ::ffff:198.51.100.7"),
        address("IP4 0.0.0.0"),
        address("IP4 192.0.2.1"),
        body(("m=audio 40000", "m=audio 0"), ("c=IN IP4 198.51.100.7\n", "")),
        body(("a=ptime:20", "a=ptime:10")),
        body(("a=ptime:20", "a=ptime:200")),
        body(("101\n", "127\n"), ("a=rtpmap:101", "a=rtpmap:127")),
        body(("m=audio", "m=audio 40000 RTP/AVP 0\n" * 7 + "m=audio")).replace(
            b"m=audio 40000 RTP/AVP 0\r\n 40000", b"m=audio 40000"
        ),
        after_ptime("\n".join(["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"] * 32)),
        after_ptime("\n".join(["a=x"] * 95)),
        after_ptime("a=rtpmap:31 LPC"),
        after_ptime("a=rtcp:40001"),
        after_ptime("b=AS:64\nk=prompt\ny=odd"),
    ],
)
def test_an_ordinary_description_is_taken(description: bytes) -> None:
    assert sdp.check(description, OWN) is None


@pytest.mark.parametrize(
    "case", [case for case in CASES if b"v=0\r\n" in case.raw], ids=lambda case: case.name
)
def test_the_descriptions_in_the_torture_messages_are_taken_unless_broken(case: object) -> None:
    description = case.raw.partition(b"v=0\r\n")[2]  # type: ignore[attr-defined]
    refusal = sdp.check(b"v=0\r\n" + description, OWN)
    assert (refusal is not None) == (b"\r\nm =" in description)


@pytest.mark.parametrize(
    ("description", "status", "named"),
    [
        (b"", 400, "v=0"),
        (b"\xff\xfe\0", 400, "line"),
        (b"o=- 1 1 IN IP4 h\r\nv=0\r\n", 400, "v=0"),
        (body(("s=\n", "subject\n")), 400, "line"),
        (body(("c=IN IP4 198.51.100.7\n", "")), 400, "c="),
        (address("IP4"), 400, "c="),
        (address("IP5 1"), 400, "c="),
        (address("IP6 198.51.100.7"), 400, "c="),
        (address("IP4 media.example.com"), 488, "c="),
        (address("IP4 198.51.100.7/127"), 488, "c="),
        (address("IP4 198.51.100.7/127/3"), 488, "c="),
        (address("IP4 198.51.100.007"), 488, "c="),
        (address("IP4 2130706433"), 488, "c="),
        (address("IP4 255.255.255.255"), 488, "Address"),
        (address("IP4 224.0.1.75"), 488, "Address"),
        (address("IP4 169.254.169.254"), 488, "Address"),
        (address("IP6 ff02::1"), 488, "Address"),
        (address("IP6 fe80::1"), 488, "Address"),
        (address("IP6 ::ffff:255.255.255.255"), 488, "Address"),
        (address("IP6 ::ffff:224.0.0.1"), 488, "Address"),
        (body(("198.51.100.7", "192.0.2.1"), ("m=audio 40000", "m=audio 5060")), 488, "our own"),
        (body(("198.51.100.7", "192.0.2.1"), ("m=audio 40000", "m=audio 5059")), 488, "our own"),
        (body(("m=audio 40000", "m=audio 5060"), ("IP4 198.51.100.7", "IP6 2001:DB8:0::1")), 488, "our own"),
        (after_ptime("a=rtcp:5060 IN IP4 192.0.2.1"), 488, "our own"),
        (after_ptime("a=rtcp:40001 IN IP4 evil.example.com"), 488, "c="),
        (after_ptime("a=rtcp:99999"), 400, "a=rtcp"),
        (after_ptime("a=candidate:1 1 udp 1 192.0.2.1 5060 typ host"), 488, "our own"),
        (after_ptime("a=candidate:1 1 udp 1 255.255.255.255 9 typ host"), 488, "Address"),
        (after_ptime("a=candidate:1 1 udp"), 400, "a=candidate"),
        (body(("m=audio 40000", "m=audio 65536")), 400, "m="),
        (body(("m=audio 40000", "m=audio -1")), 400, "m="),
        (body(("m=audio 40000", "m=audio")), 400, "m="),
        (body(("RTP/AVP 0 8 101", "RTP/AVP")), 400, "m="),
        (body(("m=audio 40000", "m=audio 40000/2")), 488, "ports"),
        (body(("0 8 101", "0 8 128")), 400, "payload type"),
        (body(("0 8 101", "0 8 -1")), 400, "payload type"),
        (body(("0 8 101", "128 8 101")), 400, "payload type"),
        (body(("0 8 101", "0 8 PCMU")), 400, "payload type"),
        (body(("a=rtpmap:101", "a=rtpmap:128")), 400, "payload type"),
        (body(("a=fmtp:101", "a=fmtp:999")), 400, "payload type"),
        (body(("PCMU/8000", "PCMU/0")), 400, "a=rtpmap"),
        (body(("PCMU/8000", "PCMU/8000/0")), 400, "a=rtpmap"),
        (body(("PCMU/8000", "PCMU/-8000")), 400, "a=rtpmap"),
        (body(("a=ptime:20", "a=ptime:9")), 488, "a=ptime"),
        (body(("a=ptime:20", "a=ptime:201")), 488, "a=ptime"),
        (body(("a=ptime:20", "a=ptime:0")), 488, "a=ptime"),
        (body(("a=ptime:20", "a=ptime:")), 400, "a=ptime"),
        (body(("a=ptime:20", "a=ptime:-20")), 400, "a=ptime"),
        (after_ptime("\n".join(["m=audio 40000 RTP/AVP 0"] * 8)), 488, "media lines"),
        (after_ptime("\n".join(["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x"] * 33)), 488, "a=crypto"),
        (after_ptime("\n".join(["a=x"] * 96)), 488, "attributes"),
        (body(("t=0 0\n", "t=0 0\n" + "a=x\n" * 101)), 488, "attributes"),
    ],
)
def test_what_could_hurt_is_refused(description: bytes, status: int, named: str) -> None:
    refusal = sdp.check(description, OWN)
    assert refusal is not None
    assert (refusal.status, named in refusal.reason) == (status, True), refusal.reason
