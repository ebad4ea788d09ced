"""Co-browsing in real browsers over loopback: how fast the mirror follows, and what it costs."""

import re
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from tests.e2e.cobrowse.conftest import CHROMIUM, NUMBERS, Agent, Customer, Pair, Server, until, waited

FLAGS = (
    "--no-sandbox", "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows", "--enable-precise-memory-info",
)  # fmt: skip
SKEWS = (0, -3000, 3000)

SKEWED = """(() => { const real = Date.now.bind(Date), Real = Date;
  const skewed = class extends Real { constructor(...of) { of.length ? super(...of) : super(real() + SKEW); }
    static now() { return real() + SKEW; } };
  window.Date = skewed; })()"""

PROBES = """async (count) => {
  const target = document.getElementById("title");
  for (let n = 0; n < count; n++) {
    target.setAttribute("data-probe", `${n} ${performance.timeOrigin + performance.now()}`);
    await new Promise((done) => setTimeout(done, 60 + Math.random() * 80));
  }
}"""

WATCH = """() => {
  window.seen = new Map(); window.frames_ = new Map();
  const frame = [...document.querySelectorAll("iframe")].at(-1);
  const target = frame.contentDocument.getElementById("title");
  new MutationObserver((records) => {
    // Two that arrive at once are one call with two records: none of them is missed.
    for (const value of [...records.map((one) => one.oldValue), target.getAttribute("data-probe")]) {
      const [n, at] = (value ?? "").split(" ");
      if (!at || window.seen.has(n)) continue;
      window.seen.set(n, performance.timeOrigin + performance.now() - at);
      requestAnimationFrame(() => window.frames_.set(n, performance.timeOrigin + performance.now() - at));
    }
  }).observe(target, { attributes: true, attributeFilter: ["data-probe"], attributeOldValue: true });
}"""

ROUND_TRIPS = """async ([count, x, y]) => {
  const frame = [...document.querySelectorAll("iframe")].at(-1);
  const target = frame.contentDocument.getElementById("counted");
  const glass = document.getElementById("glass"), found = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    const changed = new Promise((done) => {
      const watch = new MutationObserver(() => { watch.disconnect(); done(true); });
      watch.observe(target, { childList: true, characterData: true, subtree: true });
      setTimeout(() => done(false), 3000);
    });
    glass.dispatchEvent(new MouseEvent("click", { clientX: x, clientY: y, bubbles: true }));
    found.push((await changed) ? performance.now() - began : -1);
    await new Promise((done) => setTimeout(done, 80 + Math.random() * 60));
  }
  return found;
}"""

COUNTER = """() => {
  const button = document.createElement("button");
  Object.assign(button, { id: "count", type: "button", textContent: "Count" });
  button.style.cssText = "position:fixed;left:300px;top:10px;width:120px;height:40px";
  const counted = document.createElement("p"); counted.id = "counted"; counted.textContent = "0";
  button.onclick = () => { counted.textContent = String(Number(counted.textContent) + 1); };
  document.body.append(button, counted);
}"""

ELEMENTS = """(count) => {
  const box = document.createElement("section"); box.id = "many";
  for (let n = 0; n < count / 4; n++) {
    const row = document.createElement("div");
    row.innerHTML = `<b class="name">Article ${n}</b><span>in stock</span><i title="${n}">${n % 97},50 EUR</i>`;
    box.append(row);
  }
  document.body.append(box);
}"""


def _viewers_of(page: Page) -> list[Frame]:
    """The viewers that are there; one that went is told while something is asked."""
    page.evaluate("true")
    return [frame for frame in page.frames if "/cobrowse/v1/viewer/" in frame.url]


OPEN_ANEW = """async (contact) => {
  document.querySelectorAll("iframe").forEach((one) => one.remove());
  const began = performance.timeOrigin + performance.now();
  await window.openViewer(contact);
  return began;
}"""

FIRST_FRAME = """async ([began, wanted]) => {
  for (;;) {
    await new Promise((done) => setTimeout(done, 2));
    const inner = document.querySelector("#stage iframe")?.contentDocument;
    const now = performance.timeOrigin + performance.now();
    if (inner && inner.getElementsByTagName("*").length >= wanted) return now - began;
    if (now - began > 30000) return -1;
  }
}"""

BUSY = """async (seconds) => {
  const until = performance.now() + seconds * 1000, lines = document.getElementById("lines");
  const field = document.querySelector("[name=city]");
  let n = 0;
  while (performance.now() < until) {
    n += 1;
    field.value = "Porto ".repeat(4).slice(0, n % 24);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (n % 5 === 0) document.getElementById("title").textContent = `Total ${n},00 EUR`;
    if (n % 12 === 0) {
      const line = document.createElement("li"); line.className = "line"; line.textContent = `Article ${n}`;
      lines.append(line); if (lines.children.length > 12) lines.firstElementChild.remove();
    }
    if (n % 20 === 0) document.getElementById("box").scrollTop = (n * 7) % 600;
    await new Promise((done) => setTimeout(done, 60 + Math.random() * 80));
  }
  return n;
}"""

LONG_TASKS = """() => { window.long = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) window.long.push([one.startTime, one.duration]);
}).observe({ type: "longtask" }); }"""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one kind; `missed` is what never came."""

    what: str
    count: int
    missed: int
    p50: float
    p95: float
    p99: float


@dataclass(slots=True)
class CobrowseResult:
    """What was measured; sizes in kbit/s and KB, memory in MB at the beginning and the end."""

    times: list[Times] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)


def times_of(what: str, found: list[float], wanted: int) -> Times:
    """The figures of some measurements."""
    got = sorted(one for one in found if one >= 0)
    if len(got) < 2:
        return Times(what, wanted, wanted - len(got), -1, -1, -1)
    cuts = statistics.quantiles(got, n=100, method="inclusive")
    return Times(what, wanted, wanted - len(got), *(round(cuts[place], 1) for place in (49, 94, 98)))


class CobrowseBench:
    """One run: a server, and pairs of pages in one browser."""

    def __init__(self, directory: Path, say: Callable[[str], None], quick: bool, minutes: float) -> None:
        self._directory, self._say, self._minutes = directory, say, minutes
        self._probes, self._rounds, self._busy = (60, 15, 5) if quick else (150, 60, 15)
        self.result = CobrowseResult()

    def run(self) -> CobrowseResult:
        """Measure everything."""
        self._directory.mkdir(parents=True, exist_ok=True)
        server = Server(self._directory)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
                self._mirror(server, browser)
                self._control(server, browser)
                self._first_frames(server, browser)
                self._costs(server, browser)
                self._broken(server, browser)
                self._soak(server, browser)
                browser.close()
        finally:
            server.stop()
        return self.result

    def _pair(self, server: Server, browser: Browser, skew: int = 0, *tiers: str) -> Pair:
        contact = f"bench-{next(NUMBERS)}"
        visitor = {**server.do("talk", contact=contact), "language": "en"}
        page = self._page(browser)
        if skew:
            page.add_init_script(SKEWED.replace("SKEW", str(skew)))
        customer = Customer(server, page, visitor, "checkout.html")
        agent = Agent(server, self._page(browser), "alice", contact)
        customer.shares()
        pair = Pair(customer, agent)
        pair.agree("view", *tiers)
        return pair

    def _page(self, browser: Browser) -> Page:
        return browser.new_context(viewport={"width": 1200, "height": 900}).new_page()

    def _close(self, *pairs: Pair) -> None:
        for pair in pairs:
            pair.agent.page.context.close()
            pair.customer.page.context.close()

    def _mirror(self, server: Server, browser: Browser) -> None:
        for skew in SKEWS:
            self._say(f"co-browsing: page to mirror, the customer's clock {skew / 1000:+.0f} s")
            pair = self._pair(server, browser, skew)
            pair.agent.viewer.evaluate(WATCH)
            pair.customer.page.evaluate(PROBES, self._probes)
            pair.agent.page.wait_for_timeout(500)
            seen = pair.agent.viewer.evaluate("[...window.seen.values()]")
            drawn = pair.agent.viewer.evaluate("[...window.frames_.values()]")
            name = f"page change to mirror, clock {skew / 1000:+.0f} s"
            self.result.times.append(times_of(name, seen, self._probes))
            if skew == 0:
                self.result.times.append(
                    times_of("page change to the mirror's next frame", drawn, self._probes)
                )
            self._close(pair)

    def _control(self, server: Server, browser: Browser) -> None:
        self._say("co-browsing: control, from click to mirror")
        pair = self._pair(server, browser, 0, "control")
        pair.customer.page.evaluate(COUNTER)
        pair.agent.mirror.wait_for_selector("#count", state="attached")
        pair.agent.tool("control")
        x, y = pair.agent.at("#count")
        found = pair.agent.viewer.evaluate(ROUND_TRIPS, [self._rounds, x, y])
        self.result.times.append(times_of("control: agent's click to mirror", found, self._rounds))
        self._close(pair)

    def _first_frame(self, pair: Pair, count: int) -> float:
        """Milliseconds from the agent's wish, at the desk, to the picture, in the viewer of another origin."""
        page = pair.agent.page
        before = set(_viewers_of(page))
        began = page.evaluate(OPEN_ANEW, pair.agent.contact)
        viewer: Frame = waited(lambda: next((one for one in _viewers_of(page) if one not in before), None))
        return float(viewer.evaluate(FIRST_FRAME, [began, count]))

    def _first_frames(self, server: Server, browser: Browser) -> None:
        for count in (1000, 12_000):
            self._say(f"co-browsing: first frame of {count} elements")
            pair = self._pair(server, browser)
            pair.customer.page.evaluate(LONG_TASKS)
            pair.customer.page.evaluate(ELEMENTS, count)
            pair.same()
            pair.agent.viewer.evaluate("0")
            rounds = [self._first_frame(pair, count) for _ in range(6)]
            self.result.times.append(times_of(f"late viewer's first frame, {count} elements", rounds, 6))
            pair.customer.page.evaluate("window.long.length = 0")
            pair.customer.presses("Pause")
            pair.customer.presses("Go on")
            until(lambda of=pair: of.agent._mirror() is not None)  # type: ignore[misc]
            pair.same()
            longest = max([one[1] for one in pair.customer.page.evaluate("window.long")], default=0)
            batches = [one for one in pair.customer.frames if one.startswith('{"type":"batch"')]
            largest = max(len(one) for one in batches) / 1000
            self.result.facts.append(
                (
                    f"snapshot of {count} elements: longest task in the page, size",
                    f"{longest:.0f} ms, {largest:.0f} KB raw",
                )
            )
            self._close(pair)

    def _costs(self, server: Server, browser: Browser) -> None:
        self._say("co-browsing: upload and long tasks of a busy checkout")
        pair = self._pair(server, browser)
        pair.customer.page.evaluate(LONG_TASKS)
        before, frames = received(server), len(pair.customer.frames)
        began = time.monotonic()
        pair.customer.page.evaluate(BUSY, self._busy)
        pair.customer.page.wait_for_timeout(300)
        seconds = time.monotonic() - began
        up = received(server) - before
        raw = sum(len(one) for one in pair.customer.frames[frames:] if one.startswith('{"type":"batch"'))
        long = [one[1] for one in pair.customer.page.evaluate("window.long")]
        self.result.facts += [
            ("upload of a busy checkout, on the wire", f"{up * 8 / 1000 / seconds:.1f} kbit/s"),
            ("the same before compression", f"{raw * 8 / 1000 / seconds:.1f} kbit/s"),
            ("long tasks (over 50 ms) meanwhile", f"{len(long)}, longest {max(long, default=0):.0f} ms"),
        ]
        self._close(pair)

    def _broken(self, server: Server, browser: Browser) -> None:
        self._say("co-browsing: connections cut in the middle of a burst")
        pair = self._pair(server, browser)
        pair.customer.page.evaluate(
            """() => { let n = 0; const timer = setInterval(() => { const li = document.createElement('li');
            li.textContent = `line ${++n}`; document.getElementById('lines').append(li);
            if (n === 400) clearInterval(timer); }, 5); }"""
        )
        for _ in range(4):
            pair.customer.page.wait_for_timeout(400)
            server.do("drop", contact=pair.agent.contact)
        pair.customer.page.wait_for_function("document.getElementById('lines').children.length === 402")
        began = time.monotonic()
        pair.same()
        settled = (time.monotonic() - began) * 1000
        lines = pair.agent.mirror.evaluate("document.getElementById('lines').children.length")
        self.result.facts.append(
            (
                "lost of 400 changes in a burst with 4 broken connections",
                f"{402 - lines}, whole after {settled:.0f} ms",
            )
        )
        self._close(pair)

    def _soak(self, server: Server, browser: Browser) -> None:
        self._say(f"co-browsing: memory over {self._minutes:g} minutes of use")
        pair = self._pair(server, browser)
        pair.customer.page.evaluate(BUSY, 5)
        points = []
        ends = time.monotonic() + self._minutes * 60
        while True:
            points.append(
                (heap(pair.customer.page), heap(pair.agent.page), server.do("wire")["rss_kb"] / 1000)
            )
            if time.monotonic() >= ends:
                break
            pair.customer.frames.clear()
            pair.customer.page.evaluate(BUSY, min(20, self._minutes * 20))
        for place, side in enumerate(("customer's page", "agent's page", "server")):
            told = " ".join(f"{point[place]:.1f}" for point in points)
            self.result.facts.append((f"memory over {self._minutes:g} minutes, {side}", f"{told} MB"))
        pair.same()
        self._close(pair)


def heap(page: Page) -> float:
    """What scripts hold after a collection, in MB."""
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.collectGarbage")
    used: dict[str, Any] = client.send("Runtime.getHeapUsage")
    client.detach()
    return float(used["usedSize"]) / 1e6


def received(server: Server) -> int:
    """Bytes that the pages' server has received on connections that are open, headers of TCP not counted."""
    port = server.url.rpartition(":")[2]
    told = subprocess.run(
        ["ss", "-tinH", "sport", "=", f":{port}"], capture_output=True, text=True, check=True
    )
    return sum(int(one) for one in re.findall(r"bytes_received:(\d+)", told.stdout))
