"""An agent's day in a real browser, on the real telephone system: the cart is on the page before the answer."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lab import CAMILLE, Lab
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from orders.adapters.demo import DEMO_CALLERS
from orders.adapters.sql.unit_of_work import SqlUnitOfWork
from orders.model.pricing import usual_rules
from orders.services.overview import CustomerOverview, customer_overview

FRENCH = next(one for one in DEMO_CALLERS if one.language == "fr")
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module")
def lab(new_lab: Callable[..., Lab]) -> Iterator[Lab]:
    with new_lab(acd={"wrap_up": "60s", "offer_timeout": "60s"}) as lab:
        lab.start_pbx()
        lab.start_web()
        yield lab


@pytest.fixture
def desk(lab: Lab, playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[str], Page]]:
    """Logs somebody in and shows the desk; a script error on the page fails the test. What the pages showed
    last is kept as pictures."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
    errors: list[str] = []

    def open_desk(username: str) -> Page:
        size: Any = {"width": 1280, "height": 800}
        page = browser.new_context(viewport=size, locale="en-GB", reduced_motion="reduce").new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{lab.web_port}/login?lang=en")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", lab.logins[username])
        page.click("button[type=submit]")
        page.wait_for_load_state("networkidle")
        return page

    yield open_desk
    for number, context in enumerate(browser.contexts):
        for page in context.pages:
            page.screenshot(path=tmp_path / f"last-{number}.png")
    browser.close()
    assert not errors


def overview(lab: Lab) -> CustomerOverview:
    engine = create_engine(lab.database)
    try:
        uow = SqlUnitOfWork(lambda: Session(engine))
        return customer_overview(uow, FRENCH.customer_id, usual_rules(), datetime.now(UTC).date())
    finally:
        engine.dispose()


def test_the_right_cart_is_on_the_page_before_the_answer_and_the_work_is_done_from_the_desk(
    lab: Lab, desk: Callable[[str], Page]
) -> None:
    phone, caller = lab.agent_phone("alice", rtp_start=44000), lab.phone(CAMILLE, rtp_start=44200)
    events = lab.events()
    page, other = desk("alice"), desk("benoit")
    page.get_by_role("radio", name="Available").or_(
        page.get_by_role("button", name="Available")
    ).first.click()
    chosen = {"id": "alice", "status": "available"}
    events.wait("agent.status_changed", lambda e: chosen.items() <= e["agent"].items())

    call = lab.dial_shop(caller)
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    caller.digits(call, "0")
    events.wait("offer.created")

    seen = overview(lab)
    assert seen.cart is not None
    expect(page.get_by_role("heading", name=FRENCH.name).first).to_be_visible(timeout=10_000)
    shown = re.sub(r"\s", " ", page.locator("body").inner_text())
    total = f"{seen.cart.totals.total.minor / 100:.2f}"
    assert total in shown, "the cart's total is on the page"
    for line in seen.cart.cart.lines:
        assert line.name.en in shown
    assert FRENCH.order_number in shown
    assert not events.of("call.bridged"), "all of this before the answer"
    assert FRENCH.name not in other.locator("body").inner_text(), "nobody else is told"

    theirs = int(phone.wait("incoming")["call"])
    phone.answer(theirs)
    bridged = events.wait("call.bridged")
    page.get_by_role("button", name="Hold", exact=False).first.click()
    events.wait("call.held")
    page.get_by_role("button", name="Resume", exact=False).first.click()
    events.wait("call.resumed")
    page.get_by_role("button", name="Hang up", exact=False).first.click()
    caller.wait("ended", call=call)

    note = page.get_by_label("Note")
    expect(note).to_be_visible(timeout=10_000)
    note.fill("Helped with the checkout")
    page.get_by_text("Order placed", exact=True).first.click()
    page.get_by_role("button", name="Finish", exact=False).click()
    events.wait(
        "agent.state_changed", lambda e: e["agent"]["id"] == "alice" and e["agent"]["state"] == "idle"
    )
    rows = lab.wait_for_rows(
        "select * from contact where id = :id", lambda rows: bool(rows[0]["note"]), id=bridged["contact"]
    )
    assert rows[0]["disposition"] == "order_placed" and rows[0]["note"] == "Helped with the checkout"


def test_an_offer_is_accepted_on_the_page_and_the_phone_picks_up(
    lab: Lab, desk: Callable[[str], Page]
) -> None:
    phone = lab.agent_phone("carla", rtp_start=44400)
    caller = lab.phone(CAMILLE, rtp_start=44600)
    events = lab.events()
    page = desk("carla")
    lab.api("PUT", "/agents/alice/status", {"status": "offline"}, actor="alice")
    lab.available("carla")
    call = lab.dial_shop(caller)
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    caller.digits(call, "0")
    events.wait("offer.created")
    phone.wait("incoming")

    expect(page.get_by_role("button", name="Aceitar")).to_be_visible(timeout=20_000)
    page.keyboard.press("a")

    again = phone.wait("incoming", timeout=10)
    assert "answer-after=0" in again["message"], "the phone is asked to pick up by itself"
    phone.answer(int(again["call"]))
    events.wait("call.bridged")
    caller.hang_up(call)
