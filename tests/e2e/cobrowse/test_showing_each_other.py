"""Customer and agent show things to each other: at the same element on both sides, without acting on the page."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.cobrowse.conftest import _nodes, until

NewPair = Callable[..., Any]

INSIDE = """
([selector, rect]) => {
  const line = document.querySelector(selector)?.getAttribute("points")?.split(" ") ?? [];
  const [left, top, right, bottom] = rect;
  return line.length > 1 && line.every((point) => {
    const [x, y] = point.split(",").map(Number);
    return x >= left - 3 && x <= right + 3 && y >= top - 3 && y <= bottom + 3;
  });
}
"""


def drawn_at(pair: Any, element: str) -> bool:
    """Whether the mirror shows a line of the customer's inside of an element of the mirrored page."""
    agent = pair.agent
    x, y = agent.at(element)
    scale = agent.mirror.frame_element().evaluate(
        "one => one.getBoundingClientRect().width / one.offsetWidth"
    )
    size = agent.mirror.evaluate(
        "s => { const r = document.querySelector(s).getBoundingClientRect(); return [r.width, r.height]; }",
        element,
    )
    width, height = (part * scale for part in size)
    rect = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
    return bool(agent.viewer.evaluate(INSIDE, [".draw.customer polyline", rect]))


def stroke(page: Any, *points: tuple[float, float]) -> None:
    """Draw with the mouse."""
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


@pytest.mark.parametrize(("path", "element"), [("checkout.html", "#title"), ("shadow.html", "#more")])
def test_what_a_customer_draws_is_seen_at_the_same_element_and_touches_nothing(
    new_pair: NewPair, path: str, element: str
) -> None:
    pair = new_pair(path)
    pair.agree("view")
    page = pair.customer.page
    pair.customer.presses("Draw")
    until(lambda: pair.customer.reads("Stop drawing"))
    box = page.locator(element).bounding_box()
    left, top, width, height = (box[name] for name in ("x", "y", "width", "height"))
    focused = page.evaluate("document.activeElement.tagName")
    stroke(page, (left + 5, top + 5), (left + width / 3, top + height - 5), (left + width / 2, top + 5))
    until(lambda: drawn_at(pair, element))

    # The line goes where its element goes, whatever the windows' sizes are.
    pair.agent.page.set_viewport_size({"width": 700, "height": 500})
    until(lambda: drawn_at(pair, element))
    assert page.evaluate("document.activeElement.tagName") == focused
    page.keyboard.press("Escape")
    until(lambda: not pair.customer.reads("Stop drawing"))
    pair.agent.told("state", "one.tiers.view")


def test_a_line_around_things_is_anchored_to_what_holds_them(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    page = pair.customer.page
    page.locator("#lines").scroll_into_view_if_needed()
    pair.customer.presses("Draw")
    first, last = (page.locator(f"#lines li:nth-child({n})").bounding_box() for n in (1, 2))
    begin = (first["x"] + 4, first["y"] + 4)
    stroke(page, begin, (last["x"] + 80, last["y"] + last["height"] - 4), begin)
    until(lambda: drawn_at(pair, "#lines"))
    page.mouse.move(300, 300)
    stroke(page, begin, (begin[0] + 20, begin[1] + 5))
    until(lambda: pair.agent.viewer.locator(".draw.customer").count() == 2)


def test_a_customer_draws_with_keys_alone(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    page = pair.customer.page
    pair.customer.presses("Draw")
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Space"):
        page.keyboard.press(key)
    until(lambda: pair.agent.viewer.locator(".draw.customer").count() == 1)
    points = pair.agent.viewer.locator(".draw.customer polyline").get_attribute("points").split(" ")
    assert len(points) == 5
    page.keyboard.press("Escape")
    until(lambda: not pair.customer.reads("Stop drawing"))

    # The keyboard is where the pen was taken from, and takes it again.
    page.keyboard.press("Enter")
    until(lambda: pair.customer.reads("Stop drawing"))


def test_escape_lays_the_pen_down_before_it_takes_control_back(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    pair.customer.presses("Draw")
    until(lambda: pair.customer.reads("Stop drawing"))
    pair.customer.page.keyboard.press("Escape")
    until(lambda: not pair.customer.reads("Stop drawing"))
    pair.agent.told("state", "one.tiers.control")
    pair.customer.page.keyboard.press("Escape")
    pair.agent.told("state", "!one.tiers.control && one.tiers.view")


def test_what_an_agent_draws_is_shown_on_the_customers_page_around_the_same_things(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "point")
    agent = pair.agent
    agent.tool("draw")
    agent.viewer.locator("#glass[data-tool=draw]").wait_for(state="attached")
    x, y = agent.at("#title")
    agent.page.mouse.move(x - 30, y)
    agent.page.mouse.down()
    agent.page.mouse.move(x + 30, y - 40, steps=4)
    agent.viewer.locator(".draw").wait_for(state="attached")
    agent.page.mouse.move(x + 30, y + 40, steps=4)
    agent.page.mouse.up()

    def drawn() -> bool:
        """The line goes out of the title above and below, as it was drawn."""
        lines = lines_on(pair.customer)
        box = pair.customer.page.locator("#title").bounding_box()
        heights = [y for line in lines for _, y in line]
        top, bottom = box["y"], box["y"] + box["height"]
        return bool(heights) and min(heights) < top and max(heights) > bottom

    until(drawn)
    assert agent.viewer.locator(".draw").count() == 1
    pair.same()


def lines_on(customer: Any) -> list[list[tuple[float, float]]]:
    """The lines on the customer's page, in the window's pixels: they are in a closed root, seen by the debugger."""
    client = customer.page.context.new_cdp_session(customer.page)
    root = client.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    client.detach()
    found = []
    for node in _nodes(root):
        if node["nodeName"].lower() == "polyline":
            attributes = node["attributes"]
            points = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("points", "")
            pairs = [point.split(",") for point in points.split()]
            found.append([(float(x), float(y)) for x, y in pairs])
    return [line for line in found if line]


def test_selecting_text_is_the_customers_own_business(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.dblclick("#title")
    assert pair.customer.page.evaluate("getSelection().toString()") != ""
    pair.customer.page.fill("[name=note]", "still here")
    pair.same()


def test_please_click_here_is_read_at_the_element_and_goes_when_the_customer_has_clicked(
    new_pair: NewPair,
) -> None:
    pair = new_pair()
    pair.agree("view", "point")
    pair.agent.tool("please_click")
    pair.agent.viewer.locator("#glass[data-tool=please_click]").wait_for(state="attached")
    pair.agent.page.mouse.click(*pair.agent.at("[name=gift]"))
    until(lambda: pair.customer.reads("Please click here"))
    assert not pair.customer.page.is_checked("[name=gift]")
    pair.customer.page.click("[name=gift]")
    assert pair.customer.page.is_checked("[name=gift]")
    until(lambda: not shown(pair, "Please click here"))
    pair.agent.page.mouse.click(*pair.agent.at("#pay"))
    until(lambda: shown(pair, "Please click here"))
    assert pair.customer.page.evaluate("window.paid ?? false") is False


def shown(pair: Any, words: str) -> bool:
    """Whether a mark on the customer's page says this; what is only read out does not count."""
    client = pair.customer.page.context.new_cdp_session(pair.customer.page)
    try:
        return pair.customer._box(client, words, "SPAN") is not None
    finally:
        client.detach()
