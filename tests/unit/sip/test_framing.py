"""Cutting streams and datagrams into messages."""

import time

import pytest

from pbx.sip import framing
from pbx.sip.framing import FramingError, Limits, Ping, StreamFramer, read_datagram
from pbx.sip.message import MalformedMessageError

HEAD = b"OPTIONS sip:h SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bK1\r\nCSeq: 1 OPTIONS\r\n"
EMPTY = HEAD + b"Content-Length: 0\r\n\r\n"
FULL = HEAD + b"l : 5\r\n\r\nhello"


def test_messages_and_pings_come_out_in_order() -> None:
    frames = list(StreamFramer().feed(b"\r\n" + EMPTY + framing.PING + FULL + b"\r\n" + EMPTY))
    assert frames == [EMPTY, Ping(), FULL, EMPTY]


def test_bytes_one_at_a_time_give_the_same_frames() -> None:
    framer = StreamFramer()
    data = framing.PING + EMPTY + framing.PING + FULL + EMPTY
    frames = [frame for byte in data for frame in framer.feed(bytes([byte]))]
    assert frames == [Ping(), EMPTY, Ping(), FULL, EMPTY]


def test_nothing_is_pending_between_messages_nor_after_a_pong() -> None:
    framer = StreamFramer()
    assert not framer.pending
    assert list(framer.feed(framing.PONG)) == []
    assert not framer.pending
    assert list(framer.feed(b"OPT")) == []
    assert framer.pending


def test_a_body_is_awaited() -> None:
    framer = StreamFramer()
    assert list(framer.feed(FULL[:-1])) == []
    assert framer.pending
    assert list(framer.feed(FULL[-1:])) == [FULL]
    assert not framer.pending


@pytest.mark.parametrize(
    ("data", "error", "status"),
    [
        (HEAD + b"\r\n", framing.MissingContentLengthError, 400),
        (HEAD + b"Content-Length: 5\r\nl: 6\r\n\r\n", framing.ConflictingContentLengthError, 400),
        (
            HEAD + b"Content-Length: 5\r\nContent-Length:\r\n 6\r\n\r\n",
            framing.ConflictingContentLengthError,
            400,
        ),
        (HEAD + b"Content-Length: -1\r\n\r\n", framing.BadContentLengthError, 400),
        (HEAD + b"Content-Length: 5, 5\r\n\r\n", framing.BadContentLengthError, 400),
        (HEAD + b"Content-Length:\r\n\r\n", framing.BadContentLengthError, 400),
        (HEAD + b"Content-Length: 0x5\r\n\r\n", framing.BadContentLengthError, 400),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", framing.BadContentLengthError, 400),
        (HEAD + b"Content-Length: 65537\r\n\r\n", framing.BodyTooLargeError, 513),
        (HEAD + b"X: y\r\n" * 99 + b"l: 0\r\n\r\n", framing.TooManyHeadersError, 513),
        (HEAD + b"X: " + b"y" * 16384, framing.HeadTooLargeError, 513),
        (HEAD + b"X: " + b"y" * 16384 + b"\r\nl: 0\r\n\r\n", framing.HeadTooLargeError, 513),
    ],
)
def test_a_stream_that_cannot_be_cut_is_refused_by_name_and_ends(
    data: bytes, error: type[FramingError], status: int
) -> None:
    framer = StreamFramer()
    frames = framer.feed(EMPTY + data)
    assert next(frames) == EMPTY
    with pytest.raises(error) as caught:
        next(frames)
    request = framing.refused_request(caught.value)
    assert request is not None
    assert (request.via.host, framing.owed_status(caught.value)) == ("c", status)
    assert list(framer.feed(EMPTY)) == []
    assert not framer.pending


def test_limits_hold_exactly() -> None:
    limits = Limits(head=len(HEAD) + len(b"l: 5"), headers=3, body=5)
    at_the_limit = HEAD + b"l: 5\r\n\r\nhello"
    assert list(StreamFramer(limits).feed(at_the_limit)) == [at_the_limit]
    assert read_datagram(at_the_limit, limits).body == b"hello"
    for over in (HEAD + b"l:  5\r\n\r\nhello", b"O" + at_the_limit):
        with pytest.raises(framing.HeadTooLargeError):
            list(StreamFramer(limits).feed(over))
        with pytest.raises(framing.HeadTooLargeError):
            read_datagram(over, limits)
    with pytest.raises(framing.TooManyHeadersError):
        list(StreamFramer(Limits(headers=2)).feed(at_the_limit))
    with pytest.raises(framing.TooManyHeadersError):
        read_datagram(at_the_limit, Limits(headers=2))
    with pytest.raises(framing.BodyTooLargeError):
        read_datagram(at_the_limit, Limits(body=4))


def test_equal_lengths_said_twice_do_not_end_the_stream() -> None:
    twice = HEAD + b"Content-Length: 05\r\nl: 5\r\n\r\nhello"
    assert list(StreamFramer().feed(twice)) == [twice]


def test_an_ack_that_cannot_be_read_is_not_answered() -> None:
    with pytest.raises(FramingError) as caught:
        list(StreamFramer().feed(HEAD.replace(b"OPTIONS", b"ACK") + b"\r\n"))
    assert framing.refused_request(caught.value) is None


def test_a_response_that_cannot_be_read_is_not_answered() -> None:
    with pytest.raises(FramingError) as caught:
        list(StreamFramer().feed(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP h\r\n\r\n"))
    assert framing.refused_request(caught.value) is None


def test_a_datagram_without_a_length_ends_where_it_ends() -> None:
    assert read_datagram(HEAD + b"\r\nrest").body == b"rest"


def test_a_datagram_is_cut_to_its_length() -> None:
    assert read_datagram(FULL + b"more").body == b"hello"


def test_a_datagram_shorter_than_its_length_is_answered_400() -> None:
    with pytest.raises(MalformedMessageError, match="Content-Length") as caught:
        read_datagram(FULL[:-1])
    assert framing.owed_status(caught.value) == 400
    request = framing.refused_request(caught.value)
    assert request is not None and request.method == "OPTIONS"


def test_a_datagram_with_two_lengths_is_refused() -> None:
    with pytest.raises(MalformedMessageError, match="Content-Length"):
        read_datagram(HEAD + b"l: 5\r\nContent-Length: 6\r\n\r\nhello!")


def test_a_short_response_is_not_answered() -> None:
    with pytest.raises(MalformedMessageError) as caught:
        read_datagram(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\nl: 1\r\n\r\n")
    assert framing.refused_request(caught.value) is None


@pytest.mark.parametrize("datagram", [b"", b"\r\n\r\n", b"\0", b"\0\0\0\0", b" \r\n"])
def test_keep_alive_datagrams_are_told_from_messages(datagram: bytes) -> None:
    assert framing.is_keep_alive(datagram)
    assert not framing.is_keep_alive(datagram + EMPTY)


@pytest.mark.parametrize(
    "filler",
    [b" " * 16000, b"\t" * 16000, b"\r\n " * 5000, b":" * 16000, b'"' * 16000, b"\r" * 16000, b"l" * 16000],
)
def test_hostile_heads_take_no_time(filler: bytes) -> None:
    """Quadratic searching would take seconds here; a tenth of one is generous for a slow machine."""
    started = time.process_time()
    framer = StreamFramer()
    try:
        for start in range(0, len(filler), 100):
            list(framer.feed((HEAD + b"X: " if start == 0 else b"") + filler[start : start + 100]))
        list(framer.feed(b"x\r\nl: 0\r\n\r\n"))
        read_datagram(HEAD + b"X: " + filler + b"x\r\n\r\n")
    except (FramingError, MalformedMessageError):
        pass
    assert time.process_time() - started < 0.5
