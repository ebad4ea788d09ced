"""What the parser understands of the strangest torture messages, value by value."""

from pbx.sip.addresses import Via
from pbx.sip.framing import read_datagram
from pbx.sip.headers import CSeq, parse_auth
from pbx.sip.message import Request, Response
from tests.unit.sip.torture import rfc4475_semantics as semantics
from tests.unit.sip.torture import rfc4475_valid as valid
from tests.unit.sip.torture import rfc5118


def request(raw: bytes) -> Request:
    message = read_datagram(raw)
    assert isinstance(message, Request)
    return message


def test_a_short_tortuous_invite_says_what_the_rfc_says_it_says() -> None:
    message = request(valid.WSINV)
    assert (message.target.user, message.target.host) == ("vivekg", "chair-dnrc.example.com")
    assert message.target.params.items == (("unknownparam", None),)
    assert message.to.tag == "1918181833n"
    assert (message.from_.display, message.from_.tag) == ('J Rosenberg \\"', "98asjd8")
    assert (message.max_forwards, message.content_length) == (68, 150)
    assert message.cseq == CSeq(9, "INVITE")
    assert [(via.transport, via.host, via.branch) for via in message.vias] == [
        ("UDP", "192.0.2.2", "390skdjuw"),
        ("TCP", "spindle.example.com", "z9hG4bK9ikj8"),
        ("UDP", "192.168.255.111", "z9hG4bK30239"),
    ]
    assert message.first("Subject") == ""
    assert message.first("newfangledheader") == "newfangled value continued newfangled value"
    assert message.first("UnknownHeaderWithUnusualValue") == ";;,,;;,;"
    (route,) = message.routes
    assert (route.uri.host, "lr" in route.uri.params) == ("services.example.com", True)
    (contact,) = message.contacts
    assert contact.display == 'Quoted string ""'
    assert contact.params.items == (("newparam", "newvalue"), ("secondparam", None), ("q", "0.33"))


def test_a_wide_range_of_characters_is_kept() -> None:
    message = request(valid.INTMETH)
    assert message.method == message.cseq.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert message.target.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert message.target.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    assert message.to.display == "BEL:\a NUL:\0 DEL:\x7f"
    assert message.from_.display == "token1~` token2'+_ token3*%!.-"
    assert message.from_.params.get("fromParam''~+*_!.-%") == "работающий"
    assert message.from_.tag == "_token~1'+`*%!-."
    assert message.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
    assert message.first("extensionHeader-!.%*+_`'~") == "\ufeff大停電"


def test_percent_escapes_are_undone_only_in_uris() -> None:
    message = request(valid.ESC01)
    assert message.target.username == "sips:user@example.com"
    assert (message.target.scheme, message.target.host) == ("sip", "example.net")
    assert message.to.uri.username == "user"
    assert message.from_.uri.username == "I have spaces"
    other = request(valid.ESC02)
    assert (other.method, other.to.display) == ("RE%47IST%45R", "%Z%45")
    assert [contact.uri.user for contact in other.contacts] == ["alias1", "alias3"]
    assert [contact.uri.username for contact in request(valid.ESCNULL).contacts] == ["\0", "\0\0"]


def test_long_values_are_read_in_full() -> None:
    message = request(valid.LONGREQ)
    assert len(message.vias) == 34
    assert message.vias[0] == Via("TCP", "sip33.example.com")
    assert message.vias[-1].branch == "very" + "long" * 50 + "branchvalue"
    assert message.to.display == "I have a user name of " + "extreme" * 10 + " proportion"
    assert message.from_.tag == "12" + "982" * 50 + "424"


def test_semicolons_and_escaped_at_signs_stay_in_the_user_part() -> None:
    target = request(valid.SEMIURI).target
    assert (target.user, target.username) == ("user;par=u%40example.net", "user;par=u@example.net")
    assert (target.host, target.params.items) == ("example.com", ())


def test_a_binary_body_with_zero_bytes_is_kept() -> None:
    message = request(valid.MPART01)
    assert len(message.body) == 553
    assert b"\0" in message.body
    assert message.content_type is not None
    assert message.content_type.kind == "multipart/mixed"
    assert message.content_type.params.get("boundary") == "7a9cbec02ceef655"


def test_a_reason_phrase_may_be_unusual_or_empty() -> None:
    unusual, empty = read_datagram(valid.UNREASON), read_datagram(valid.NOREASON)
    assert isinstance(unusual, Response) and isinstance(empty, Response)
    assert (unusual.status, unusual.reason) == (
        200,
        "= 2**3 * 5**2 но сто девяносто девять - простое",
    )
    assert (empty.status, empty.reason) == (100, "")


def test_parameters_belong_to_the_header_without_brackets_and_to_the_uri_within() -> None:
    (outside,) = request(semantics.CPARAM01).contacts
    (inside,) = request(semantics.CPARAM02).contacts
    assert ("unknownparam" in outside.params, "unknownparam" in outside.uri.params) == (True, False)
    assert ("unknownparam" in inside.params, "unknownparam" in inside.uri.params) == (False, True)
    (escaped,) = request(semantics.REGESCRT).contacts
    assert escaped.uri.headers == "Route=%3Csip:sip.example.com%3E"


def test_an_unknown_authorization_scheme_is_still_read() -> None:
    value = request(semantics.REGAUT01).required("Authorization")
    assert parse_auth(value).scheme == "NoOneKnowsThisScheme"
    assert parse_auth(value).get("opaque-data") == "here"


def test_ipv6_references_are_read_without_their_brackets() -> None:
    ambiguous, plain = request(rfc5118.PORT_AMBIGUOUS).target, request(rfc5118.PORT_UNAMBIGUOUS).target
    assert (ambiguous.host, ambiguous.port) == ("2001:db8::10:5070", None)
    assert (plain.host, plain.port) == ("2001:db8::10", 5070)
    assert str(plain) == "sip:[2001:db8::10]:5070"
    for raw in (rfc5118.RECEIVED_WITH_DELIMITERS, rfc5118.RECEIVED_WITHOUT_DELIMITERS):
        assert request(raw).via.received == "2001:db8::9:255"
    assert request(rfc5118.MAPPED).via.host == "::ffff:192.0.2.10"


def test_the_three_colons_of_the_old_grammar_are_read_as_two() -> None:
    assert request(rfc5118.THREE_COLONS).target == request(rfc5118.TWO_COLONS).target
