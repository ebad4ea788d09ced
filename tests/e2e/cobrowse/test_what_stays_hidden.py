"""What must not be seen leaves the customer's browser in no message, log, row or file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent_ui.cobrowse.replay_file import unpacked
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


ECHO = """
(value) => {
  const add = (html) => document.body.insertAdjacentHTML("beforeend", html);
  const safe = value.replace(/"/g, "&quot;"), url = encodeURIComponent(value);
  add(`<p class="echo">${value}</p><p>You typed ${value}!</p><h2>${value.toUpperCase()}</h2>
    <p>${[...value].join(" ")}</p>
    <p title="${safe}" aria-label="${safe}" aria-valuetext="${safe}" aria-description="of ${safe}" data-x="${safe}"
      data-all='{"value":"${safe}"}' lang="${safe}" class="c-${safe}">titled</p>
    <img alt="${safe}" src="/pictures/${url}.png" srcset="/p.png?of=${url} 2x">
    <a href="/next?value=${url}">next</a><a href="#${url}" name="${safe}">there</a><a href="${safe}">raw</a>
    <input name="city2" placeholder="${safe}"><input type="submit" value="${safe}">
    <button value="${safe}">b</button>
    <select name="kept"><option value="${safe}" label="${safe}" selected>${value}</option></select>
    <datalist id="d"><option value="${safe}"></datalist><output>${value}</output><meter title="${safe}"></meter>
    <details><summary>${value}</summary>${value}</details><div contenteditable>${value}</div>
    <textarea>${value}</textarea><svg><text>${value}</text><title>${value}</title></svg>
    <template><p>${value}</p></template><noscript>${value}</noscript><!-- ${value} -->
    <p style="--echo: '${safe}'; font-family: '${safe}'">styled</p><custom-tag told="${safe}"></custom-tag>
    <iframe srcdoc="<p>${safe}</p>"></iframe><dialog open>${value}</dialog>`);
  const head = document.createElement("style");
  head.textContent = `.echo::before { content: "${value}"; }`;
  document.head.append(head);
  head.sheet.insertRule(`.echo::after { content: "${value}"; }`);
  head.sheet.cssRules[0].style.setProperty("--again", `"${value}"`);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.adopted { content: "${value}"; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  sheet.insertRule(`.later { content: "${value}"; }`);
  document.getElementById("title").style.setProperty("--echo", `"${value}"`);
  document.title = `Order ${value}`;
  history.replaceState(null, "", `/checkout.html/${url}?value=${url}#${url}`);
  const host = document.createElement("x-host");
  host.attachShadow({ mode: "open" }).innerHTML =
    `<p title="${safe}">${value}</p><style>p { --e: "${safe}" }</style>`;
  document.body.append(host);
  const late = document.createTextNode("");
  document.body.append(late);
  late.data = `late ${value}`;
  for (const name of ["city", "note", "nickname"]) {
    const field = document.querySelector(`[name=${name}]`);
    field.value = `${value} again`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.getElementById("free").textContent = value;
}
"""
AUTOFILL = """
([name, value, quietly]) => {
  const field = document.querySelector(`[name=${name}]`);
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  set.call(field, value);
  if (!quietly) for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}
"""


def everything_kept(directory: Path) -> str:
    """All files' bytes, and what is written in the compressed ones."""
    files = [file for file in directory.rglob("*") if file.is_file()]
    raw = "".join(file.read_bytes().decode("latin-1") for file in files)
    return raw + "".join(replay(file) for file in files if file.read_bytes().startswith(b"comptoir replay"))


def replay(path: Path) -> str:
    with path.open("rb") as file:
        return repr(list(unpacked(file)))


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


def test_what_sensitive_fields_hold_is_nowhere_however_it_came_there_and_wherever_it_is_repeated(
    new_pair: NewPair, server: Server, tmp_path: Path
) -> None:
    """Typed, pasted, filled in by the browser with and without events, hidden, shown; then repeated everywhere."""
    pair = new_pair()
    page = pair.customer.page
    pair.agree("view")
    page.evaluate(
        """() => document.getElementById("payment").insertAdjacentHTML("beforeend",
        '<input type="file" name="proof"><div data-cc-block><input name="inside"></div>' +
        '<iframe id="own" srcdoc="<input name=code type=password>"></iframe>')"""
    )
    page.locator("[name=password]").press_sequentially("sentinel-typed")
    page.locator("[name=iban]").focus()
    page.keyboard.insert_text("SENTINEL PASTED 1")
    page.evaluate(AUTOFILL, ["cardnumber", "4929421234600821", False])
    page.evaluate(AUTOFILL, ["card_copy", "5425233430109903", True])
    page.evaluate(AUTOFILL, ["session_token", "SENTINEL-hidden", True])
    page.locator("[name=inside]").press_sequentially("SENTINEL-blocked")
    page.frame_locator("#own").locator("input").press_sequentially("SENTINEL-framed")
    file = tmp_path / "SENTINEL-file.pdf"
    file.write_bytes(b"SENTINEL-content")
    page.set_input_files("[name=proof]", str(file))
    page.evaluate("document.querySelector('[name=sms]').value = 'SENTINEL-code'")
    page.evaluate("document.getElementById('lines').append('told')")
    until(lambda: "told" in pair.agent.mirror.inner_text("#lines"))
    secrets = [
        "sentinel-typed", "SENTINEL PASTED 1", "4929421234600821", "5425233430109903", "SENTINEL-hidden",
        "SENTINEL-blocked", "SENTINEL-framed", "SENTINEL-file.pdf", "SENTINEL-code",
    ]  # fmt: skip
    for secret in secrets:
        page.evaluate(ECHO, secret)
    page.evaluate("document.querySelector('[name=password]').type = 'text'")
    page.evaluate(
        "for (const one of document.querySelectorAll('#payment input')) if (one.type != 'file') one.value = ''"
    )
    page.evaluate("document.getElementById('title').textContent = 'VISIBLE-MARK'")
    until(lambda: pair.agent.mirror.inner_text("#title") == "VISIBLE-MARK")
    pair.customer.presses("Pause")
    pair.customer.presses("Go on")
    until(lambda: pair.agent._mirror() is not None)
    until(lambda: pair.agent.mirror.inner_text("#title") == "VISIBLE-MARK")
    page.evaluate(ECHO, "sentinel-typed")
    page.evaluate("document.getElementById('title').textContent = 'VISIBLE-AGAIN'")
    until(lambda: pair.agent.mirror.inner_text("#title") == "VISIBLE-AGAIN")
    seen = pair.agent.mirror.content() + pair.agent.viewer.content() + pair.agent.page.content()
    places = {
        "the customer's messages": "".join(pair.customer.frames),
        "the agent's messages": "".join(pair.agent.frames),
        "the mirror": seen,
    }
    for place, text in places.items():
        assert "VISIBLE-AGAIN" in text, f"{place} are not looked at"
    pair.customer.presses("Stop sharing")
    until(lambda: server.do("records", contact=pair.agent.contact)["sessions"][0][0] == "stopped")
    places["the server's files and log"] = everything_kept(server.directory)
    leaks = [
        f"{secret} in {place}: …{text[max(0, at - 120) : at + 60]}…"
        for place, text in places.items()
        for secret in (*secrets, "SENTINEL-content", "49294212", "54252334")
        if (at := text.lower().find(secret.lower())) >= 0
    ]
    assert leaks == []


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
