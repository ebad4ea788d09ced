"""A supervisor joins a shared page from the wallboard: by name, allowed nothing that a colleague was allowed."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.cobrowse.conftest import Server, until
from tests.e2e.cobrowse.test_the_customer_begins import mirrored
from tests.e2e.cobrowse.test_the_desk import signed_in

NewPair = Callable[..., Any]


def test_a_supervisor_sees_the_page_and_the_customer_reads_their_name(
    new_pair: NewPair, server: Server
) -> None:
    pair = new_pair()
    board: Page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, board, "sam")
    expect(board.get_by_role("heading", name="Live contacts")).to_be_visible()
    see = board.get_by_role("button", name="See the page of")
    expect(see).to_have_count(0)
    pair.agree("view", "control")
    see.click()
    expect(board.get_by_role("heading", name="The customer's page")).to_be_focused()
    expect(board.get_by_text("You see the customer's page.")).to_be_visible()
    mirrored(board, "Your order")
    until(lambda: pair.customer.reads("Alice Martin and Sam Supervisor see this page"))
    assert pair.customer.reads(". Alice Martin may help to fill it in")

    # What the customer allowed to Alice they did not allow to Sam; nor does Sam end what Alice has begun.
    expect(board.get_by_role("button", name="Fill in", exact=True)).to_have_count(0)
    expect(board.get_by_role("button", name="Stop sharing")).to_have_count(0)
    board.get_by_role("button", name="Ask to help fill it in").click()
    until(lambda: pair.customer.reads("Sam Supervisor would like to fill in this page with you."))
    pair.customer.presses("Allow")
    expect(board.get_by_role("button", name="Fill in", exact=True)).to_be_visible()
    until(lambda: pair.customer.reads("Alice Martin and Sam Supervisor may help to fill it in"))

    # One key closes it; the keyboard is back where it was, and the customer reads one name.
    board.keyboard.press("g")
    expect(see).to_be_focused()
    until(lambda: pair.customer.reads("Alice Martin sees this page"))
    assert ["joined", "sam", ""] in server.do("records", contact=pair.agent.contact)["consent"]
    pair.customer.presses("Stop sharing")
    expect(see).to_have_count(0)


def test_a_wallboard_that_is_loaded_later_knows_whose_pages_are_shared(
    new_pair: NewPair, server: Server
) -> None:
    pair = new_pair()
    pair.agree("view")
    board: Page = new_pair.page_of()  # type: ignore[attr-defined]
    signed_in(server, board, "sam")
    see = board.get_by_role("button", name="See the page of")
    expect(see).to_be_visible()
    server.do("hang_up", contact=pair.agent.contact)
    expect(see).to_have_count(0)
