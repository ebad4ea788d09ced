"""URIs: reading, writing and comparing."""

import pytest

from pbx.sip.grammar import Params, SipSyntaxError
from pbx.sip.uri import Uri, equivalent, parse_uri


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sip:alice@example.com", Uri("sip", user="alice", host="example.com")),
        (
            "sips:bob:secret@192.0.2.1:5061",
            Uri("sips", user="bob", password="secret", host="192.0.2.1", port=5061),
        ),
        ("SIP:example.com", Uri("sip", host="example.com")),
        (
            "sip:+15551234@[2001:db8::1]:5060;transport=tcp;lr",
            Uri(
                "sip",
                user="+15551234",
                host="2001:db8::1",
                port=5060,
                params=Params((("transport", "tcp"), ("lr", None))),
            ),
        ),
        (
            "sip:a@example.com?subject=x&to=b",
            Uri("sip", user="a", host="example.com", headers="subject=x&to=b"),
        ),
        (
            "tel:+1-201-555-0123;ext=5",
            Uri("tel", user="+1-201-555-0123", params=Params((("ext", "5"),))),
        ),
        ("urn:service:sos", Uri("urn", opaque="service:sos")),
        ("sip:*21*600#@example.com", Uri("sip", user="*21*600#", host="example.com")),
    ],
)
def test_a_uri_is_read_into_its_parts_and_written_back(text: str, expected: Uri) -> None:
    assert parse_uri(text) == expected
    assert str(parse_uri(text)).lower() == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sip:",
        "alice@example.com",
        "sip:alice@",
        "sip:a@b@example.com",
        "sip:a b@example.com",
        "sip:a@example.com:99999",
        "sip:a@example.com:65536",
        "sip:a@example.com:x",
        "sip:a@2001:db8::1",
        "sip:a@[2001:db8::1",
        "sip:a@[::1%25eth0]",
        "sip:a@[1:2]",
        "sip:a%4@example.com",
        "sip:a%zz@example.com",
        "sip:a@example.com;;lr",
        "sip:a@example.com; lr",
        "sip:a@exämple.com",
        "sip:a@example.com\r\n",
        "sip:a@example.com:５０６０",
        "tel:",
        "tel:call me",
        "<sip:a@example.com>",
        "news:a b",
    ],
)
def test_what_is_no_uri_is_refused_and_the_header_named(text: str) -> None:
    with pytest.raises(SipSyntaxError) as caught:
        parse_uri(text, "Contact")
    assert (caught.value.header, "Contact" in caught.value.reason) == ("Contact", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # RFC 3261 section 19.1.4
        (
            "sip:%61lice@atlanta.example.com;transport=TCP",
            "sip:alice@AtlanTa.example.CoM;Transport=tcp",
        ),
        ("sip:carol@chicago.example.com", "sip:carol@chicago.example.com;newparam=5"),
        ("sip:carol@chicago.example.com", "sip:carol@chicago.example.com;security=on"),
        (
            "sip:alice@atlanta.example.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.example.com?priority=urgent&subject=project%20x",
        ),
        (
            "sip:biloxi.example.com;transport=tcp;method=REGISTER",
            "sip:biloxi.example.com;method=REGISTER;transport=tcp",
        ),
        ("sip:a@[2001:DB8:0::1]", "sip:a@[2001:db8::1]"),
        ("tel:+15550100", "TEL:+15550100"),
    ],
)
def test_uris_that_differ_only_in_writing_are_equivalent(one: str, other: str) -> None:
    assert equivalent(parse_uri(one), parse_uri(other))
    assert equivalent(parse_uri(other), parse_uri(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # RFC 3261 section 19.1.4
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.example.com", "sip:bob@biloxi.example.com:5060"),
        ("sip:bob@biloxi.example.com", "sip:bob@biloxi.example.com;transport=udp"),
        (
            "sip:bob@biloxi.example.com;transport=udp",
            "sip:bob@biloxi.example.com:6000;transport=tcp",
        ),
        ("sip:carol@chicago.example.com", "sip:carol@chicago.example.com?Subject=next%20meeting"),
        ("sip:bob@phone21.example.com", "sip:bob@192.0.2.4"),
        (
            "sip:carol@chicago.example.com;security=on",
            "sip:carol@chicago.example.com;security=off",
        ),
        ("sip:a@example.com", "sips:a@example.com"),
        ("sip:a:b@example.com", "sip:a@example.com"),
        ("sip:a%2Fb@example.com", "sip:a/b@example.com"),
        ("tel:+15550100", "tel:+15550101"),
    ],
)
def test_uris_that_differ_in_meaning_are_not_equivalent(one: str, other: str) -> None:
    assert not equivalent(parse_uri(one), parse_uri(other))
    assert not equivalent(parse_uri(other), parse_uri(one))


def test_the_transport_is_lower_case() -> None:
    assert parse_uri("sip:example.com;Transport=TCP").transport == "tcp"
    assert parse_uri("sip:example.com").transport is None
