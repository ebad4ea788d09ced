"""Messages: reading, looking up, editing, writing."""

from dataclasses import replace

import pytest

from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import (
    Header,
    MalformedMessageError,
    Request,
    Response,
    UnwritableMessageError,
    parse,
    serialise,
)

INVITE = b"""\
INVITE sip:shop@example.com SIP/2.0\r
Via: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2\r
v: SIP/2.0/UDP c;branch=z9hG4bK3\r
f: <sip:caller@example.com>;tag=1\r
t: <sip:shop@example.com>\r
i: abc@example.com\r
CSeq: 1 INVITE\r
Max-Forwards: 70\r
ROUTE: <sip:edge;lr>, <sip:next;lr>\r
Content-Length: 4\r
\r
body"""


def invite(extra: bytes = b"") -> Request:
    message = parse(INVITE.replace(b"\r\n\r\n", b"\r\n" + extra + b"\r\n", 1))
    assert isinstance(message, Request)
    return message


def test_a_request_is_read() -> None:
    message = invite()
    assert (message.method, message.uri, message.version) == ("INVITE", "sip:shop@example.com", "2.0")
    assert message.body == b"body"
    assert message.headers[0] == Header("Via", "SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2")
    assert [via.host for via in message.vias] == ["a", "b", "c"]
    assert (message.via.host, message.call_id, message.max_forwards) == ("a", "abc@example.com", 70)
    assert [route.uri.host for route in message.routes] == ["edge", "next"]


def test_a_response_is_read() -> None:
    message = parse(b"SIP/2.0 183 Session Progress\r\nCSeq: 1 INVITE\r\n\r\n")
    assert isinstance(message, Response)
    assert (message.status, message.reason, message.cseq.method) == (183, "Session Progress", "INVITE")


def test_headers_are_found_by_long_and_compact_name_in_any_case() -> None:
    message = invite()
    for name in ("from", "FROM", "f", "F"):
        assert message.first(name) == "<sip:caller@example.com>;tag=1"
    assert message.lines("VIA") == message.lines("v")
    assert message.has("route") and not message.has("Record-Route")
    assert message.values("record-route") == ()


def test_blanks_before_the_colon_and_folds_are_read_away() -> None:
    message = invite(b"Subject \t:  one\r\n\ttwo\r\n   three  \r\n")
    assert message.first("s") == "one two three"


def test_a_header_that_may_be_empty_gives_its_tokens() -> None:
    message = invite(b"Supported:\r\nk: Timer, 100rel\r\nSupported: path\r\n")
    assert message.tokens("Supported") == ("timer", "100rel", "path")


def test_absent_values_are_none_and_absent_required_ones_are_named() -> None:
    message = invite().without("To", "Max-Forwards")
    assert (message.max_forwards, message.expires, message.content_type) == (None, None, None)
    with pytest.raises(SipSyntaxError, match="Missing To") as caught:
        _ = message.to
    assert caught.value.header == "To"
    with pytest.raises(SipSyntaxError, match="Repeated Call-ID"):
        _ = invite(b"i: other\r\n").call_id


def test_a_lone_star_is_no_contact_but_a_removal() -> None:
    assert invite(b"Contact: *\r\n").contact_is_star
    assert invite(b"Contact: *\r\n").contacts == ()
    both = invite(b"Contact: *\r\nContact: <sip:a@h>\r\n")
    assert not both.contact_is_star
    with pytest.raises(SipSyntaxError, match="Contact"):
        _ = both.contacts


def test_line_ends_before_the_start_line_are_skipped() -> None:
    assert parse(b"\r\n\r\n" + INVITE) == invite()


def test_bytes_that_are_no_utf8_survive() -> None:
    raw = INVITE.replace(b"body", b"\xff\0\r\n").replace(b"abc@", b"\xe9\xff@")
    assert b"i: \xe9\xff@example.com\r\n" in serialise(parse(raw))
    assert serialise(parse(raw)).endswith(b"\xff\0\r\n")


def test_what_is_written_has_crlf_no_folds_and_one_true_length() -> None:
    message = invite(b"l: 9\r\nSubject: a\r\n b\r\n")
    written = serialise(message)
    assert written.count(b"Content-Length") == 1
    assert b"\r\nSubject: a b\r\n" in written
    assert written.endswith(b"\r\nContent-Length: 4\r\n\r\nbody")
    assert serialise(parse(written)) == written


def test_an_edit_gives_a_new_message_and_leaves_the_old_one() -> None:
    old = invite()
    assert [via.host for via in old.vias] == ["a", "b", "c"]
    new = old.replacing_first_value("via", "SIP/2.0/UDP z")
    assert [via.host for via in new.vias] == ["z", "b", "c"]
    assert [via.host for via in old.vias] == ["a", "b", "c"]


def test_setting_a_header_replaces_all_of_its_name_in_the_first_place() -> None:
    message = invite().with_header("Via", "SIP/2.0/UDP only")
    assert [name for name, _ in message.headers][:2] == ["Via", "f"]
    assert message.lines("v") == ("SIP/2.0/UDP only",)
    assert invite().with_header("Date", "now").headers[-1] == Header("Date", "now")


def test_the_first_value_of_a_list_is_replaced() -> None:
    message = invite()
    replaced = message.replacing_first_value("via", "SIP/2.0/UDP new")
    assert [via.host for via in replaced.vias] == ["new", "b", "c"]
    assert message.replacing_first_value("Path", "<sip:h>") == message


def test_removing_takes_every_form() -> None:
    message = invite(b"X-A: 1\r\nx-a: 2\r\n")
    assert message.lines("x-a") == ("1", "2")
    assert message.without("X-A", "Via").lines("via") == ()
    assert not message.without("X-A").has("x-a")


@pytest.mark.parametrize("value", ["a\r\nEvil: b", "a\nEvil: b", "a\rb"])
def test_a_value_with_a_line_end_is_never_written(value: str) -> None:
    with pytest.raises(UnwritableMessageError):
        serialise(invite().with_header("Subject", value))
    with pytest.raises(UnwritableMessageError):
        serialise(replace(invite(), uri=value))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"\0" * 20,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"SIP/2.0 OK\r\n\r\n",
        b"SIP/2.0 0200 OK\r\n\r\n",
        b"SIP/2.0 99999999999 OK\r\n\r\n",
        b"INVITE\r\n\r\n",
        b"INVITE sip:a@h SIP/2.0",
    ],
)
def test_what_is_no_sip_cannot_be_answered(raw: bytes) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse(raw)
    assert caught.value.answerable is None


@pytest.mark.parametrize(
    "broken",
    [
        INVITE.replace(b" SIP/2.0\r\n", b"\r\n", 1),
        INVITE.replace(b"INVITE ", b"INVITE\t", 1).replace(b"INVITE\t", b"INVITE \t", 1),
        INVITE.replace(b"Max-Forwards:", b"Max Forwards:"),
        INVITE.replace(b"Max-Forwards:", b":"),
        INVITE.replace(b"Max-Forwards: 70", b"nothing at all"),
        INVITE.replace(b"Max-Forwards: 70\r\n", b"Max-Forwards: 70\n"),
        INVITE.replace(b"Max-Forwards: 70", b"Max-Forwards: 7\r0"),
        INVITE.replace(b"SIP/2.0\r\n", b"SIP/2.0\r\n folded: x\r\n", 1),
        INVITE.partition(b"\r\n\r\n")[0],
    ],
)
def test_a_broken_request_that_has_a_via_can_be_answered(broken: bytes) -> None:
    with pytest.raises(MalformedMessageError) as caught:
        parse(broken)
    assert caught.value.answerable is not None
    assert caught.value.answerable.method == "INVITE"
    assert caught.value.answerable.via.host == "a"
    assert serialise(caught.value.answerable)
