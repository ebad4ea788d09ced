"""The agent points and, where the customer allows it, acts: by element, and never where it must not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.cobrowse.conftest import Server, until, waited
from tests.e2e.cobrowse.recorded import number_of

NewPair = Callable[..., Any]


def value(pair: Any, selector: str) -> Any:
    return pair.customer.page.evaluate("selector => document.querySelector(selector).value", selector)


@pytest.mark.parametrize("path", ["checkout.html", "react.html"])
def test_an_agent_fills_in_fields_with_mouse_and_keys(new_pair: NewPair, path: str) -> None:
    pair = new_pair(path)
    pair.agree("view", "control")
    agent = pair.agent
    agent.tool("control")
    agent.page.mouse.click(*agent.at("[name=email]"))
    agent.page.keyboard.type("camille@example.org")
    until(lambda: value(pair, "[name=email]") == "camille@example.org")
    agent.page.keyboard.press("Escape")
    agent.page.mouse.click(*agent.at("[name=note]"))
    agent.page.keyboard.type("Second floor")
    until(lambda: value(pair, "[name=note]") == "Second floor")
    agent.page.keyboard.press("Escape")
    agent.page.mouse.click(*agent.at("#country"))
    agent.viewer.locator("select.editor").select_option("pt")
    until(lambda: value(pair, "#country") == "pt")
    agent.page.mouse.click(*agent.at("[name=gift]"))
    until(lambda: pair.customer.page.is_checked("[name=gift]"))
    if path == "react.html":
        agent.page.mouse.click(*agent.at("label:last-of-type [name=speed]"))
        agent.page.mouse.click(*agent.at("[name=city]"))
        agent.page.keyboard.type("Viana")
        until(lambda: pair.customer.page.locator("#near").count() == 1)
        agent.page.keyboard.press("Escape")
        pair.same()
        agent.page.mouse.click(*agent.at("#more"))
        wanted = (
            '{"email":"camille@example.org","note":"Second floor","country":"pt","gift":true,"speed":"fast",'
            '"city":"VIANA","count":1}'
        )
        waited(
            lambda: pair.customer.page.inner_text("#state") == wanted,
            lambda: [
                pair.customer.page.inner_text("#state"),
                agent.told("done"),
                pair.agent.server.log[-300:],
            ],
        )
    pair.same()


def test_an_agent_acts_in_shadow_roots_dialogs_and_popovers(new_pair: NewPair) -> None:
    pair = new_pair("shadow.html")
    pair.agree("view", "control")
    agent, page = pair.agent, pair.customer.page
    agent.tool("control")
    agent.page.mouse.click(*agent.at("shop-card >>> #plus"))
    until(lambda: page.locator("shop-card #inside").inner_text() == "1")
    agent.page.mouse.click(*agent.at("shop-card >>> [name=email]"))
    agent.page.keyboard.type("in@shadow.example")
    until(lambda: page.locator("shop-card [name=email]").input_value() == "in@shadow.example")
    agent.page.keyboard.press("Escape")
    pair.same()
    agent.page.mouse.click(*agent.at("#tipper"))
    until(lambda: page.locator("#tip").is_visible())
    until(lambda: agent.mirror.locator("#hint").is_visible())
    agent.page.mouse.click(*agent.at("#again"))
    until(lambda: page.locator("#again").inner_text() == "Again!")
    pair.same()
    agent.page.mouse.click(*agent.at("#open"))
    until(lambda: page.evaluate("document.getElementById('modal').matches(':modal')"))
    until(lambda: agent.mirror.locator("#modal").is_visible())
    pair.same()
    agent.page.mouse.click(*agent.at("#modal [name=city]"))
    agent.page.keyboard.type("Lisboa")
    until(lambda: value(pair, "#modal [name=city]") == "Lisboa")
    agent.page.keyboard.press("Escape")
    agent.page.mouse.click(*agent.at("#ok"))
    until(lambda: not page.locator("#modal").is_visible())
    pair.same()


def test_an_agent_goes_from_field_to_field_with_keys_alone(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    pair.agent.tool("control")
    pair.agent.viewer.locator("#glass").focus()
    pair.agent.page.keyboard.press("ArrowDown")
    pair.agent.page.keyboard.type("a@b.example")
    until(lambda: value(pair, "[name=email]") == "a@b.example")
    pair.agent.page.keyboard.press("Tab")
    pair.agent.page.keyboard.type("Camille")
    until(lambda: value(pair, "[name=first_name]") == "Camille")


def test_an_agent_scrolls_and_takes_the_next_step(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    pair.agent.tool("control")
    pair.agent.page.mouse.move(300, 300)
    pair.agent.page.mouse.wheel(0, 300)
    until(lambda: pair.customer.page.evaluate("scrollY") > 100)
    pair.agent.page.wait_for_timeout(300)
    answer = pair.agent.command("click", number_of(pair.customer.frames, "button", id="next"))
    assert answer["type"] == "done", answer
    pair.customer.page.wait_for_url("**/confirmation.html*")


@pytest.mark.parametrize(
    ("action", "tag", "attributes", "reason"),
    [
        ("type", "input", {"name": "phone"}, "masked"),
        ("type", "input", {"name": "password"}, "sensitive"),
        ("type", "input", {"name": "sms"}, "sensitive"),
        ("type", "input", {"name": "cvv"}, "sensitive"),
        ("type", "input", {"name": "card_copy"}, "sensitive"),
        ("type", "input", {"name": "session_token"}, "sensitive"),
        ("click", "input", {"name": "news"}, "masked"),
        ("choose", "select", {"name": "size"}, "masked"),
        ("click", "button", {"id": "pay"}, "pays"),
    ],
)
def test_what_an_agent_never_does_is_refused_by_name(
    new_pair: NewPair, action: str, tag: str, attributes: dict[str, str], reason: str
) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    node = number_of(pair.customer.frames, tag, **attributes)
    assert pair.agent.command(action, node, value="x")["reason"] == reason
    assert pair.customer.page.evaluate("window.paid ?? false") is False


def test_without_consent_nothing_is_done(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    email = number_of(pair.customer.frames, "input", name="email")
    assert pair.agent.command("type", email, value="x")["reason"] == "no_consent"
    assert pair.agent.command("highlight", email)["reason"] == "no_consent"
    assert value(pair, "[name=email]") == ""


def test_the_page_itself_refuses_what_the_server_cannot_see(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    email = number_of(pair.customer.frames, "input", name="email")
    pair.customer.page.evaluate(
        """() => { const cover = document.createElement('div'); cover.id = 'cover';
        cover.style.cssText = 'position:fixed;inset:0;background:#fff9;z-index:5'; document.body.append(cover); }"""
    )
    assert pair.agent.command("click", email) == {**pair.agent.told("done"), "ok": False, "reason": "covered"}


def test_the_customers_own_hands_come_first(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "control")
    email = number_of(pair.customer.frames, "input", name="email")
    pair.customer.page.keyboard.press("Shift")
    pair.customer.page.wait_for_timeout(100)
    assert pair.agent.command("type", email, value="x")["reason"] == "customer_acts"
    pair.customer.page.wait_for_timeout(2100)
    assert pair.agent.command("type", email, value="y")["ok"] is True


def test_marks_show_on_the_customers_page_and_are_never_recorded(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view", "point")
    email = number_of(pair.customer.frames, "input", name="email")
    assert pair.agent.command("please_click", email)["ok"] is True
    until(lambda: pair.customer.reads("Please click here"))
    assert pair.agent.command("draw", email, points=[[0, 0], [1, 1], [0, 1]])["ok"] is True
    assert pair.agent.command("point", email)["ok"] is True
    until(lambda: pair.customer.reads("Alice Martin"))
    pair.same()
    assert "Please click here" not in "".join(
        f for f in pair.customer.frames if f.startswith('{"type":"batch"')
    )


def test_the_customers_pointer_is_seen_where_it_is(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    box = pair.customer.page.locator("#title").bounding_box()
    pair.customer.page.mouse.move(box["x"] + 20, box["y"] + 10)
    pair.customer.page.mouse.move(box["x"] + 40, box["y"] + 12)
    pair.agent.viewer.locator(".cursor").wait_for(state="attached")


def test_another_agent_gets_no_ticket_and_no_forged_one_opens_the_door(
    new_pair: NewPair, server: Server, chromium: Browser
) -> None:
    pair = new_pair()
    pair.agree("view")
    page = new_pair.page_of()  # type: ignore[attr-defined]
    page.goto(f"{server.url}/login?lang=en")
    page.fill("#username", "benoit")
    page.fill("#password", "correct horse battery")
    page.click("button[type=submit]")
    page.wait_for_selector("#boot", state="attached")
    ask = """async (contact) => { const csrf = JSON.parse(document.getElementById("boot").textContent).csrf;
        return (await fetch(`/api/cobrowse/${contact}/ticket`, { method: "POST", body: "{}",
        headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" } })).status; }"""
    assert page.evaluate(ask, pair.agent.contact) == 404
    knock = """ticket => new Promise(done => { const ws = new WebSocket(`ws://${location.host}/cobrowse/v1/watch`);
        ws.onopen = () => ws.send(JSON.stringify({ type: "hello", ticket }));
        const got = []; ws.onmessage = (event) => got.push(event.data);
        ws.onclose = (event) => done([event.code, got.length]); })"""
    for forged in ("", "x.y.z", "WyJhIl0.aaaa.bbbb", None):
        assert pair.agent.viewer.evaluate(knock, forged) == [4401, 0]
