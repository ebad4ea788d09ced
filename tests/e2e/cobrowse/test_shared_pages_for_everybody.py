"""What is offered, shared and joined can be read and reached by all: on large and small screens, light and dark."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shop_page import OPEN_ROOTS

from tests.e2e.cobrowse.conftest import NUMBERS, Server
from tests.e2e.cobrowse.test_the_desk import signed_in
from tests.e2e.ui.test_pages_for_everybody import SMALL, check

NewPair = Callable[..., Any]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("small", [False, True], ids=["large", "small"])
def test_an_offer_the_banner_and_the_wallboard_are_accessible(
    new_pair: NewPair, server: Server, scheme: str, small: bool
) -> None:
    def page_of() -> Page:
        page: Page = new_pair.page_of(color_scheme=scheme)  # type: ignore[attr-defined]
        if small:
            page.set_viewport_size(SMALL)
        return page

    shop = page_of()
    shop.add_init_script(OPEN_ROOTS)
    shop.goto(f"{server.shop}/with_widget.html")
    shop.get_by_role("button", name="Talk to us").click()
    contact = f"contact-{next(NUMBERS)}"
    server.do("calls", contact=contact, visitor=server.do("latest")["visitor"])
    expect(shop.get_by_role("button", name="Show this page to Alice")).to_be_visible()
    check(shop)
    shop.get_by_role("button", name="Show this page to Alice").click()

    desk = page_of()
    signed_in(server, desk)
    expect(desk.get_by_text("The customer is showing you their page.")).to_be_visible()
    check(desk)
    desk.keyboard.press("g")
    expect(desk.get_by_text("You see the customer's page.")).to_be_visible()
    desk.get_by_role("button", name="Ask to help fill it in").click()
    expect(shop.get_by_role("button", name="Allow")).to_be_visible()
    check(shop)
    shop.get_by_role("button", name="Allow").click()
    shop.get_by_role("button", name="Draw", exact=True).click()
    expect(shop.get_by_role("button", name="Stop drawing")).to_be_visible()
    check(shop)

    board = page_of()
    signed_in(server, board, "sam")
    board.get_by_role("button", name="See the page of").click()
    expect(board.get_by_text("You see the customer's page.")).to_be_visible()
    check(board)
