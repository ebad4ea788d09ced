"""What pjsua2 must not see: names in Contacts and in ICE candidates."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.sip.framing import read_datagram
from pbx.sip.hidden import hidden_uri, shown_uri, with_hidden_contacts, without_named_candidates
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


@pytest.mark.parametrize("name", OFFERS)
def test_candidates_that_are_names_are_left_out_and_nothing_else(name):
    before, after = OFFERS[name].split(b"\r\n"), without_named_candidates(OFFERS[name]).split(b"\r\n")
    assert [line for line in before if b".local" not in line] == after
    assert any(b".local" in line for line in before) is (name != "mic")
    assert sum(line.startswith(b"a=candidate") for line in after) == (4 if name == "mic" else 0)


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
    assert without_named_candidates(b"v=0\r\n" + line + b"\r\n") == b"v=0\r\n" + (line + b"\r\n") * stays
