"""The agent's desk with the customer's page in it."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.cobrowse.conftest import NUMBERS, Customer, Server, until

NewPair = Callable[..., Any]


def signed_in(server: Server, page: Page, username: str = "alice") -> None:
    server.sign_in(page, username)


def test_an_agent_sees_points_and_helps_from_the_desk_with_keys(
    new_pair: NewPair, server: Server, chromium: Browser
) -> None:
    contact = f"contact-{next(NUMBERS)}"
    visitor = {**server.do("talk", contact=contact), "language": "en"}
    customer = Customer(server, new_pair.page_of(), visitor, "checkout.html")  # type: ignore[attr-defined]
    desk = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, desk)
    expect(desk.get_by_role("button", name="See the customer's page")).to_be_visible()
    desk.keyboard.press("g")
    expect(desk.get_by_text("The customer's page is not open right now.")).to_be_visible()
    customer.shares()
    expect(desk.get_by_text("The customer is being asked…")).to_be_visible()
    customer.presses("Allow")
    expect(desk.get_by_text("You see the customer's page.")).to_be_visible()
    desk.get_by_role("button", name="Ask to help fill it in").click()
    customer.presses("Allow")
    tool = desk.get_by_role("button", name="Fill in", exact=True)
    tool.click()
    expect(tool).to_have_attribute("aria-pressed", "true")
    viewer = next(frame for frame in desk.frames if "/cobrowse/v1/viewer/" in frame.url)
    viewer.locator("#glass").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.type("camille@example.org")
    until(lambda: customer.page.input_value("[name=email]") == "camille@example.org")
    customer.page.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Ask to help fill it in")).to_be_visible()
    customer.presses("Stop sharing")
    expect(desk.get_by_text("Sharing has ended.")).to_be_visible()


def test_without_a_page_the_desk_says_so_and_offers_nothing_that_can_only_fail(
    new_pair: NewPair, server: Server
) -> None:
    contact = f"contact-{next(NUMBERS)}"
    server.do("talk", contact=contact, page=False)
    desk = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, desk)
    expect(desk.get_by_role("button", name="See the customer's page")).to_be_disabled()
    reason = desk.get_by_text("The customer has no page of the shop open.")
    expect(reason).to_have_count(1)
    desk.keyboard.press("g")
    expect(reason).to_have_count(2)
