"""Calls through the edge: routing and record-routing in both directions, seen from the peer and from media."""

import socket

import pytest

from pbx.errors import Overloaded
from pbx.sip.directory import MemoryDirectory, TrunkAddress
from pbx.sip.framing import StreamFramer, read_datagram
from pbx.sip.message import Request
from tests.integration.sip.edge_lab import DID, SDP, Lab, Phone, account, answer_to, credentials, running

TRANSPORTS = ["UDP", "TCP"]


def phone_at(lab: Lab, transport: str = "UDP", family: str = "4") -> Phone:
    return Phone(lab.udp(family) if transport == "UDP" else lab.tcp(family), transport)


def following(request: Request, method: str, cseq: int, *, caller: bool, routes: tuple[str, ...]) -> str:
    """An in-dialog request of the caller or, with the sides exchanged, of the called."""
    near, far = ("From", "To") if caller else ("To", "From")
    return "\r\n".join(
        (
            *(f"Route: {route}" for route in routes),
            f"From: {request.first(near)}",
            f"To: {request.first(far)}",
            f"Call-ID: {request.call_id}",
            f"CSeq: {cseq} {method}",
            "Max-Forwards: 70",
            "Content-Length: 0",
            "\r\n",
        )
    )


def set_up(lab: Lab, phone: Phone, uri: str = f"sip:{DID}@comptoir.example"):
    """An anonymous call up to its 200; returns what media got and what the phone got."""
    phone.send(phone.request("INVITE", uri, body=SDP))
    invite = lab.media.receive()
    lab.media.answer(invite, 200, lab, contact=f"<sip:{_shown(lab.media.address)}>", body=SDP)
    return invite, phone.receive()


def _shown(address):
    return f"{address[0]}:{address[1]}"


@pytest.mark.parametrize("family", ["4", "6"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_stranger_s_call_to_a_public_number_reaches_media(lab, transport, family):
    phone = phone_at(lab, transport, family)
    phone.send(
        phone.request(
            "INVITE",
            f"sip:{DID}@comptoir.example",
            "X-Comptoir-Account: bea",
            "x-comptoir-TRUNK : forged",
            "P-Asserted-Identity: <sip:boss@comptoir.example>",
            body=SDP,
        )
    )
    invite = lab.media.receive()
    assert invite.uri == f"sip:{DID}@{_shown(lab.media.address)}"
    assert invite.first("x-comptoir-called") == DID
    assert invite.first("x-comptoir-source") == f"{phone.shown};transport={transport.lower()}"
    assert not invite.has("x-comptoir-account") and not invite.has("x-comptoir-trunk")
    assert not invite.has("p-asserted-identity")
    assert invite.max_forwards == 69
    assert [via.port for via in invite.vias] == [lab.internal[1], phone.local[1]]
    assert invite.vias[1].params.get("rport") == str(phone.local[1])
    assert len(invite.record_routes) == 2
    lab.wait_until(lambda: lab.forwarded > 0)


@pytest.mark.parametrize("family", ["4", "6"])
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_both_sides_of_a_dialog_come_back_through_the_edge(lab, transport, family):
    phone = phone_at(lab, transport, family)
    invite, answer = set_up(lab, phone)
    assert answer.status == 200 and len(answer.vias) == 1
    port = lab.udp(family)[1] if transport == "UDP" else lab.tcp(family)[1]
    assert answer.contacts[0].uri.port == port
    to_edge = tuple(str(route) for route in reversed(answer.record_routes))
    assert answer.record_routes[-1].uri.port == port
    via = f"Via: SIP/2.0/{transport} {phone.shown};rport;branch=z9hG4bK"
    start = f"{answer.contacts[0].uri} SIP/2.0\r\n{via}"

    phone.send(f"ACK {start}ack\r\n{following(answer, 'ACK', 1, caller=True, routes=to_edge)}".encode())
    ack = lab.media.receive()
    assert (ack.method, ack.routes, len(ack.vias)) == ("ACK", (), 2)

    phone.send(f"INFO {start}info\r\n{following(answer, 'INFO', 2, caller=True, routes=to_edge)}".encode())
    info = lab.media.receive()
    lab.media.answer(info, 200, lab)
    assert phone.receive().cseq.method == "INFO"

    via = f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKmedia"
    from_edge = tuple(str(route) for route in invite.record_routes)
    bye = following(answer, "BYE", 7, caller=False, routes=from_edge)
    lab.media.send(f"BYE {phone.contact()[1:-1]} SIP/2.0\r\n{via}\r\n{bye}".encode(), lab)
    received = phone.receive()
    assert (received.method, received.uri, received.routes) == ("BYE", phone.contact()[1:-1], ())
    assert received.via.transport == transport
    phone.send(answer_to(received, 200))
    ended = lab.media.receive()
    assert (ended.status, str(ended.cseq)) == (200, "7 BYE")
    assert [via.branch for via in ended.vias] == ["z9hG4bKmedia"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_caller_s_bye_ends_the_call(lab, transport):
    phone = phone_at(lab, transport)
    _, answer = set_up(lab, phone)
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    via = f"Via: SIP/2.0/{transport} {phone.shown};rport;branch=z9hG4bKbye"
    bye = following(answer, "BYE", 2, caller=True, routes=routes)
    phone.send(f"BYE {answer.contacts[0].uri} SIP/2.0\r\n{via}\r\n{bye}".encode())
    received = lab.media.receive()
    assert received.method == "BYE"
    lab.media.answer(received, 200, lab)
    assert (phone.receive().status, phone.hears_nothing()) == (200, True)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_cancel_and_the_ack_of_a_refusal_follow_their_invite(lab, transport):
    phone = phone_at(lab, transport)
    raw = phone.request("INVITE", f"sip:{DID}@comptoir.example", body=SDP)
    phone.send(raw)
    invite = lab.media.receive()
    lab.media.answer(invite, 180, lab)
    assert phone.receive().status == 180

    bare = raw.partition(b"\r\n\r\n")[0].replace(b"Content-Length: %d" % len(SDP), b"Content-Length: 0")
    bare = bare.replace(b"\r\nContent-Type: application/sdp", b"") + b"\r\n\r\n"
    phone.send(bare.replace(b"INVITE", b"CANCEL"))
    cancel = lab.media.receive()
    assert (cancel.method, cancel.uri, cancel.via.branch) == ("CANCEL", invite.uri, invite.via.branch)
    lab.media.answer(cancel, 200, lab)
    assert phone.receive().cseq.method == "CANCEL"
    lab.media.answer(invite, 487, lab)
    assert phone.receive().status == 487

    phone.send(bare.replace(b"INVITE", b"ACK"))
    ack = lab.media.receive()
    assert (ack.method, ack.via.branch) == ("ACK", invite.via.branch)


def test_a_repeated_invite_reaches_media_with_the_same_branch(lab):
    phone = phone_at(lab)
    raw = phone.request("INVITE", f"sip:{DID}@comptoir.example", body=SDP)
    phone.send(raw)
    phone.send(raw)
    assert lab.media.receive() == lab.media.receive()


def test_a_cancel_and_an_ack_that_belong_to_nothing_go_no_further(lab):
    phone = phone_at(lab)
    assert phone.ask(phone.request("CANCEL", f"sip:{DID}@comptoir.example")).status == 481
    phone.send(phone.request("ACK", f"sip:{DID}@comptoir.example"))
    assert phone.hears_nothing() and lab.media.hears_nothing()


def test_a_changed_or_foreign_flow_token_gets_403(lab):
    phone = phone_at(lab)
    _, answer = set_up(lab, phone)
    routes = [str(route) for route in reversed(answer.record_routes)]
    token = answer.record_routes[-1].uri.user or ""
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (changed, "somebody", token[:10]):
        via = f"Via: SIP/2.0/UDP {phone.shown};rport;branch=z9hG4bK{wrong}"
        bye = following(answer, "BYE", 2, caller=True, routes=(routes[0].replace(token, wrong),))
        phone.send(f"BYE {answer.contacts[0].uri} SIP/2.0\r\n{via}\r\n{bye}".encode())
        assert phone.receive().status == 403
    assert lab.media.hears_nothing()


@pytest.mark.parametrize("method", ["INFO", "NOTIFY", "UPDATE", "PRACK", "BYE"])
def test_requests_outside_a_dialog_are_answered_481_by_the_edge(lab, method):
    phone = phone_at(lab)
    answer = phone.ask(phone.request(method, f"sip:{DID}@comptoir.example"))
    assert answer.status == 481
    inside = phone.request(method, f"sip:{DID}@comptoir.example", to="<sip:x@y>;tag=1")
    assert phone.ask(inside).status == 481
    assert lab.media.hears_nothing(0.05)


@pytest.mark.parametrize(
    ("method", "status"),
    [("PUBLISH", 405), ("SUBSCRIBE", 405), ("MESSAGE", 405), ("REFER", 403), ("FROBNICATE", 501)],
)
def test_what_is_not_served_outside_a_dialog_is_said_to_be_so(lab, method, status):
    phone = phone_at(lab)
    answer = phone.ask(phone.request(method, f"sip:{DID}@comptoir.example"))
    assert answer.status == status
    assert answer.has("allow") == (status in (405, 501))


def test_a_stranger_may_not_transfer_inside_its_call(lab):
    phone = phone_at(lab)
    _, answer = set_up(lab, phone)
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    via = f"Via: SIP/2.0/UDP {phone.shown};rport;branch=z9hG4bKrefer"
    refer = following(answer, "REFER", 2, caller=True, routes=("Refer-To: <sip:+99900@x>", *routes))
    refer = refer.replace("Route: Refer-To", "Refer-To")
    phone.send(f"REFER {answer.contacts[0].uri} SIP/2.0\r\n{via}\r\n{refer}".encode())
    assert phone.receive().status == 403


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("c=IN IP4 255.255.255.255", 488),
        ("c=IN IP4 224.0.0.1", 488),
        ("c=IN IP4 host.example", 488),
        ("c=IN IP4", 400),
    ],
)
def test_media_never_sees_an_offer_it_could_be_hurt_by(lab, line, status):
    phone = phone_at(lab)
    body = SDP.replace(b"c=IN IP4 127.0.0.1", line.encode())
    assert phone.ask(phone.request("INVITE", f"sip:{DID}@comptoir.example", body=body)).status == status
    assert lab.media.hears_nothing(0.05)


def calling(phone: Phone, number: str, call_id: str = "c1", user: str = "ana"):
    return lambda *more, cseq=1: phone.request(
        "INVITE", f"sip:{number}@comptoir.example", *more, user=user, call_id=call_id, cseq=cseq, body=SDP
    )


def call_with_login(lab: Lab, phone: Phone, number: str, call_id: str = "c1", user: str = "ana"):
    """What answers the INVITE with credentials: media (a Request) or the edge (a Response)."""
    make = calling(phone, number, call_id, user)
    challenged = phone.ask(make())
    assert challenged.status == 401
    phone.send(make(credentials(challenged, make(cseq=2), user, "secret"), cseq=2))
    if lab.media.hears_anything():
        return lab.media.receive()
    return phone.receive()


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_phone_with_an_account_reaches_extensions_and_an_unknown_one_is_404(lab, transport):
    phone = phone_at(lab, transport)
    invite = call_with_login(lab, phone, "600")
    assert isinstance(invite, Request)
    assert invite.first("x-comptoir-account") == "ana"
    assert not invite.has("authorization")
    assert call_with_login(lab, phone, "601", "c2").status == 404


def test_dialling_out_needs_permission_plan_and_room(reactor_thread):
    directory = MemoryDirectory(
        endpoints=(
            account("ana"),
            account("bea", may_dial_out=True, allowed_prefixes=("+33",), max_calls=1),
        )
    )
    with running(reactor_thread, directory=directory) as lab:
        phone = phone_at(lab)
        assert call_with_login(lab, phone, "+33123456789", "d1").status == 403
        invite = call_with_login(lab, phone, "0033123456789", "d2", "bea")
        assert invite.first("x-comptoir-called") == "+33123456789"
        assert call_with_login(lab, phone, "+4412345678", "d3", "bea").reason == "Number not allowed"
        assert call_with_login(lab, phone, "+33123456789", "d4", "bea").reason == "Too many calls at once"
        lab.media.answer(invite, 486, lab)
        assert phone.receive().status == 486
        assert isinstance(call_with_login(lab, phone, "+33123456789", "d5", "bea"), Request)


def test_a_call_outside_cannot_hide_behind_another_s_name(reactor_thread):
    directory = MemoryDirectory(endpoints=(account("bea", may_dial_out=True, max_calls=2),))
    with running(reactor_thread, directory=directory) as lab:
        phone = phone_at(lab)
        invite = call_with_login(lab, phone, "+33123456789", "d1", "bea")
        assert isinstance(invite, Request)
        assert call_with_login(lab, phone, "+33199999999", "d1", "bea").status == 482
        lab.media.answer(invite, 486, lab)
        assert phone.receive().status == 486
        assert isinstance(call_with_login(lab, phone, "+33199999999", "d1", "bea"), Request)


def test_a_repeated_invite_is_not_refused_for_the_call_that_it_began(reactor_thread):
    directory = MemoryDirectory(endpoints=(account("bea", may_dial_out=True, max_calls=1),))
    with running(reactor_thread, directory=directory) as lab:
        phone = phone_at(lab)
        make = calling(phone, "+33123456789", "d1", "bea")
        challenged = phone.ask(make())
        invite = make(credentials(challenged, make(cseq=2), "bea", "secret"), cseq=2)
        phone.send(invite)
        first = lab.media.receive()
        phone.send(invite)
        again = lab.media.receive()
        assert (again.via.branch, again.uri) == (first.via.branch, first.uri)
        assert again.first("x-comptoir-account") == "bea"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_media_calls_a_registered_phone_over_the_flow_it_registered_on(lab, transport):
    phone = phone_at(lab, transport)
    phone.log_in(lambda *more, cseq=1: phone.register("ana", *more, cseq=cseq, call_id="r"))
    (binding,) = lab.call(lab.edge.bindings, "ana")
    via = f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKout"
    lab.media.send(
        (
            f"INVITE {binding.uri} SIP/2.0\r\n{via}\r\nRoute: {binding.route[0]}\r\n"
            f"From: <sip:shop@x>;tag=m\r\nTo: <{binding.uri}>\r\nCall-ID: out\r\nCSeq: 1 INVITE\r\n"
            f"Max-Forwards: 70\r\nContact: <sip:{_shown(lab.media.address)}>\r\nX-Comptoir-Contact: 42\r\n"
            "Content-Length: 0\r\n\r\n"
        ).encode(),
        lab,
    )
    invite = phone.receive()
    assert (invite.method, invite.uri, invite.routes) == ("INVITE", binding.uri, ())
    assert invite.first("x-comptoir-contact") == "42"
    assert invite.contacts[0].uri.port == (lab.udp() if transport == "UDP" else lab.tcp())[1]
    assert len(invite.record_routes) == 2
    phone.send(answer_to(invite, 200, phone.contact(), SDP))
    answer = lab.media.receive()
    assert (answer.status, [via.branch for via in answer.vias]) == (200, ["z9hG4bKout"])

    routes = tuple(str(route) for route in answer.record_routes)
    via = f"Via: SIP/2.0/{transport} {phone.shown};rport;branch=z9hG4bKbye"
    bye = following(answer, "BYE", 1, caller=False, routes=routes)
    phone.send(f"BYE {invite.contacts[0].uri} SIP/2.0\r\n{via}\r\n{bye}".encode())
    assert lab.media.receive().method == "BYE"


def test_bad_sdp_in_an_answer_never_reaches_media(lab):
    phone = phone_at(lab)
    phone.log_in(lambda *more, cseq=1: phone.register("ana", *more, cseq=cseq, call_id="r"))
    (binding,) = lab.call(lab.edge.bindings, "ana")
    via = f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKout"
    lab.media.send(
        (
            f"INVITE {binding.uri} SIP/2.0\r\n{via}\r\nRoute: {binding.route[0]}\r\n"
            f"From: <sip:shop@x>;tag=m\r\nTo: <{binding.uri}>\r\nCall-ID: out\r\nCSeq: 1 INVITE\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        ).encode(),
        lab,
    )
    invite = phone.receive()
    phone.send(answer_to(invite, 200, phone.contact(), SDP + b"a=crypto:x\r\n" * 61))
    assert lab.media.hears_nothing()


def test_media_is_refused_a_route_it_was_not_given_and_a_connection_that_is_gone(lab):
    phone = phone_at(lab, "TCP")
    phone.log_in(lambda *more, cseq=1: phone.register("ana", *more, cseq=cseq, call_id="r"))
    (binding,) = lab.call(lab.edge.bindings, "ana")
    phone.close()
    lab.wait_until(lambda: lab.call(lab.edge.bindings, "ana") == ())
    statuses = []
    for number, route in enumerate((binding.route[0], "<sip:nobody@127.0.0.1;lr>", "")):
        lab.media.send(
            (
                f"OPTIONS {binding.uri} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKout{number}\r\n"
                + (f"Route: {route}\r\n" if route else "")
                + f"From: <sip:shop@x>;tag=m\r\nTo: <{binding.uri}>\r\nCall-ID: out\r\nCSeq: 1 OPTIONS\r\n"
                "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            ).encode(),
            lab,
        )
        statuses.append(lab.media.receive().status)
    assert statuses == [430, 403, 403]
    assert len(lab.call(lab.edge.registrations, "ana")) == 1


def test_stray_responses_are_dropped(lab):
    phone = phone_at(lab)
    phone.send(
        (
            f"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {_shown(lab.udp())};branch=z9hG4bKx;flow=forged\r\n"
            f"Via: SIP/2.0/UDP {_shown(lab.media.address)};branch=z9hG4bKy\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
            "Content-Length: 0\r\n\r\n"
        ).encode()
    )
    assert lab.media.hears_nothing() and phone.hears_nothing()


def test_only_media_s_own_address_may_use_the_internal_socket(lab):
    stranger = Phone(lab.internal)
    phone = phone_at(lab)
    phone.log_in(lambda *more, cseq=1: phone.register("ana", *more, cseq=cseq, call_id="r"))
    (binding,) = lab.call(lab.edge.bindings, "ana")
    stranger.send(stranger.request("INVITE", binding.uri, f"Route: {binding.route[0]}"))
    assert stranger.hears_nothing() and phone.hears_nothing()


def test_a_trunk_calls_our_numbers_without_digest_and_nothing_else(reactor_thread):
    directory = MemoryDirectory(
        public_numbers=(DID,),
        other_numbers=("+33199000002",),
        trunks=(TrunkAddress("carrier", "127.0.0.1", 5099),),
    )
    with running(reactor_thread, directory=directory) as lab:
        phone = phone_at(lab)
        identity = "P-Asserted-Identity: <sip:+33611111111@carrier.example>"
        phone.send(
            phone.request("INVITE", "sip:+33199000002@x", identity, "X-Comptoir-Account: ana", body=SDP)
        )
        invite = lab.media.receive()
        assert invite.first("x-comptoir-trunk") == "carrier"
        assert invite.has("p-asserted-identity") and not invite.has("x-comptoir-account")
        phone.send(phone.request("INVITE", "sip:contact@x", to="<sip:+33199000002@x>", body=SDP))
        invite = lab.media.receive()
        assert invite.first("x-comptoir-called") == "+33199000002"
        assert invite.target.user == "+33199000002"
        assert phone.ask(phone.request("INVITE", "sip:+33612345678@x", body=SDP)).status == 404


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_media_calls_out_through_a_trunk_and_the_answer_comes_back(reactor_thread, transport):
    carrier = Carrier(transport)
    trunk = TrunkAddress("carrier", "carrier.example", carrier.port, transport)

    async def look_up(host: str) -> tuple[str, ...]:
        assert host == "carrier.example"
        return ("127.0.0.1",)

    with running(reactor_thread, directory=MemoryDirectory(trunks=(trunk,)), look_up=look_up) as lab:
        way = lab.call(lab.edge.trunk_route, "carrier", "+33612345678")
        for number in range(2):
            lab.media.send(
                (
                    f"INVITE {way.uri} SIP/2.0\r\n"
                    f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKtrunk{number}\r\n"
                    f"Route: {way.route[0]}\r\nFrom: <sip:shop@x>;tag=m\r\nTo: <{way.uri}>\r\n"
                    f"Call-ID: out{number}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nX-Comptoir-Contact: 42\r\n"
                    f"Contact: <sip:shop@{_shown(lab.media.address)}>\r\nContent-Length: 0\r\n\r\n"
                ).encode(),
                lab,
            )
            invite = carrier.receive()
            assert invite.uri.startswith("sip:+33612345678@carrier.example")
            assert not invite.has("x-comptoir-contact") and not invite.has("route")
            assert invite.via.transport == transport
            carrier.send(answer_to(invite, 200, f"<sip:{_shown(('127.0.0.1', carrier.port))}>"))
            assert lab.media.receive().status == 200
        assert carrier.accepted == (1 if transport == "TCP" else 0)
    carrier.close()


class Carrier:
    """The far end of a trunk."""

    def __init__(self, transport: str) -> None:
        kind = socket.SOCK_DGRAM if transport == "UDP" else socket.SOCK_STREAM
        self.listening = socket.socket(socket.AF_INET, kind)
        self.listening.bind(("127.0.0.1", 0))
        self.listening.settimeout(2)
        self.port = self.listening.getsockname()[1]
        self.accepted = 0
        self.connected = None
        self.framer, self.frames = StreamFramer(), []
        if transport == "TCP":
            self.listening.listen()

    def receive(self):
        if self.listening.type == socket.SOCK_DGRAM:
            data, self.peer = self.listening.recvfrom(65535)
            return read_datagram(data)
        if self.connected is None:
            self.connected, _ = self.listening.accept()
            self.connected.settimeout(2)
            self.accepted += 1
        while not self.frames:
            self.frames.extend(self.framer.feed(self.connected.recv(65535)))
        return read_datagram(self.frames.pop(0))

    def send(self, data: bytes) -> None:
        if self.connected is not None:
            self.connected.sendall(data)
        else:
            self.listening.sendto(data, self.peer)

    def close(self) -> None:
        self.listening.close()
        if self.connected is not None:
            self.connected.close()


def test_a_trunk_that_cannot_be_reached_is_503_to_media(reactor_thread):
    async def look_up(host: str) -> tuple[str, ...]:
        raise OSError("no such name")

    trunk = TrunkAddress("carrier", "carrier.example")
    with running(reactor_thread, directory=MemoryDirectory(trunks=(trunk,)), look_up=look_up) as lab:
        way = lab.call(lab.edge.trunk_route, "carrier", "+33612345678")
        lab.media.send(
            (
                f"OPTIONS {way.uri} SIP/2.0\r\nVia: SIP/2.0/UDP {_shown(lab.media.address)};branch=z9hG4bKt\r\n"
                f"Route: {way.route[0]}\r\nFrom: <sip:shop@x>;tag=m\r\nTo: <{way.uri}>\r\n"
                "Call-ID: out\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
            ).encode(),
            lab,
        )
        assert lab.media.receive().status == 503


def test_draining_refuses_new_calls_and_lets_dialogs_go_on(lab):
    phone = phone_at(lab)
    _, answer = set_up(lab, phone)
    lab.call(lab.edge.drain)
    refused = phone.ask(phone.request("INVITE", f"sip:{DID}@comptoir.example", body=SDP))
    assert (refused.status, refused.has("retry-after")) == (503, True)
    assert phone.ask(phone.options()).status == 503
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    via = f"Via: SIP/2.0/UDP {phone.shown};rport;branch=z9hG4bKbye"
    bye = following(answer, "BYE", 2, caller=True, routes=routes)
    phone.send(f"BYE {answer.contacts[0].uri} SIP/2.0\r\n{via}\r\n{bye}".encode())
    assert lab.media.receive().method == "BYE"


def test_a_call_beyond_admission_gets_503_and_retry_after(reactor_thread):
    full = Overloaded("full", retry_after=7)
    with running(reactor_thread, admission=lambda: full) as lab:
        phone = phone_at(lab)
        answer = phone.ask(phone.request("INVITE", f"sip:{DID}@comptoir.example", body=SDP))
        assert answer.status == 503
        assert 7 <= int(answer.first("retry-after")) <= 14
        assert lab.media.hears_nothing(0.05)


def test_two_requests_at_once_share_one_new_connection_to_a_trunk(reactor_thread):
    carrier = Carrier("TCP")
    trunk = TrunkAddress("carrier", "127.0.0.1", carrier.port, "TCP")
    with running(reactor_thread, directory=MemoryDirectory(trunks=(trunk,))) as lab:
        way = lab.call(lab.edge.trunk_route, "carrier", "+33612345678")
        for number in range(2):
            lab.media.send(
                (
                    f"OPTIONS {way.uri} SIP/2.0\r\n"
                    f"Via: SIP/2.0/UDP {_shown(lab.media.address)};branch=z9hG4bKt{number}\r\n"
                    f"Route: {way.route[0]}\r\nFrom: <sip:shop@x>;tag=m\r\nTo: <{way.uri}>\r\n"
                    f"Call-ID: out{number}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
                ).encode(),
                lab,
            )
        asked = {carrier.receive().call_id, carrier.receive().call_id}
        assert (asked, carrier.accepted) == ({"out0", "out1"}, 1)
    carrier.close()


def test_a_call_goes_on_over_the_connection_that_replaced_a_lost_one(lab):
    phone = phone_at(lab, "TCP")
    invite, answer = set_up(lab, phone)
    phone.close()
    again = phone_at(lab, "TCP")
    routes = tuple(str(route) for route in reversed(answer.record_routes))
    via = f"Via: SIP/2.0/TCP {again.shown};rport;branch=z9hG4bKack"
    ack = following(answer, "ACK", 1, caller=True, routes=routes)
    again.send(f"ACK {answer.contacts[0].uri} SIP/2.0\r\n{via}\r\n{ack}".encode())
    assert lab.media.receive().method == "ACK"
    via = f"Via: SIP/2.0/UDP {_shown(lab.media.address)};rport;branch=z9hG4bKmedia"
    bye = following(answer, "BYE", 7, caller=False, routes=tuple(map(str, invite.record_routes)))
    lab.media.send(f"BYE {phone.contact()[1:-1]} SIP/2.0\r\n{via}\r\n{bye}".encode(), lab)
    assert again.receive().method == "BYE"
