"""Stateless answers."""

from pbx.sip.message import Request, parse, serialise
from pbx.sip.replies import reply

RAW = b"""\
INVITE sip:a@h SIP/2.0\r
v: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b\r
From: <sip:c@h>;tag=1\r
t: "A, B" <sip:a@h>;x=y\r
i: abc\r
CSeq: 1 INVITE\r
Subject: none of your business\r
\r
body"""


def request(raw: bytes = RAW) -> Request:
    message = parse(raw)
    assert isinstance(message, Request)
    return message


def test_an_answer_carries_what_identifies_the_request_and_nothing_else() -> None:
    answer = reply(request(), 404, to_tag="T")
    assert serialise(answer) == (
        b"SIP/2.0 404 Not Found\r\n"
        b"v: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b\r\n"
        b"From: <sip:c@h>;tag=1\r\n"
        b'To: "A, B" <sip:a@h>;x=y;tag=T\r\n'
        b"i: abc\r\n"
        b"CSeq: 1 INVITE\r\n"
        b"Content-Length: 0\r\n\r\n"
    )


def test_headers_body_and_reason_can_be_given() -> None:
    answer = reply(request(), 405, "No", [("Allow", "BYE")], body=b"x")
    assert (answer.reason, answer.first("Allow"), answer.body) == ("No", "BYE", b"x")


def test_a_tag_that_is_there_stays_and_a_100_gets_none() -> None:
    tagged = request(RAW.replace(b";x=y", b";tag=old"))
    assert reply(tagged, 200, to_tag="T").to.tag == "old"
    assert reply(request(), 100, to_tag="T").to.tag is None


def test_tags_are_not_guessable() -> None:
    tags = {reply(request(), 200).to.tag for _ in range(10)}
    assert len(tags) == 10 and all(tag is not None and len(tag) >= 16 for tag in tags)


def test_a_broken_request_is_answered_with_what_there_is() -> None:
    broken = request(RAW.replace(b't: "A, B" <', b't: "A, B <').replace(b"i: abc\r\n", b""))
    answer = reply(broken, 400, "Bad To")
    assert [name for name, _ in answer.headers] == ["v", "From", "t", "CSeq"]
