"""Registering over real sockets."""

import re
from dataclasses import replace

import pytest

from pbx.sip.edge_settings import EdgeSettings, RegistrarSettings
from pbx.sip.framing import read_datagram
from pbx.sip.registration_store import MemoryRegistrationStore
from tests.integration.sip.edge_lab import Lab, Phone, credentials, running

WAYS = [("UDP", "4"), ("UDP", "6"), ("TCP", "4"), ("TCP", "6")]


def phone_at(lab: Lab, transport: str = "UDP", family: str = "4") -> Phone:
    return Phone(lab.udp(family) if transport == "UDP" else lab.tcp(family), transport)


def registering(phone: Phone, user: str = "ana", *extra: str, call_id: str = "reg-1", **changed):
    return lambda *more, cseq=1: phone.register(user, *extra, *more, call_id=call_id, cseq=cseq, **changed)


@pytest.mark.parametrize(("transport", "family"), WAYS)
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_phone_registers_with_digest_and_can_be_reached(lab, transport, family, algorithm):
    phone = phone_at(lab, transport, family)
    answer = phone.log_in(registering(phone), algorithm=algorithm)
    assert answer.status == 200
    (contact,) = answer.contacts
    assert str(contact.uri) == phone.contact()[1:-1]
    assert contact.params.get("expires") == "600"
    (binding,) = lab.call(lab.edge.bindings, "ana")
    assert binding.uri == phone.contact()[1:-1]
    assert lab.call(lab.edge.registered) == ("ana",)


def test_a_replay_is_answered_stale_and_a_retransmission_as_before(lab):
    phone = phone_at(lab)
    challenged = phone.ask(phone.register(call_id="r"))
    plain = phone.register(call_id="r", cseq=2)
    line = credentials(challenged, plain, "ana", "secret")
    first = phone.register("ana", line, call_id="r", cseq=2, branch="z9hG4bKsame")
    assert phone.ask(first).status == 200
    assert phone.ask(first).status == 200
    replay = phone.ask(phone.register("ana", line, call_id="r", cseq=3, branch="z9hG4bKother"))
    assert replay.status == 401
    assert "stale=true" in (replay.first("www-authenticate") or "")
    again = credentials(challenged, plain, "ana", "secret", nc=2)
    assert phone.ask(phone.register("ana", again, call_id="r", cseq=4)).status == 200


def test_an_expired_nonce_is_answered_stale(reactor_thread):
    with running(reactor_thread, settings=replace(EdgeSettings(), nonce_lifetime=-2)) as lab:
        phone = phone_at(lab)
        answer = phone.log_in(registering(phone))
        assert (answer.status, "stale=true" in answer.first("www-authenticate")) == (401, True)


def test_a_wrong_password_and_somebody_else_s_address_are_refused(lab):
    phone = phone_at(lab)
    assert phone.log_in(registering(phone), password="guess").status == 401
    assert phone.log_in(registering(phone, "ana", to="<sip:bea@comptoir.example>")).status == 403
    assert lab.call(lab.edge.registered) == ()


def test_too_short_an_interval_gets_423_with_the_shortest(lab):
    phone = phone_at(lab)
    answer = phone.log_in(registering(phone, "ana", "Expires: 30"))
    assert (answer.status, answer.first("min-expires")) == (423, "60")


def test_several_contacts_of_a_user_are_listed_ordered_by_q_and_removed(lab):
    phones = [phone_at(lab, transport) for transport in ("UDP", "TCP")]
    for number, phone in enumerate(phones):
        contact = f"{phone.contact()};q=0.{number + 1}"
        make = registering(phone, "ana", f"Contact: {contact}", call_id=f"r{number}", contact=False)
        answer = phone.log_in(make)
        assert (answer.status, len(answer.contacts)) == (200, number + 1)
    assert [one.q for one in lab.call(lab.edge.bindings, "ana")] == [0.2, 0.1]
    phone = phones[0]
    leaving = registering(phone, "ana", f"Contact: {phone.contact()};expires=0", call_id="r0", contact=False)
    challenged = phone.ask(leaving(cseq=3))
    answer = phone.ask(leaving(credentials(challenged, leaving(cseq=4), "ana", "secret"), cseq=4))
    assert [str(one.uri) for one in answer.contacts] == [phones[1].contact()[1:-1]]
    everything = registering(phone, "ana", "Contact: *", "Expires: 0", call_id="r9", contact=False)
    answer = phone.log_in(everything)
    assert (answer.status, answer.contacts) == (200, ())
    assert lab.call(lab.edge.registered) == ()


def test_a_register_without_contact_lists_the_bindings(lab):
    phone = phone_at(lab)
    phone.log_in(registering(phone))
    answer = phone.log_in(registering(phone, call_id="r2", contact=False))
    assert [str(one.uri) for one in answer.contacts] == [phone.contact()[1:-1]]


def test_a_restart_forgets_nobody_and_reaches_udp_phones_at_once(reactor_thread):
    store = MemoryRegistrationStore()
    with running(reactor_thread, store=store) as lab:
        udp, tcp = phone_at(lab), phone_at(lab, "TCP")
        assert udp.log_in(registering(udp, "ana")).status == 200
        assert tcp.log_in(registering(tcp, "bea"), user="bea").status == 200
    with running(reactor_thread, store=store) as lab:
        assert [len(lab.call(lab.edge.registrations, user)) for user in ("ana", "bea")] == [1, 1]
        assert lab.call(lab.edge.registered) == ("ana",)
        (binding,) = lab.call(lab.edge.bindings, "ana")
        assert binding.uri == udp.contact()[1:-1]
        assert lab.call(lab.edge.bindings, "bea") == ()


def test_a_phone_on_a_connection_is_unreachable_when_it_is_gone_and_back_when_it_registers_again(lab):
    phone = phone_at(lab, "TCP")
    phone.log_in(registering(phone))
    phone.close()
    lab.wait_until(lambda: lab.call(lab.edge.registered) == ())
    assert len(lab.call(lab.edge.registrations, "ana")) == 1
    again = phone_at(lab, "TCP")
    again.log_in(registering(again, call_id="reg-2"))
    assert lab.call(lab.edge.registered) == ("ana",)


def test_an_instance_replaces_its_own_binding_when_its_address_changes(lab):
    for number, phone in enumerate((phone_at(lab), phone_at(lab, "TCP"))):
        contact = f'Contact: {phone.contact()};reg-id=1;+sip.instance="<urn:uuid:1>"'
        make = registering(phone, "ana", contact, "Supported: outbound", call_id=f"r{number}", contact=False)
        answer = phone.log_in(make)
        assert [str(one.uri) for one in answer.contacts] == [phone.contact()[1:-1]]
        assert answer.first("require") == "outbound"


def test_what_expires_is_gone(reactor_thread):
    settings = replace(EdgeSettings(), registrar=RegistrarSettings(min_expires=1))
    with running(reactor_thread, settings=settings) as lab:
        phone = phone_at(lab)
        phone.log_in(registering(phone, "ana", "Expires: 1"))
        assert lab.call(lab.edge.registered) == ("ana",)
        lab.wait_until(lambda: lab.call(lab.edge.registered) == (), seconds=4)
        lab.wait_until(lambda: not lab.store.rows)


@pytest.mark.parametrize("method", ["REGISTER", "INVITE", "OPTIONS"])
@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_known_and_unknown_users_get_the_same_bytes(reactor_thread, method, transport):
    heard = []
    for user in ("ana", "zoe"):
        with running(reactor_thread) as lab:
            heard.append(answers_to_guesses(phone_at(lab, transport), method, user))
    assert heard[0] == heard[1]


def answers_to_guesses(phone: Phone, method: str, user: str) -> list[str]:
    """What is heard without credentials, and with wrong ones."""
    uri = "sip:comptoir.example" if method == "REGISTER" else f"sip:{user}@comptoir.example"
    address = f"<sip:{user}@comptoir.example>"

    def make(*more: str, cseq: int = 1) -> bytes:
        return phone.request(method, uri, *more, user=user, to=address, call_id="x", cseq=cseq)

    phone.send(make())
    heard = [phone.receive_bytes()]
    if method != "OPTIONS":
        line = credentials(read_datagram(heard[0]), make(cseq=2), user, "wrong")
        phone.send(make(line, cseq=2))
        heard.append(phone.receive_bytes())
    return [without_tokens(one, user, phone) for one in heard]


def without_tokens(data: bytes, user: str, phone: Phone) -> str:
    text = data.decode().replace(user, "USER").replace(str(phone.local[1]), "PORT")
    return re.sub(r'(tag=|nonce="|branch=)[^;"\r]+', r"\1", text)
