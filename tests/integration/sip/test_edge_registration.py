"""Registering over real sockets."""


import pytest

from tests.integration.sip.edge_lab import Lab, Phone

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
