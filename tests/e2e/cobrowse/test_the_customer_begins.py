"""The customer shows their page: from the widget while an agent speaks with them, or by the code that it shows."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shop_page import OPEN_ROOTS

from tests.e2e.cobrowse.conftest import NUMBERS, Server, until
from tests.e2e.cobrowse.test_the_desk import signed_in

NewPair = Callable[..., Any]


@pytest.fixture
def shopper(new_pair: NewPair, server: Server) -> Page:
    """A customer on a page with the widget."""
    page: Page = new_pair.page_of()  # type: ignore[attr-defined]
    page.add_init_script(OPEN_ROOTS)
    page.goto(f"{server.shop}/with_widget.html")
    page.get_by_role("button", name="Talk to us").click()
    expect(page.get_by_role("button", name="Already on the phone?")).to_be_visible()
    return page


@pytest.fixture
def desk(new_pair: NewPair, server: Server) -> Page:
    """Alice's desk."""
    page: Page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, page)
    return page


def mirrored(desk: Page, words: str) -> None:
    """Wait until the mirror on the desk shows these words."""

    def shown() -> bool:
        desk.evaluate("true")
        viewers = [frame for frame in desk.frames if "/cobrowse/v1/viewer/" in frame.url]
        texts = [
            inner.evaluate("document.body?.innerText ?? ''") for one in viewers for inner in one.child_frames
        ]
        return any(words in text for text in texts)

    until(shown)


def consent(server: Server, contact: str) -> list[list[str]]:
    return list(server.do("records", contact=contact)["consent"])


def test_a_customer_shows_their_page_and_the_agent_looks_with_one_key(
    server: Server, shopper: Page, desk: Page
) -> None:
    contact = f"contact-{next(NUMBERS)}"
    show = shopper.get_by_role("button", name="Show this page to Alice")
    expect(show).to_have_count(0)
    server.do("calls", contact=contact, visitor=server.do("latest")["visitor"])
    show.click()
    offer = desk.get_by_role("alert").filter(has_text="The customer is showing you their page.")
    expect(offer).to_be_visible()
    expect(shopper.locator("strong", has_text="This page can be seen when somebody joins")).to_be_visible()
    expect(show).to_have_count(0)

    # A desk that is loaded again knows it too.
    desk.reload()
    expect(offer).to_be_visible()
    desk.keyboard.press("g")
    expect(desk.get_by_text("You see the customer's page.")).to_be_visible()
    mirrored(desk, "Two sheets for the price of three.")
    expect(shopper.locator("strong", has_text="Alice Martin sees this page")).to_be_visible()
    expect(shopper.get_by_role("button", name="Allow")).to_have_count(0)
    assert consent(server, contact)[:2] == [["offered", "customer", "view"], ["joined", "alice", ""]]

    # Pointing and helping were not offered: they are asked for.
    desk.get_by_role("button", name="Ask to point").click()
    shopper.get_by_role("button", name="Allow").click()
    expect(desk.get_by_role("button", name="Highlight")).to_be_visible()
    shopper.get_by_role("button", name="Stop sharing").click()
    expect(desk.get_by_text("Sharing has ended.")).to_be_visible()
    shopper.get_by_role("button", name="Talk to us").click()
    expect(show).to_be_visible()
    server.do("hang_up", contact=contact)
    expect(show).to_have_count(0)


def test_a_colleague_who_takes_the_call_over_knows_that_the_page_is_shown(
    server: Server, shopper: Page, desk: Page, new_pair: NewPair
) -> None:
    contact, visitor = f"contact-{next(NUMBERS)}", server.do("latest")["visitor"]
    server.do("calls", contact=contact, visitor=visitor)
    shopper.get_by_role("button", name="Show this page to Alice").click()
    expect(desk.get_by_text("The customer is showing you their page.")).to_be_visible()
    benoit: Page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, benoit, "benoit")
    server.do("calls", contact=contact, visitor=visitor, agent="benoit")
    expect(benoit.get_by_text("The customer is showing you their page.")).to_be_visible()
    benoit.keyboard.press("g")
    expect(shopper.locator("strong", has_text="Benoît Girard sees this page")).to_be_visible()


def test_a_customer_who_said_no_may_show_the_page_after_all(
    server: Server, shopper: Page, desk: Page
) -> None:
    contact = f"contact-{next(NUMBERS)}"
    server.do("calls", contact=contact, visitor=server.do("latest")["visitor"])
    desk.get_by_role("button", name="See the customer's page").click()
    shopper.get_by_role("button", name="No", exact=True).click()
    expect(desk.get_by_text("The page is not shared.")).to_be_visible()
    shopper.get_by_role("button", name="Show this page to Alice").click()
    expect(desk.get_by_text("You see the customer's page.")).to_be_visible()
    mirrored(desk, "Two sheets for the price of three.")
    assert [step[0] for step in consent(server, contact)] == ["joined", "asked", "refused", "offered"]


def test_a_caller_on_a_telephone_reads_the_code_and_shares(server: Server, shopper: Page, desk: Page) -> None:
    contact = f"contact-{next(NUMBERS)}"
    server.do("calls", contact=contact, visitor=None)
    see = desk.get_by_role("button", name="See the customer's page")
    expect(see).to_be_disabled()
    shopper.get_by_role("button", name="Already on the phone?").click()
    digits = shopper.locator(".code", has_text="")
    until(lambda: len(digits.inner_text().replace(" ", "")) == 6)
    desk.get_by_label("Does the customer have the shop open?").fill(digits.inner_text())
    desk.get_by_role("button", name="Join", exact=True).click()
    expect(see).to_be_enabled()
    expect(shopper.get_by_role("button", name="Show this page to Alice")).to_be_visible()
    see.click()
    expect(shopper.get_by_text("Alice Martin would like to see this page.")).to_be_visible()
    shopper.get_by_role("button", name="Allow").click()
    mirrored(desk, "Two sheets for the price of three.")
