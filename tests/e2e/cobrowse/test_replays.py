"""A call with its customer's page, kept and played: what was said and what was seen, in step and on record."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Frame, Page, expect

from agent_ui.cobrowse.replay_file import unpacked
from tests.audio import tone, write
from tests.e2e.cobrowse.conftest import Pair, Server, until, waited
from tests.e2e.cobrowse.test_the_desk import signed_in
from tests.e2e.cobrowse.test_what_stays_hidden import HIDDEN, SECRETS
from tests.e2e.ui.test_pages_for_everybody import SMALL, UNTRANSLATED, check

NewPair = Callable[..., Pair]
RATE = 8000
LOUDEST = """
() => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 4096;
  context.createMediaElementSource(document.querySelector("audio")).connect(analyser);
  analyser.connect(context.destination);
  window.loudest = () => {
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const top = levels.indexOf(Math.max(...levels));
    return levels[top] < -60 ? 0 : (top * context.sampleRate) / analyser.fftSize;
  };
  return context.resume();
}
"""


def documents(server: Server, contact: str) -> list[dict[str, Any]]:
    """What is in the files of a contact's replays."""
    found: list[dict[str, Any]] = []
    for _, _, name in server.do("kept", contact=contact)["replays"]:
        with (server.directory / "replays" / name).open("rb") as file:
            found += unpacked(file)
    return found


def shows(pair: Pair, text: str) -> float:
    """The page's title changes, and the mirror's with it; gives when."""
    pair.customer.page.evaluate("text => { document.getElementById('title').textContent = text }", text)
    moment = time.time()
    until(lambda: pair.agent.mirror.evaluate("document.getElementById('title').textContent") == text)
    return moment


class Call:
    """A recorded call of some seconds, in which the customer showed the checkout, typed and paid."""

    def __init__(self, server: Server, pair: Pair, directory: Path) -> None:
        self.contact, self.began = pair.agent.contact, time.time()
        pair.agree("view")
        self.agreed = time.time() - self.began
        time.sleep(0.5)
        page = pair.customer.page
        self.one = shows(pair, "STEP-1") - self.began
        for name, value in SECRETS.items():
            page.locator(f"[name={name}]").first.fill(value)
        page.fill("[name=city]", "Porto")
        until(lambda: pair.agent.mirror.input_value("[name=city]") == "Porto")
        self.two = shows(pair, "STEP-2") - self.began
        time.sleep(0.5)
        page.frame_locator("iframe.psp").locator("#pan").click()
        until(lambda: pair.agent.told("state")["paying"])
        self.paid = shows(pair, "WHILE-PAYING") - self.began
        time.sleep(0.5)
        shows(pair, "PAID")
        page.locator("[name=city]").focus()
        until(lambda: not pair.agent.told("state")["paying"])
        self.three = shows(pair, "STEP-3") - self.began
        time.sleep(1.0)
        self.seconds = time.time() - self.began
        server.do("hang_up", contact=self.contact)
        until(lambda: [one[1] for one in server.do("kept", contact=self.contact)["replays"]] == ["finished"])
        recording = directory / f"{self.contact}.wav"
        low, high = tone(440, self.two), tone(1000, self.seconds - self.two)
        write(recording, np.concatenate([low, high]), RATE)
        pauses = [[self.paid - 0.1, self.three]]
        server.do(
            "recorded", contact=self.contact, path=str(recording), began=self.began, seconds=self.seconds,
            pauses=pauses,
        )  # fmt: skip


@pytest.fixture
def call(new_pair: NewPair, server: Server, tmp_path: Path) -> Call:
    return Call(server, new_pair(), tmp_path)


@pytest.fixture
def supervisor(new_pair: NewPair, server: Server) -> Iterator[Page]:
    page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, page, "sam")
    page.get_by_role("link", name="Recordings").click()
    yield page


def opened(page: Page) -> Frame:
    """The newest recording, opened with the keyboard; gives its kept page's mirror once it is there."""
    button = page.get_by_role("button", name="Play +33 639 980 001").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Page: /checkout.html")).to_be_visible()
    found: Frame = waited(lambda: _kept_page(page))
    return found


def _kept_page(page: Page) -> Frame | None:
    page.evaluate("true")  # frames that came are told while something is asked
    viewers = (frame for frame in page.frames if "/cobrowse/v1/replay/" in frame.url)
    return next((mirror for viewer in viewers for mirror in viewer.child_frames), None)


def goes_to(page: Page, seconds: float) -> None:
    page.get_by_role("slider", name="Position").fill(f"{seconds:.1f}")


def title(mirror: Frame) -> str:
    return str(mirror.evaluate("document.getElementById('title')?.textContent ?? ''"))


def test_a_supervisor_hears_and_watches_a_call_in_step(call: Call, server: Server, supervisor: Page) -> None:
    mirror = opened(supervisor)
    for moment, text in (
        (call.one + 0.3, "STEP-1"),
        (call.three + 0.3, "STEP-3"),
        (call.two + 0.3, "STEP-2"),
        (call.agreed + 0.2, "Your order"),
    ):
        goes_to(supervisor, moment)
        until(lambda text=text: title(mirror) == text)  # type: ignore[misc]
    goes_to(supervisor, call.two + 0.3)
    until(lambda: title(mirror) == "STEP-2")
    assert mirror.input_value("[name=city]") == "Porto"
    viewer = mirror.parent_frame
    assert viewer is not None
    goes_to(supervisor, call.paid + 0.2)
    expect(viewer.locator("#gap")).to_have_text("The customer was paying: nothing is kept of that.")
    goes_to(supervisor, call.three + 0.3)
    expect(viewer.locator("#gap")).to_be_hidden()

    goes_to(supervisor, 0)
    expect(viewer.locator("#gap")).to_have_text("The page was not seen yet.")
    supervisor.evaluate(LOUDEST)
    supervisor.get_by_role("button", name="Play", exact=True).click()
    until(lambda: 400 < supervisor.evaluate("loudest()") < 480)
    place = supervisor.locator(".player-page")
    drifts: list[float] = []

    def plays(text: str) -> bool:
        drifts.append(float(place.get_attribute("data-drift") or 0))
        return title(mirror) == text

    until(lambda: plays("STEP-1"))
    until(lambda: plays("STEP-2"))
    until(lambda: 960 < supervisor.evaluate("loudest()") < 1040)
    assert max(map(abs, drifts)) < 200, drifts
    supervisor.get_by_label("Speed").select_option("2")
    until(lambda: plays("STEP-3"))
    expect(supervisor.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert max(map(abs, drifts)) < 200, drifts
    print(f"drift over {len(drifts)} looks: at most {max(map(abs, drifts)):.0f} ms")
    times = supervisor.get_by_role("slider", name="Position").input_value()
    assert abs(float(times) - call.seconds) < 0.3


def test_page_and_sound_change_at_the_same_moment(call: Call, supervisor: Page) -> None:
    """The sound's place and the page's change are read in one look, many times a second."""
    mirror = opened(supervisor)
    goes_to(supervisor, call.one + 0.2)
    until(lambda: title(mirror) == "STEP-1")
    viewer = mirror.parent_frame
    assert viewer is not None
    viewer.evaluate(
        """() => { window.changed = {}; setInterval(() => {
          const title = document.querySelector("iframe").contentDocument.getElementById("title")?.textContent;
          window.changed[title] ??= Date.now(); }, 10); }"""
    )
    supervisor.evaluate(
        """() => { const audio = document.querySelector("audio"); window.heard = [];
        setInterval(() => window.heard.push([Date.now(), audio.currentTime]), 10); }"""
    )
    supervisor.get_by_role("button", name="Play", exact=True).click()
    until(lambda: title(mirror) == "STEP-2")
    until(lambda: "STEP-2" in viewer.evaluate("window.changed"))
    changed = viewer.evaluate("window.changed['STEP-2']")
    heard = supervisor.evaluate("window.heard")
    _, place = min(heard, key=lambda look: abs(look[0] - changed))
    print(f"STEP-2 was shown {1000 * (place - call.two):.0f} ms after it happened, by the recording")
    assert abs(place - call.two) < 0.2


def test_what_is_private_and_what_happened_while_paying_is_in_no_replay(call: Call, server: Server) -> None:
    content = str(documents(server, call.contact))
    assert "Porto" in content
    assert "STEP-3" in content
    assert "WHILE-PAYING" not in content
    for secret in HIDDEN:
        assert secret not in content, f"{secret} is in the replay"


def test_who_watches_is_on_record_and_sees_that(call: Call, server: Server, supervisor: Page) -> None:
    opened(supervisor)
    session = server.do("kept", contact=call.contact)["replays"][0][0]
    assert server.do("kept", contact=call.contact)["watched"] == [
        ["sam", "heard", f"recording-{call.contact}"],
        ["sam", "watched", session],
    ]
    expect(supervisor.get_by_text("That you opened this is on record.")).to_be_visible()
    expect(supervisor.get_by_text("Sam Supervisor watched the page")).to_be_visible()
    supervisor.get_by_role("button", name="Back to the list").click()
    expect(supervisor.get_by_role("button", name="Play +33 639 980 001").first).to_be_focused()


def test_agents_have_no_recordings(call: Call, new_pair: NewPair, server: Server) -> None:
    page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, page)
    expect(
        page.get_by_role("button", name="See the customer's page").or_(page.get_by_role("main")).first
    ).to_be_visible()
    assert page.get_by_role("link", name="Recordings").count() == 0
    assert page.request.get(f"{server.url}/api/recordings").status == 403
    assert server.do("kept", contact=call.contact)["watched"] == []


def test_the_customer_is_told_that_the_page_is_kept(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agent.asks("view")
    until(lambda: pair.customer.reads("is kept for a time, like the recording of the call"))
    pair.customer.presses("Allow")
    until(lambda: pair.customer.reads("sees this page. Recorded"))


def test_a_page_load_is_kept_as_one_story(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    contact = pair.agent.contact
    pair.agree("view")
    pair.customer.page.goto(f"{server.shop}/confirmation.html")
    pair.customer.page.wait_for_function("window.share !== undefined")
    pair.customer.shares()
    until(lambda: pair.agent.mirror.evaluate("location.href") is not None)
    pair.same()
    server.do("hang_up", contact=contact)
    until(lambda: [one[1] for one in server.do("kept", contact=contact)["replays"]] == ["finished"])
    pages = [
        event["data"]["href"].rpartition("/")[2]
        for one in documents(server, contact)
        for event in one.get("events", ())
        if event["type"] == 4
    ]
    assert (pages[0], pages[-1]) == ("checkout.html", "confirmation.html")


def test_list_and_player_are_for_everybody(call: Call, supervisor: Page) -> None:
    sizes = ({"width": 1280, "height": 800}, SMALL)
    expect(supervisor.get_by_role("button", name="Play +33 639 980 001").first).to_be_visible()
    for place in ("list", "player"):
        if place == "player":
            opened(supervisor)
        for scheme in ("light", "dark"):
            supervisor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for size in sizes:
                supervisor.set_viewport_size(size)  # type: ignore[arg-type]
                check(supervisor)


@pytest.mark.parametrize(
    ("language", "title", "play"), [("fr", "Enregistrements", "Lire"), ("pt", "Gravações", "Reproduzir")]
)
def test_each_language_is_whole(
    call: Call, supervisor: Page, server: Server, language: str, title: str, play: str
) -> None:
    boot = "JSON.parse(document.getElementById('boot').textContent)"
    supervisor.evaluate(
        f"""(language) => fetch("/api/me/preferences", {{ method: "PUT",
        headers: {{ "Content-Type": "application/json", "X-CSRFToken": {boot}.csrf }},
        body: JSON.stringify({{ ...{boot}.preferences, language }}) }})""",
        language,
    )
    try:
        supervisor.goto(f"{server.url}/recordings")
        expect(supervisor.get_by_role("heading", name=title, exact=True)).to_be_visible()
        assert UNTRANSLATED.findall(supervisor.locator("body").inner_text()) == []
        supervisor.get_by_role("button", name=play).first.click()
        expect(supervisor.get_by_role("button", name="/checkout.html")).to_be_visible()
        assert UNTRANSLATED.findall(supervisor.locator("main").inner_text()) == []
    finally:
        supervisor.evaluate(
            f"""() => fetch("/api/me/preferences", {{ method: "PUT",
            headers: {{ "Content-Type": "application/json", "X-CSRFToken": {boot}.csrf }},
            body: JSON.stringify({{ ...{boot}.preferences, language: "en" }}) }})"""
        )
