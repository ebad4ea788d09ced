"""The widget in real Chromium, in a shop's page of a foreign origin under a strict policy."""

import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import Lab
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from shop_page import CHROMIUM, HEAVY_CARDS, OPEN_ROOTS, ShopPages

from agent_ui.widget.files import DIST, WidgetFiles

AXE = Path(__file__).parents[2] / "agent_ui" / "web" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}

LONG_TASKS = """
window.__frames = [];
new PerformanceObserver((list) => window.__frames.push(...list.getEntries()))
  .observe({ type: "long-animation-frame", buffered: true });
window.__long = () => window.__frames.map((frame) => ({
  all: Math.round(frame.blockingDuration),
  widget: Math.round(frame.scripts.filter((one) => one.sourceURL.includes("/widget/v1/"))
    .reduce((sum, one) => sum + one.duration, 0)),
}));
"""
"""Frames longer than 50 ms, and how much of each the widget's scripts took: the page's own work is not blamed on
it, and neither is a busy machine's."""


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def shop(lab: Lab) -> Iterator[ShopPages]:
    with ShopPages(lab) as shop:
        lab.run("trunk", "set", "carrier", "--host", "127.0.0.1", "--port", "9")
        lab.start_pbx()
        lab.start_web()
        yield shop


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield running
    running.close()


class Visit:
    """A customer's tab; what went wrong in it is kept."""

    def __init__(self, context: BrowserContext, look_inside: bool = True) -> None:
        self.context = context
        self.problems: list[str] = []
        if look_inside:
            context.add_init_script(OPEN_ROOTS)
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: self.problems.append(said.text) if "Policy" in said.text else None)
        return page

    def launcher(self, name: str = "Talk to us") -> Any:
        return self.page.get_by_role("button", name=name)

    def until(self, expression: str) -> None:
        """Asked again and again from here: the page's policy lets it evaluate nothing by itself."""
        self.waits_for(lambda: self.page.evaluate(expression))

    def waits_for(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < deadline, "it did not happen within 10 s"
            self.page.wait_for_timeout(50)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    made: list[Visit] = []

    def begin(look_inside: bool = True, **options: Any) -> Visit:
        options.setdefault("viewport", SIZES["desktop"])
        options.setdefault("locale", "en-GB")
        made.append(Visit(browser.new_context(**options), look_inside))
        return made[-1]

    yield begin
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.context.close()
    assert not problems


def test_the_widget_stays_small_before_a_call() -> None:
    files = WidgetFiles()
    assert files.entry is not None, "the widget is not built"
    size = len(gzip.compress((DIST / files.entry).read_bytes(), 9))
    rest = {name: len(gzip.compress((DIST / name).read_bytes(), 9)) for name in files.names - {files.entry}}
    print(f"\nbefore a call: {size} bytes gzipped; loaded for a call: {rest}")

    assert size < 25_000


def test_it_leaves_one_name_a_closed_root_and_the_pages_look_alone(
    shop: ShopPages, visit: Callable[..., Visit]
) -> None:
    customer = visit(look_inside=False)
    page = customer.page
    page.route("**/widget/v1/**", lambda route: route.abort())
    page.goto(shop.url("/"))
    look = "getComputedStyle(document.querySelector('h1')).cssText + document.body.getBoundingClientRect().height"
    bare, before = page.evaluate("Object.getOwnPropertyNames(window)"), page.evaluate(look)
    page.unroute("**/widget/v1/**")
    page.goto(shop.url("/"))
    page.wait_for_selector("comptoir-widget", state="attached")

    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) - set(bare) == {"comptoir"}
    assert page.evaluate("document.querySelector('comptoir-widget').shadowRoot") is None
    assert page.evaluate(look) == before
    assert page.evaluate("document.cookie") == ""


def test_the_pages_styles_do_not_reach_it(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    customer = visit()
    customer.page.goto(shop.url("/"))
    customer.launcher().wait_for()

    look = "(e) => { const s = getComputedStyle(e); return [s.display, s.fontSize, s.color] }"
    display, size, color = customer.launcher().evaluate(look)
    host = customer.page.evaluate("getComputedStyle(document.querySelector('comptoir-widget')).opacity")

    assert (display, size, host) == ("flex", "15px", "1")
    assert color != "rgb(255, 0, 0)"
    assert customer.page.evaluate("window.__mode") == "closed"


def test_the_keyboard_reaches_everything_and_axe_finds_nothing(
    shop: ShopPages, visit: Callable[..., Visit]
) -> None:
    customer = visit()
    page = customer.page
    page.goto(shop.url("/loose"))
    customer.launcher().focus()
    page.keyboard.press("Enter")
    active = (
        "(() => { const e = __root.activeElement; return e.getAttribute('aria-label') || e.innerText })()"
    )
    customer.until(f"{active}.startsWith('Call now')")
    page.add_script_tag(content=AXE.read_text())
    findings = []
    for way in ("Call me back", "Already on the phone?"):
        findings += axe(page)
        page.get_by_role("button", name=way).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Back", exact=True).wait_for()
        findings += axe(page)
        page.get_by_role("button", name="Back", exact=True).focus()
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")

    assert page.evaluate("__root.querySelector('.panel').hidden")
    assert page.evaluate(active) == "Talk to us"
    assert findings == []


def axe(page: Page) -> list[str]:
    found = page.evaluate("axe.run(document.querySelector('comptoir-widget'))")
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found["violations"]]


def test_the_code_on_the_page_is_six_digits(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    customer = visit()
    customer.page.goto(shop.url("/"))
    customer.launcher().click()
    customer.page.get_by_role("button", name="Already on the phone?").click()

    code = customer.page.locator("comptoir-widget .code")
    customer.until("/^\\d{3} \\d{3}$/.test(__root.querySelector('.code').textContent)")
    assert re.fullmatch(r"\d{3} \d{3}", code.inner_text())


def test_a_callback_is_asked_for_and_canceled(shop: ShopPages, lab: Lab, visit: Callable[..., Visit]) -> None:
    customer = visit()
    page = customer.page
    events = lab.events()
    page.goto(shop.url("/?language=fr"))
    customer.launcher("Parlez-nous").click()
    page.get_by_role("button", name="Rappelez-moi").click()
    number = page.get_by_label("Votre numéro de téléphone")
    number.fill("12")
    number.press("Enter")
    page.get_by_text("Nous ne pouvons pas appeler ce numéro", exact=False).wait_for()
    number.fill("06 12 34 56 78")
    number.press("Enter")

    page.get_by_text("Nous appellerons le +33612345678.").wait_for()
    asked = events.wait("contact.callback_requested")
    page.get_by_role("button", name="Ne me rappelez pas").click()
    page.get_by_text("Nous ne vous rappellerons pas.").wait_for()
    assert asked["callback"]["number"] == "+33612345678"


def test_a_page_from_right_to_left_has_it_at_its_own_end(
    shop: ShopPages, visit: Callable[..., Visit]
) -> None:
    customer = visit()
    sides = {}
    for path in ("/", "/rtl", "/rtl?position=start"):
        customer.page.goto(shop.url(path))
        customer.page.wait_for_selector("comptoir-widget", state="attached")
        box = customer.page.evaluate("__root.querySelector('.launcher').getBoundingClientRect().toJSON()")
        sides[path] = "left" if box["left"] < 640 else "right"
        assert box["left"] >= 0 and box["right"] <= 1280
        assert box["bottom"] <= 800

    assert sides == {"/": "right", "/rtl": "left", "/rtl?position=start": "right"}


def test_a_foreign_origin_gets_no_widget(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    page = visit().page

    with page.expect_event("requestfailed", lambda one: one.url.endswith("/session")):
        page.goto(shop.url("/", host="evil.localhost"))

    assert page.locator("comptoir-widget").count() == 0


def test_a_token_that_is_over_is_renewed_without_a_word(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    customer = visit()
    page = customer.page
    page.goto(shop.url("/"))
    customer.launcher().wait_for()
    page.evaluate(
        "(() => { const known = JSON.parse(sessionStorage.comptoir); known.token = 'over';"
        " sessionStorage.comptoir = JSON.stringify(known) })()"
    )
    page.reload()
    customer.launcher().click()

    page.get_by_role("button", name="Already on the phone?").click()
    customer.until("/^\\d{3} \\d{3}$/.test(__root.querySelector('.code').textContent)")
    assert page.evaluate("JSON.parse(sessionStorage.comptoir).token") != "over"


def test_a_lost_connection_is_made_again(shop: ShopPages, lab: Lab, visit: Callable[..., Visit]) -> None:
    customer = visit()
    page = customer.page
    opened: list[Any] = []
    page.route_web_socket("**/widget/v1/live", lambda ws: opened.append((ws, ws.connect_to_server())))
    page.goto(shop.url("/"))
    customer.launcher().wait_for()
    within(page, lambda: len(opened) == 1)

    opened[0][1].close()
    opened[0][0].close()

    within(page, lambda: len(opened) == 2)


def within(page: Page, condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let the page go on until it holds."""
    for _ in range(int(seconds * 50)):
        if condition():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not come about")


def test_the_page_is_not_slowed(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    """The time is the clock's, which a busy machine only lengthens: the best of three loads is what it takes."""
    best = {slower: min(longest_of_the_widget(shop, visit, slower) for _ in range(3)) for slower in (1, 4)}
    print(
        f"\nthe widget's longest task in a page of {HEAVY_CARDS} things, by how much slower the CPU is: {best} ms"
    )

    assert best[1] <= 50


def longest_of_the_widget(shop: ShopPages, visit: Callable[..., Visit], slower: int) -> int:
    """Milliseconds that its scripts took in a frame above 50 ms, from the load to an open panel; 0 without any."""
    customer = visit()
    page = customer.page
    page.add_init_script(LONG_TASKS)
    session = customer.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(shop.url("/heavy"))
    customer.launcher().click()
    page.get_by_role("button", name="Already on the phone?").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    frames = page.evaluate("__long()")
    page.close()
    return max((frame["widget"] for frame in frames), default=0)


def test_the_demonstration_shop_s_catalogue_is_not_slowed(
    shop: ShopPages, lab: Lab, visit: Callable[..., Visit]
) -> None:
    """Its fullest page, by the same measure."""
    url = f"http://127.0.0.1:{lab.shop_port}/en/catalogue"
    measured = [frames_of(visit, url) for _ in range(3)]
    things, widget, _ = min(measured)
    print(
        f"\ncatalogue with {things} products: the widget's longest task {widget} ms, best of {measured}"
        " (products, the widget, anything blocking; 0: no frame above 50 ms)"
    )

    assert things >= 12
    assert min(widget for _, widget, _ in measured) <= 50


def frames_of(visit: Callable[..., Visit], url: str) -> tuple[int, int, int]:
    """Products on the page; milliseconds of the widget's scripts, and of anything that blocks, in a frame."""
    customer = visit()
    page = customer.page
    page.add_init_script(LONG_TASKS)
    page.goto(url)
    customer.launcher().click()
    page.get_by_role("button", name="Already on the phone?").click()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    frames = page.evaluate("__long()")
    things = page.locator(".card-name").count()
    page.close()
    longest = [max((frame[of] for frame in frames), default=0) for of in ("widget", "all")]
    return things, longest[0], longest[1]


def test_what_the_shop_says_is_told_and_commands_before_the_load_count(
    shop: ShopPages, lab: Lab, visit: Callable[..., Visit]
) -> None:
    customer = visit()
    page = customer.page
    frames: list[dict[str, Any]] = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda data: frames.append(json.loads(data))))
    page.add_init_script(
        "window.comptoir = function () { (comptoir.q = comptoir.q || []).push(arguments) };"
        "comptoir('cart', {currency: 'EUR', lines: [{name: 'Mug', sku: 'K1', quantity: 2, unitPrice: 1250}]});"
    )
    page.goto(shop.url("/?step=payment"))
    customer.launcher().wait_for()
    page.evaluate("comptoir('open')")
    page.get_by_role("dialog").wait_for()
    customer.waits_for(lambda: len(frames) >= 3)
    page.evaluate("comptoir('cart', {currency: 'EUR', lines: []})")
    customer.waits_for(lambda: frames[-1]["type"] == "cart" and not frames[-1]["lines"])

    kinds = [frame["type"] for frame in frames]
    assert kinds[:3] == ["hello", "page", "cart"]
    assert frames[1] == {
        "type": "page", "url": f"{shop.origin}/", "title": "Atelier /", "step": "payment",
    }  # fmt: skip
    assert frames[2]["lines"] == [{"name": "Mug", "sku": "K1", "quantity": 2, "unit_price": 1250}]


def test_a_part_that_was_changed_on_the_way_is_not_run(shop: ShopPages, visit: Callable[..., Visit]) -> None:
    customer = visit(permissions=["microphone"])
    page = customer.page
    page.add_init_script("window.ran = false")
    changed = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    page.route("**/call-*.js", lambda route: route.fulfill(body="window.ran = true", headers=changed))
    page.goto(shop.url("/"))
    customer.launcher().click()
    page.get_by_role("button", name="Call now").click()

    page.get_by_text("The call could not be connected").first.wait_for()
    assert page.evaluate("window.ran") is False
