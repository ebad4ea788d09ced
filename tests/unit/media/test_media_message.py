"""What is read from and written into SIP messages around pjsua2."""

import pytest

from pbx.media import message

INVITE = (
    "INVITE sip:%2B33100;x=1@shop.example;user=phone SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    'f: "Zo\\"e, the <one>" <sip:al%20ice:pw@192.0.2.1;transport=udp>;x=1;tag=abc;y=2\r\n'
    "To: <sip:100@shop.example>\r\n"
    "i: id@192.0.2.1\r\n"
    "X-Comptoir-Account: 1001\r\n"
    "x-comptoir-Long:  one\r\n  two\r\n"
    "Subject: X-Comptoir-Fake: no\r\n"
    "\r\n"
    "X-Comptoir-Body: not a header\r\n"
)


def test_an_invite_is_read_with_escapes_compact_names_and_folding() -> None:
    read = message.invitation(INVITE)
    assert read.caller == "al ice"
    assert read.caller_name == 'Zo"e, the <one>'
    assert read.called == "+33100"
    assert read.call_id == "id@192.0.2.1"
    assert read.caller_tag == "abc"
    assert read.own == {"account": "1001", "long": "one two"}


@pytest.mark.parametrize(
    ("value", "name", "uri"),
    [
        ("sip:1@h;tag=1", "", "sip:1@h"),
        ("<sip:1@h;lr>;tag=1", "", "sip:1@h;lr"),
        ("Alice Smith <sip:1@h>", "Alice Smith", "sip:1@h"),
        ('"a\\\\b" <sip:1@h>', "a\\b", "sip:1@h"),
        ("", "", ""),
    ],
)
def test_an_address_has_a_name_and_a_uri(value: str, name: str, uri: str) -> None:
    assert message.address(value) == (name, uri)


@pytest.mark.parametrize(
    ("uri", "user"),
    [
        ("sip:1@h", "1"),
        ("sip:h", ""),
        ("tel:+331;phone-context=x", "+331"),
        ("sips:a%40b@h:1", "a@b"),
        ("", ""),
    ],
)
def test_the_user_of_a_uri(uri: str, user: str) -> None:
    assert message.user(uri) == user


def test_refer_to_names_a_target_and_perhaps_a_dialog() -> None:
    plain = message.referral('"Bob" <sip:bob@h;transport=tcp>;method=INVITE')
    assert plain == message.Referral("sip:bob@h;transport=tcp", None)
    attended = message.referral(
        "<sip:bob@h?Replaces=a%40b%3Bto-tag%3Dt1%3Bfrom-tag%3Df1%3Bearly-only&Subject=x>"
    )
    assert attended == message.Referral("sip:bob@h", message.Dialog("a@b", "t1", "f1"))


@pytest.mark.parametrize("value", ["", "<http://h>", "bob", "<mailto:a@b>"])
def test_refer_to_something_else_than_a_phone_is_nothing(value: str) -> None:
    assert message.referral(value) is None


@pytest.mark.parametrize(
    ("content", "body", "key"),
    [
        ("application/dtmf", "5", "5"),
        ("application/dtmf; charset=utf-8", " # \r\n", "#"),
        ("Application/DTMF", "Signal= a\r\nDuration=160\r\n", "A"),
        ("application/dtmf", "11", "#"),
        ("application/dtmf", "10", "*"),
        ("application/dtmf", "55", None),
        ("application/dtmf", "", None),
        ("application/dtmf-relay", "Signal=5\r\n", None),
        ("text/plain", "5", None),
    ],
)
def test_a_bare_key_in_an_info(content: str, body: str, key: str | None) -> None:
    text = f"INFO sip:a@b SIP/2.0\r\nContent-Type: {content}\r\n\r\n{body}"
    assert message.info_digit(text) == key


def test_from_is_quoted_escaped_and_anonymous_without_a_caller() -> None:
    assert message.from_header("+331", "", "shop") == "<sip:+331@shop>"
    assert message.from_header("a b@c", 'x"y\r\nVia: z', "shop") == '"x\\"y  Via: z" <sip:a%20b%40c@shop>'
    for caller in ("", "anonymous"):
        assert message.from_header(caller, "Alice", "shop") == '"Anonymous" <sip:anonymous@anonymous.invalid>'


def test_a_route_travels_in_the_uris_headers() -> None:
    assert message.with_route("sip:1@h", ()) == "sip:1@h"
    routed = message.with_route("sip:1@h", ("<sip:t%40k@127.0.0.1;lr>", "sip:2@h;lr"))
    assert routed == "sip:1@h?Route=%3Csip%3At%2540k%40127.0.0.1%3Blr%3E&Route=%3Csip%3A2%40h%3Blr%3E"


@pytest.mark.parametrize(
    ("uri", "host"),
    [("sip:1@h:5060;lr", "h"), ("sip:h", "h"), ("sip:1@[::1]:5060", "[::1]"), ("sip:h:5?x=1@2", "h")],
)
def test_the_host_of_a_uri(uri: str, host: str) -> None:
    assert message.host(uri) == host


def test_a_reason_header_cannot_be_broken_out_of() -> None:
    assert message.reason(0, 'a"b\r\nX: y') == 'SIP;cause=200;text="a\\"b  X: y"'
