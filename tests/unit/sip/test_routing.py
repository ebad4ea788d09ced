from dataclasses import dataclass, field

import pytest

from pbx.sip import routing
from pbx.sip.dialling import Usage
from pbx.sip.directory import Directory, EndpointAccount, MemoryDirectory
from pbx.sip.flow_token import FlowTokens, Ticket, UdpFlow
from pbx.sip.message import Header, Request
from pbx.sip.pending import PendingInvite
from pbx.sip.refusal import Refusal
from pbx.sip.routing import Drop, Follow, InDialog, Login, NewCall, Origin, Out, Register, route, route_out

ANA = EndpointAccount("ana", {}, may_dial_out=True, allowed_prefixes=("+33",), max_calls=1)
FLOW = UdpFlow(("192.0.2.1", 5060), ("198.51.100.7", 40000))
INVITE = PendingInvite(("127.0.0.1", 5080), "sip:x@127.0.0.1", 0.0)


@dataclass
class Facts:
    directory: Directory = field(
        default_factory=lambda: MemoryDirectory(
            (ANA,), public_numbers=("+331",), other_numbers=("+332",), extensions=("600",)
        )
    )
    tokens: FlowTokens = field(default_factory=lambda: FlowTokens(b"s" * 32))
    draining: bool = False
    used: Usage = field(default_factory=Usage)

    def usage(self, username: str) -> Usage:
        return self.used


def request(method: str, uri: str = "sip:600@shop", *headers: tuple[str, str], to: str = "<sip:600@shop>"):
    lines = (Header("To", to), Header("From", "<sip:ana@shop>;tag=1"), *(Header(*one) for one in headers))
    return Request(method=method, uri=uri, headers=lines)


def routed(facts: Facts, ticket: Ticket) -> tuple[str, str]:
    return ("Route", f"<sip:{facts.tokens.sign(ticket)}@192.0.2.1;lr>")


def status(decision) -> int:
    assert isinstance(decision, Refusal)
    return decision.status


@pytest.mark.parametrize(
    ("called", "decision"),
    [
        ("+331", NewCall("+331", "anonymous")),
        ("+332", Login()),
        ("600", Login()),
        ("ana", Login()),
        ("nobody", Login()),
        ("+33612345678", Login()),
    ],
)
def test_strangers_reach_public_numbers_and_learn_nothing_about_the_rest(called, decision):
    assert route(request("INVITE", f"sip:{called}@shop"), Origin(), Facts()) == decision


def test_a_stranger_that_offers_credentials_or_wants_to_take_a_call_over_must_log_in():
    for header in (("Authorization", "Digest x=y"), ("Replaces", "a;to-tag=b;from-tag=c")):
        assert route(request("INVITE", "sip:+331@shop", header), Origin(), Facts()) == Login()


@pytest.mark.parametrize(
    ("called", "decision"),
    [
        ("+331", NewCall("+331", "account", ANA)),
        ("+332", NewCall("+332", "account", ANA)),
        ("600", NewCall("600", "account", ANA)),
        ("ana", NewCall("ana", "account", ANA)),
        ("+33612345678", NewCall("+33612345678", "account", ANA, outside=True)),
        ("0033612345678", NewCall("+33612345678", "account", ANA, outside=True)),
    ],
)
def test_an_account_reaches_the_dial_plan_and_the_numbers_of_its_plan(called, decision):
    assert route(request("INVITE", f"sip:{called}@shop"), Origin(), Facts(), account=ANA) == decision


def test_an_account_is_refused_what_does_not_exist_and_what_it_may_not_dial():
    assert status(route(request("INVITE", "sip:601@shop"), Origin(), Facts(), account=ANA)) == 404
    assert status(route(request("INVITE", "sip:+4412345678@shop"), Origin(), Facts(), account=ANA)) == 403
    busy = Facts(used=Usage(1, 1))
    assert status(route(request("INVITE", "sip:+33612345678@shop"), Origin(), busy, account=ANA)) == 403


def test_a_trunk_reaches_our_numbers_only():
    carrier = Origin("carrier")
    assert route(request("INVITE", "sip:+332@shop"), carrier, Facts()) == NewCall(
        "+332", "trunk", trunk="carrier"
    )
    by_contact = request("INVITE", "sip:line1@shop", to="<sip:+331@carrier>")
    assert route(by_contact, carrier, Facts()) == NewCall("+331", "trunk", trunk="carrier")
    for called in ("600", "ana", "+33612345678"):
        assert status(route(request("INVITE", f"sip:{called}@shop"), carrier, Facts())) == 404


def test_a_register_needs_a_login_and_then_goes_to_the_registrar():
    assert route(request("REGISTER"), Origin(), Facts()) == Login()
    assert route(request("REGISTER"), Origin("carrier"), Facts()) == Login()
    assert route(request("REGISTER"), Origin(), Facts(), account=ANA) == Register(ANA)


@pytest.mark.parametrize("method", ["INVITE", "ACK", "BYE", "INFO", "PRACK", "UPDATE", "REFER", "NOTIFY"])
def test_a_request_with_our_token_stays_in_its_dialog(method):
    facts, ticket = Facts(), Ticket(FLOW, "plain", "account")
    inside = request(method, "sip:x@y", routed(facts, ticket), to="<sip:a@b>;tag=2")
    assert route(inside, Origin(), facts) == InDialog(ticket)


def test_a_request_that_claims_a_dialog_without_our_token_is_481():
    for method in ("INVITE", "BYE", "INFO"):
        assert status(route(request(method, to="<sip:a@b>;tag=2"), Origin(), Facts())) == 481


def test_a_token_that_is_not_ours_is_403_and_an_ack_with_it_is_dropped():
    for method in ("INVITE", "BYE"):
        foreign = request(method, "sip:x@y", ("Route", "<sip:abc@192.0.2.1;lr>"), to="<sip:a@b>;tag=2")
        assert status(route(foreign, Origin(), Facts())) == 403
    foreign = request("ACK", "sip:x@y", ("Route", "<sip:abc@192.0.2.1;lr>"), to="<sip:a@b>;tag=2")
    assert route(foreign, Origin(), Facts()) == Drop("foreign token")


def test_a_plain_preloaded_route_is_ignored():
    with_proxy = request("INVITE", "sip:+331@shop", ("Route", "<sip:elsewhere.example;lr>"))
    assert route(with_proxy, Origin(), Facts()) == NewCall("+331", "anonymous")


def test_a_stranger_may_not_transfer():
    facts = Facts()
    for standing, outcome in (("anonymous", 403), ("account", None), ("trunk", None)):
        ticket = Ticket(FLOW, "plain", standing)
        decision = route(
            request("REFER", "sip:x@y", routed(facts, ticket), to="<sip:a@b>;tag=2"), Origin(), facts
        )
        assert decision == InDialog(ticket) if outcome is None else status(decision) == outcome


def test_cancel_and_the_ack_of_a_refusal_follow_their_invite():
    assert route(request("CANCEL"), Origin(), Facts(), INVITE) == Follow(INVITE)
    assert route(request("ACK"), Origin(), Facts(), INVITE) == Follow(INVITE)
    assert status(route(request("CANCEL"), Origin(), Facts())) == 481
    assert route(request("ACK"), Origin(), Facts()) == Drop("stray ACK")


def test_options_is_answered_to_everybody_alike_and_503_while_draining():
    for called in ("ana", "nobody"):
        for to in ("<sip:a@b>", "<sip:a@b>;tag=1"):
            asked = request("OPTIONS", f"sip:{called}@shop", to=to)
            assert route(asked, Origin(), Facts()) == routing.Answer()
            assert status(route(asked, Origin(), Facts(draining=True))) == 503


def test_draining_refuses_new_calls_of_everybody():
    for origin, account in ((Origin(), None), (Origin("carrier"), None), (Origin(), ANA)):
        decision = route(request("INVITE", "sip:+331@shop"), origin, Facts(draining=True), account=account)
        assert status(decision) == 503


@pytest.mark.parametrize(
    ("method", "expected"),
    [("BYE", 481), ("INFO", 481), ("UPDATE", 481), ("PRACK", 481), ("NOTIFY", 481), ("REFER", 403)],
)
def test_what_belongs_into_a_dialog_is_refused_outside(method, expected):
    assert status(route(request(method), Origin(), Facts())) == expected
    assert status(route(request(method), Origin("carrier"), Facts())) == expected


def test_media_s_requests_go_where_their_token_says_or_nowhere():
    facts, ticket = Facts(), Ticket(FLOW, "plain", "account")
    assert route_out(request("INVITE", "sip:x@y", routed(facts, ticket)), facts.tokens) == Out(ticket)
    assert status(route_out(request("INVITE"), facts.tokens)) == 403
    assert status(route_out(request("INVITE", "sip:x@y", ("Route", "<sip:a@b;lr>")), facts.tokens)) == 403
    assert status(route_out(request("BYE", "sip:x@y", routed(facts, Ticket(None))), facts.tokens)) == 403
    assert isinstance(route_out(request("ACK"), facts.tokens), Drop)
