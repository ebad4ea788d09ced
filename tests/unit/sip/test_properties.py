"""Properties that hold for any input: the parser's promises."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from pbx.sip import framing, sdp
from pbx.sip.addresses import NameAddr, Via, parse_name_addr, parse_via
from pbx.sip.grammar import Params, SipSyntaxError
from pbx.sip.headers import parse_auth, parse_seconds
from pbx.sip.message import Header, MalformedMessageError, Request, Response, parse, serialise
from pbx.sip.replies import reply
from pbx.sip.uri import Uri, equivalent, parse_uri
from pbx.sip.validation import Policy, drop_reason, verdict

TOKEN_CHARACTERS = "abcXYZ019-.!%*_+`'~"
tokens = st.text(TOKEN_CHARACTERS, min_size=1, max_size=12)
# Header values as they come out of the parser: no line ends, no blanks round them.
values = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=40).map(
    lambda text: text.strip(" \t")
)
bodies = st.binary(max_size=60)
names = tokens.filter(lambda name: name.lower() not in ("l", "content-length"))
headers = st.lists(st.builds(Header, names, values), max_size=8).map(tuple)
uri_texts = st.text("abz019-_.!~*'()", min_size=1, max_size=10)
hosts = st.one_of(
    st.from_regex(r"[a-z]{1,8}(\.[a-z0-9]{1,5}){0,2}", fullmatch=True),
    st.ip_addresses().map(str),
)
ports = st.none() | st.integers(0, 65535)
params = st.builds(
    lambda pairs: Params(tuple(pairs.items())),
    st.dictionaries(st.text("abcdef", min_size=1, max_size=5), st.none() | uri_texts, max_size=3),
)
uris = st.builds(
    Uri,
    scheme=st.sampled_from(["sip", "sips"]),
    user=st.none() | uri_texts,
    host=hosts,
    port=ports,
    params=params,
    headers=st.none() | st.just("subject=a%20b"),
)
requests = st.builds(
    Request, method=tokens, uri=uris.map(str), headers=headers, body=bodies, version=st.just("2.0")
)
responses = st.builds(
    Response,
    status=st.integers(100, 699),
    reason=values,
    headers=headers,
    body=bodies,
    version=st.just("2.0"),
)
# Bytes that look enough like SIP to get past the first line.
SIP_PIECES = [
    *(b"INVITE sip:a@h SIP/2.0\r\n", b"SIP/2.0 200 OK\r\n", b"Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"),
    *(b"From: ", b"t:", b"m: ", b"CSeq: 1 INVITE\r\n", b"Call-ID: x\r\n", b"Content-Length: ", b"l:5\r\n"),
    *(b"<sip:a@h>", b";tag=1", b'"', b"\\", b"<", b">", b",", b";", b"=", b"\r\n", b"\r\n ", b"\r\n\r\n"),
    *(b" ", b"\t", b"\0", b"\xff", b"\xc3\xa9", b"[::1]", b":", b"%41", b"9" * 30, b"-1", b"Route: ", b"*"),
]
sip_like = st.lists(st.sampled_from(SIP_PIECES) | st.binary(max_size=3), max_size=25).map(b"".join)
anything = st.binary(max_size=200) | sip_like


def examine(data: bytes) -> None:
    """Everything the edge does with what it received; only SipSyntaxError may come out of a reading."""
    try:
        message = framing.read_datagram(data)
    except SipSyntaxError as error:
        request = framing.refused_request(error)
        if request is not None:
            serialise(reply(request, framing.owed_status(error), error.reason))
        return
    if isinstance(message, Request):
        refusal = verdict(message, Policy())
        status, reason = (refusal.status, refusal.reason) if refusal else (200, "OK")
        serialise(reply(message, status, reason, refusal.headers if refusal else ()))
    else:
        drop_reason(message, Policy())
    written = serialise(message)
    assert serialise(parse(written)) == written
    for _, value in message.headers:
        with contextlib.suppress(SipSyntaxError):
            parse_auth(value)
    with contextlib.suppress(SipSyntaxError):
        parse_seconds(message.first("call-id") or "", "Min-SE")
    sdp.check(message.body)


@settings(max_examples=400, deadline=None)
@given(anything)
def test_no_bytes_raise_anything_but_a_syntax_error(data: bytes) -> None:
    examine(data)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_no_bytes_break_a_stream_but_by_a_framing_error(data: bytes) -> None:
    with contextlib.suppress(framing.FramingError):
        for frame in framing.StreamFramer().feed(data):
            assert frame


@settings(max_examples=200, deadline=None)
@given(requests | responses)
def test_a_message_that_was_written_is_read_as_itself(message: Request | Response) -> None:
    again = parse(serialise(message))
    length = Header("Content-Length", str(len(message.body)))
    assert again == type(message)(**{**vars_of(message), "headers": (*message.headers, length)})
    assert serialise(again) == serialise(message)


def vars_of(message: Request | Response) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__dataclass_fields__}


@settings(max_examples=150, deadline=None)
@given(st.lists(requests | responses, min_size=1, max_size=4), st.data())
def test_a_stream_gives_the_same_messages_however_it_is_cut(
    messages: list[Request | Response], data: st.DataObject
) -> None:
    raws = [serialise(message) for message in messages]
    stream = b"\r\n\r\n".join(raws)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    framer = framing.StreamFramer()
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    frames = [frame for piece in pieces for frame in framer.feed(piece)]
    expected: list[framing.Frame] = [raws[0]]
    for raw in raws[1:]:
        expected += [framing.Ping(), raw]
    assert frames == expected
    assert not framer.pending


@settings(max_examples=150, deadline=None)
@given(st.lists(st.binary(max_size=60) | sip_like, max_size=6))
def test_a_stream_breaks_at_the_same_place_however_it_is_cut(pieces: list[bytes]) -> None:
    assert outcome([b"".join(pieces)]) == outcome(pieces) == outcome([bytes([b]) for b in b"".join(pieces)])


def outcome(pieces: list[bytes]) -> tuple[list[framing.Frame], type[Exception] | None]:
    framer = framing.StreamFramer(framing.Limits(head=150, headers=4, body=8))
    frames: list[framing.Frame] = []
    try:
        for piece in pieces:
            frames.extend(framer.feed(piece))
    except framing.FramingError as error:
        return frames, type(error)
    return frames, None


@settings(max_examples=200, deadline=None)
@given(uris)
def test_a_uri_that_was_written_is_read_as_itself_and_equals_itself(uri: Uri) -> None:
    assert parse_uri(str(uri)) == uri
    assert equivalent(uri, parse_uri(str(uri)))


@settings(max_examples=200, deadline=None)
@given(uris, values, st.none() | uri_texts)
def test_a_name_address_that_was_written_is_read_as_itself(uri: Uri, display: str, tag: str | None) -> None:
    address = NameAddr(uri, display, Params(() if tag is None else (("tag", tag),)))
    assert parse_name_addr(str(address), "From") == address


@settings(max_examples=100, deadline=None)
@given(st.builds(Via, transport=tokens, host=hosts, port=ports, params=params))
def test_a_via_that_was_written_is_read_as_itself(via: Via) -> None:
    assert parse_via(str(via)) == via


@settings(max_examples=100, deadline=None)
@given(requests, names, values)
def test_edits_do_what_they_say(message: Request, name: str, value: str) -> None:
    edited = message.with_header(name, value)
    assert edited.lines(name) == (value,)
    assert edited.without(name) == message.without(name)


@settings(max_examples=100, deadline=None)
@given(requests)
def test_a_message_cut_short_is_never_taken_for_a_whole_one(message: Request) -> None:
    raw = serialise(message)
    for size in range(len(raw)):
        with contextlib.suppress(MalformedMessageError):
            framing.read_datagram(raw[:size])
            raise AssertionError(f"taken after {size} of {len(raw)} bytes")
