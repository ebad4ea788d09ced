"""What the agent sees is what the customer sees, but for what is hidden."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.cobrowse.conftest import Agent, Customer, Server, until

NewPair = Callable[..., Any]


def test_the_mirror_follows_a_plain_checkout_step_by_step(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    page, agent = pair.customer.page, pair.agent
    page.fill("[name=email]", "camille@example.org")
    pair.same()
    page.select_option("#country", "pt")
    page.select_option("[name=size]", "xl")
    page.check("[name=gift]")
    page.check("[name=speed][value=fast]")
    page.uncheck("[name=news]")
    pair.same()
    page.fill("[name=note]", "Ring twice\nplease")
    page.fill("[name=phone]", "0612345678")
    pair.same()
    page.evaluate(
        "document.getElementById('lines').innerHTML += '<li style=\"color: red\">A <b>tray</b></li>'"
    )
    page.evaluate("document.getElementById('title').textContent = 'Nearly done'")
    page.evaluate("document.getElementById('lines').firstElementChild.remove()")
    pair.same()
    page.evaluate("document.getElementById('box').scrollTop = 300")
    until(lambda: agent.mirror.evaluate("document.getElementById('box').scrollTop") == 300)
    assert (
        agent.mirror.evaluate("getComputedStyle(document.getElementById('title')).color") == "rgb(20, 90, 40)"
    )
    assert agent.mirror.evaluate("document.getElementById('country').value") == "pt"


def test_a_page_in_react_is_followed_too(new_pair: NewPair) -> None:
    pair = new_pair("react.html")
    pair.customer.page.wait_for_selector("#state")
    pair.agree("view")
    pair.customer.page.fill("[name=email]", "a@b.example")
    pair.same()
    pair.customer.page.fill("[name=city]", "Braga")
    pair.customer.page.check("[name=speed][value=fast]")
    pair.same()
    for _ in range(5):
        pair.customer.page.click("#more")
    pair.same()


def test_open_shadow_roots_and_dialogs_are_followed_and_closed_roots_are_not_told(new_pair: NewPair) -> None:
    pair = new_pair("shadow.html")
    pair.agree("view")
    page = pair.customer.page
    page.locator("#plus").click()
    page.locator("shop-card [name=email]").fill("in@shadow.example")
    pair.same()
    color = "one => getComputedStyle(one).color"
    assert pair.agent.mirror.locator("shop-card #blue").evaluate(color) == "rgb(0, 0, 210)"
    assert pair.agent.mirror.locator("#adopted").evaluate(color) == "rgb(1, 120, 3)"
    page.evaluate("document.adoptedStyleSheets[0].insertRule('#adopted{color:rgb(9,9,9)}', 1)")
    until(lambda: pair.agent.mirror.locator("#adopted").evaluate(color) == "rgb(9, 9, 9)")
    assert not pair.agent.mirror.locator("#tip").is_visible()
    page.click("#tipper")
    until(lambda: pair.agent.mirror.locator("#tip").is_visible())
    pair.same()
    page.keyboard.press("Escape")
    until(lambda: not pair.agent.mirror.locator("#tip").is_visible())
    page.click("#open")
    pair.same()
    assert pair.agent.mirror.locator("#modal").is_visible()
    page.fill("#modal [name=city]", "Lisboa")
    page.click("#ok")
    page.click("summary")
    pair.same()
    assert "SENTINEL-CLOSED" not in "".join(pair.customer.frames)


def test_the_next_page_goes_on_without_being_asked_again(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.click("#next")
    pair.customer.page.wait_for_url("**/confirmation.html*")
    until(lambda: pair.agent.mirror.evaluate("document.querySelector('#second')?.textContent ?? ''") != "")
    pair.same()
    pair.customer.page.fill("[name=city]", "Porto")
    pair.same()


def test_nothing_is_lost_when_the_connection_breaks_in_the_middle_of_a_burst(
    new_pair: NewPair, server: Server
) -> None:
    pair = new_pair()
    pair.agree("view")
    page = pair.customer.page
    page.evaluate(
        """() => { let n = 0; window.burst = setInterval(() => { const li = document.createElement('li');
        li.textContent = `line ${++n}`; document.getElementById('lines').append(li);
        if (n === 300) clearInterval(window.burst); }, 5); }"""
    )
    for _ in range(3):
        page.wait_for_timeout(300)
        server.do("drop", contact=pair.agent.contact)
    page.wait_for_function("document.getElementById('lines').lastChild.textContent === 'line 300'")
    pair.same()
    assert pair.agent.mirror.evaluate("document.getElementById('lines').children.length") == 302
    assert went_on(pair.customer.frames) >= 1


def went_on(frames: list[str]) -> int:
    """How often a page connected again and sent the very batch that the server lacked; nothing was given up."""
    told, count = [json.loads(frame) for frame in frames], 0
    for place, one in enumerate(told):
        if one["type"] == "welcome" and one["have"] > 0:
            sent = {one["seq"]: one["reset"] for one in told[place:] if one["type"] == "batch"}
            assert not any(sent.values())
            count += one["have"] + 1 in sent
    return count


def test_a_supervisor_joins_late_and_the_customer_sees_it(
    new_pair: NewPair, server: Server, chromium: Browser
) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.fill("[name=city]", "Porto")
    supervisor = Agent(server, new_pair.page_of(), "sam", pair.agent.contact)  # type: ignore[attr-defined]
    until(lambda: supervisor._mirror() is not None)
    type(pair)(pair.customer, supervisor).same()
    until(lambda: pair.customer.reads("Sam Supervisor"))
    supervisor.page.close()
    until(lambda: not pair.customer.reads("Sam Supervisor"))


def test_the_tab_that_is_looked_at_is_the_one_that_is_shown(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    pair.agree("view")
    second = pair.customer.page.context.new_page()
    other = Customer(server, second, pair.customer.visitor, "confirmation.html")
    other.shares()
    second.bring_to_front()
    until(lambda: pair.agent.mirror.evaluate("document.querySelector('#second')?.textContent ?? ''") != "")
    type(pair)(other, pair.agent).same()


def test_a_hidden_desk_catches_up_when_it_is_seen_again(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    hide = """hidden => { Object.defineProperty(Document.prototype, 'hidden',
        { get: () => hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange')); }"""
    pair.agent.viewer.evaluate(hide, True)
    pair.customer.page.fill("[name=city]", "Braga")
    pair.customer.page.evaluate("document.getElementById('title').textContent = 'while nobody looked'")
    pair.agent.viewer.evaluate(hide, False)
    pair.same()


def test_many_changes_do_not_pile_up_in_the_viewer(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.evaluate(
        """async () => { const title = document.getElementById('title');
        for (let n = 0; n < 5400; n++) {
            title.setAttribute('data-n', n); await new Promise(r => setTimeout(r)); } }"""
    )
    pair.same()
    pair.customer.page.fill("[name=city]", "still followed")
    pair.same()
