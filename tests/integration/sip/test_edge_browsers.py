"""Browsers at the edge: who they are, what they may do, and how their calls outlive their connections."""

import pytest

from pbx.sip.digest import ALGORITHMS
from pbx.sip.directory import MemoryDirectory, TrunkAddress
from pbx.sip.edge_settings import GuardSettings
from pbx.sip.events import PeerLost, PeerReturned, SourceBanned
from pbx.sip.headers import parse_auth
from pbx.sip.logins import GUEST_CALLS
from tests.integration.sip.browser_lab import (
    Browser,
    Said,
    agent_token,
    bearer,
    guest_token,
    media_request,
    running_for_browsers,
)
from tests.integration.sip.edge_lab import DID, SDP, FakeMedia, Lab, Phone, account, answer_to
from tests.integration.sip.test_edge_calls import following

PRIVATE_DID = "+33199000002"
TRUNK = "198.51.100.20"


def directory() -> MemoryDirectory:
    return MemoryDirectory(
        endpoints=(account("ana", may_dial_out=True), account("bea")),
        public_numbers=(DID,),
        other_numbers=(PRIVATE_DID,),
        extensions=("600", "sales"),
        trunks=(TrunkAddress("carrier", TRUNK),),
    )


@pytest.fixture(scope="module")
def said():
    return Said()


@pytest.fixture(scope="module")
def shared(reactor_thread, tmp_path_factory, said):
    webrtc = FakeMedia()
    folder = tmp_path_factory.mktemp("tls")
    guard = GuardSettings(source_rate=2000.0, source_burst=4000.0, new_rate=4000.0, ban_address_after=10**6)
    with running_for_browsers(
        reactor_thread, folder, directory=directory(), bus=said, guard=guard,
        other_media={"webrtc": webrtc.address},
    ) as lab:  # fmt: skip
        lab.webrtc = webrtc
        yield lab
    webrtc.close()


def invite(browser: Browser, user: str, called: str, *headers: str, **changed) -> bytes:
    return browser.request(
        "INVITE", f"sip:{called}@comptoir.example", *headers, user=user, body=SDP, **changed
    )


# --- logging in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["WS", "WSS"])
def test_an_agent_s_page_registers_with_its_token(shared, kind):
    browser = Browser(shared, kind, page=f"reg{kind}")
    answer = browser.ask(browser.register("ana", bearer(agent_token())))
    assert answer.status == 200
    assert browser.contact()[1:-1] in {str(one.uri) for one in answer.contacts}
    bound = shared.call(shared.edge.registrations, "ana")
    assert {one.transport for one in bound} >= {kind}
    browser.close()


def test_a_challenge_over_websocket_offers_digest_first_and_then_a_token(shared):
    browser = Browser(shared)
    offers = [parse_auth(line) for line in browser.ask(browser.register()).lines("www-authenticate")]
    assert [offer.scheme for offer in offers] == ["Digest"] * len(ALGORITHMS) + ["Bearer"]
    assert (offers[-1].get("realm"), offers[-1].get("scope"), offers[-1].get("error")) == (
        "comptoir", "sip", None,
    )  # fmt: skip
    browser.close()


def test_a_phone_that_knows_its_password_logs_in_over_websocket_too(shared):
    browser = Browser(shared, page="digest")
    answer = browser.log_in(
        lambda *more, cseq: browser.register("bea", *more, call_id="d1", cseq=cseq), user="bea"
    )
    assert answer.status == 200
    browser.close()


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(agent_token(seconds=-1), id="expired"),
        pytest.param(agent_token(secret="another secret"), id="foreign signature"),
        pytest.param(agent_token("nobody"), id="unknown endpoint"),
        pytest.param(agent_token()[:-2], id="cut off"),
        pytest.param("rubbish", id="rubbish"),
    ],
)
def test_a_token_that_is_not_good_gets_a_challenge_that_says_so(shared, token):
    browser = Browser(shared)
    answer = browser.ask(browser.register("ana", bearer(token)))
    assert answer.status == 401
    assert parse_auth(answer.lines("www-authenticate")[-1]).get("error") == "invalid_token"
    browser.close()


def test_a_token_is_worth_nothing_outside_a_websocket(shared):
    phone = Phone(shared.udp())
    answer = phone.ask(phone.register("ana", bearer(agent_token())))
    assert answer.status == 401
    assert {parse_auth(line).scheme for line in answer.lines("www-authenticate")} == {"Digest"}


def test_a_token_registers_nobody_but_its_own_endpoint(shared):
    browser = Browser(shared)
    assert browser.ask(browser.register("bea", bearer(agent_token("ana")))).status == 403
    browser.close()


def test_forged_tokens_ban_their_address_and_expired_ones_do_not(reactor_thread, tmp_path):
    said = Said()
    guard = GuardSettings(source_rate=2000.0, source_burst=4000.0, new_rate=4000.0, ban_address_after=5)
    with running_for_browsers(reactor_thread, tmp_path, bus=said, guard=guard) as lab:
        browser = Browser(lab)
        for _ in range(8):
            assert browser.ask(browser.register("ana", bearer(agent_token(seconds=-9)))).status == 401
        assert lab.call(lab.edge.bans) == ()
        for _ in range(5):
            browser.send(browser.register("ana", bearer(agent_token(secret="guess"))))
        lab.wait_until(lambda: bool(said.of(SourceBanned)))
        (ban,) = lab.call(lab.edge.bans)
        assert (ban.address, ban.user) == ("127.0.0.1", "")


def test_nobody_calls_over_websocket_without_a_login(shared):
    browser = Browser(shared)
    assert browser.ask(invite(browser, "stranger", DID)).status == 401
    assert shared.webrtc.hears_nothing(0.1)
    browser.close()


# --- guests -----------------------------------------------------------------------------------------------------


def test_a_guest_s_call_to_a_public_number_tells_media_who_it_is(shared):
    browser = Browser(shared, page="guest1")
    token = guest_token("v7", customer="c9")
    raw = invite(browser, "guest-v7", DID, bearer(token), "X-Comptoir-Customer: forged")
    browser.send(raw.replace(b"From: <", b'From: "+33 1 99 00 00 09" <'))
    seen = shared.webrtc.receive()
    told = {
        name: seen.lines(f"x-comptoir-{name}")
        for name in ("account", "visitor", "site", "customer", "language")
    }
    assert told == {
        "account": ("guest-v7",), "visitor": ("v7",), "site": ("shop",), "customer": ("c9",), "language": ("fr",),
    }  # fmt: skip
    assert seen.lines("x-comptoir-profile") == ("webrtc",)
    assert (seen.from_.uri.username, seen.from_.display) == ("guest-v7", "")
    assert not seen.has("authorization")
    browser.close()


SPELLINGS = [
    pytest.param("600", id="queue"),
    pytest.param("sales", id="extension"),
    pytest.param("ana", id="agent"),
    pytest.param("%61na", id="agent, escaped"),
    pytest.param(PRIVATE_DID, id="number that is not public"),
    pytest.param("+33612345678", id="outside number"),
    pytest.param("0033612345678", id="outside number with zeros"),
    pytest.param("carrier", id="trunk"),
    pytest.param(DID.replace("+", "%2B%2B"), id="nearly the public number"),
    pytest.param("Take-Back", id="nearly take-back"),
]


@pytest.mark.parametrize("called", SPELLINGS)
def test_a_guest_reaches_nothing_but_public_numbers(shared, called):
    browser = Browser(shared)
    assert browser.ask(invite(browser, "guest-v1", called, bearer(guest_token()))).status == 404
    assert shared.webrtc.hears_nothing(0.05)
    browser.close()


def test_a_guest_takes_its_call_back(shared):
    browser = Browser(shared, page="back")
    browser.send(invite(browser, "guest-v8", "take-back", bearer(guest_token("v8"))))
    assert shared.webrtc.receive().first("x-comptoir-called") == "take-back"
    browser.close()


def test_an_agent_takes_its_call_back_from_a_browser_only(shared):
    browser = Browser(shared, page="agentback")
    browser.send(invite(browser, "ana", "take-back", bearer(agent_token())))
    seen = shared.webrtc.receive()
    assert (seen.first("x-comptoir-account"), seen.first("x-comptoir-called")) == ("ana", "take-back")
    assert not seen.has("x-comptoir-visitor")
    browser.close()
    phone = Phone(shared.udp())
    answer = phone.log_in(
        lambda *more, cseq: phone.request(
            "INVITE", "sip:take-back@comptoir.example", *more, call_id="tb", cseq=cseq, body=SDP
        ),
        acknowledge=True,
    )
    assert answer.status == 404


@pytest.mark.parametrize("called", ["600", "bea", DID, "+33612345678"])
def test_an_agent_s_browser_calls_what_its_endpoint_may(shared, called):
    browser = Browser(shared, page=f"calls{called.strip('+')}")
    browser.send(invite(browser, "ana", called, bearer(agent_token())))
    assert shared.webrtc.receive().first("x-comptoir-called") == called
    browser.close()


def test_a_guest_cannot_register(shared):
    browser = Browser(shared)
    answer = browser.ask(browser.register("guest-v1", bearer(guest_token())))
    assert (answer.status, answer.reason) == (403, "Guests cannot register")
    browser.close()


@pytest.mark.parametrize("shown", ["ana", "guest-v2", DID])
def test_a_guest_shows_nobody_else_s_name(shared, shown):
    browser = Browser(shared)
    assert browser.ask(invite(browser, shown, DID, bearer(guest_token("v1")))).status == 403
    browser.close()


def test_a_guest_replaces_no_call_and_transfers_none(shared):
    browser = Browser(shared, page="refers")
    replaces = "Replaces: other@host;to-tag=a;from-tag=b"
    assert browser.ask(invite(browser, "guest-v1", DID, bearer(guest_token()), replaces)).status == 403
    outside = browser.request("REFER", f"sip:{DID}@comptoir.example", bearer(guest_token()), user="guest-v1")
    assert browser.ask(outside).status == 403
    _, answer = call_up(shared, browser, "guest-v1", guest_token())
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    inside = following(answer, "REFER", 2, caller=True, routes=routes)
    start = f"REFER {answer.contacts[0].uri} SIP/2.0\r\nVia: SIP/2.0/WS {browser.shown};branch=z9hG4bKr"
    assert browser.ask(f"{start}\r\n{inside}".encode()).status == 403
    assert shared.webrtc.hears_nothing(0.05)
    browser.close()


def test_a_guest_has_few_calls_at_once_however_it_names_them(shared):
    browser = Browser(shared, page="many")
    token = bearer(guest_token("greedy"))
    for number in range(GUEST_CALLS):
        browser.send(invite(browser, "guest-greedy", DID, token, call_id=f"greedy{number}"))
        assert shared.webrtc.receive().method == "INVITE"
    again = invite(browser, "guest-greedy", DID, token, call_id="greedy1")
    assert browser.ask(again).status == 403
    assert browser.ask(invite(browser, "guest-greedy", DID, token)).status == 403
    browser.close()


def test_a_guest_s_pretended_bye_frees_no_line(shared):
    browser = Browser(shared, page="pretends")
    token = guest_token("sly")
    invites = [call_up(shared, browser, "guest-sly", token) for _ in range(GUEST_CALLS)]
    routes = tuple(str(route) for route in reversed(invites[0][1].record_routes))
    bye = following(invites[0][1], "BYE", 2, caller=True, routes=routes).replace("tag=from", "tag=other")
    start = f"BYE sip:x SIP/2.0\r\nVia: SIP/2.0/WS {browser.shown};branch=z9hG4bKb"
    browser.send(f"{start}\r\n{bye}".encode())
    shared.webrtc.answer(shared.webrtc.receive(), 481, shared)
    assert browser.receive().status == 481
    assert browser.ask(invite(browser, "guest-sly", DID, bearer(token))).status == 403
    real = following(invites[0][1], "BYE", 3, caller=True, routes=routes)
    browser.send(f"{start}2\r\n{real}".encode())
    shared.webrtc.answer(shared.webrtc.receive(), 200, shared)
    assert browser.receive().status == 200
    browser.send(invite(browser, "guest-sly", DID, bearer(token)))
    assert shared.webrtc.receive().method == "INVITE"
    browser.close()


# --- calls and connections --------------------------------------------------------------------------------------


def call_up(lab: Lab, browser: Browser, user: str, token: str):
    """A call of the browser's up to its 200; returns what media got and what the browser got."""
    browser.send(invite(browser, user, DID, bearer(token)))
    seen = lab.webrtc.receive()
    host, port = lab.webrtc.address
    lab.webrtc.answer(seen, 200, lab, contact=f"<sip:{host}:{port}>", body=SDP)
    return seen, browser.receive()


def test_the_media_stack_never_sees_the_name_in_a_browser_s_contact(shared):
    browser = Browser(shared, "WSS", page="hidden")
    seen, answer = call_up(shared, browser, "guest-v3", guest_token("v3"))
    uri = seen.contacts[0].uri
    assert (uri.host, uri.port, uri.transport) == (*shared.internal, None)
    assert b".invalid" not in str(uri).encode()
    assert answer.contacts[0].uri.transport == "wss"
    shared.webrtc.send(media_request(shared, "BYE", seen, answer), shared)
    received = browser.receive()
    assert (received.method, received.uri) == ("BYE", browser.contact()[1:-1])
    assert received.via.transport == "WSS"
    browser.send(answer_to(received, 200, contact=browser.contact()))
    ended = shared.webrtc.receive()
    assert ended.status == 200 and ended.contacts[0].uri.host == shared.internal[0]
    browser.close()


def test_a_registered_browser_is_called_without_a_name_to_look_up(shared):
    browser = Browser(shared, page="called")
    assert browser.ask(browser.register("bea", bearer(agent_token("bea")))).status == 200
    way = next(
        one for one in shared.call(shared.edge.bindings, "bea") if one.profile == "webrtc"
    )  # fmt: skip
    assert ".invalid" not in way.uri
    host, port = shared.webrtc.address
    lines = (
        f"INVITE {way.uri} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKcall",
        f"Route: {way.route[0]}", "From: <sip:600@comptoir.example>;tag=m", f"To: <{way.uri}>",
        "Call-ID: out1", "CSeq: 1 INVITE", f"Contact: <sip:{host}:{port}>", "X-Comptoir-Contact: 42",
        "Content-Type: application/sdp", f"Content-Length: {len(SDP)}", "", "",
    )  # fmt: skip
    shared.webrtc.send("\r\n".join(lines).encode() + SDP, shared)
    received = browser.receive()
    assert received.uri == browser.contact("bea")[1:-1]
    assert received.contacts[0].uri.transport == "ws"
    assert received.first("x-comptoir-contact") == "42"
    browser.send(answer_to(received, 200, contact=browser.contact("bea"), body=SDP))
    assert shared.webrtc.receive().status == 200
    browser.close()


@pytest.mark.parametrize("how", ["in-dialog request", "OPTIONS with the token", "REGISTER"])
def test_a_browser_that_comes_back_is_reached_over_its_new_websocket(shared, said, how):
    user, token = ("ana", agent_token()) if how == "REGISTER" else ("guest-v5", guest_token("v5"))
    page = f"roams{len(how)}"
    browser = Browser(shared, page=page)
    if how == "REGISTER":
        assert browser.ask(browser.register(user, bearer(token))).status == 200
    seen, answer = call_up(shared, browser, user, token)
    said.events.clear()
    browser.vanish()
    shared.wait_until(lambda: said.of(PeerLost) == [PeerLost(user)])

    back = Browser(shared, page=page)
    assert come_back(shared, back, how, user, token, answer)
    shared.wait_until(lambda: said.of(PeerReturned) == [PeerReturned(user)])
    shared.webrtc.send(media_request(shared, "INFO", seen, answer), shared)
    received = back.receive()
    assert (received.method, received.uri) == ("INFO", back.contact(user)[1:-1])
    back.send(answer_to(received, 200))
    assert shared.webrtc.receive().status == 200
    back.close()


def come_back(lab: Lab, back: Browser, how: str, user: str, token: str, answer) -> bool:
    if how == "REGISTER":
        return back.ask(back.register(user, bearer(token), cseq=9)).status == 200
    if how == "OPTIONS with the token":
        return (
            back.ask(back.request("OPTIONS", "sip:comptoir.example", bearer(token), user=user)).status == 200
        )
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    start = f"UPDATE {answer.contacts[0].uri} SIP/2.0\r\nVia: SIP/2.0/WS {back.shown};branch=z9hG4bKup"
    more = f"Contact: {back.contact(user)}\r\n{bearer(token)}"
    back.send(f"{start}\r\n{more}\r\n{following(answer, 'UPDATE', 2, caller=True, routes=routes)}".encode())
    lab.webrtc.answer(lab.webrtc.receive(), 200, lab)
    return back.receive().status == 200


def test_a_page_whose_old_websocket_only_seems_to_live_is_reached_over_the_new_one(shared, said):
    browser = Browser(shared, page="halfopen")
    seen, answer = call_up(shared, browser, "guest-v6", guest_token("v6"))
    said.events.clear()
    back = Browser(shared, page="halfopen")
    assert come_back(shared, back, "OPTIONS with the token", "guest-v6", guest_token("v6"), answer)
    shared.webrtc.send(media_request(shared, "INFO", seen, answer), shared)
    assert back.receive().method == "INFO"
    assert browser.close_code() == 0
    assert said.of(PeerLost, PeerReturned) == []
    back.close()


def test_another_page_of_the_same_agent_leaves_the_first_alone(shared, said):
    first, second = Browser(shared, page="tab1"), Browser(shared, page="tab2")
    seen, answer = call_up(shared, first, "ana", agent_token())
    assert second.ask(second.register("ana", bearer(agent_token()))).status == 200
    shared.webrtc.send(media_request(shared, "INFO", seen, answer), shared)
    assert first.receive().method == "INFO"
    first.close()
    second.close()
