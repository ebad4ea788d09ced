"""The whole of it, in two browsers: a customer in the shop calls, an agent answers in the desk's page, they finish
the order together, and the telephone then knows that order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import audio
import ears
import pytest
from lab import Lab
from playwright.sync_api import Page, expect
from shop_page import OPEN_ROOTS

from orders.adapters.demo import DEMO_CALLERS, DemoCaller
from tests.browser_desk.desk import CHROMIUM, FAULTS, WIDE, Desk, Desks

LOCALES = {"en": "en-GB", "fr": "fr-FR", "pt": "pt-PT"}
OLIVIA = next(one for one in DEMO_CALLERS if one.language == "en")
CUSTOMER_HZ, AGENT_HZ = 2100.0, 2500.0
"""Above everything that the hold music plays."""
LOUD = -30.0
CARD = "4242 4242 4242 4242"
PUT_IN = ("kit-110", "dsk-302", "gar-409")
SEEN = """wanted => { window.seen = null; new MutationObserver((_, observer) => {
    if (document.querySelector(".live-cart")?.innerText.includes(wanted)) {
        window.seen = Date.now(); observer.disconnect();
    }
}).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(acd={"wrap_up": "5s", "offer_timeout": "60s"}) as lab:
        lab.start_pbx()
        lab.start_web()
        yield lab


@pytest.fixture
def desks(lab: Lab, tmp_path: Path) -> Iterator[Desks]:
    with Desks(lab, audio.write_tone(tmp_path / "agent-speaks.wav", AGENT_HZ, 10, 48000)) as desks:
        yield desks
        for number, context in enumerate(desks.browser.contexts):
            for page in context.pages:
                page.screenshot(path=tmp_path / f"desk-{number}.png")
    assert not desks.errors


@pytest.fixture
def customer(lab: Lab, desks: Desks, tmp_path: Path) -> Iterator[Page]:
    """Olivia's browser, signed in to the shop."""
    with signed_in(lab, desks, tmp_path, OLIVIA) as page:
        yield page


@contextmanager
def signed_in(lab: Lab, desks: Desks, tmp_path: Path, who: DemoCaller) -> Iterator[Page]:
    """A customer's browser, signed in to the shop in their language."""
    speaks = audio.write_tone(tmp_path / "customer-speaks.wav", CUSTOMER_HZ, 10, 48000)
    browser = desks.browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--disable-quic", "--use-fake-device-for-media-stream",
              "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={speaks}"],
    )  # fmt: skip
    context = browser.new_context(
        viewport=WIDE,
        locale=LOCALES[who.language],
        reduced_motion="reduce",
        base_url=f"http://127.0.0.1:{lab.shop_port}",
    )
    context.add_init_script(OPEN_ROOTS)
    context.add_init_script(path=ears.EARS)
    context.add_init_script(path=FAULTS)
    page = context.new_page()
    page.set_default_timeout(20_000)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"/{who.language}/account/sign-in")
    page.fill("#email", who.email)
    page.fill("#password", lab.customers[who.email])
    page.click("main form button[type=submit]")
    page.wait_for_url("**/account")
    yield page
    page.screenshot(path=tmp_path / "customer.png")
    browser.close()
    assert not broken


def says(page: Page, words: str) -> None:
    """Wait until the widget's call says so."""
    page.locator("comptoir-widget .line", has_text=words).wait_for(timeout=20_000)


def listen(page: Page, path: Path, seconds: float = 1.5) -> Path:
    return Desk(page, "").listen(path, seconds)


def put_in(page: Page, sku: str, language: str = "en") -> str:
    """Go to the product and put it into the cart; its name."""
    page.goto(f"/{language}/product/{sku}")
    name = page.inner_text("h1")
    page.click(".buy button")
    page.wait_for_url("**/cart")
    return name


def both_hear_each_other(customer: Page, desk: Desk, directory: Path, when: str) -> None:
    here = audio.tone_level(desk.listen(directory / f"agent-hears-{when}.wav"), CUSTOMER_HZ, 0.3)
    there = audio.tone_level(listen(customer, directory / f"customer-hears-{when}.wav"), AGENT_HZ, 0.3)
    print(f"{when}: the agent hears the customer at {here:.0f} dB, the customer the agent at {there:.0f} dB")
    assert min(here, there) > LOUD


def test_a_customer_calls_from_the_shop_and_the_order_is_finished_with_the_agent(
    lab: Lab, desks: Desks, customer: Page, tmp_path: Path
) -> None:
    events = lab.events()
    desk = desks.open("alice")
    desk.ready()
    lab.available("alice")
    first = put_in(customer, "hom-204")

    # The menu, by voice and keys.
    customer.get_by_role("button", name="Talk to us").click()
    customer.get_by_role("button", name="Call now").click()
    says(customer, "Listen and press a key")
    assert audio.speech_seconds(listen(customer, tmp_path / "menu.wav", 3.0)) > 1.0, "the menu is heard"
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    customer.get_by_role("button", name="Key 0", exact=True).click()

    # The agent's page has it all before the answer.
    expect(desk.page.get_by_role("heading", name=OLIVIA.name).first).to_be_visible(timeout=20_000)
    expect(desk.page.locator("body")).to_contain_text(first)
    expect(desk.page.locator("body")).to_contain_text(OLIVIA.order_number)
    assert not events.of("call.bridged")
    desk.accept()
    events.wait("call.bridged")
    says(customer, "You are talking with Alice")
    both_hear_each_other(customer, desk, tmp_path, "in-the-call")

    # The cart follows the shop, from page to page, and so does the call.
    delays = []
    for sku in PUT_IN:
        customer.goto(f"/en/product/{sku}")
        name = customer.inner_text("h1")
        desk.page.evaluate(SEEN, name)
        pressed = customer.evaluate(
            "() => { document.querySelector('.buy button').click(); return Date.now(); }"
        )
        customer.wait_for_url("**/cart")
        expect(desk.page.locator(".live-cart")).to_contain_text(name)
        delays.append(desk.page.evaluate("window.seen") - pressed)
    print(f"from the press of the shop's button to the desk's DOM: p50 {median(delays):.0f} ms, {delays}")
    says(customer, "You are talking with Alice")
    both_hear_each_other(customer, desk, tmp_path, "some-pages-later")

    # The agent helps, the customer sees who did what, and confirms.
    desk.page.get_by_role("button", name="Prepare for the customer to confirm").click()
    expect(desk.page.locator(".live-cart")).to_contain_text("Prepared by you")
    expect(customer.locator("main")).to_contain_text("Alice")
    number = order(customer)
    expect(desk.page.locator("body")).to_contain_text(number, timeout=10_000)
    desk.button("Hang up").click()
    says(customer, "The call has ended")

    # A minute later, from her own telephone.
    caller = lab.phone(OLIVIA.phone, rtp_start=45600)
    call = lab.dial_shop(caller, "en")
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    caller.digits(call, "2")
    events.wait("flow.node_entered", lambda e: e["node"] == "ask_number")
    caller.digits(call, f"{number}#")
    events.wait("flow.node_entered", lambda e: e["node"] == "say_status")
    events.wait("contact.changed", lambda e: e["view"]["order_number"] == number)
    told = events.wait("playback.started", lambda e: "paid" in e["text"])
    print(f"the telephone says: {told['text']}")
    caller.hang_up(call)


def order(page: Page) -> str:
    """Through the checkout to the order's number."""
    page.goto("/en/checkout")
    page.click(".step button")
    page.wait_for_url("**/delivery")
    page.check("input[value=point]")
    page.click(".step button")
    page.wait_for_url("**/payment")
    frame = page.frame_locator(".payment-frame")
    frame.locator("#number").fill(CARD)
    frame.locator("#expiry").fill("12/30")
    frame.locator("#code").fill("737")
    frame.locator("button").click()
    page.wait_for_url("**/review")
    page.click("[data-once] button")
    page.wait_for_url("**/done")
    return page.inner_text("#order-number")
