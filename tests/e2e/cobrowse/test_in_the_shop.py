"""The whole of it: a customer calls from the shop, shares the checkout, is helped, pays alone, and orders."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab import Lab
from playwright.sync_api import Frame, Page, expect
from sqlalchemy import create_engine, text

from tests.e2e.cobrowse.conftest import until
from tests.e2e.test_shop_and_desk import CARD, OLIVIA, customer, desks, lab, put_in, says

__all__ = ["customer", "desks", "lab"]

Values = dict[str, str]


def mirror(desk: Page) -> Frame:
    """The mirror's document on the desk."""
    found: list[Frame] = []

    def shown() -> bool:
        desk.evaluate("true")
        viewers = [frame for frame in desk.frames if "/cobrowse/v1/viewer/" in frame.url]
        found[:] = [child for child in viewers[0].child_frames if child.frame_element().is_visible()]
        return bool(found)

    until(shown)
    return found[-1]


def seen(desk: Page, selector: str) -> Callable[[], Any]:
    """What the mirror shows of an element."""
    script = "s => { const e = document.querySelector(s); return e && (e.value ?? e.textContent); }"
    return lambda: mirror(desk).evaluate(script, selector)


def test_an_order_is_finished_with_the_agents_help(
    lab: Lab, desks: Any, customer: Page, tmp_path: Path
) -> None:
    frames: list[str] = []
    customer.on("websocket", lambda socket: socket.on("framesent", lambda data: frames.append(str(data))))
    events = lab.events()
    desk = desks.open("alice")
    desk.ready()
    lab.available("alice")
    put_in(customer, "hom-204")
    customer.get_by_role("button", name="Talk to us").click()
    customer.get_by_role("button", name="Call now").click()
    events.wait("flow.node_entered", lambda e: e["node"] == "main")
    customer.get_by_role("button", name="Key 0", exact=True).click()
    desk.accept()
    events.wait("call.bridged")
    says(customer, "You are talking with Alice")

    # Asked for from the desk, allowed in the shop.
    page = desk.page
    page.get_by_role("button", name="See the customer's page").click()
    customer.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("You see the customer's page.")).to_be_visible(timeout=15_000)
    customer.goto("/en/checkout")
    until(lambda: seen(page, "[name=city]")() is not None)
    page.get_by_role("button", name="Ask to help fill it in").click()
    customer.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Fill in", exact=True).click()

    # The agent fills in a field; the customer goes on.
    box = mirror(page).frame_element().bounding_box()
    place = mirror(page).evaluate(
        "() => { const r = document.querySelector('[name=city]').getBoundingClientRect();"
        " return [(r.left + r.width / 2) / innerWidth, (r.top + r.height / 2) / innerHeight]; }"
    )
    assert box is not None
    page.mouse.click(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"])
    viewer = next(frame for frame in page.frames if "/cobrowse/v1/viewer/" in frame.url)
    viewer.locator("input.editor").fill("Bristol")
    until(lambda: customer.input_value("[name=city]") == "Bristol")
    until(lambda: seen(page, "[name=city]")() == "Bristol")
    customer.wait_for_timeout(300)
    customer.click(".step button")
    customer.wait_for_url("**/delivery")
    customer.check("input[value=point]")
    customer.click(".step button")
    customer.wait_for_url("**/payment")

    # The card is the customer's alone: nothing of it leaves the frame, and the recording pauses.
    frame = customer.frame_locator(".payment-frame")
    frame.locator("#number").click()
    expect(page.locator(".cobrowse-bar")).to_contain_text("The customer is paying", timeout=15_000)
    events.wait("recording.paused")
    frame.locator("#number").fill(CARD)
    frame.locator("#expiry").fill("12/30")
    frame.locator("#code").fill("737")
    frame.locator("button").click()
    customer.wait_for_url("**/review")
    events.wait("recording.resumed")
    until(lambda: "Bristol" in mirror(page).evaluate("document.body.innerText"))

    # The customer, and nobody else, places the order.
    customer.click("[data-once] button")
    customer.wait_for_url("**/done")
    number = customer.inner_text("#order-number")
    until(lambda: number in mirror(page).evaluate("document.body.innerText"))
    assert OLIVIA.name
    sent = "".join(frames)
    assert "Bristol" in sent, "the messages are not recorded"
    assert "4242" not in sent
    customer.get_by_role("button", name="Stop sharing").click()
    expect(page.get_by_text("Sharing has ended.")).to_be_visible(timeout=15_000)
    desk.button("Hang up").click()
    until(lambda: "stopped" in consent(lab))
    assert consent(lab)[:5] == ["joined", "asked", "granted", "asked", "granted"]


def consent(lab: Lab) -> list[str]:
    """The consent record's actions, in order."""
    engine = create_engine(f"sqlite:///{lab.state / 'comptoir.db'}")
    with engine.connect() as connection:
        rows = connection.execute(text("select action from cobrowse_consent order by id"))
        found = [str(row.action) for row in rows]
    engine.dispose()
    return found
