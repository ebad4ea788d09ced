"""Which status a request is owed."""

import pytest

from pbx.sip.addresses import Via
from pbx.sip.message import Request, Response, parse
from pbx.sip.validation import Policy, drop_reason, verdict

OPTIONS = b"""\
OPTIONS sip:shop@example.com SIP/2.0\r
Via: SIP/2.0/UDP a;branch=z9hG4bK1\r
Via: SIP/2.0/UDP b;branch=z9hG4bK2\r
From: <sip:caller@example.com>;tag=1\r
To: <sip:shop@example.com>\r
Call-ID: abc\r
CSeq: 1 OPTIONS\r
Max-Forwards: 70\r
\r
"""

POLICY = Policy(is_own_via=lambda via: via.host == "edge.example.com")


def options(*edits: tuple[bytes, bytes], body: bytes = b"") -> Request:
    raw = OPTIONS
    for old, new in edits:
        assert old in raw
        raw = raw.replace(old, new)
    message = parse(raw + body)
    assert isinstance(message, Request)
    return message


def with_line(line: bytes) -> tuple[bytes, bytes]:
    return b"Max-Forwards: 70\r\n", b"Max-Forwards: 70\r\n" + line + b"\r\n"


def test_a_good_request_goes_on() -> None:
    assert verdict(options(), POLICY) is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b"Via: SIP/2.0/UDP a", b"Via: SIP/2.0/UDP :", "Via"),
        (b"Via: SIP/2.0/UDP b", b"Via: broken", "Via"),
        (b"z9hG4bK1", b"z9hG4bK", "Via"),
        (b"From: <sip:", b"From: <sip ", "From"),
        (b"To: <sip:shop@example.com>", b"To: shop", "To"),
        (b"Call-ID: abc", b"Call-ID: a b", "Call-ID"),
        (b"Call-ID: abc", b"Call-ID:", "Call-ID"),
        (b"CSeq: 1 OPTIONS", b"CSeq: OPTIONS", "CSeq"),
        (b"CSeq: 1 OPTIONS", b"CSeq: 1 options", "CSeq"),
        (b"Max-Forwards: 70", b"Max-Forwards: 256", "Max-Forwards"),
        (b"Max-Forwards: 70", b"Max-Forwards: many", "Max-Forwards"),
        (b"sip:shop@example.com SIP", b"sip:shop@ SIP", "Request-URI"),
        (b"sip:shop@example.com SIP", b"sip:shop@h?a=b SIP", "Request-URI"),
        (b"To: ", b"From: ", "From"),
        (b"To: ", b"X-To: ", "To"),
        (*with_line(b"To: <sip:a@h>"), "To"),
        (*with_line(b"Max-Forwards: 70"), "Max-Forwards"),
        (*with_line(b"Contact: broken"), "Contact"),
        (*with_line(b"Contact: *"), "Contact"),
        (*with_line(b"Route: <sip:a@h"), "Route"),
        (*with_line(b"Record-Route: ,"), "Record-Route"),
        (*with_line(b"Expires: -1"), "Expires"),
        (*with_line(b"Content-Length: x"), "Content-Length"),
        (*with_line(b"Content-Type: text"), "Content-Type"),
    ],
)
def test_bad_syntax_is_owed_400_that_names_the_header(old: bytes, new: bytes, named: str) -> None:
    refusal = verdict(options((old, new)), POLICY)
    assert refusal is not None
    assert refusal.status == 400
    assert named in refusal.reason


@pytest.mark.parametrize(
    ("request_", "status", "headers"),
    [
        (options((b"com SIP/2.0", b"com SIP/3.0")), 505, {}),
        (options((b"sip:shop@example.com SIP", b"mailto:x@y SIP")), 416, {}),
        (options((b"OPTIONS", b"FLY")), 501, {"Allow": ", ".join(POLICY.served)}),
        (options((b"OPTIONS", b"options")), 501, {"Allow": ", ".join(POLICY.served)}),
        (options((b"OPTIONS", b"PUBLISH")), 405, {"Allow": ", ".join(POLICY.served)}),
        (options((b"Max-Forwards: 70", b"Max-Forwards: 0")), 483, {}),
        (options((b"UDP b", b"UDP edge.example.com")), 482, {}),
        (
            options(with_line(b"Require: Timer, Magic\r\nProxy-Require: sec-agree\r\nRequire: tricks")),
            420,
            {"Unsupported": "sec-agree, Magic, tricks"},
        ),
        (
            options(with_line(b"Content-Type: text/plain"), body=b"x"),
            415,
            {"Accept": ", ".join(POLICY.content_types)},
        ),
        (
            options(with_line(b"Content-Type: application/sdp\r\ne: gzip"), body=b"x"),
            415,
            {"Accept-Encoding": "identity"},
        ),
        (options(body=b"x"), 400, {}),
        (options((b"OPTIONS", b"INVITE"), with_line(b"Accept: text/plain")), 406, {}),
        (options((b"OPTIONS", b"INVITE"), with_line(b"Accept:")), 406, {}),
    ],
)
def test_each_fault_is_owed_its_status_and_the_headers_that_explain_it(
    request_: Request, status: int, headers: dict[str, str]
) -> None:
    refusal = verdict(request_, POLICY)
    assert refusal is not None
    assert (refusal.status, dict(refusal.headers)) == (status, headers)


@pytest.mark.parametrize(
    "request_",
    [
        options((b"sip:shop@example.com SIP", b"tel:+15550100 SIP")),
        options((b"Max-Forwards: 70\r\n", b"")),
        options((b"OPTIONS", b"REGISTER"), (b"Max-Forwards: 70", b"Max-Forwards: 0")),
        options((b"OPTIONS", b"REGISTER"), with_line(b"Contact: *")),
        options(with_line(b"Content-Type: Application/SDP;x=y"), body=b"v=0"),
        options(with_line(b"Content-Encoding: identity\r\nc: application/sdp"), body=b"v=0"),
        options(with_line(b"Require: 100rel, TIMER")),
        options((b"OPTIONS", b"ACK"), with_line(b"Require: magic")),
        options((b"OPTIONS", b"CANCEL"), with_line(b"Require: magic\r\nContent-Type: text/plain"), body=b"x"),
        options((b"OPTIONS", b"INVITE"), with_line(b"Accept: text/plain, application/sdp;level=1")),
        options((b"OPTIONS", b"INVITE"), with_line(b"Accept: */*")),
        options(with_line(b"Date: yesterday\r\nAuthorization: \xff")),
        options((b";tag=1", b"")),
    ],
)
def test_what_is_unusual_and_allowed_goes_on(request_: Request) -> None:
    assert verdict(request_, POLICY) is None


def test_a_request_that_registers_something_else_than_a_sip_address_is_refused() -> None:
    refusal = verdict(options((b"OPTIONS", b"REGISTER"), (b"<sip:shop@", b"<mailto:shop@")), POLICY)
    assert refusal is not None
    assert (refusal.status, "To" in refusal.reason) == (400, True)


def test_the_reason_phrase_never_repeats_what_was_sent() -> None:
    refusal = verdict(options((b"To: <sip:shop@example.com>", b"To: <secret>")), POLICY)
    assert refusal is not None
    assert "secret" not in refusal.reason


RESPONSE = OPTIONS.replace(b"OPTIONS sip:shop@example.com SIP/2.0", b"SIP/2.0 200 OK").replace(
    b"UDP a", b"UDP edge.example.com"
)


def response(old: bytes = b"", new: bytes = b"") -> Response:
    message = parse(RESPONSE.replace(old, new) if old else RESPONSE)
    assert isinstance(message, Response)
    return message


def test_a_response_to_what_we_forwarded_goes_on() -> None:
    assert drop_reason(response(), POLICY) is None


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"edge.example.com", b"elsewhere", "stray"),
        (b"Via: SIP/2.0/UDP b;branch=z9hG4bK2\r\n", b"", "for ourselves"),
        (b"2.0 200", b"2.0 700", "not a status we know"),
        (b"2.0 200", b"2.0 99", "not a status we know"),
        (b"SIP/2.0 200", b"SIP/3.0 200", "not a status we know"),
        (b"CSeq: 1", b"CSeq: x", "Bad number in CSeq"),
        (b"From: ", b"X: ", "Missing From"),
        (b"Via: SIP/2.0/UDP b", b"Via: b", "Bad Via"),
    ],
)
def test_a_stray_or_broken_response_is_dropped(old: bytes, new: bytes, why: str) -> None:
    assert drop_reason(response(old, new), POLICY) == why


def test_by_default_no_via_is_ours() -> None:
    assert not Policy().is_own_via(Via("UDP", "edge.example.com"))
