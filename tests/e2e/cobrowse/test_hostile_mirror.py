"""The mirror of a hostile page, in a real browser: nothing of it runs, and it loads what the policy says, no more.

Once as the server passes it on, and once as if the server had let everything through: the viewer alone must hold.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, WebSocketRoute
from unit.agent_ui.cobrowse.mirrored import PageMaker, added, event, meta, mutation, snapshot

from tests.e2e.cobrowse.conftest import Agent, Server, until
from tests.e2e.cobrowse.raw import Desk, Scene

Json = dict[str, Any]
NewPair = Callable[..., Any]
STRANGER = "https://stranger.example"
RUNS = "(window.top ?? window).postMessage({hacked: 1}, '*'); window.hacked = 1; parent.hacked = 1"


@dataclass
class Watched:
    """What a browser was made to do. `reached` are the requests that left it for a stranger."""

    page: Page
    reached: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)


@pytest.fixture
def watched(new_pair: NewPair) -> Iterator[Watched]:
    page: Page = new_pair.page_of()  # type: ignore[attr-defined]
    found = Watched(page)

    def stranger(route: Route) -> None:
        found.reached.append(route.request.url)
        route.fulfill(body="window.hacked = 1", content_type="text/javascript")

    def failed(request: Request) -> None:
        found.blocked.append(f"{request.url} {request.failure}")

    page.context.route(re.compile("stranger"), stranger)
    page.context.on("requestfailed", failed)
    page.context.on("response", lambda response: found.loaded.append(response.url))
    page.context.on("page", lambda opened: found.opened.append(opened.url))
    page.on("dialog", lambda dialog: found.opened.append(dialog.message))
    page.add_init_script("addEventListener('message', (e) => { if (e.data.hacked) window.hacked = 1; })")
    yield found


def hostile(make: PageMaker) -> Json:
    """Everything that a page could make a browser do."""
    node, url = make.element, STRANGER
    image = {"xlink:href": f"{url}/image", "href": f"{url}/image"}
    body = node(
        "body", {"onload": RUNS, "background": f"{url}/background"},
        node("h1", {"id": "shown"}, "Hostile"),
        node("script", {}, RUNS), node("script", {"src": f"{url}/script"}),
        node("script", {"type": "module", "src": f"{url}/module"}),
        node("img", {"src": f"{url}/pixel", "onerror": RUNS, "srcset": f"{url}/set 2x", "attributionsrc": url}),
        node("svg", {"onload": RUNS}, node("image", image, isSVG=True), node("script", {}, RUNS, isSVG=True),
             node("use", {"href": f"{url}/use#a"}, isSVG=True), isSVG=True),
        node("svg", {}, node("a", {"id": "svg"}, node("animate", {
            "attributeName": "href", "values": f"javascript:{RUNS}", "begin": "0s", "dur": "1s"}, isSVG=True),
            node("text", {}, "svg", isSVG=True), isSVG=True), isSVG=True),
        node("iframe", {"srcdoc": f"<script>{RUNS}</script>"}), node("iframe", {"src": f"javascript:{RUNS}"}),
        node("iframe", {"src": f"{url}/frame"}), node("iframe", {"src": f"data:text/html,<script>{RUNS}</script>"}),
        node("object", {"data": f"{url}/object"}), node("embed", {"src": f"{url}/embed"}),
        node("video", {"src": f"{url}/video", "poster": f"{url}/poster"}),
        node("audio", {"src": f"{url}/audio"}), node("track", {"src": f"{url}/track"}),
        node("a", {"id": "link", "href": f"javascript:{RUNS}", "ping": f"{url}/ping"}, "link"),
        node("a", {"id": "away", "href": f"{url}/away", "target": "_top", "ping": f"{url}/ping"}, "away"),
        node("form", {"action": f"{url}/form", "target": "_top"}, node("input", {"name": "q", "onfocus": RUNS,
             "autofocus": True}), node("button", {"id": "send", "formaction": f"javascript:{RUNS}"}, "send")),
        node("input", {"type": "image", "src": f"{url}/button"}), node("portal", {"src": f"{url}/portal"}),
        node("style", {}, f"@import '{url}/import'; @font-face {{ font-family: f; src: url({url}/font) }} "
             f"body {{ font-family: f; background: url({url}/css) }}"),
        node("p", {"style": f"background: url({url}/style); list-style-image: url({url}/list)"}, "styled"),
        node("math", {"href": f"javascript:{RUNS}", "onclick": RUNS}, node("mtext", {}, "math")),
        node("details", {"open": True, "ontoggle": RUNS}, node("summary", {}, "details")),
        node("x-element", {"onclick": RUNS}, isCustom=True),
    )  # fmt: skip
    head = node(
        "head", {},
        node("base", {"href": url}), node("meta", {"http-equiv": "refresh", "content": f"0;url={url}/refresh"}),
        node("meta", {"http-equiv": "Content-Security-Policy", "content": "script-src *"}),
        *(node("link", {"rel": rel, "href": f"{url}/{rel}", "as": "script"})
          for rel in ("stylesheet", "preload", "prefetch", "prerender", "dns-prefetch", "preconnect",
                      "modulepreload", "manifest", "icon", "import")),
    )  # fmt: skip
    html = node("html", {"manifest": f"{url}/manifest"}, head, body)
    return {"type": 0, "childNodes": [html], "id": 90_000}


def afterwards(agent: Agent, watched: Watched, server: Server) -> None:
    """Touch all of it, and look at what happened."""
    mirror = agent.mirror
    mirror.evaluate(
        """() => { const touched = "a:not(#away), button, x-element, math, summary, input";
          for (const one of document.querySelectorAll(touched)) {
            one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            one.focus?.();
          }
          document.querySelector("form")?.requestSubmit?.(); }"""
    )
    agent.page.mouse.click(*agent.at("#shown"))
    agent.page.wait_for_timeout(1500)
    assert watched.reached == [], "requests left the browser"
    assert watched.opened == []
    for frame in (agent.page.main_frame, agent.viewer, mirror):
        assert frame.evaluate("window.hacked ?? 0") == 0, frame.url
    assert agent.page.url.startswith(server.url)
    viewer = "/".join(agent.viewer.url.split("/")[:3])
    strangers = [
        one for one in watched.loaded if not one.startswith((server.url, viewer, server.shop, "data:"))
    ]
    assert strangers == []
    assert mirror.url == "about:blank"
    mirror.evaluate("document.querySelector('#away').click()")
    agent.page.wait_for_timeout(500)
    assert watched.reached == [], "a link was followed"
    assert agent.page.url.startswith(server.url)


def test_as_the_server_passes_it_on_nothing_runs_or_loads(
    server: Server, new_pair: NewPair, watched: Watched
) -> None:
    scene = Scene(server, Desk(server, "alice"), "alice")
    scene.agrees("view")
    agent = Agent(server, watched.page, "alice", scene.contact)
    make = PageMaker()
    page = hostile(make)
    scene.tells(meta(), snapshot(page))
    until(lambda: agent.mirror.query_selector("#shown") is not None)
    late = make.element("img", {"id": "late", "src": f"{STRANGER}/late", "onerror": RUNS})
    own = make.element("img", {"id": "own", "src": f"{server.shop}/shop.css?picture"})
    (heading,) = (one for one in walk(page) if one.get("attributes", {}).get("id") == "shown")
    scene.tells(mutation(adds=[added(heading, one) for one in (late, own)]))
    until(lambda: agent.mirror.query_selector("#late") is not None)
    until(lambda: agent.page.evaluate("true") and any("?picture" in one for one in watched.loaded))
    assert agent.mirror.evaluate("document.querySelectorAll('script,object,embed,base,portal').length") == 0
    assert "hacked" not in agent.mirror.content()
    afterwards(agent, watched, server)
    scene.ends()


def walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)


def test_if_the_server_let_everything_through_the_viewer_would_hold(
    server: Server, new_pair: NewPair, watched: Watched
) -> None:
    """The viewer's connection is a liar's: it says what no server of ours says."""
    state = {
        "type": "state", "phase": "running", "tiers": {"view": True, "point": True, "control": True},
        "question": None, "watchers": [], "controls": [], "page": True,
        "epoch": "e", "paying": False, "kept": False,
    }  # fmt: skip
    events = [
        meta(),
        snapshot(hostile(PageMaker())),
        event(3, {"source": 9, "id": 1, "type": 0, "commands": []}),
    ]
    told = {"type": "events", "epoch": "e", "seq": 1, "reset": True, "events": events}

    def liar(socket: WebSocketRoute) -> None:
        def answer(text: str | bytes) -> None:
            if json.loads(text)["type"] == "hello":
                socket.send(json.dumps(state))
                socket.send(json.dumps(told))

        socket.on_message(answer)

    watched.page.route_web_socket(re.compile("/cobrowse/v1/watch"), liar)
    contact = "raw-liar"
    server.do("talk", contact=contact, agent="alice")
    agent = Agent(server, watched.page, "alice", contact)
    until(lambda: agent.mirror.query_selector("#shown") is not None)
    afterwards(agent, watched, server)
    assert any("stranger" in one and one.endswith("csp") for one in watched.blocked), (
        "the policy blocked nothing"
    )
