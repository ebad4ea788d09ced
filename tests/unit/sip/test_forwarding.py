import pytest

from pbx.sip.flow_token import FlowTokens, Ticket, TrunkFlow, UdpFlow
from pbx.sip.forwarding import (
    PublicContacts,
    branch_of,
    inward,
    noting_source,
    outward,
    route_uri,
    via_line,
    without_our_via,
)
from pbx.sip.message import Header, Request, parse
from pbx.sip.networks import Networks
from pbx.sip.pending import PendingInvites
from pbx.sip.public_address import PublicAddresses

KEY = b"k" * 32
TOKENS = FlowTokens(b"s" * 32)
MEDIA = ("127.0.0.1", 5080)


def request(*headers: tuple[str, str], method: str = "INVITE", uri: str = "sip:600@shop") -> Request:
    return Request(method=method, uri=uri, headers=tuple(Header(*one) for one in headers))


def with_branch(branch: str, method: str = "INVITE", **changed: str) -> Request:
    values = {"Via": f"SIP/2.0/UDP 10.0.0.5;branch={branch}", "From": "<sip:a@b>;tag=1"} | changed
    cseq = ("CSeq", f"1 {method}")
    return request(*values.items(), ("Call-ID", "c"), cseq, method=method)


def test_a_transaction_keeps_its_branch_and_another_has_another():
    invite = branch_of(with_branch("z9hG4bKa"), "198.51.100.7", KEY)
    assert invite.startswith("z9hG4bK")
    assert branch_of(with_branch("z9hG4bKa", "CANCEL"), "198.51.100.7", KEY) == invite
    assert branch_of(with_branch("z9hG4bKa", "ACK", To="<sip:c@d>;tag=2"), "198.51.100.7", KEY) == invite
    assert branch_of(with_branch("z9hG4bKb"), "198.51.100.7", KEY) != invite
    assert branch_of(with_branch("z9hG4bKa"), "198.51.100.8", KEY) != invite
    assert branch_of(with_branch("z9hG4bKa"), "198.51.100.7", b"x" * 32) != invite


def test_a_branch_of_before_rfc_3261_is_made_of_the_transaction_s_identity():
    invite = branch_of(with_branch("1"), "198.51.100.7", KEY)
    assert branch_of(with_branch("1", "ACK", To="<sip:c@d>;tag=2"), "198.51.100.7", KEY) == invite
    assert branch_of(with_branch("1", From="<sip:a@b>;tag=9"), "198.51.100.7", KEY) != invite


@pytest.mark.parametrize("via", ["SIP/2.0/UDP 10.0.0.5;branch=a;rport", "SIP/2.0/UDP 10.0.0.5;branch=a"])
def test_the_true_source_is_noted_in_the_first_via_only(via):
    noted = noting_source(request(("Via", f"{via}, SIP/2.0/UDP far;branch=b")), ("198.51.100.7", 40000))
    assert [one.received for one in noted.vias] == ["198.51.100.7", None]
    assert noted.vias[0].params.get("rport") == ("40000" if "rport" in via else None)


def test_what_goes_in_loses_routes_credentials_and_claims():
    sent = request(
        ("Via", "SIP/2.0/UDP 10.0.0.5;branch=a"),
        ("Record-Route", "<sip:carrier;lr>"),
        ("Route", "<sip:x@y;lr>"),
        ("Max-Forwards", "10"),
        ("Authorization", "Digest"),
        ("P-Asserted-Identity", "<sip:boss@shop>"),
        ("X-COMPTOIR-Account", "ana"),
        ("Subject", "cart"),
    )
    passed = inward(
        sent,
        "SIP/2.0/UDP edge;branch=e",
        record_routes=("<sip:in>", "<sip:out>"),
        extra=(("X-Comptoir-A", "1"),),
    )
    assert [name for name, _ in passed.headers] == [
        *("Via", "Record-Route", "Record-Route", "Max-Forwards", "X-Comptoir-A"),
        *("Via", "Record-Route", "Subject"),
    ]
    assert passed.lines("record-route") == ("<sip:in>", "<sip:out>", "<sip:carrier;lr>")
    assert passed.max_forwards == 9
    kept = inward(sent, "SIP/2.0/UDP edge;branch=e", trusted=True)
    assert kept.has("p-asserted-identity") and not kept.has("x-comptoir-account")


def test_what_goes_out_loses_our_routes_and_keeps_the_carrier_s():
    inner = route_uri(TOKENS.sign(Ticket(TrunkFlow("c"), "plain", "trunk")), ("127.0.0.1", 5070))
    outer = route_uri(TOKENS.sign(Ticket(None)), ("192.0.2.1", 5060), "TCP")
    sent = request(
        ("Via", "SIP/2.0/UDP 127.0.0.1:5080;branch=m"),
        ("Route", f"{inner}, {outer}"),
        ("Route", "<sip:proxy.carrier;lr>"),
        ("X-Comptoir-Contact", "42"),
    )
    passed = outward(sent, "SIP/2.0/UDP edge;branch=e", TOKENS, sent.headers)
    assert passed.lines("route") == ("<sip:proxy.carrier;lr>",)
    assert passed.max_forwards == 69 and not passed.has("x-comptoir-contact")
    to_phone = outward(sent, "SIP/2.0/UDP edge;branch=e", TOKENS, sent.headers, keep_ours=True)
    assert to_phone.first("x-comptoir-contact") == "42"


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("<sip:127.0.0.1:5080>", "<sip:192.0.2.1:5060;transport=tcp>"),
        ("<sip:ana@127.0.0.1:5080;transport=UDP;ob>", "<sip:ana@192.0.2.1:5060;transport=tcp;ob>"),
        ('"A" <sip:ana@127.0.0.1:5080>;x=1', '"A" <sip:ana@192.0.2.1:5060;transport=tcp>;x=1'),
        ("<sip:ana@127.0.0.1:50801>", "<sip:ana@127.0.0.1:50801>"),
        ("<sip:ana@elsewhere:5080>", "<sip:ana@elsewhere:5080>"),
    ],
)
def test_media_s_contact_is_shown_as_our_public_address(contact, shown):
    headers = (Header("m", contact), Header("Subject", "sip:127.0.0.1:5080"))
    found = PublicContacts([MEDIA]).rewritten(headers, ("192.0.2.1", 5060), "TCP")
    assert found == [Header("m", shown), headers[1]]


def test_our_via_is_taken_off_a_response_whether_alone_or_in_a_list():
    ours = via_line("UDP", ("192.0.2.1", 5060), "z9hG4bKe", "token")
    for via in (f"Via: {ours}\r\nVia: SIP/2.0/UDP far;branch=b", f"v: {ours}, SIP/2.0/UDP far;branch=b"):
        response = parse(f"SIP/2.0 200 OK\r\n{via}\r\nSubject: x\r\n\r\n".encode())
        left = without_our_via(response)
        assert [one.host for one in left.vias] == ["far"]


class FlowTo:
    def __init__(self, peer: str) -> None:
        self.peer = (peer, 5060)
        self.local = ("10.0.0.1", 5060)
        self.name = UdpFlow(self.local, self.peer)


@pytest.mark.parametrize(
    ("peer", "shown"), [("8.8.8.8", "198.51.100.1"), ("10.0.0.9", "10.0.0.1"), ("127.0.0.1", "10.0.0.1")]
)
def test_the_advertised_address_is_for_peers_beyond_the_nat(peer, shown):
    assert PublicAddresses("198.51.100.1").of(FlowTo(peer)) == (shown, 5060)
    assert PublicAddresses("").of(FlowTo(peer)) == ("10.0.0.1", 5060)


def test_networks_contain_addresses_and_ignore_nonsense():
    known = Networks(("192.0.2.0/24", "2001:db8::1", "nonsense"))
    assert "192.0.2.77" in known and "2001:db8::1" in known
    assert "192.0.3.1" not in known and "fe80::1%eth0" not in known
    assert "192.0.2.1" not in Networks(())


def test_a_pending_invite_lingers_for_its_ack_and_is_forgotten():
    pending = PendingInvites()
    pending.add("a", MEDIA, "sip:x", 0.0)
    pending.add("b", MEDIA, "sip:x", 0.0)
    pending.finished("a", 10.0)
    pending.finished("unknown", 10.0)
    pending.sweep(40.0)
    assert pending.find("a") is not None
    pending.sweep(45.0)
    assert pending.find("a") is None and pending.find("b") is not None
    pending.sweep(3601.0)
    assert len(pending) == 0
