"""Typed header values: reading, refusing and writing."""

from collections.abc import Callable

import pytest

from pbx.sip.addresses import NameAddr, Via, parse_name_addr, parse_via
from pbx.sip.grammar import Params, SipSyntaxError, parse_number, parse_params, quote, split_list, unquote
from pbx.sip.headers import (
    CSeq,
    challenge,
    parse_auth,
    parse_cseq,
    parse_media_type,
    parse_seconds,
)
from pbx.sip.uri import parse_uri


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("a, b ,c", ("a", "b", "c")),
        ('"a,b" <sip:x,y@h>, <sip:z@h>;p="q,\\",r"', ('"a,b" <sip:x,y@h>', '<sip:z@h>;p="q,\\",r"')),
        ("single", ("single",)),
    ],
)
def test_a_list_is_split_only_at_its_own_commas(value: str, parts: tuple[str, ...]) -> None:
    assert split_list(value, "Contact") == parts


@pytest.mark.parametrize("value", ["", "a,,b", ",a", "a,", '"a,b', "<a,b"])
def test_a_list_with_a_hole_or_an_open_quote_is_refused(value: str) -> None:
    with pytest.raises(SipSyntaxError, match="Contact"):
        split_list(value, "Contact")


def test_quoting_and_unquoting_are_inverse() -> None:
    assert unquote(quote('a "b" \\ c')) == 'a "b" \\ c'
    assert quote("two\r\nlines") == '"two  lines"'
    assert unquote("token") == "token"


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "0x10", "٣", "²", "4294967296", "9" * 5000, "1 2"])
def test_what_is_no_number_in_range_is_refused(text: str) -> None:
    with pytest.raises(SipSyntaxError, match="Expires"):
        parse_number(text, "Expires", 2**32 - 1)


def test_leading_zeros_are_allowed() -> None:
    assert parse_number("0" * 100 + "42", "Expires", 100) == 42


def test_parameters_are_found_without_regard_to_case_and_kept_as_written() -> None:
    params = parse_params(' ; Tag = "a\\"b" ;flag', "From")
    assert (params.get("tag"), "FLAG" in params, params.get("flag")) == ('a"b', True, None)
    assert str(params) == ';Tag="a\\"b";flag'
    assert str(params.setting("tag", "c").setting("new")) == ";Tag=c;flag;new"
    assert str(params.without("TAG")) == ";flag"


@pytest.mark.parametrize("text", [";", ";;a", ";a=", ";a=b;", ";a b", 'x;a="', ";a=<b>", ";ä=b"])
def test_bad_parameters_are_refused(text: str) -> None:
    with pytest.raises(SipSyntaxError, match="Via"):
        parse_params(text, "Via")


def test_a_name_address_has_name_uri_and_parameters() -> None:
    value = parse_name_addr('"A, B" <sip:a@example.com;lr>;tag=x;q=0.5', "From")
    assert value == NameAddr(parse_uri("sip:a@example.com;lr"), "A, B", Params((("tag", "x"), ("q", "0.5"))))
    assert str(value) == '"A, B" <sip:a@example.com;lr>;tag=x;q=0.5'


@pytest.mark.parametrize(
    ("value", "display"),
    [
        ("<sip:a@h>", ""),
        ("Anonymous <sip:a@h>", "Anonymous"),
        ("Two  Words<sip:a@h>", "Two  Words"),
        ("José <sip:a@h>", "José"),
        ('"\\"" <sip:a@h>', '"'),
        ('"" <sip:a@h>', ""),
    ],
)
def test_a_display_name_may_be_quoted_or_bare(value: str, display: str) -> None:
    assert parse_name_addr(value, "To").display == display


@pytest.mark.parametrize(
    "value",
    [
        "",
        "<>",
        "<sip:a@h",
        "sip:a@h>",
        "<<sip:a@h>>",
        '"open <sip:a@h>',
        "a,b <sip:a@h>",
        "<sip:a@h> x",
        "< sip:a@h>",
        "<sip:a@h>;",
        "sip:a@h?x=y",
        "sip:a,b@h",
        "just text",
    ],
)
def test_what_is_no_name_address_is_refused(value: str) -> None:
    with pytest.raises(SipSyntaxError, match="To"):
        parse_name_addr(value, "To")


def test_a_via_is_read_and_written() -> None:
    text = "SIP/2.0/UDP [2001:db8::1]:5070;rport;branch=z9hG4bKx"
    via = parse_via(text)
    assert (via.transport, via.host, via.port) == ("UDP", "2001:db8::1", 5070)
    assert (via.branch, via.wants_rport, via.received) == ("z9hG4bKx", True, None)
    assert str(via) == text


def test_the_true_source_is_noted_in_received_and_in_rport_only_if_asked() -> None:
    asked = parse_via("SIP/2.0/UDP 10.0.0.1;rport;branch=z9hG4bKx").with_source("192.0.2.9", 6000)
    assert str(asked) == "SIP/2.0/UDP 10.0.0.1;rport=6000;branch=z9hG4bKx;received=192.0.2.9"
    silent = parse_via("SIP/2.0/TCP host;received=192.0.2.1").with_source("192.0.2.9", 6000)
    assert str(silent) == "SIP/2.0/TCP host;received=192.0.2.9"
    assert Via("UDP", "h").with_source("2001:db8::1", 1).received == "2001:db8::1"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "SIP/2.0/UDP",
        "SIP/2.0 host",
        "HTTP/2.0/TCP host",
        "SIP/2.0/UDP host:70000",
        "SIP/2.0/UDP ho st",
        "SIP/2.0/UDP 2001:db8::1",
        "SIP/2.0/UDP host;;branch=x",
        "SIP/2.0/UDP host;branch=",
    ],
)
def test_what_is_no_via_is_refused(value: str) -> None:
    with pytest.raises(SipSyntaxError, match="Via"):
        parse_via(value)


def test_cseq_is_read() -> None:
    assert parse_cseq("0042   ACK") == CSeq(42, "ACK")


@pytest.mark.parametrize(
    "value", ["", "1", "INVITE 1", "2147483648 INVITE", "-1 INVITE", "1 IN VITE", "1\xa0INVITE"]
)
def test_a_bad_cseq_is_refused(value: str) -> None:
    with pytest.raises(SipSyntaxError, match="CSeq"):
        parse_cseq(value)


def test_session_timers_have_seconds_and_parameters() -> None:
    value = parse_seconds("1800;refresher=uas", "Session-Expires")
    assert (value.seconds, value.params.get("refresher")) == (1800, "uas")
    assert parse_seconds("90", "Min-SE").seconds == 90
    with pytest.raises(SipSyntaxError, match="Min-SE"):
        parse_seconds("soon", "Min-SE")


def test_a_media_type_is_lower_case_and_has_parameters() -> None:
    value = parse_media_type('Message/SipFrag ; version="2.0"')
    assert (value.kind, value.params.get("version")) == ("message/sipfrag", "2.0")
    for text in ("", "text", "text/", "/x", "a b/c", "text/plain;"):
        with pytest.raises(SipSyntaxError, match="Content-Type"):
            parse_media_type(text)


def test_credentials_are_read_with_their_quotes_taken_off() -> None:
    value = parse_auth(
        'Digest username="bob",realm="a\\"b, c",\tnonce="n" , uri="sip:x", response="r",qop=auth, nc=00000001'
    )
    assert value.scheme == "Digest"
    assert dict(value.params) == {
        "username": "bob",
        "realm": 'a"b, c',
        "nonce": "n",
        "uri": "sip:x",
        "response": "r",
        "qop": "auth",
        "nc": "00000001",
    }
    assert parse_auth(str(value)) == value
    assert 'realm="a\\"b, c"' in str(value) and "qop=auth" in str(value) and "nc=00000001" in str(value)


def test_a_challenge_quotes_its_qop() -> None:
    written = str(
        challenge("Digest", [("realm", "shop"), ("nonce", "n"), ("algorithm", "SHA-256"), ("qop", "auth")])
    )
    assert written == 'Digest realm="shop", nonce="n", algorithm=SHA-256, qop="auth"'
    assert parse_auth(written).get("qop") == "auth"


def test_a_bearer_token_is_kept_whole() -> None:
    assert parse_auth("Bearer abc.def==").token68 == "abc.def=="


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Di@gest x=y",
        'Digest a="',
        "Digest a=b c=d",
        "Digest a=b, a=c",
        "Digest a=b, A=c",
        "Digest =b",
        "Digest a=b,,c=d",
    ],
)
def test_bad_credentials_are_refused(value: str) -> None:
    with pytest.raises(SipSyntaxError, match="Authorization"):
        parse_auth(value)


@pytest.mark.parametrize("parse", [parse_via, parse_cseq, parse_media_type, parse_auth])
def test_a_hostile_value_is_refused_quickly_and_by_name(parse: Callable[[str], object]) -> None:
    for value in ('"' * 16000, "<" * 16000, ";a" * 8000 + '"', " " * 16000, "\\" * 16000, "a" * 16000 + "\0"):
        with pytest.raises(SipSyntaxError):
            parse(value)
