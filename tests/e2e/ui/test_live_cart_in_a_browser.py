"""The customer's page and cart in an agent's real browser, and what the agent does with them."""

import re
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.ui.test_pages_for_everybody import SMALL, check

OpenAs = Callable[..., Page]


def cart_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Open cart")


def items(page: Page) -> Locator:
    return cart_of(page).get_by_role("list", name="Items").get_by_role("listitem")


@pytest.fixture
def talking(open_as: OpenAs, desks: Any) -> Page:
    """Alice talks to Olivia, who is in the shop."""
    desks.do("visits", who="en")
    return talks(open_as("alice"), desks)


def talks(page: Page, desks: Any, caller: str | None = "en") -> Page:
    expect(page.locator(".desk[aria-busy=false]")).to_be_visible()
    # An id of its own: the server shared by the tests remembers which contact was joined to which page.
    desks.do("offer", id=uuid4().hex, agent="alice", caller=caller)
    expect(page.locator("button[aria-keyshortcuts=a]")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("button[aria-keyshortcuts=x]")).to_be_visible()
    return page


SEEN = """wanted => { window.seen = null; new MutationObserver((_, observer) => {
    if (document.querySelector(".live-cart").innerText.includes(wanted)) {
        window.seen = Date.now(); observer.disconnect();
    }
}).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""


def test_the_desk_follows_the_shop(talking: Page, desks: Any) -> None:
    """From the shop's change to the agent's DOM; the time is printed, and only that it arrives is asserted."""
    delays = []
    for sku, name in (("TRV-509", "Bicycle bell"), ("GAR-404", "Herb seeds"), ("DSK-303", "Pencil case")):
        talking.evaluate(SEEN, name)
        began = desks.do("puts_in", who="en", sku=sku)["at"]
        expect(items(talking).filter(has_text=name)).to_be_visible()
        delays.append(talking.evaluate("window.seen") - began)
    for number in range(3):
        talking.evaluate(SEEN, f"Page {number}")
        began = desks.do("goes_to", who="en", title=f"Page {number}", url="https://shop.example/p")["at"]
        expect(cart_of(talking).get_by_text(f"Page {number}")).to_be_visible()
        delays.append(talking.evaluate("window.seen") - began)
    print(f"\nshop's change to the desk's DOM: p50 {median(delays):.0f} ms, most {max(delays):.0f} ms")


def test_what_the_customer_changed_is_marked(talking: Page, desks: Any) -> None:
    desks.do("puts_in", who="en", sku="KIT-101", quantity=3)
    line = items(talking).filter(has_text="Enamel mug")
    expect(line).to_contain_text("Changed by the customer")
    expect(line.get_by_role("spinbutton")).to_have_value("5")


def test_the_page_and_the_step_are_shown(talking: Page, desks: Any) -> None:
    cart = cart_of(talking)
    expect(cart).to_contain_text("On the site")
    expect(cart).to_contain_text("Where it goes")
    expect(cart).to_contain_text("shop.example/checkout/address")
    expect(cart.locator("[aria-current=step]")).to_have_text("Address")
    desks.do("goes_to", who="en", title="Pay", url="https://shop.example/checkout/payment", step="payment")
    expect(cart.locator("[aria-current=step]")).to_have_text("Payment")
    desks.do("leaves", who="en")
    expect(cart).to_contain_text("Not on the site now")
    desks.do("visits", who="en")


def test_an_agent_works_on_the_cart_from_the_keyboard(talking: Page, desks: Any) -> None:
    talking.wait_for_timeout(1600)  # a key right after typing a field is no shortcut
    talking.keyboard.press("p")
    expect(cart_of(talking).get_by_role("combobox")).to_be_focused()
    talking.keyboard.type("bicycle")
    expect(talking.get_by_role("option")).to_contain_text("in stock")
    talking.keyboard.press("Enter")
    line = items(talking).filter(has_text="Bicycle bell")
    expect(line).to_contain_text("Changed by you")
    count = line.get_by_role("spinbutton", name="Quantity of Bicycle bell")
    count.focus()
    for _ in range(3):
        talking.keyboard.press("ArrowUp")
    expect(line).to_contain_text("\u20ac47.60")
    line.get_by_role("button", name="Take out Bicycle bell").click()
    expect(line).to_have_count(0)
    cart_of(talking).get_by_role("button", name="Put back").click()
    expect(count).to_have_value("4")
    stored = desks.do("cart", who="en")
    assert stored["lines"]["TRV-509"] == 4
    assert [entry for entry in stored["audit"] if entry[:2] == ["agent", "alice"]][-4:] == [
        ["agent", "alice", "cart.line_added"],
        ["agent", "alice", "cart.quantity_changed"],
        ["agent", "alice", "cart.line_removed"],
        ["agent", "alice", "cart.line_restored"],
    ]
    assert desks.do("told", who="en")["told"][-1]["type"] == "cart"
    cart_of(talking).get_by_text(re.compile("changes?$")).click()
    expect(cart_of(talking)).to_contain_text("you put back 4 \u00d7 Bicycle bell")


def test_a_discount_above_the_limit_is_refused_beside_the_field(
    talking: Page, desks: Any, complaints: list[str]
) -> None:
    cart = cart_of(talking)
    expect(cart).to_contain_text("You may give up to 10 %.")
    cart.get_by_label("Discount %").fill("10.01")
    cart.get_by_role("button", name="Give").click()
    refusal = cart.get_by_role("alert").filter(has_text="above your limit")
    expect(refusal).to_be_visible()
    assert desks.do("cart", who="en")["discount"] == 0
    cart.get_by_label("Discount %").fill("10")
    cart.get_by_label("Reason").fill("Late parcel")
    cart.get_by_role("button", name="Give").click()
    expect(cart).to_contain_text("Discount (10 %)")
    expect(refusal).to_have_count(0)
    assert desks.do("cart", who="en")["discount"] == 1_000
    forget_refusals(complaints)


def test_a_quantity_that_is_refused_goes_back_and_says_why(
    talking: Page, desks: Any, complaints: list[str]
) -> None:
    line = items(talking).filter(has_text="Enamel mug")
    line.get_by_role("spinbutton").fill("999")
    expect(line.get_by_role("alert")).to_contain_text("Not enough of KIT-101 in stock")
    expect(line.get_by_role("spinbutton")).to_have_value("2")
    forget_refusals(complaints)


def test_an_order_is_prepared_and_the_customers_page_hears_of_it(talking: Page, desks: Any) -> None:
    cart = cart_of(talking)
    cart.get_by_role("button", name="Prepare for the customer to confirm").click()
    expect(cart).to_contain_text("Prepared by you")
    assert desks.do("cart", who="en")["prepared"] == "alice"
    assert desks.do("told", who="en")["told"][-1]["prepared"] is True
    desks.do("puts_in", who="en", sku="TRV-509")
    expect(cart.get_by_role("button", name="Prepare for the customer to confirm")).to_be_visible()


def test_another_agents_page_hears_nothing_of_it(open_as: OpenAs, desks: Any) -> None:
    benoit = open_as("benoit")
    heard: list[str] = []
    benoit.on("websocket", lambda socket: socket.on("framereceived", lambda data: heard.append(str(data))))
    benoit.reload()
    expect(benoit.locator(".desk[aria-busy=false]")).to_be_visible()
    desks.do("visits", who="en")
    alice = talks(open_as("alice"), desks)
    desks.do("puts_in", who="en", sku="TRV-509")
    expect(items(alice).filter(has_text="Bicycle bell")).to_be_visible()
    desks.do("goes_to", who="en", title="A secret page", url="https://shop.example/secret")
    expect(cart_of(alice)).to_contain_text("A secret page")
    desks.do("waiting", count=7)
    benoit.wait_for_timeout(300)
    assert any("queue.changed" in frame for frame in heard)
    assert not [frame for frame in heard if "secret" in frame or "TRV-509" in frame or "Olivia" in frame]


def test_the_code_of_the_page_brings_the_customer(open_as: OpenAs, desks: Any, complaints: list[str]) -> None:
    desks.do("visits", who="fr")
    page = talks(open_as("alice"), desks, "+33700000001")
    code = desks.do("shows_code", who="fr")["code"]
    field = page.get_by_label("Does the customer have the shop open?")
    field.fill("000 000" if code != "000000" else "000 001")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert").filter(has_text="No page shows this code")).to_be_visible()
    field.fill(code)
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Camille Rousselin").first).to_be_visible()
    expect(cart_of(page)).to_contain_text("On the site")
    forget_refusals(complaints)


def test_a_cart_that_only_the_page_knows_is_read_and_not_changed(open_as: OpenAs, desks: Any) -> None:
    desks.do("visits", who="en", foreign=True)
    page = talks(open_as("alice"), desks)
    cart = cart_of(page)
    expect(cart).to_contain_text("As the page says")
    expect(items(page)).to_have_count(2)
    expect(cart).to_contain_text("\u20ac103.90")
    expect(cart.get_by_role("combobox")).to_have_count(0)
    expect(cart.get_by_role("spinbutton")).to_have_count(0)
    check(page)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_live_cart_is_accessible(
    open_as: OpenAs, desks: Any, scheme: str, size: dict[str, int], complaints: list[str]
) -> None:
    desks.do("visits", who="en")
    page = talks(open_as("alice", color_scheme=scheme, viewport=size), desks)
    desks.do("puts_in", who="en", sku="TRV-509")
    expect(items(page).filter(has_text="Bicycle bell")).to_contain_text("Changed by the customer")
    check_whole(page)
    cart = cart_of(page)
    cart.get_by_role("combobox").fill("lamp")
    expect(page.get_by_role("option").first).to_be_visible()
    check_whole(page)
    page.keyboard.press("Escape")
    items(page).filter(has_text="Bicycle bell").get_by_role("button").last.click()
    expect(cart.get_by_role("button", name="Put back")).to_be_visible()
    cart.get_by_label("Discount %").fill("50")
    cart.get_by_role("button", name="Give").click()
    expect(cart.get_by_role("alert").filter(has_text="above your limit")).to_be_visible()
    cart.get_by_role("button", name="Prepare for the customer to confirm").click()
    expect(cart).to_contain_text("Prepared by you")
    cart.locator("summary").click()
    check_whole(page)
    forget_refusals(complaints)


def test_lines_come_and_go_without_moving_the_rest_at_once(talking: Page, desks: Any) -> None:
    """Layout shift while a line comes: what is below moves calmly, or in steps too small to count."""
    talking.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: "layout-shift"}); }"""
    )
    desks.do("puts_in", who="en", sku="TRV-509")
    expect(items(talking).filter(has_text="Bicycle bell")).to_be_visible()
    talking.wait_for_timeout(600)
    assert talking.evaluate("window.shift") < 0.1


UNSTICK = """() => { for (const one of document.querySelectorAll("body *")) {
    if (["sticky", "fixed"].includes(getComputedStyle(one).position)) one.style.position = "static";
} }"""


def check_whole(page: Page) -> None:
    """As if nothing lay over the page: a button half below the bar that stays is whole once one scrolls."""
    page.evaluate(UNSTICK)
    check(page)


def forget_refusals(complaints: list[str]) -> None:
    """The browser notes every refused call; those were meant."""
    complaints[:] = [one for one in complaints if not re.search(r"status of (404|409)", one)]
