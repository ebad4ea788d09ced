"""The pages are for everybody: axe finds nothing, small screens scroll one way only, each language is whole."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from agent_ui.texts import Texts

OpenAs = Callable[..., Page]

AXE = Path(__file__).parents[3] / "agent_ui" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALL = {"width": 390, "height": 844}
AREAS = {key.partition(".")[0] for key in Texts.shipped().catalogues["en"]}
UNTRANSLATED = re.compile(rf"\b(?:{'|'.join(sorted(AREAS))})\.[a-z_]+")


def violations(page: Page) -> list[str]:
    """What axe finds, in the debugger's world: the page's own policy lets no foreign script in."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run(document, {{runOnly: {RULES}}})"
            ".then(r => r.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target} ${n.failureSummary}`)))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found: list[str] = answer["result"]["value"]
    return found


def sideways(page: Page) -> int:
    """How many pixels the page can be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide


def check(page: Page) -> None:
    page.evaluate("window.scrollTo(0, 0)")  # what is half under the bar at the top is no small target
    page.wait_for_timeout(300)  # colours are compared when transitions have ended
    assert violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_contact_is_accessible_from_offer_to_wrap_up(
    open_as: OpenAs, desks: Any, scheme: str, size: dict[str, int]
) -> None:
    page = open_as("alice", color_scheme=scheme, viewport=size)
    expect(page.get_by_role("heading", name="Ready for calls")).to_be_visible()
    check(page)
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    check(page)
    page.keyboard.press("a")
    page.get_by_role("button", name="Keypad").click()
    expect(page.get_by_role("group", name="Keypad")).to_be_visible()
    page.locator("summary").first.click()
    check(page)
    page.get_by_role("button", name="Keypad").click()
    page.get_by_role("button", name="Transfer").click()
    expect(page.get_by_role("dialog").get_by_text("Benoît Girard")).to_be_visible()
    check(page)
    page.get_by_text("Benoît Girard").click()
    page.get_by_role("button", name="Talk first").click()
    expect(page.get_by_role("button", name="Hand over the call")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Back to the customer").click()
    page.get_by_role("button", name="Hold").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Hang up").click()
    page.get_by_text("Informed", exact=True).first.click()
    expect(page.get_by_label("Note")).to_be_visible()
    check(page)


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, SMALL], ids=["large", "small"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_other_pages_and_menus_are_accessible(
    open_as: OpenAs, desks: Any, scheme: str, size: dict[str, int]
) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": size}
    visitor = open_as(None, **options)
    check(visitor)
    desks.do("busy_floor")
    desks.do("waiting", count=3)
    desks.do("phone", agent="alice", registered=False)
    alice = open_as("alice", **options)
    expect(alice.get_by_text("is not registered")).to_be_visible()
    check(alice)
    for name in ("Your status", "Menu of Alice Martin"):
        alice.get_by_role("button", name=name).click()
        expect(alice.get_by_role("menu")).to_be_visible()
        check(alice)
        alice.keyboard.press("Escape")
    alice.keyboard.press("?")
    check(alice)
    admin = open_as("admin", **options)
    expect(admin.get_by_role("region", name="Live contacts")).to_be_visible()
    check(admin)
    admin.get_by_role("link", name="Users").click()
    expect(admin.get_by_text("Benoît Girard")).to_be_visible()
    check(admin)
    admin.get_by_role("button", name="Add a user").click()
    check(admin)
    admin.keyboard.press("Escape")
    admin.get_by_role("link", name="Recordings").click()
    expect(admin.get_by_text("Nothing was recorded then.")).to_be_visible()
    check(admin)
    admin.goto("/password")
    check(admin)


@pytest.mark.parametrize(
    ("username", "language", "ready", "accept"),
    [
        ("alice", "en", "Ready for calls", "Accept"),
        ("benoit", "fr", "Prêt à répondre", "Accepter"),
        ("carla", "pt", "Almoço", "Aceitar"),
    ],
)
def test_each_agent_reads_their_own_language(
    open_as: OpenAs, desks: Any, username: str, language: str, ready: str, accept: str
) -> None:
    page = open_as(username, viewport=SMALL)
    expect(page.get_by_role("heading", name=ready)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)
    desks.do("offer", id="o1", agent=username, caller=language)
    expect(page.get_by_role("button", name=accept)).to_be_visible()
    said = page.locator("main").inner_text()
    assert UNTRANSLATED.findall(said) == []
    page.keyboard.press("a")
    expect(page.locator(".controls")).to_be_visible()
    check(page)


def test_nothing_moves_when_an_offer_comes(open_as: OpenAs, desks: Any) -> None:
    """Layout shift (the sum of the Layout Instability API) of what was there before."""
    page = open_as("alice")
    expect(page.get_by_role("heading", name="Ready for calls")).to_be_visible()
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.shift += entry.value;
        }).observe({type: "layout-shift"}); }"""
    )
    desks.do("offer", id="o1", agent="alice", caller="en")
    expect(page.get_by_role("button", name="Accept")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.1
