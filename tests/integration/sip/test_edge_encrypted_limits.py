"""What strangers cannot do over TLS and WebSocket, and how a certificate is exchanged while calls go on."""

import socket
import ssl
import time
from dataclasses import replace

import pytest
from twisted.logger import formatEvent, globalLogPublisher
from websocket import ABNF, WebSocketBadStatusException

from config.certificates import CertificateError
from pbx.sip.directory import MemoryDirectory, TrunkAddress
from pbx.sip.edge_settings import EdgeSettings, StreamSettings, TlsSettings
from pbx.sip.framing import read_datagram
from tests.integration.sip.browser_lab import (
    ENCRYPTED,
    Browser,
    SecurePhone,
    agent_token,
    bearer,
    certificate_at,
    open_websocket,
    running_for_browsers,
)
from tests.integration.sip.edge_lab import Lab, Phone, answer_to, running


@pytest.fixture(scope="module")
def shared(reactor_thread, tmp_path_factory):
    with running_for_browsers(reactor_thread, tmp_path_factory.mktemp("tls")) as lab:
        yield lab


def limited(**streams) -> EdgeSettings:
    return replace(EdgeSettings(), streams=StreamSettings(**streams))


@pytest.mark.parametrize("kind", ["WS", "WSS"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": None}, 403),
        ({"host": "evil.example"}, 403),
        ({"subprotocols": ["mqtt"]}, 400),
        ({"subprotocols": []}, 400),
        ({"path": "/"}, 404),
    ],
)
def test_an_upgrade_that_is_not_ours_is_refused(shared, kind, asked, status):
    edge = shared.call(shared.edge.stream_addresses, kind)[0]
    with pytest.raises(WebSocketBadStatusException) as refused:
        open_websocket(edge, kind, **asked)
    assert refused.value.status_code == status


def test_a_message_too_large_is_answered_513_and_closed_with_1009(shared):
    browser = Browser(shared)
    browser.send(browser.options()[:-2] + b"X-Large: " + b"x" * 20_000 + b"\r\n\r\n")
    assert browser.receive().status == 513
    assert browser.close_code() == 1009


def test_frames_beyond_the_limit_are_not_even_read_to_their_end(shared):
    browser = Browser(shared)
    piece = b"x" * 16_000
    with pytest.raises((ConnectionError, OSError)):
        for number in range(4000):
            frame = ABNF.create_frame(piece, ABNF.OPCODE_CONT if number else ABNF.OPCODE_BINARY, fin=0)
            browser.websocket.send_frame(frame)


def test_a_message_in_frames_is_answered_in_one(shared):
    browser = Browser(shared, "WSS")
    raw = browser.options()
    for number, part in enumerate((raw[:7], raw[7:9], raw[9:])):
        opcode = ABNF.OPCODE_CONT if number else ABNF.OPCODE_TEXT
        browser.websocket.send_frame(ABNF.create_frame(part, opcode, fin=int(number == 2)))
    assert browser.receive().status == 200


def test_streams_and_websockets_share_the_caps(reactor_thread, tmp_path):
    with running_for_browsers(reactor_thread, tmp_path, settings=limited(max_per_address=2)) as lab:
        phone, browser = SecurePhone(lab), Browser(lab)
        assert phone.ask(phone.options()).status == 200
        assert browser.ask(browser.options()).status == 200
        with pytest.raises((ConnectionError, OSError)):
            Browser(lab)
        with pytest.raises((ConnectionError, OSError)):
            SecurePhone(lab)
        browser.vanish()
        lab.wait_until(lambda: is_served(lab))


def is_served(lab: Lab) -> bool:
    try:
        Browser(lab).close()
    except OSError:
        return False
    return True


def test_a_tls_handshake_that_does_not_end_is_ended(reactor_thread, tmp_path):
    with running_for_browsers(reactor_thread, tmp_path, settings=limited(handshake_timeout=0.3)) as lab:
        for kind in ("TLS", "WSS"):
            silent = socket.create_connection(lab.call(lab.edge.stream_addresses, kind)[0], 5)
            silent.sendall(b"\x16\x03\x01\x02\x00")
            began = time.monotonic()
            assert is_over(silent)
            assert 0.2 < time.monotonic() - began < 4.5
        good = SecurePhone(lab)
        assert good.ask(good.options()).status == 200


def is_over(peer: socket.socket) -> bool:
    try:
        return peer.recv(100) == b""
    except ConnectionError:
        return True


def test_an_upgrade_that_does_not_come_is_not_waited_for(reactor_thread, tmp_path):
    with running_for_browsers(reactor_thread, tmp_path, settings=limited(header_timeout=0.3)) as lab:
        silent = socket.create_connection(lab.call(lab.edge.stream_addresses, "WS")[0], 5)
        silent.sendall(b"GET /sip HTTP/1.1\r\n")
        assert is_over(silent)


@pytest.fixture
def logged():
    """Everything that is logged, as text."""
    lines: list[str] = []

    def observe(event):
        lines.append(formatEvent(event) + str(event.get("log_failure", "")))

    globalLogPublisher.addObserver(observe)
    yield lines
    globalLogPublisher.removeObserver(observe)


def test_who_cannot_connect_leaves_no_address_in_the_log(shared, logged):
    for kind in ("TLS", "WSS", "WS"):
        peer = socket.create_connection(shared.call(shared.edge.stream_addresses, kind)[0], 5)
        peer.sendall(b"rubbish\r\n\r\n" * 2)
        assert is_over(peer) or is_over(peer)
    for asked in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        with pytest.raises(WebSocketBadStatusException):
            Browser(shared, **asked)
    browser = Browser(shared)
    browser.socket.sendall(b"\x83\x80\0\0\0\0")  # an opcode that nobody has
    assert browser.close_code() == 1002
    assert logged == []


def test_what_is_no_tls_is_closed_and_others_are_served(shared):
    for kind in ("TLS", "WSS"):
        plain = socket.create_connection(shared.call(shared.edge.stream_addresses, kind)[0], 5)
        plain.sendall(b"OPTIONS sip:a SIP/2.0\r\n\r\n")
        while data := plain.recv(1000):
            assert data[0] == 21  # a TLS alert
        good = SecurePhone(shared)
        assert good.ask(good.options()).status == 200


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_modern_tls_is_spoken(shared, version):
    phone = SecurePhone(shared, maximum=version)
    assert phone.ask(phone.options()).status == 200


def test_old_tls_is_not_spoken(shared):
    with pytest.raises((ssl.SSLError, ConnectionError)), pytest.warns(DeprecationWarning):
        SecurePhone(shared, maximum=ssl.TLSVersion.TLSv1_1)


def test_a_phone_over_tls_registers_and_is_reached_over_its_connection(shared):
    phone = SecurePhone(shared)
    answer = phone.log_in(lambda *more, cseq: phone.register("ana", *more, call_id="tls", cseq=cseq))
    assert answer.status == 200
    (bound,) = shared.call(shared.edge.bindings, "ana")
    assert bound.profile == "secure"
    assert "transport=tls" not in bound.uri
    phone.close()
    shared.wait_until(lambda: not shared.call(shared.edge.bindings, "ana"))


# --- trunks over TLS --------------------------------------------------------------------------------------------


class TlsCarrier:
    """A carrier's server, with the certificate of that folder."""

    def __init__(self, tls: TlsSettings) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls.certificate, tls.key)
        listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        self.listening = context.wrap_socket(listening, server_side=True)
        self.listening.settimeout(3)

    def receive(self):
        accepted, _ = self.listening.accept()
        accepted.settimeout(2)
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += accepted.recv(65535)
        return accepted, read_datagram(raw)


def call_out(lab: Lab) -> None:
    way = lab.call(lab.edge.trunk_route, "carrier", "+33612345678")
    host, port = lab.media.address
    lab.media.send(
        (
            f"INVITE {way.uri} SIP/2.0\r\nVia: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bKtls\r\n"
            f"Route: {way.route[0]}\r\nFrom: <sip:shop@x>;tag=m\r\nTo: <{way.uri}>\r\nCall-ID: out\r\n"
            f"CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:shop@{host}:{port}>\r\n\r\n"
        ).encode(),
        lab,
    )


async def on_this_machine(host: str) -> tuple[str, ...]:
    return ("127.0.0.1",)


@pytest.mark.parametrize(
    ("name", "trusted"), [("localhost", True), ("carrier.example", True), ("localhost", False)]
)
def test_a_trunk_over_tls_must_prove_its_name(reactor_thread, tmp_path, monkeypatch, name, trusted):
    """Its certificate is for localhost; without the system's trust, or under another name, nothing is sent."""
    tls = certificate_at(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
    carrier = TlsCarrier(tls)
    trunk = TrunkAddress("carrier", name, carrier.port, "TLS")
    directory = MemoryDirectory(trunks=(trunk,))
    with running(reactor_thread, directory=directory, look_up=on_this_machine) as lab:
        call_out(lab)
        if name == "localhost" and trusted:
            accepted, invite = carrier.receive()
            assert invite.via.transport == "TLS"
            assert invite.contacts[0].uri.transport == "tls"
            accepted.sendall(answer_to(invite, 200, f"<sip:127.0.0.1:{carrier.port};transport=tls>"))
            assert lab.media.receive().status == 200
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                carrier.receive()
            assert lab.media.receive().status == 503
    carrier.listening.close()


# --- the certificate --------------------------------------------------------------------------------------------


def test_a_new_certificate_is_for_new_connections_and_old_ones_go_on(reactor_thread, tmp_path):
    with running_for_browsers(reactor_thread, tmp_path) as lab:
        phone, browser = SecurePhone(lab), Browser(lab, "WSS", page="stays")
        assert browser.ask(browser.register("ana", bearer(agent_token()))).status == 200
        first = phone.shown_certificate
        for path in tmp_path.glob("sip.*"):
            path.unlink()
        certificate_at(tmp_path)
        lab.wait_until(lambda: SecurePhone(lab).shown_certificate != first)
        assert phone.ask(phone.options()).status == 200
        assert browser.ask(browser.options()).status == 200
        assert len(lab.call(lab.edge.bindings, "ana")) == 1


def test_a_certificate_that_cannot_be_used_changes_nothing(reactor_thread, tmp_path):
    with running_for_browsers(reactor_thread, tmp_path) as lab:
        first = SecurePhone(lab).shown_certificate
        (tmp_path / "sip.key").write_text("rubbish")
        lab.thread.wait_for(lab.edge.reload_certificate)
        assert SecurePhone(lab).shown_certificate == first


def test_an_edge_without_its_certificate_does_not_start_and_says_which_file(reactor_thread, tmp_path):
    settings = replace(EdgeSettings(), tls=certificate_at(tmp_path))
    (tmp_path / "sip.key").write_text("rubbish")
    with (
        pytest.raises(CertificateError, match=r"sip\.key holds no private key"),
        running(reactor_thread, settings=settings, listen=ENCRYPTED),
    ):
        pass


def test_an_edge_without_tls_needs_no_certificate(reactor_thread):
    with running(reactor_thread) as lab:
        phone = Phone(lab.udp())
        assert phone.ask(phone.options()).status == 200
