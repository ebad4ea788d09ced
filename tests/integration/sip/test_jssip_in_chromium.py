"""JsSIP, as the pages use it, in a real Chromium against a real edge: logins, calls, refusals, and coming back."""

import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from pbx.sip.events import PeerLost, PeerReturned
from pbx.sip.framing import read_datagram
from tests.integration.sip.browser_lab import (
    Said,
    agent_token,
    guest_token,
    media_request,
    running_for_browsers,
)
from tests.integration.sip.edge_lab import DID, FakeMedia, Lab, answer_to

CHROMIUM = "/usr/bin/chromium"
WEB = Path(__file__).parents[3] / "agent_ui" / "web"
JSSIP = "node_modules/jssip/lib/JsSIP.js"

pytestmark = [
    pytest.mark.skipif(not (WEB / JSSIP).exists(), reason="the front end's packages are not installed"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="chromium is not installed"),
]

START = """
([url, user, token, register]) => new Promise((done) => {
  const said = (window.said = []);
  const ua = (window.ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(url)], uri: `sip:${user}@comptoir.example`, register,
    authorization_jwt: `Bearer ${token}`, connection_recovery_min_interval: 1, connection_recovery_max_interval: 1,
  }));
  for (const name of ["connected", "disconnected", "registered", "registrationFailed"]) {
    ua.on(name, (event) => {
      said.push(name + (event.response ? ` ${event.response.status_code}` : ""));
      if (name !== "connected" || !register) done(said);
    });
  }
  ua.start();
})
"""
CALL = """
(number) => {
  const said = window.said;
  const media = {mediaConstraints: {audio: true, video: false}};
  const call = (window.call = ua.call(`sip:${number}@comptoir.example`, media));
  for (const name of ["accepted", "failed", "ended"]) {
    call.on(name, (event) => said.push(`${name} ${event.cause ?? ""}`.trim()));
  }
}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a page that has JsSIP."""
    folder = tmp_path_factory.mktemp("site")
    bundle = (
        "node_modules/.bin/rolldown",
        JSSIP,
        "--format",
        "iife",
        "--name",
        "JsSIP",
        "--platform",
        "browser",
    )
    environment = {**os.environ, "PYTHON_BIN": sys.executable}
    command = [str(WEB.parents[1] / "config" / "setup" / "node"), *bundle, "--file", str(folder / "jssip.js")]
    subprocess.run(command, cwd=WEB, env=environment, check=True, capture_output=True, timeout=60)
    (folder / "index.html").write_text("<!doctype html><title>a page</title><script src=jssip.js></script>")
    serve = functools.partial(QuietFiles, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class QuietFiles(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def said() -> Said:
    return Said()


@pytest.fixture(scope="module")
def lab(reactor_thread, tmp_path_factory, site, said) -> Iterator[Any]:
    webrtc = FakeMedia()
    with running_for_browsers(
        reactor_thread, tmp_path_factory.mktemp("tls"), origins=lambda: {site}, bus=said,
        other_media={"webrtc": webrtc.address},
    ) as running:  # fmt: skip
        running.webrtc = webrtc
        yield running
    webrtc.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    flags = [
        "--no-sandbox",
        "--disable-quic",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, site: str) -> Iterator[Page]:
    context = chromium.new_context(permissions=["microphone"], ignore_https_errors=True)
    opened = context.new_page()
    opened.goto(site)
    yield opened
    context.close()


def url(lab: Lab, kind: str = "WS") -> str:
    host, port = lab.call(lab.edge.stream_addresses, kind)[0]
    return f"{kind.lower()}://{host}:{port}/sip"


def log_in(page: Page, lab: Lab, user: str, token: str, *, register: bool, kind: str = "WS") -> list[str]:
    return list(page.evaluate(START, [url(lab, kind), user, token, register]))


def hears(page: Page, what: str) -> None:
    page.wait_for_function("(what) => window.said.includes(what)", arg=what, timeout=8000)


@pytest.mark.parametrize("kind", ["WS", "WSS"])
def test_an_agent_s_page_registers_with_its_token_and_leaves_again(lab, page, kind):
    assert log_in(page, lab, "ana", agent_token(), register=True, kind=kind) == [
        "connected",
        "registered 200",
    ]
    (bound,) = lab.call(lab.edge.bindings, "ana")
    assert bound.profile == "webrtc"
    page.evaluate("ua.stop()")
    lab.wait_until(lambda: lab.call(lab.edge.bindings, "ana") == (), 5)


def test_an_expired_token_is_refused(lab, page):
    said = log_in(page, lab, "ana", agent_token(seconds=-1), register=True)
    assert said == ["connected", "registrationFailed 401"]


def test_a_page_of_another_origin_does_not_connect(lab, page, site):
    page.goto(site.replace("127.0.0.1", "localhost"))
    assert log_in(page, lab, "ana", agent_token(), register=True) == ["disconnected"]


def test_a_guest_s_call_is_answered_refused_or_not_allowed(lab, page):
    log_in(page, lab, "guest-v1", guest_token("v1"), register=False)
    page.evaluate(CALL, DID)
    seen = lab.webrtc.receive()
    assert seen.first("x-comptoir-visitor") == "v1"
    assert b"UDP/TLS/RTP/SAVPF" in seen.body and b"a=fingerprint" in seen.body and b".local" not in seen.body
    lab.webrtc.answer(seen, 486, lab)
    hears(page, "failed Busy")
    assert lab.webrtc.receive().method == "ACK"
    page.evaluate(CALL, "600")
    hears(page, "failed Not Found")


def test_a_call_goes_on_over_a_new_websocket(lab, page, said):
    """The connection is cut under the page; JsSIP connects anew, and one request with its token is enough."""
    log_in(page, lab, "guest-v2", guest_token("v2"), register=False)
    page.evaluate(CALL, DID)
    seen = lab.webrtc.receive()
    answer = page.evaluate(ANSWERING, seen.body.decode())
    host, port = lab.webrtc.address
    accepted = answer_to(seen, 200, f"<sip:{host}:{port}>", answer.encode(), tag="media")
    lab.webrtc.send(accepted, lab)
    hears(page, "accepted")
    assert lab.webrtc.receive().method == "ACK"

    said.events.clear()
    page.evaluate("window.said.length = 0")
    lab.call(lab.edge._parts.transports.connections.abort_all)
    lab.wait_until(lambda: PeerLost("guest-v2") in said.events, 5)
    hears(page, "connected")
    page.evaluate("ua.sendOptions('sip:comptoir.example', null, {})")
    lab.wait_until(lambda: PeerReturned("guest-v2") in said.events, 5)
    lab.webrtc.send(media_request(lab, "BYE", seen, read_datagram(accepted)), lab)
    assert lab.webrtc.receive().status == 200
    hears(page, "ended Terminated")


ANSWERING = """
async (offer) => {
  const other = new RTCPeerConnection();
  other.addTransceiver("audio");
  await other.setRemoteDescription({type: "offer", sdp: offer});
  await other.setLocalDescription(await other.createAnswer());
  return other.localDescription.sdp;
}
"""
"""A description that the page's own stack takes for an answer; no media needs to flow here."""
