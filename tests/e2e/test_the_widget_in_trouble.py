"""The widget's calls when something is wrong: lost connections, expired tokens, blocked audio, odd numbers."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import audio
import pytest
from lab import Lab
from phone import Phone
from playwright.sync_api import Route
from shop_page import ShopPages
from widget_customer import AGENT_HZ, CUSTOMER_HZ, LOUD, Customer, reaches_alice, seconds_without

from tests.browser_desk.wire import Wire

TTL = 12.0
"""Seconds that a guest's token is good for."""
CUT = 10.0
"""Seconds without the connection that carries SIP."""
SHORTEST_LOSS = 1.0
"""Seconds of audio that a busy machine may lose by itself, far from what the connection was away for."""

NO_WAY_OUT = """
const Any = RTCPeerConnection;
window.RTCPeerConnection = class extends Any {
  constructor(configuration) { super({ ...configuration, iceTransportPolicy: "relay" }); }
};
"""
"""A browser that may only go through TURN servers, of which there are none."""

NOTHING_PASSES = """
const Free = RTCPeerConnection;
const lost = (sdp) => sdp.replace(/^(a=candidate:(?:\\S+ ){4})\\S+/gm, "$1192.0.2.1");
window.RTCPeerConnection = class extends Free {
  get localDescription() {
    const found = super.localDescription;
    return found && new RTCSessionDescription({ type: found.type, sdp: lost(found.sdp) });
  }
  setRemoteDescription({ type, sdp }) {
    return super.setRemoteDescription({ type, sdp: lost(sdp) });
  }
};
"""
"""A network in which SIP passes and no audio does: either side looks for the other where nobody is."""

NOT_FOR_GUESTS = (
    "+33612345678",  # by a trunk
    "0612345678",
    "alice",  # an endpoint
    "101",
    "guest-somebody",
    "04001",  # a number of ours, spelled oddly
    "4001#",
    "4001;x=y",
    "4001%40elsewhere",
    "40%30%301",
)


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab], wire: Wire) -> Iterator[Lab]:
    made = new_lab(
        acd={"wrap_up": "1s", "offer_timeout": "30s"},
        webrtc={"ws_url": f"ws://127.0.0.1:{wire.port}/sip", "credential_ttl": f"{TTL:.0f}s"},
        widget={"calls_per_address": 200},
    )
    with made as lab:
        wire.target = lab.ws_port
        yield lab


@pytest.fixture(scope="module")
def shop(lab: Lab, wire: Wire) -> Iterator[ShopPages]:
    with ShopPages(lab, edge_port=wire.port) as shop:
        lab.run("trunk", "set", "carrier", "--host", "127.0.0.1", "--port", "9")
        lab.start_pbx()
        lab.start_web()
        yield shop


@pytest.fixture(scope="module")
def alice(lab: Lab, shop: ShopPages) -> Phone:
    return lab.agent_phone("alice", rtp_start=45400)


def nothing_is_left(lab: Lab, seconds: float = 10.0) -> None:
    """No contact, and no leg in the media stack."""
    deadline = time.monotonic() + seconds
    while lab.snapshot()["contacts"] or live_legs(lab):
        assert time.monotonic() < deadline, lab.snapshot()["contacts"]
        time.sleep(0.1)


def live_legs(lab: Lab) -> int:
    return int(lab.api("GET", "/health")["live_legs"])


def longest_run(times: list[float]) -> float:
    """Seconds between two pieces of sound that follow each other, at most."""
    return max(after - before for before, after in itertools.pairwise(times)) / 1000


def test_ten_seconds_without_the_sip_connection_leave_the_audio_alone(
    lab: Lab, wire: Wire, alice: Phone, customer: Callable[..., Customer], tmp_path: Path
) -> None:
    one = customer()
    theirs, events = reaches_alice(one, lab, alice)
    one.until_tone(AGENT_HZ)
    one.page.wait_for_timeout(1_000)
    began = float(one.page.evaluate("performance.timeOrigin + performance.now()"))
    alice.record(theirs, tmp_path / "agent.wav")

    wire.cut()
    one.page.locator("comptoir-widget .quality", has_text="Connection lost; trying again").wait_for()
    one.page.wait_for_timeout(CUT * 1000)
    shown = one.page.locator("comptoir-widget .line").inner_text()
    wire.mend()
    one.page.locator("comptoir-widget .quality[data-quality=lost]").wait_for(state="detached", timeout=20_000)
    one.page.wait_for_timeout(1_000)
    alice.record_stop(theirs)

    heard = one.hears_tone(AGENT_HZ, began)
    lost = seconds_without(tmp_path / "agent.wav", CUSTOMER_HZ)
    print(
        f"\n{CUT:.0f} s without SIP ({wire.refused} connections refused): the customer missed the agent for at most"
        f" {longest_run(heard):.2f} s, the agent the customer for {lost:.2f} s in all; the page said {shown!r}"
    )
    assert wire.refused > 0
    assert longest_run(heard) < SHORTEST_LOSS and lost < SHORTEST_LOSS
    assert not events.of("contact.ended")
    away = [
        part for one in events.of("contact.changed") for part in one["view"]["participants"] if part["away"]
    ]
    assert not away, "a page whose audio flows is not away"
    one.press("Hang up")
    alice.wait("ended", call=theirs)
    nothing_is_left(lab)


def test_a_token_that_expires_in_a_call_costs_nothing(
    lab: Lab, alice: Phone, customer: Callable[..., Customer], tmp_path: Path
) -> None:
    """It cannot be renewed for a while; then it is. Meanwhile the call goes on, and then even through a load."""
    one = customer()
    asked: list[float] = []
    theirs, events = reaches_alice(one, lab, alice)

    def refuse(route: Route) -> None:
        asked.append(time.monotonic())
        route.abort()

    one.page.route("**/widget/v1/call", refuse)
    one.page.wait_for_timeout((TTL + 4) * 1000)
    assert asked, "the page has tried to renew it"
    since = float(one.page.evaluate("performance.timeOrigin + performance.now()"))
    one.page.wait_for_timeout(1_000)
    assert len(one.hears_tone(AGENT_HZ, since)) > 50, "an expired token ends no call"
    one.page.unroute("**/widget/v1/call")
    with one.page.expect_response("**/widget/v1/call", timeout=15_000) as renewed:
        pass
    assert renewed.value.ok

    one.visits("/other")
    one.until_tone(AGENT_HZ)
    assert audio.tone_level(alice.hear(theirs, tmp_path / "agent.wav", 2.0), CUSTOMER_HZ, 0.5, 1.5) > LOUD
    assert not events.of("contact.ended")
    one.press("Hang up")
    alice.wait("ended", call=theirs)
    nothing_is_left(lab)


def test_hanging_up_with_an_expired_token_works(
    lab: Lab, alice: Phone, customer: Callable[..., Customer]
) -> None:
    one = customer()
    theirs, _ = reaches_alice(one, lab, alice)
    one.page.route("**/widget/v1/call", lambda route: route.abort())
    one.page.wait_for_timeout((TTL + 4) * 1000)

    one.press("Hang up")
    alice.wait("ended", call=theirs, timeout=5)
    nothing_is_left(lab)


@pytest.mark.parametrize("script", [NO_WAY_OUT, NOTHING_PASSES], ids=["no candidates", "nothing passes"])
def test_a_network_that_lets_no_audio_through_is_told_with_other_ways(
    lab: Lab, alice: Phone, customer: Callable[..., Customer], script: str
) -> None:
    one = customer(script=script)
    one.visits()
    one.calls()
    began = time.monotonic()

    one.sees("No sound gets through from this network", timeout=30)
    told = time.monotonic() - began
    one.page.get_by_text("Try another network", exact=False).wait_for()
    one.page.get_by_role("button", name="Call me back").wait_for()
    one.page.get_by_role("button", name="Call again").wait_for()
    nothing_is_left(lab)
    print(f"\ntold after {told:.1f} s, nothing left after {time.monotonic() - began:.1f} s")


def test_a_guest_reaches_nothing_but_the_public_numbers(
    lab: Lab, alice: Phone, customer: Callable[..., Customer]
) -> None:
    """The page's own telephone dials what its ticket says; here somebody has changed the ticket."""
    one = customer()
    events = lab.events()
    refused = {target: words_for(one, target) for target in NOT_FOR_GUESTS}

    print(f"\n{refused}")
    assert set(refused.values()) == {"The call could not be connected"}
    assert not events.of("contact.started") and not lab.snapshot()["contacts"]


def words_for(one: Customer, target: str) -> str:
    """What the page says in the end of a call to this target; a callback is offered."""

    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "number": target})

    one.visits()
    one.page.route("**/widget/v1/call", change)
    one.calls()
    one.page.get_by_role("button", name="Call me back").wait_for()
    words = one.page.locator("comptoir-widget .line").inner_text()
    one.page.unroute("**/widget/v1/call")
    return words
