"""The 61 torture messages over real sockets: each gets what it is owed, and the next OPTIONS is answered."""

import time

import pytest

from pbx.sip.message import Response
from tests.integration.sip.edge_lab import Lab, Phone, ReactorThread, running
from tests.unit.sip.torture.catalogue import CASES, DROPPED, PASSES, TortureCase

REGISTRAR_OR_ROUTER = {200, 401, 404, 423, 481}
"""What a message that syntax and policy let pass may be answered by us; none of them reaches pjsua2."""


@pytest.fixture(scope="module")
def shared(reactor_thread: ReactorThread):
    with running(reactor_thread) as lab:
        yield lab


def named(cases):
    return [pytest.param(case, id=case.name) for case in cases]


def assert_owed(case: TortureCase, phone: Phone) -> None:
    if case.owed == DROPPED or _is_ack(case):
        return
    answer = phone.receive()
    assert isinstance(answer, Response)
    if case.owed == PASSES:
        assert answer.status in REGISTRAR_OR_ROUTER
    else:
        assert answer.status == case.owed
    if case.names and answer.status == 400:
        assert case.names in answer.reason


def _is_ack(case: TortureCase) -> bool:
    return case.raw.startswith(b"ACK")


def assert_alive(lab: Lab, phone: Phone) -> None:
    """An OPTIONS is answered within 500 ms, and nothing else arrives before its answer."""
    before = time.monotonic()
    answer = phone.ask(phone.options())
    assert (answer.status, answer.cseq.method) == (200, "OPTIONS")
    assert time.monotonic() - before < 0.5


@pytest.mark.parametrize("case", named(CASES))
@pytest.mark.parametrize("family", ["4", "6"])
def test_over_udp(shared, case, family):
    phone = Phone(shared.udp(family))
    assert_alive(shared, phone)
    phone.send(case.raw)
    assert_owed(case, phone)
    assert_alive(shared, phone)
    phone.close()


ON_STREAM = [case for case in CASES if case.on_stream == "same" and case.name != "dblreq"]


@pytest.mark.parametrize("case", named(ON_STREAM))
@pytest.mark.parametrize("way", ["whole", "byte by byte", "two in a segment"])
def test_over_tcp(shared, case, way):
    phone = Phone(shared.tcp(), "TCP")
    if way == "byte by byte":
        for byte in case.raw:
            phone.send(bytes([byte]))
    else:
        phone.send(case.raw * (2 if way == "two in a segment" else 1))
    for _ in range(2 if way == "two in a segment" else 1):
        assert_owed(case, phone)
    assert_alive(shared, phone)
    phone.close()


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "closes"]))
def test_tcp_is_answered_and_closed_where_the_length_is_in_doubt(shared, case):
    phone = Phone(shared.tcp(), "TCP")
    phone.send(case.raw)
    assert phone.receive().status == 400
    assert phone.is_closed()
    assert_alive(shared, Phone(shared.tcp(), "TCP"))


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "waits"]))
def test_tcp_waits_for_a_body_that_does_not_come_and_serves_others(shared, case):
    phone = Phone(shared.tcp(), "TCP")
    phone.send(case.raw)
    assert phone.hears_nothing()
    assert_alive(shared, Phone(shared.tcp(), "TCP"))


def test_the_octets_after_a_request_are_another_request_on_a_stream(shared):
    (case,) = (case for case in CASES if case.name == "dblreq")
    phone = Phone(shared.tcp(), "TCP")
    phone.send(case.raw)
    assert phone.receive().cseq.method == "REGISTER"
    assert phone.receive().cseq.method == "INVITE"
    assert phone.is_closed()


def test_no_torture_message_reaches_the_media_stack(shared):
    assert shared.media.hears_nothing()
