"""Two real browsers: a customer on a shop's page, and an agent who watches it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, expect, sync_playwright

ROOT = Path(__file__).parents[3]
SERVER = Path(__file__).with_name("cobrowse_server.py")
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse battery"
BUILT = ROOT / "agent_ui" / "static" / "cobrowse" / ".vite" / "manifest.json"
WAIT = 20.0
QUESTIONS = {
    "view": "would like to see this page",
    "point": "would like to point at things",
    "control": "would like to fill in this page",
}
SHARE = ("name:email", "name:first_name", "name:city", "name:note", "name:gift", "name:speed", "id:country")

expect.set_options(timeout=10_000)

VIEWER = """
async (contact) => {
  window.openViewer = async (contact) => {
  const csrf = JSON.parse(document.getElementById("boot").textContent).csrf;
  const ticket = async () => (await (await fetch(`/api/cobrowse/${contact}/ticket`, {
    method: "POST", headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" }, body: "{}" })).json());
  const first = await ticket();
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-same-origin";
  frame.src = first.viewer;
  const origin = new URL(first.viewer).origin;
  frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0;z-index:99";
  window.told = [];
  window.viewer = frame;
  window.say = (message) => frame.contentWindow.postMessage(message, origin);
  addEventListener("message", async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    if (event.data.type === "ticket_please") window.say({ type: "ticket", ticket: (await ticket()).ticket });
    else window.told.push(event.data);
  });
  document.body.append(frame);
  };
  await window.openViewer(contact);
}
"""

NORMAL = """
([mirrored, share]) => {
  const MASK = "•••";
  const dropped = new RegExp("^(on.*|autocomplete|action|formaction|target|autofocus|value|checked|selected|" +
    "placeholder|title|href|src|open|class|rr_.*|style|data-cc-open)$");
  const shared = (el) => share.includes(`name:${el.getAttribute("name")}`) || share.includes(`id:${el.id}`);
  const field = (el) => {
    const kind = (el.getAttribute("type") ?? "").toLowerCase();
    if (["submit", "button"].includes(kind)) return "button";
    if (["checkbox", "radio"].includes(kind)) return shared(el) ? `ticked=${el.checked}` : "ticked=false";
    if (!shared(el)) return "private";
    return `value=${el.value}`;
  };
  const hidden = '[autocomplete^="cc-"],[contenteditable],[data-cc-block],iframe,.rr-block';
  const blocked = (el) => !mirrored && el.matches(hidden);
  const walk = (node) => {
    if (node.nodeType === 3) return node.textContent.trim() === "" ? "" : node.textContent.trim();
    if (node.nodeType !== 1) return "";
    if (["SCRIPT", "NOSCRIPT", "STYLE", "HEAD", "COMPTOIR-COBROWSE"].includes(node.tagName)) return "";
    if (node.matches(".rr-block")) return "";
    const name = node.localName;
    if (blocked(node)) return `<${name} ${name === "input" ? " private" : ""}></${name}>`;
    const attributes = [...node.attributes].filter((one) => !dropped.test(one.name))
      .map((one) => `${one.name}=${one.value}`).sort().join(" ");
    const state = ["input", "select", "textarea"].includes(name) ? " " + field(node) : "";
    const inner = name === "textarea" ? "" : [...node.childNodes].map(walk).join("");
    const shadow = node.shadowRoot ? `{${[...node.shadowRoot.childNodes].map(walk).join("")}}` : "";
    const open = name === "dialog" ? (node.open ? " open" : "") : "";
    return `<${name} ${attributes}${state}${open}>${shadow}${inner}</${name}>`;
  };
  return walk(document.documentElement);
}
"""


class Server:
    """The pages' server; `do` makes things happen in it, `log` is what it logged."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.log_file = directory / "server.log"
        self._cookies: dict[str, list[Any]] = {}
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log_file.open("w"),
            text=True,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        )
        ports = self._answer()
        self.url, self.shop = f"http://127.0.0.1:{ports['port']}", f"http://127.0.0.1:{ports['shop']}"
        self.socket = f"ws://127.0.0.1:{ports['port']}/widget/v1/cobrowse"

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def do(self, what: str, **details: Any) -> dict[str, Any]:
        """Make something happen."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **details}) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer
        return answer

    def sign_in(self, page: Page, username: str) -> None:
        """Open somebody's pages; they type their password in the first browser only."""
        known = self._cookies.get(username, [])
        page.context.add_cookies(known)
        page.goto(self.url if known else f"{self.url}/login?lang=en")
        if "/login" in page.url:
            page.fill("#username", username)
            page.fill("#password", PASSWORD)
            page.click("button[type=submit]")
        page.wait_for_selector("#boot", state="attached")
        self._cookies[username] = page.context.cookies()

    def stop(self) -> None:
        """End the server."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(15) == 0, self.log

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self.log
        answer: dict[str, Any] = json.loads(line)
        return answer


class Agent:
    """An agent's desk with the viewer on it; `frames` are all messages of both."""

    def __init__(self, server: Server, page: Page, username: str, contact: str) -> None:
        self.server, self.page, self.contact = server, page, contact
        self.console: list[str] = []
        self.frames: list[str] = []
        page.on("websocket", self._listen)
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        server.sign_in(page, username)
        page.evaluate(VIEWER, contact)
        self.told("state")

    @property
    def viewer(self) -> Frame:
        """The viewer's document."""
        return next(frame for frame in self.page.frames if "/cobrowse/v1/viewer/" in frame.url)

    @property
    def mirror(self) -> Frame:
        """The document of the mirror, inside the viewer."""
        found: Frame = waited(self._mirror)
        return found

    def say(self, message: dict[str, Any]) -> None:
        """What the desk says to the viewer."""
        self.page.evaluate("message => window.say(message)", message)

    def asks(self, tier: str) -> None:
        """Ask the customer."""
        self.say({"type": "say", "message": {"type": "ask", "tier": tier}})

    def tool(self, tool: str) -> None:
        """Take a tool."""
        self.say({"type": "tool", "tool": tool})

    def told(self, kind: str, matching: str = "true") -> dict[str, Any]:
        """The last message of this kind that the viewer passed on, once there is one."""
        script = (
            "([kind, matching]) => window.told.filter(one => one.type === 'told').map(one => one.message)"
            f".filter(one => one.type === kind && ({matching})).at(-1) ?? null"
        )
        return dict(waited(lambda: self.page.evaluate(script, [kind, matching]), lambda: self.console))

    def command(self, action: str, node: int, **more: Any) -> dict[str, Any]:
        """Send a command past the viewer's own tools, and wait for what comes of it."""
        number = next(NUMBERS)
        epoch = self.told("state")["epoch"]
        message = {"type": "command", "id": number, "epoch": epoch, "action": action, "node": node, **more}
        self.say({"type": "say", "message": message})
        script = (
            "id => window.told.filter(one => one.type === 'told').map(one => one.message)"
            ".find(one => ['done', 'refused'].includes(one.type) && one.id === id) ?? null"
        )
        return dict(waited(lambda: self.page.evaluate(script, number)))

    def at(self, selector: str) -> tuple[float, float]:
        """Where in the window the middle of an element of the mirror is; ` >>> ` leads into a shadow root."""
        frame = self.mirror.frame_element().bounding_box()
        scale = self.mirror.frame_element().evaluate(
            "one => one.getBoundingClientRect().width / one.offsetWidth"
        )
        box = self.mirror.evaluate(
            "selector => { const [first, ...rest] = selector.split(' >>> ');"
            " const inside = (one, next) => one.shadowRoot.querySelector(next);"
            " const found = rest.reduce(inside, document.querySelector(first));"
            " const r = found.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; }",
            selector,
        )
        assert frame is not None
        return frame["x"] + box[0] * scale, frame["y"] + box[1] * scale

    def _listen(self, socket: Any) -> None:
        socket.on("framesent", lambda data: self.frames.append(str(data)))
        socket.on("framereceived", lambda data: self.frames.append(str(data)))

    def _mirror(self) -> Frame | None:
        self.page.evaluate("true")  # frames that came and went are told while something is asked
        children = self.viewer.child_frames
        shown = [frame for frame in children if frame.frame_element().is_visible()]
        return shown[-1] if shown else None


NUMBERS = count(1000)


def waited(find: Callable[[], Any], why: Callable[[], Any] = lambda: "") -> Any:
    """What is found, once something is."""
    deadline = time.monotonic() + WAIT
    while True:
        found = _if_still_there(find)
        if found:
            return found
        assert time.monotonic() < deadline, f"it did not come: {why()}"
        time.sleep(0.02)


def _if_still_there(find: Callable[[], Any]) -> Any:
    """A mirror may give way to a new one while it is asked."""
    try:
        return find()
    except Error as error:
        if "detached" not in str(error) and "destroyed" not in str(error):
            raise
        return None


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    waited(holds)


class Customer:
    """A shop's page; `frames` are all messages that it sent and got."""

    def __init__(self, server: Server, page: Page, visitor: dict[str, Any], path: str) -> None:
        self.server, self.page, self.visitor = server, page, visitor
        self.frames: list[str] = []
        self.errors: list[str] = []
        page.on("websocket", self._listen)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{server.shop}/{path}")
        page.wait_for_function("window.share !== undefined")

    def shares(self, offer: bool = False) -> None:
        """Load the customer's side, as the widget does."""
        told = {**self.visitor, "url": self.server.socket}
        self.page.evaluate("([visitor, offer]) => window.share(visitor, offer)", [told, offer])

    def presses(self, words: str) -> None:
        """Press a button of the banner or the question; both are in a closed shadow root, found by the keyboard
        and the eye: here by the debugger's view of the page."""
        client = self.page.context.new_cdp_session(self.page)
        box = waited(lambda: self._box(client, words))
        self.page.mouse.click(*box)
        client.detach()

    def reads(self, words: str) -> bool:
        """Whether the overlay says this."""
        client = self.page.context.new_cdp_session(self.page)
        try:
            return self._box(client, words, "*") is not None
        finally:
            client.detach()

    def _box(self, client: Any, words: str, tag: str = "BUTTON") -> tuple[float, float] | None:
        root = client.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        for node in _nodes(root):
            named = tag == "*" or node["nodeName"] == tag
            if named and any(words in child.get("nodeValue", "") for child in node.get("children", ())):
                try:
                    quad = client.send("DOM.getBoxModel", {"nodeId": node["nodeId"]})["model"]["border"]
                except Exception:
                    return None
                return (quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2
        return None

    def _listen(self, socket: Any) -> None:
        socket.on("framesent", lambda data: self.frames.append(str(data)))
        socket.on("framereceived", lambda data: self.frames.append(str(data)))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in (*node.get("children", ()), *node.get("shadowRoots", ())):
        yield from _nodes(child)


class Pair:
    """A customer and an agent in one contact."""

    def __init__(self, customer: Customer, agent: Agent) -> None:
        self.customer, self.agent = customer, agent

    def agree(self, *tiers: str) -> None:
        """Ask, and be allowed."""
        for tier in tiers:
            self.agent.asks(tier)
            # The question before it may still be on the page, whose answer would answer nothing.
            until(lambda asked=QUESTIONS[tier]: self.customer.reads(asked))
            self.customer.presses("Allow")
            self.agent.told("state", f"one.tiers.{tier}")
        if "view" in tiers:
            until(lambda: self.agent._mirror() is not None)
            self.same()

    def same(self) -> None:
        """Wait until the mirror is as the page, but for what is masked."""
        same(self.customer.page, lambda: self.agent.mirror, SHARE)


def same(page: Page, mirror: Callable[[], Frame], share: Iterable[str]) -> None:
    """Wait until a mirror is as the page, but for what is masked; `share` are the rules of what is not."""
    deadline, rules = time.monotonic() + WAIT, list(share)
    while True:
        shown = waited(lambda: page.evaluate(NORMAL, [False, rules]))
        seen = waited(lambda: mirror().evaluate(NORMAL, [True, rules]))
        if shown == seen:
            return
        assert time.monotonic() < deadline, difference(shown, seen)
        time.sleep(0.03)


def difference(page: str, mirror: str) -> str:
    """Where two texts part."""
    place = next(
        (i for i, (a, b) in enumerate(zip(page, mirror, strict=False)) if a != b), min(len(page), len(mirror))
    )
    return f"page:   …{page[max(0, place - 80) : place + 120]}\nmirror: …{mirror[max(0, place - 80) : place + 120]}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if not BUILT.exists():
        pytest.fail("the viewer is not built: npm run build")
    made = Server(tmp_path_factory.mktemp("cobrowse"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-quic", "--disable-background-timer-throttling",
                   "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"]  # fmt: skip
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


NewPair = Callable[..., Pair]


@pytest.fixture
def new_pair(server: Server, chromium: Browser) -> Iterator[NewPair]:
    """Opens a customer's page and an agent's viewer of it; script errors on either fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def page_of(**options: Any) -> Page:
        context = chromium.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    def make(path: str = "checkout.html", language: str = "en") -> Pair:
        contact = f"contact-{next(NUMBERS)}"
        visitor = {**server.do("talk", contact=contact, language=language), "language": language}
        customer = Customer(server, page_of(), visitor, path)
        customer.shares_on = contact  # type: ignore[attr-defined]
        agent = Agent(server, page_of(), "alice", contact)
        customer.shares()
        return Pair(customer, agent)

    make.page_of = page_of  # type: ignore[attr-defined]
    yield make
    for context in contexts:
        context.close()
    assert errors == []
