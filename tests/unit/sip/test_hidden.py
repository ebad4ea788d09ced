"""What pjsua2 must not see: names in Contacts and in ICE candidates."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.framing import read_datagram
from pbx.sip.hidden import (
    hidden_uri,
    shown_uri,
    with_hidden_contacts,
    with_set_addresses,
    without_named_candidates,
)
from pbx.sip.sdp import MOST_ATTRIBUTES_OF_BROWSERS, check
from pbx.sip.uri import parse_uri

INNER = ("127.0.0.1", 5070)
CHROMIUM = Path(__file__).parent / "chromium"
OFFERS = {path.stem: path.read_bytes().replace(b"\n", b"\r\n") for path in sorted(CHROMIUM.glob("*.sdp"))}


def contact_of(value: str, kind: str = "INVITE") -> str:
    start = f"{kind} sip:a SIP/2.0" if kind != "200" else "SIP/2.0 200 OK"
    message = read_datagram(f"{start}\r\nVia: SIP/2.0/WS x\r\nm: {value}\r\n\r\n".encode())
    return with_hidden_contacts(message, INNER).lines("contact")[0]


@pytest.mark.parametrize(
    "uri",
    [
        "sip:k3@b7.invalid;transport=ws;ob",
        "sip:ana@pc.example:5062",
        "sips:ana@192.0.2.1:5061",
        "sip:ana@192.0.2.1:5061;transport=tls",
        "sip:ana@192.0.2.1:5061;transport=WS",
        "sip:a%20b@pc.example;x=y?Subject=z",
        "sip:pc.example",
    ],
)
def test_a_uri_that_pjsua2_could_not_use_is_carried_by_one_of_ours(uri):
    hidden = parse_uri(hidden_uri(parse_uri(uri), INNER))
    assert (hidden.scheme, hidden.host, hidden.port, hidden.transport) == ("sip", *INNER, None)
    assert hidden.user == parse_uri(uri).user
    assert shown_uri(str(hidden)) == uri


@pytest.mark.parametrize(
    "uri",
    [
        "sip:ana@192.0.2.1",
        "sip:ana@[2001:db8::1]:5062;transport=tcp",
        "tel:+33199000001",
        "sip:a@192.0.2.1;at",
    ],
)
def test_a_uri_that_does_no_harm_stays_as_it_is(uri):
    assert hidden_uri(parse_uri(uri), INNER) == uri
    assert shown_uri(uri) == uri


@pytest.mark.parametrize("kind", ["INVITE", "200"])
def test_contacts_of_requests_and_responses_are_hidden_with_their_parameters(kind):
    shown = contact_of('"A" <sip:k3@b7.invalid;transport=ws>;+sip.instance="<urn:x>"', kind)
    assert shown.startswith('"A" <sip:k3@127.0.0.1:5070;at=') and shown.endswith('>;+sip.instance="<urn:x>"')
    assert contact_of("sip:k3@b7.invalid;q=1", kind).startswith("<sip:k3@127.0.0.1:5070;at=")
    assert contact_of('"a<b>" <sip:k3@b7.invalid>', kind).startswith('"a<b>" <sip:k3@127.0.0.1:5070;at=')


@pytest.mark.parametrize(
    "value", ["*", "<sip:ana@192.0.2.1>;expires=60", "<sip:a b>", "<mailto:ana@b7.invalid>"]
)
def test_other_contacts_stay_as_they_are(value):
    assert contact_of(value) == value


@pytest.mark.parametrize(
    "text", ["sip:a@b;at=%%%", "sip:a@b;at=!", "sip:a@b;at=AAAA", "rubbish;at=x", "sip:a@b;at="]
)
def test_what_hides_nothing_is_shown_as_it_is(text):
    assert shown_uri(text) == text


@given(st.text(max_size=60))
def test_what_a_peer_puts_in_our_place_never_becomes_more_than_a_uri(text):
    import base64

    carried = base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()
    shown = shown_uri(f"sip:a@127.0.0.1:5070;at={carried}")
    assert "\r" not in shown and "\n" not in shown and " " not in shown


# --- session descriptions of Chromium ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", OFFERS)
def test_chromium_s_offers_are_taken(name):
    """`names`: no microphone yet, so mDNS names stand for addresses; `mic`: addresses; `video`: all it has."""
    assert check(OFFERS[name], (), MOST_ATTRIBUTES_OF_BROWSERS) is None


def test_phones_are_held_to_fewer_attributes_than_browsers():
    refusal = check(OFFERS["video"])
    assert refusal is not None and (refusal.status, refusal.reason) == (488, "Too many attributes in SDP")


@pytest.mark.parametrize(("name", "named"), [("mic", 0), ("names", 1), ("video", 3)])
def test_candidates_that_are_names_are_left_out_but_for_one_that_leads_nowhere(name, named):
    """One in each medium that would have none, at nobody's address."""
    before, after = OFFERS[name].split(b"\r\n"), without_named_candidates(OFFERS[name]).split(b"\r\n")
    nowhere = [line for line in after if b" 192.0.2.1 " in line]
    assert [line for line in before if b".local" not in line] == [
        line for line in after if line not in nowhere
    ]
    assert len(nowhere) == named and not any(b".local" in line for line in after)
    media = without_named_candidates(OFFERS[name]).split(b"\r\nm=")[1:]
    assert all(b"a=candidate" in one for one in media)


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        (b"a=candidate:1 1 udp 2113937151 192.0.2.1 60112 typ host", True),
        (b"a=candidate:1 1 UDP 2113937151 2001:db8::1 60112 typ host", True),
        (b"a=candidate:1 1 udp 2113937151 stun.example 60112 typ host", False),
        (b"a=candidate:1 1 udp 2113937151 1.2.3 60112 typ host", False),
    ],
)
def test_a_candidate_stays_when_it_is_an_address(line, stays):
    known = b"a=candidate:2 1 udp 2113937150 192.0.2.9 60113 typ host\r\n"
    seen = without_named_candidates(b"m=audio 9 x 0\r\n" + line + b"\r\n" + known)
    assert seen == b"m=audio 9 x 0\r\n" + (line + b"\r\n") * stays + known


@pytest.mark.parametrize("name", OFFERS)
def test_an_address_that_a_browser_leaves_unset_is_nobody_s_and_the_rest_stays(name):
    unset = b"c=IN IP4 0.0.0.0"
    expected = [b"c=IN IP4 192.0.2.1" if line == unset else line for line in OFFERS[name].split(b"\r\n")]
    assert with_set_addresses(OFFERS[name]).split(b"\r\n") == expected
    assert (unset in OFFERS[name]) is (name != "mic")
    assert check(with_set_addresses(OFFERS[name]), (), MOST_ATTRIBUTES_OF_BROWSERS) is None


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        (b"c=IN IP6 ::", b"c=IN IP6 2001:db8::1"),
        (b"c=IN IP6 ::1", b"c=IN IP6 ::1"),
        (b"c=IN IP4 0.0.0.01", b"c=IN IP4 0.0.0.01"),
        (b"c=IN IP4 10.0.0.0", b"c=IN IP4 10.0.0.0"),
        (b"a=rtcp:9 IN IP4 0.0.0.0", b"a=rtcp:9 IN IP4 0.0.0.0"),
        (b"s=c=IN IP4 0.0.0.0", b"s=c=IN IP4 0.0.0.0"),
    ],
)
def test_only_an_unset_address_of_media_is_replaced(line, becomes):
    ice = b"\r\na=ice-ufrag:Yx1z\r\n"
    assert with_set_addresses(line + ice) == becomes + ice


def test_without_ice_an_unset_address_means_hold():
    held = b"v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8\r\n"
    assert with_set_addresses(held) == held
