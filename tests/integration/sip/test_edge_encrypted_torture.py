"""The 61 torture messages over TLS and WebSocket: each gets what it is owed, and the next OPTIONS its answer."""

import pytest

from tests.integration.sip.browser_lab import Browser, SecurePhone, running_for_browsers
from tests.integration.sip.test_edge_torture import ON_STREAM, assert_alive, assert_owed, named
from tests.unit.sip.torture.catalogue import CASES


@pytest.fixture(scope="module")
def shared(reactor_thread, tmp_path_factory):
    with running_for_browsers(reactor_thread, tmp_path_factory.mktemp("tls")) as lab:
        yield lab


@pytest.mark.parametrize("case", named(ON_STREAM))
def test_over_tls(shared, case):
    phone = SecurePhone(shared)
    phone.send(case.raw)
    assert_owed(case, phone)
    assert_alive(shared, phone)
    phone.close()


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "closes"]))
def test_tls_is_answered_and_closed_where_the_length_is_in_doubt(shared, case):
    phone = SecurePhone(shared)
    phone.send(case.raw)
    assert phone.receive().status == 400
    assert phone.is_closed()
    assert_alive(shared, SecurePhone(shared))


@pytest.mark.parametrize("case", named([case for case in CASES if case.on_stream == "waits"]))
def test_tls_waits_for_a_body_that_does_not_come_and_serves_others(shared, case):
    phone = SecurePhone(shared)
    phone.send(case.raw)
    assert phone.hears_nothing()
    assert_alive(shared, SecurePhone(shared))


@pytest.mark.parametrize("case", named(CASES))
def test_over_websocket(shared, case):
    """A WebSocket message is whole, as a datagram is: nothing waits, and nothing need be closed."""
    browser = Browser(shared)
    browser.send(case.raw)
    assert_owed(case, browser)
    assert_alive(shared, browser)
    browser.close()


def test_no_torture_message_reaches_the_media_stack(shared):
    assert shared.media.hears_nothing()
