"""Trunks: registration and digest towards a carrier, and who never gets to see the password's answer."""

import re
import time
from hashlib import md5

import pytest

from tests.udp_peer import UdpPeer, value

REALM, USER, SECRET = "carrier.test", "33100", "open sesame"


def _challenge(peer: UdpPeer, request: str, realm: str = REALM) -> None:
    peer.reply(
        request, "401 Unauthorized", f'WWW-Authenticate: Digest realm="{realm}", nonce="n1", algorithm=MD5\n'
    )


def _is_right(request: str, method: str) -> bool:
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', value(request, "Authorization")))
    one = md5(f"{USER}:{REALM}:{SECRET}".encode()).hexdigest()
    other = md5(f"{method}:{said['uri']}".encode()).hexdigest()
    return said["response"] == md5(f"{one}:n1:{other}".encode()).hexdigest()


def _trunk(box, edge: UdpPeer, **more: object) -> None:
    box.do(
        "add_trunk", name="t", uri=f"sip:127.0.0.1:{edge.port}", username=USER, password=SECRET, realm=REALM,
        route=[f"<sip:127.0.0.1:{edge.port};lr>"], contact="sip:33100@192.0.2.7:5060", **more,
    )  # fmt: skip


def _registered(box, edge: UdpPeer) -> str:
    _trunk(box, edge, register=True)
    _challenge(edge, edge.receive("REGISTER"))
    register = edge.receive("REGISTER")
    edge.reply(register, "200 OK", f"Contact: {value(register, 'Contact')};expires=300\n")
    assert box.wait("trunk")["registered"]
    return register


def test_a_trunk_registers_with_its_own_contact_through_the_edge(box) -> None:
    with UdpPeer() as edge:
        register = _registered(box, edge)
        assert _is_right(register, "REGISTER")
        assert value(register, "Contact").startswith("<sip:33100@192.0.2.7:5060>")
        assert value(register, "Route") == f"<sip:127.0.0.1:{edge.port};lr>"
        assert value(register, "To").startswith("<sip:33100@127.0.0.1") or USER in value(register, "To")
        box.do("remove_trunk", "t")
        assert value(edge.receive("REGISTER"), "Expires") == "0"


def test_a_refused_registration_is_told_of(box) -> None:
    with UdpPeer() as edge:
        _trunk(box, edge, register=True)
        edge.reply(edge.receive("REGISTER"), "403 Forbidden")
        assert not box.wait("trunk")["registered"]
        box.do("remove_trunk", "t")


def test_a_call_through_a_trunk_answers_its_challenge(box) -> None:
    with UdpPeer() as edge:
        _trunk(box, edge)
        box.do(
            "dial", "t1", f"sip:33612345678@127.0.0.1:{edge.port}", trunk="t", caller="33100",
            route=[f"<sip:127.0.0.1:{edge.port};lr>"],
        )  # fmt: skip
        invite = edge.receive("INVITE")
        assert value(invite, "From").startswith("<sip:33100@127.0.0.1>")
        assert value(invite, "Session-Expires")
        _challenge(edge, invite)
        invite = edge.receive("INVITE")
        assert _is_right(invite, "INVITE")
        edge.answer(invite)
        box.wait("LegAnswered", leg="t1")
        box.do("hang_up", "t1")
        edge.reply(edge.receive("BYE"), "200 OK")
        box.wait("LegEnded", leg="t1")
        box.do("remove_trunk", "t")


def test_another_realm_never_gets_the_password(box) -> None:
    with UdpPeer() as edge:
        _trunk(box, edge)
        box.do("dial", "t2", f"sip:1@127.0.0.1:{edge.port}", trunk="t")
        _challenge(edge, edge.receive("INVITE"), "elsewhere.test")
        assert box.wait("LegEnded", leg="t2")["status"] == 401
        assert edge.nothing_comes("INVITE", 0.3)
        box.do("remove_trunk", "t")


@pytest.mark.parametrize("to", [f"<sip:{USER}@127.0.0.1>", f"<sip:{USER}@carrier.test>"])
def test_a_stranger_who_writes_the_trunks_address_into_to_learns_nothing(box, to) -> None:
    with UdpPeer() as edge, UdpPeer() as stranger:
        _registered(box, edge)
        where = "127.0.0.1", box.port
        target = f"sip:{USER}@127.0.0.1:{edge.port}"
        stranger.request("INVITE", target, where, to_header=to.replace("127.0.0.1", f"127.0.0.1:{edge.port}"),
                         body=stranger.sdp())  # fmt: skip
        leg = box.incoming()
        box.do("answer", leg)
        answer = stranger.receive("SIP/2.0 200")
        stranger.request("ACK", target, where, to_header=value(answer, "To"))
        box.wait("LegAnswered", leg=leg)
        box.do("hang_up", leg)
        bye = stranger.receive("BYE")
        _challenge(stranger, bye)
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            try:
                again = stranger.receive("BYE", 0.5)
            except TimeoutError:
                break
            assert not value(again, "Authorization")
        box.do("remove_trunk", "t")
