"""The demonstration shop in a real browser, served by the real process on the demonstration's data."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from orders.adapters.demo import DEMO_CALLERS
from orders.adapters.numbers import PhoneNumberParser
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.actor import Actor
from orders.model.order import Order
from orders.services.carts import add_to_cart, give_discount
from orders.services.order_lookup import find_order

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
AXE = ROOT / "agent_ui" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CARD = "4111 1111 1111 1111"
LARGE, SMALL = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ALICE = Actor("agent", "alice", discount_limit=2_000)
_PLACES = {
    "en": ("Mary Ashdown", "1 High Street", "GB", "sw1a 1aa", "London"),
    "fr": ("Élodie Marchal", "3 rue Neuve", "FR", "69001", "Lyon"),
    "pt": ("João Queirós", "Rua Nova 1", "PT", "4000001", "Porto"),
}
PEOPLE = {
    language: dict(zip(("name", "street", "country", "postal_code", "city"), place, strict=True))
    for language, place in _PLACES.items()
}


@dataclass
class ShopProcess:
    """The process that serves the pages and the shop."""

    directory: Path
    ports: dict[str, int]
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['SHOP_PORT']}"

    @property
    def payment(self) -> str:
        return f"http://127.0.0.1:{self.ports['SHOP_PAYMENT_PORT']}"

    @property
    def database(self) -> Path:
        return self.directory / "comptoir.db"

    def uow(self) -> SqlUnitOfWork:
        engine = create_engine(f"sqlite:///{self.database}")
        return SqlUnitOfWork(lambda: Session(engine))

    def environment(self) -> dict[str, str]:
        ports = {f"COMPTOIR_{name}": str(port) for name, port in self.ports.items()}
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "PYTHONPATH": str(ROOT),
            "COMPTOIR_PATHS_STATE_DIR": str(self.directory),
            **ports,
        }

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "config.cli", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def order(self, number: str, check: str) -> Order:
        """What the telephone finds by these two."""
        found = find_order(self.uow(), number, check, "FR", PhoneNumberParser())
        assert found is not None
        return found

    def count_orders(self) -> int:
        with sqlite3.connect(self.database) as connection:
            return int(connection.execute("select count(*) from shop_order").fetchone()[0])


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopProcess]:
    names = ("WEB_PORT", "API_PORT", "SHOP_PORT", "SHOP_PAYMENT_PORT")
    shop = ShopProcess(tmp_path_factory.mktemp("shop"), dict(zip(names, free_ports(4), strict=True)))
    shop.command("db", "upgrade")
    shop.passwords = dict(re.findall(r"^  (\S+@\S+) +(\S+)", shop.command("db", "demo"), re.MULTILINE))
    log = (shop.directory / "web.log").open("wb")
    words = [sys.executable, "-m", "config.cli", "web"]
    process = subprocess.Popen(words, env=shop.environment(), stdout=log, stderr=log)
    try:
        until_served(shop, process)
        yield shop
    finally:
        process.terminate()
        assert process.wait(20) == 0
    assert "ERROR" not in (shop.directory / "web.log").read_text().upper().replace("0 ERRORS", "")


def until_served(shop: ShopProcess, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urlopen(f"{shop.url}/en/help", timeout=5).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "the shop did not start"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"]
        )
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def opened(shop: ShopProcess, chromium: Browser) -> Iterator[Open]:
    """Opens a page in a browser of its own; what breaks the page's policy or its script fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(**options: Any) -> Page:
        options = {"viewport": LARGE, "reduced_motion": "reduce", "base_url": shop.url, **options}
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: _note(complaints, said.text))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], text: str) -> None:
    if "Content Security Policy" in text or "integrity" in text or "sandbox" in text.lower():
        complaints.append(text)


def put_in(page: Page, language: str, sku: str = "hom-204", quantity: int = 1) -> None:
    page.goto(f"/{language}/product/{sku}")
    page.fill("#quantity", str(quantity))
    page.click(".buy button")
    page.wait_for_url("**/cart")


def to_payment(page: Page, language: str, **other: str) -> None:
    page.goto(f"/{language}/checkout")
    person = {"email": "someone@example.com", **PEOPLE[language], **other}
    page.select_option("#country", person.pop("country"))
    for name, value in person.items():
        page.fill(f"#{name}", value)
    page.click(".step button")
    page.wait_for_url("**/delivery")
    page.check("input[value=point]")
    page.click(".step button")
    page.wait_for_url("**/payment")


def fill_card(page: Page, number: str = CARD) -> None:
    frame = page.frame_locator(".payment-frame")
    frame.locator("#number").fill(number)
    frame.locator("#expiry").fill("12/30")
    frame.locator("#code").fill("737")
    frame.locator("button").click()


def to_review(page: Page, language: str) -> None:
    to_payment(page, language)
    fill_card(page)
    page.wait_for_url("**/review")


def number_of_order(page: Page) -> str:
    page.wait_for_url("**/done")
    return page.inner_text("#order-number")


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
def test_a_visitor_buys_without_a_script_and_the_telephone_knows_the_order(
    shop: ShopProcess, opened: Open, language: str
) -> None:
    page = opened(java_script_enabled=False)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))

    page.goto(f"/{language}/")
    page.fill("#search", {"en": "table lamp", "fr": "lampe table", "pt": "candeeiro mesa"}[language])
    page.keyboard.press("Enter")
    page.locator(".card-name a").first.click()
    page.fill("#quantity", "2")
    page.click(".buy button")
    page.wait_for_url("**/cart")
    page.click(".sum a.button")
    to_payment(page, language)
    frame = page.frame_locator(".payment-frame")
    fill_card(page, "4111 1111 1111 1112")
    expect(frame.locator("#number-note")).to_be_visible()
    fill_card(page)
    frame.locator("form button").click()
    page.wait_for_url("**/review")
    page.click("[data-once] button")
    number = number_of_order(page)

    order = shop.order(number, PEOPLE[language]["postal_code"])
    assert order.state.value == "paid"
    assert [(line.sku, line.quantity) for line in order.lines] == [("HOM-204", 2)]
    told = [one for one in sent if one.url.startswith(shop.url)]
    assert told and not any("4111" in f"{one.url} {one.post_data or ''}" for one in told)
    assert any("4111" in (one.post_data or "") for one in sent if one.url.startswith(shop.payment))


def test_the_card_is_nowhere_in_the_database_or_the_log(shop: ShopProcess, opened: Open) -> None:
    page = opened()
    put_in(page, "en")
    to_review(page, "en")
    page.click("[data-once] button")
    number_of_order(page)

    kept = b"".join(path.read_bytes() for path in shop.directory.rglob("*") if path.is_file())
    assert b"comptoir" in kept
    for form in (CARD, CARD.replace(" ", ""), CARD.replace(" ", "+"), CARD.replace(" ", "%20")):
        assert form.encode() not in kept


def test_the_card_form_is_of_another_origin_and_closed_to_the_shop(shop: ShopProcess, opened: Open) -> None:
    page = opened()
    put_in(page, "en")
    to_payment(page, "en")
    page.frame_locator(".payment-frame").locator("#number").fill("4111")

    assert page.locator("main input").count() == 0, "the shop's own page has no field for a card"
    frame = next(one for one in page.frames if one is not page.main_frame)
    assert frame.url.startswith(shop.payment)
    reached = page.evaluate(
        "() => { try { return document.querySelector('.payment-frame').contentDocument !== null }"
        " catch { return false } }"
    )
    assert reached is False


def test_pressing_twice_places_one_order(shop: ShopProcess, opened: Open) -> None:
    for script in (True, False):
        page = opened(java_script_enabled=script)
        put_in(page, "en", "kit-101")
        to_payment(page, "en")
        fill_card(page)
        if not script:
            page.frame_locator(".payment-frame").locator("form button").click()
        page.wait_for_url("**/review")
        before = shop.count_orders()

        page.dblclick("[data-once] button", no_wait_after=True)

        number_of_order(page)
        assert shop.count_orders() == before + 1


def test_the_back_button_goes_back_a_step_and_keeps_what_was_said(opened: Open) -> None:
    page = opened()
    put_in(page, "fr")
    to_review(page, "fr")

    page.click(".steps a >> nth=1")
    page.wait_for_url("**/delivery")
    expect(page.locator("input[value=point]")).to_be_checked()
    page.click(".steps a >> nth=0")
    page.wait_for_url("**/address")
    expect(page.locator("#name")).to_have_value("Élodie Marchal")
    page.go_back()
    page.wait_for_url("**/delivery")
    page.go_back()
    page.wait_for_url("**/review")
    page.click("[data-once] button")
    done = number_of_order(page)

    page.go_back()
    page.goto("/fr/checkout/review")
    page.wait_for_url("**/cart")
    assert "Votre panier est vide" in page.inner_text("main")
    page.goto(f"/fr/orders/{done}")
    assert done in page.inner_text("h1")


def test_what_sells_out_at_the_last_moment_is_said_and_nothing_is_ordered(
    shop: ShopProcess, opened: Open
) -> None:
    page = opened()
    put_in(page, "en", "gar-408")
    to_review(page, "en")
    before = shop.count_orders()
    with shop.uow() as uow:
        [hammock] = [one for one in uow.products.list(100) if one.sku == "GAR-408"]
        assert uow.products.take_stock(hammock.id, hammock.stock)
        uow.commit()

    page.click("[data-once] button")

    page.wait_for_url("**/cart")
    assert "out of stock" in page.inner_text("main")
    assert page.locator(".sum a.button").count() == 0
    assert shop.count_orders() == before


def test_a_declined_card_is_said_in_the_frame(opened: Open) -> None:
    page = opened()
    put_in(page, "en", "kit-101")
    to_payment(page, "en")

    fill_card(page, "4000 0000 0000 0002")

    note = page.frame_locator(".payment-frame").locator("#number-note")
    expect(note).to_have_text("The card was declined. Please use another one.")


def sign_in(shop: ShopProcess, page: Page, language: str) -> None:
    caller = next(one for one in DEMO_CALLERS if one.language == language)
    page.goto(f"/{language}/account/sign-in")
    page.fill("#email", caller.email)
    page.fill("#password", shop.passwords[caller.email])
    page.click(".gate button")
    page.wait_for_url("**/account")


def test_a_customer_sees_their_orders_and_nobody_elses(shop: ShopProcess, opened: Open) -> None:
    camille, ines = opened(), opened()
    sign_in(shop, camille, "fr")
    sign_in(shop, ines, "pt")
    hers = next(one for one in DEMO_CALLERS if one.language == "fr").order_number

    answer = camille.goto(f"/fr/orders/{hers}")
    assert answer is not None and answer.status == 200
    assert "La Poste" in camille.inner_text("main")
    for visitor in (ines, opened()):
        answer = visitor.goto(f"/fr/orders/{hers}")
        assert answer is not None and answer.status == 404
        assert hers not in visitor.inner_text("main")


def test_an_agents_change_appears_in_the_open_page_and_is_attributed(shop: ShopProcess, opened: Open) -> None:
    page = opened()
    sign_in(shop, page, "en")
    page.goto("/en/cart")
    with shop.uow() as uow:
        cart = uow.carts.open_of(next(one for one in DEMO_CALLERS if one.language == "en").customer_id)
        [mug] = [one for one in uow.products.list(100) if one.sku == "HOM-205"]
    assert cart is not None
    now = datetime.now(UTC)
    add_to_cart(shop.uow(), cart.id, mug.id, 2, ALICE, now)
    give_discount(shop.uow(), cart.id, 1_000, "for waiting", ALICE, now)

    page.evaluate("document.dispatchEvent(new CustomEvent('comptoir:cart', {detail: {}}))")

    expect(page.locator(".notice-news").first).to_contain_text("Alice added 2 × Wall clock.")
    expect(page.locator(".line-changed")).to_have_count(1)
    expect(page.locator(".totals-discount")).to_contain_text("by Alice · for waiting")
    expect(page.locator("#cart-badge")).to_contain_text("6")
    page.goto("/en/cart")
    expect(page.locator(".line-changed")).to_have_count(0)


def violations(page: Page) -> list[str]:
    """What axe finds, in the debugger's world: the page's own policy lets no foreign script in."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    expression = (
        f"axe.run(document, {{runOnly: {RULES}, iframes: false}})"
        ".then(r => r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`)))"
    )
    answer = session.send(
        "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True}
    )
    found: list[str] = answer["result"]["value"]
    return found


def check(page: Page) -> None:
    assert violations(page) == [], page.url
    sideways = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(sideways) <= 0, page.url
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(sideways) <= 0, f"{page.url} from right to left"


@pytest.mark.parametrize("size", [LARGE, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(shop: ShopProcess, opened: Open, scheme: str, size: dict[str, int]) -> None:
    page = opened(viewport=size, color_scheme=scheme)
    for path in ("/", "/catalogue?q=lampe", "/product/hom-204", "/cart", "/help", "/orders/find",
                 "/account/sign-in", "/account/sign-up", "/nothing"):  # fmt: skip
        page.goto(f"/fr{path}")
        check(page)
    put_in(page, "fr", quantity=2)
    check(page)
    page.goto("/fr/checkout")
    page.click(".step button")
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    check(page)
    to_payment(page, "fr")
    check(page)
    frame = next(one for one in page.frames if one is not page.main_frame).url
    page.locator(".steps a >> nth=1").click()
    check(page)
    page.go_back()
    fill_card(page)
    page.wait_for_url("**/review")
    check(page)
    page.reload()
    page.click("[data-once] button")
    number_of_order(page)
    check(page)
    sign_in(shop, page, "pt")
    for path in ("/account", "/account/orders"):
        page.goto(f"/pt{path}")
        check(page)
    page.goto("/pt/account/orders")
    page.locator(".orders-link").nth(1).click()
    expect(page.locator(".timeline")).to_be_visible()
    check(page)
    page.goto(frame)
    check(page)


def test_a_page_does_not_move_while_it_loads(opened: Open) -> None:
    page = opened()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries()"
        ".forEach(one => { window.moved += one.value })).observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("/en/", "/en/catalogue", "/en/product/kit-110"):
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.moved") < 0.02, path
