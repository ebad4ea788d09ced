"""The torture messages of RFC 4475 and RFC 5118 as the parser's and the validator's exam."""

import pytest

from pbx.sip import framing
from pbx.sip.grammar import SipSyntaxError
from pbx.sip.message import MalformedMessageError, Request, Response, parse, serialise
from pbx.sip.validation import Policy, drop_reason, verdict
from tests.unit.sip.torture.catalogue import CASES, DROPPED, PASSES, TortureCase

POLICY = Policy()


def named(cases: list[TortureCase] | tuple[TortureCase, ...]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


STREAMABLE = [case for case in CASES if case.on_stream == "same" and case.name != "dblreq"]


def read(case: TortureCase) -> Request | Response | SipSyntaxError:
    try:
        return framing.read_datagram(case.raw)
    except MalformedMessageError as error:
        return error


def test_both_rfcs_are_there_in_full() -> None:
    sections = [case.section.split(" ")[0] for case in CASES]
    assert (sections.count("4475"), sections.count("5118")) == (49, 12)
    assert len({case.name for case in CASES}) == len({case.raw for case in CASES}) == 61


@pytest.mark.parametrize("case", named(CASES))
def test_each_message_is_read_as_what_it_is(case: TortureCase) -> None:
    kinds = {Request: "request", Response: "response", MalformedMessageError: "malformed"}
    assert kinds[type(read(case))] == case.kind


@pytest.mark.parametrize("case", named(CASES))
def test_each_message_is_owed_the_status_in_the_table(case: TortureCase) -> None:
    message = read(case)
    if isinstance(message, Response):
        assert case.owed == DROPPED
        assert drop_reason(message, POLICY) is not None
    elif isinstance(message, Request):
        refusal = verdict(message, POLICY)
        assert (refusal.status if refusal else PASSES) == case.owed
    else:
        assert framing.owed_status(message) == case.owed
        assert framing.refused_request(message) is not None


@pytest.mark.parametrize("case", named([case for case in CASES if case.owed == 400]))
def test_the_reason_phrase_of_a_400_names_the_header(case: TortureCase) -> None:
    message = read(case)
    refusal = verdict(message, POLICY) if isinstance(message, Request) else message
    assert isinstance(case.names, str)
    assert case.names in refusal.reason


@pytest.mark.parametrize("case", named([case for case in CASES if case.kind != "malformed"]))
def test_writing_and_reading_again_changes_nothing(case: TortureCase) -> None:
    once = serialise(framing.read_datagram(case.raw))
    assert serialise(parse(once)) == once


@pytest.mark.parametrize("case", named(STREAMABLE))
def test_a_stream_gives_each_message_back_byte_by_byte(case: TortureCase) -> None:
    framer = framing.StreamFramer()
    frames = [frame for byte in case.raw for frame in framer.feed(bytes([byte]))]
    assert frames == [case.raw]


@pytest.mark.parametrize("case", named(STREAMABLE))
def test_a_stream_gives_two_messages_in_one_segment(case: TortureCase) -> None:
    assert list(framing.StreamFramer().feed(case.raw * 2)) == [case.raw] * 2


def test_extra_octets_are_dropped_from_a_datagram_and_are_a_second_request_on_a_stream() -> None:
    (case,) = (case for case in CASES if case.name == "dblreq")
    assert framing.read_datagram(case.raw).body == b""
    frames = framing.StreamFramer().feed(case.raw)
    assert [frame.split()[0] for frame in (next(frames), next(frames)) if isinstance(frame, bytes)] == [
        b"REGISTER",
        b"INVITE",
    ]
    with pytest.raises(framing.FramingError):
        next(frames)


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "waits"]))
def test_a_stream_waits_for_a_body_that_does_not_come(case: TortureCase) -> None:
    framer = framing.StreamFramer()
    assert list(framer.feed(case.raw)) == []
    assert framer.pending


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "closes"]))
def test_a_stream_ends_where_the_length_is_in_doubt(case: TortureCase) -> None:
    framer = framing.StreamFramer()
    with pytest.raises(framing.FramingError) as caught:
        list(framer.feed(case.raw))
    assert "Content-Length" in caught.value.reason
    assert framing.refused_request(caught.value) is not None
    assert list(framer.feed(CASES[0].raw)) == []
