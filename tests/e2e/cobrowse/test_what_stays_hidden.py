"""What must not be seen leaves the customer's browser in no message, log, row or file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.e2e.cobrowse.conftest import Server, until

NewPair = Callable[..., Any]

SECRETS = {
    "cardnumber": "4929 4212 3460 0821",
    "card_copy": "5425233430109903",
    "cvv": "739",
    "iban": "FR7630006000011234567890189",
    "password": "SENTINEL-PASSWORD",
    "sms": "804613",
    "phone": "SENTINEL-PHONE",
    "cleared": "SENTINEL-TYPED",
}
HIDDEN = [
    "4929421234600821", "4929 4212", "5425233430109903", "FR7630006000011234567890189", "SENTINEL", "804613",
    "4242 4242", "1234 5678 9012",
]  # fmt: skip


def everything_kept(directory: Path) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in directory.rglob("*") if file.is_file())


def test_secrets_of_every_field_stay_in_the_customers_browser(new_pair: NewPair, server: Server) -> None:
    pair = new_pair()
    page = pair.customer.page
    page.fill("[name=sms]", "SENTINEL-BEFORE")
    pair.agree("view")
    for name, value in SECRETS.items():
        page.locator(f"[name={name}]").first.fill("")
        page.locator(f"[name={name}]").first.press_sequentially(value)
    page.locator("#free").press_sequentially("SENTINEL-EDITABLE")
    page.evaluate("document.querySelector('[name=session_token]').value = 'SENTINEL-HIDDEN-2'")
    page.evaluate("document.querySelector('[name=session_token]').setAttribute('value', 'SENTINEL-HIDDEN-3')")
    page.evaluate("document.querySelector('[name=password]').type = 'text'")
    page.locator("[name=password]").press_sequentially("SENTINEL-SHOWN")
    page.frame_locator("iframe.psp").locator("#pan").fill("SENTINEL-FRAME")
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text', 'SENTINEL-PASTED');
        const field = document.querySelector('[name=phone]'); field.focus();
        document.execCommand('insertText', false, 'SENTINEL-PASTED'); }"""
    )
    page.evaluate("document.querySelector('[name=cleared]').value = ''")
    page.fill("[name=nickname]", "4929421234600821")
    page.fill("[name=city]", "Porto")
    page.evaluate("document.getElementById('title').textContent = 'CODE 739'")
    pair.agent.viewer.evaluate("0")
    pair.customer.presses("Pause")
    pair.customer.presses("Go on")
    until(lambda: pair.agent._mirror() is not None)
    pair.agent.told("state", "one.phase === 'running'")
    until(lambda: "Porto" in pair.agent.mirror.evaluate("document.querySelector('[name=city]').value"))
    told = "".join(pair.customer.frames)
    seen = pair.agent.mirror.content() + pair.agent.viewer.content()
    assert "Porto" in told, "the messages are not recorded"
    for secret in HIDDEN:
        assert secret not in told, f"{secret} left the page"
        assert secret not in seen, f"{secret} is in the mirror"
        assert secret not in everything_kept(server.directory), f"{secret} is on disk"
    assert ">739<" not in told
    assert '"739"' not in told
    assert pair.agent.mirror.evaluate("document.getElementById('cvvecho').textContent") == "•••"


def test_card_digits_in_other_parts_of_the_page_are_masked_while_they_are_typed(new_pair: NewPair) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.locator("[name=cardnumber]").press_sequentially("4929421234600821", delay=15)
    until(lambda: pair.agent.mirror.evaluate("document.getElementById('p4').textContent") == "•••")
    for part in ("p1", "p2", "p3", "p4", "whole"):
        assert pair.agent.mirror.evaluate(f"document.getElementById('{part}').textContent") == "•••"
    told = "".join(frame for frame in pair.customer.frames if frame.startswith('{"type":"batch"'))
    assert "49294212" not in told


def test_the_mirror_can_load_nothing_from_strangers_and_runs_nothing(new_pair: NewPair) -> None:
    pair = new_pair()
    asked: list[str] = []
    pair.agent.page.on("response", lambda response: asked.append(response.url))
    pair.agent.page.on("requestfailed", lambda request: asked.append(f"{request.url} {request.failure}"))
    pair.agree("view")
    pair.customer.page.evaluate(
        """() => document.getElementById('lines').insertAdjacentHTML('beforeend',
        '<li id=bad><img src="https://stranger.example/pixel.png" onerror="window.top.hacked=1">' +
        '<svg><a href="javascript:window.top.hacked=1"><text>x</text></a></svg></li>')"""
    )
    pair.agent.mirror.wait_for_selector("#bad", state="attached")
    assert pair.agent.mirror.evaluate("document.querySelector('#bad img').getAttribute('onerror')") is None
    assert pair.agent.mirror.evaluate("document.querySelector('#bad a').getAttribute('href')") is None
    assert pair.agent.page.evaluate("window.hacked ?? 0") == 0
    until(lambda: any("stranger.example" in url for url in asked))
    assert [url for url in asked if "stranger.example" in url] == ["https://stranger.example/pixel.png csp"]
    assert pair.agent.mirror.evaluate("document.querySelectorAll('script').length") == 0


def test_a_card_number_that_a_page_shows_ends_the_session_with_an_alarm(
    new_pair: NewPair, server: Server
) -> None:
    pair = new_pair()
    pair.agree("view")
    pair.customer.page.evaluate("document.getElementById('title').textContent = 'Saved: 4532 0151 1283 0366'")
    assert pair.agent.told("ended")["reason"] == "card_number"
    until(lambda: pair.customer.page.evaluate("window.over") == "card_number")
    assert "ended: the page sent card_number" in server.log
    assert "0366" not in server.log
    assert "0366" not in pair.agent.page.content() + pair.agent.viewer.content()
    until(lambda: server.do("records", contact=pair.agent.contact)["sessions"][0][0] == "card_number")
