"""What was measured, as tables, charts and one JSON document."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.bridged_calls import Conversations, Level
from tests.bench.charts import Line, chart
from tests.bench.cobrowse import CobrowseResult
from tests.bench.ivr_calls import IvrResult
from tests.bench.screen_pop import PopResult
from tests.bench.tables import aligned, markdown
from tests.bench.webrtc_load import LegsLevel, LegsResult

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
GOAL_P99_MS = 50


@dataclass(frozen=True, slots=True)
class Table:
    """One table with what it shows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    note: str = ""

    def __str__(self) -> str:
        note = f"\n{self.note}" if self.note else ""
        return f"{self.title}\n\n{aligned(self.headings, self.rows)}{note}\n"

    def markdown(self) -> str:
        note = f"\n\n{self.note}" if self.note else ""
        return f"### {self.title}\n\n{markdown(self.headings, self.rows)}{note}\n"


@dataclass(slots=True)
class Results:
    """Everything of one run; what was not measured is empty."""

    machine: dict[str, Any] = field(default_factory=dict)
    ivr: IvrResult = field(default_factory=IvrResult)
    conversations: list[Conversations] = field(default_factory=list)
    relay: Conversations = field(default_factory=lambda: Conversations("bare relay"))
    legs: list[LegsResult] = field(default_factory=list)
    acd: dict[str, Any] = field(default_factory=dict)
    edge: dict[str, float] = field(default_factory=dict)
    pop: PopResult | None = None
    cobrowse: CobrowseResult = field(default_factory=CobrowseResult)

    def tables(self) -> list[Table]:
        """What there is to show."""
        found = [_ivr(self.ivr), *(_bridged(one, self.relay) for one in self.conversations), _growth(self)]
        found += [
            _legs(self.legs),
            _pop(self.pop),
            *_cobrowse(self.cobrowse),
            _acd(self.acd),
            _edge(self.edge),
        ]
        return [one for one in found if one.rows]

    def charts(self) -> dict[str, str]:
        """SVG files by name."""
        found = {}
        if self.conversations:
            found["bridged-calls.svg"] = _cpu_chart([*self.conversations, self.relay])
        if self.ivr.points:
            found["ivr-answer-times.svg"] = _answer_chart(self.ivr)
        if self.ivr.memory:
            found["ivr-memory.svg"] = chart(
                f"Memory under {self.ivr.long_rate} calls/s",
                "seconds",
                "MiB",
                [Line("memory", self.ivr.memory)],
            )
        return found

    def write(self, directory: Path) -> Path:
        """Write the JSON document and the charts; returns the document."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in self.charts().items():
            (directory / name).write_text(content)
        document = directory / "results.json"
        document.write_text(json.dumps(self.plain(), indent=1) + "\n")
        return document

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "machine": self.machine,
            "ivr": asdict(self.ivr),
            "conversations": [asdict(one) for one in self.conversations],
            "relay": asdict(self.relay),
            "legs": [asdict(one) for one in self.legs],
            "acd": self.acd,
            "edge_us": self.edge,
            "screen_pop": asdict(self.pop) if self.pop else {},
            "cobrowse": asdict(self.cobrowse),
        }

    def document(self, page: Path) -> None:
        """Put the figures into the page, between its two marks, and the charts beside it. What this run has not
        measured stays as it is."""
        charts = page.parent / page.stem
        charts.mkdir(exist_ok=True)
        for name, content in self.charts().items():
            (charts / name).write_text(content)
        before, _, rest = page.read_text().partition(BEGIN)
        earlier, _, after = rest.partition(END)
        facts = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.machine.items())
        tables = _sections(earlier) | {one.title: one.markdown() for one in self.tables()}
        pictures = [f"![{one.stem}]({page.stem}/{one.name})" for one in sorted(charts.glob("*.svg"))]
        figures = "\n".join([f"Measured on: {facts}.\n", *tables.values(), *pictures])
        page.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}")


def _sections(figures: str) -> dict[str, str]:
    """The tables that a page has, by title."""
    found = {}
    for part in figures.split("\n### ")[1:]:
        text = part.partition("\n![")[0].strip()
        found[text.partition("\n")[0]] = f"### {text}\n"
    return found


def _ivr(result: IvrResult) -> Table:
    headings = (
        "calls/s", "calls", "failed", "repeated", "p50 ms", "p99 ms", "worst ms", "edge p99 ms", "CPU %",
        "reactor %", "MiB", "others %",
    )  # fmt: skip
    rows = tuple(
        (
            one.rate, one.calls, one.failed, one.retransmissions, one.p50, one.p99, one.worst, one.options_p99,
            one.usage.cpu, one.usage.reactor, one.usage.memory_mib, one.usage.others,
        )
        for one in result.points
    )  # fmt: skip
    note = " ".join(
        f"At {one.rate} calls/s failed: {one.why_failed}." for one in result.points if one.why_failed
    )
    if result.memory:
        note += (
            f"\nAt {result.long_rate} calls/s memory grew by {result.growth_mib_per_minute:.1f} MiB a minute after "
            f"the first minute; {result.memory_after_mib:.0f} MiB after the last call."
        )
    return Table("Calls against the shop's menu: INVITE to 200", headings, rows, note.strip())


def _bridged(one: Conversations, relay: Conversations) -> Table:
    headings = (
        "calls", "talking", "CPU %", "% a call", "relay CPU %", "times relay", "MiB", "lost %", "lost in %",
        "heard %", "answer p99 ms", "edge p99 ms", "others %",
    )  # fmt: skip
    floor = {level.calls: level for level in relay.levels}
    rows = tuple(_bridged_row(level, floor) for level in one.levels)
    recordings = f" {one.recordings} recordings were kept." if one.recordings else ""
    return Table(f"Callers talking with agents, {one.name}", headings, rows, recordings.strip())


def _bridged_row(level: Level, floor: Mapping[int, Level]) -> tuple[object, ...]:
    least = floor[level.calls].usage.cpu if level.calls in floor else 0.0
    return (
        level.calls, level.talking, level.usage.cpu, level.cpu_a_call, least or "-",
        level.usage.cpu / least if least else "-", level.usage.memory_mib, level.lost_percent,
        level.reported_lost_percent, level.heard_percent, level.answer_p99, level.options_p99,
        level.usage.others,
    )  # fmt: skip


def _legs(ways: list[LegsResult]) -> Table:
    """Every way beside plain RTP with G.711, which is the first."""
    headings = (
        "legs", "way", "talking", "CPU %", "% a leg", "times plain", "reactor %", "MiB", "lost %", "lost in %",
        "others %",
    )  # fmt: skip
    plain = {level.legs: level for one in ways[:1] for level in one.levels}
    rows = [_legs_row(one.name, level, plain[level.legs].cpu_a_leg) for one in ways for level in one.levels]
    rows.sort(key=lambda row: int(str(row[0])))
    return Table("Legs in pairs, by the way their audio travels, 16 kHz bridge", headings, tuple(rows))


def _legs_row(name: str, level: LegsLevel, plain: float) -> tuple[object, ...]:
    return (
        level.legs, name, level.talking, level.usage.cpu, level.cpu_a_leg, level.cpu_a_leg / plain,
        level.usage.reactor, level.usage.memory_mib, level.lost, level.reported_lost, level.usage.others,
    )  # fmt: skip


def _growth(results: Results) -> Table:
    """CPU a call against that of the first level: 1.00 is straight growth."""
    ways = [one for one in [*results.conversations, results.relay] if len(one.levels) > 1]
    counts = sorted({level.calls for one in ways for level in one.levels})
    rows = []
    for count in counts:
        found = [next((level for level in one.levels if level.calls == count), None) for one in ways]
        rows.append((count, *(_against_first(one, level) for one, level in zip(ways, found, strict=True))))
    headings = ("calls", *(one.name for one in ways))
    return Table("Growth: CPU a call, relative to the fewest calls", headings, tuple(rows))


def _against_first(one: Conversations, level: Level | None) -> object:
    first = one.levels[0].cpu_a_call
    return level.cpu_a_call / first if level is not None and first else "-"


def _acd(document: Mapping[str, Any]) -> Table:
    decisions: Mapping[str, Mapping[str, float]] = document.get("decisions", {})
    rows = tuple(
        (name, int(one["count"]), one["cpu_p50_ms"], one["cpu_p99_ms"], one["wall_p99_ms"])
        for name, one in decisions.items()
    )
    title = f"Routing decisions, {document.get('waiting', 0):,} waiting, {document.get('agents', 0):,} agents"
    return Table(title, ("decision", "count", "p50 ms (CPU)", "p99 ms (CPU)", "p99 ms"), rows)


def _pop(one: PopResult | None) -> Table:
    headings = (
        "pages", "calls/s", "offers", "missed", "socket p50 ms", "socket p95 ms", "in a browser", "DOM p50 ms",
        "DOM p95 ms", "pages' CPU %", "pbx CPU %", "others %",
    )  # fmt: skip
    rows = () if one is None else ((
        one.pages, one.rate, one.offers, one.missed, one.socket_p50, one.socket_p95, one.shown, one.dom_p50,
        one.dom_p95, one.web.cpu, one.pbx_cpu, one.web.others,
    ),)  # fmt: skip
    return Table("Screen pop: from the offer to the agent's page", headings, rows)


def _cobrowse(result: CobrowseResult) -> tuple[Table, Table]:
    headings = ("co-browsing", "count", "missed", "p50 ms", "p95 ms", "p99 ms")
    rows = tuple((one.what, one.count, one.missed, one.p50, one.p95, one.p99) for one in result.times)
    costs = Table("Co-browsing: what it costs", ("what", "figure"), tuple(result.facts))
    return Table("Co-browsing in two browsers", headings, rows), costs


def _edge(figures: Mapping[str, float]) -> Table:
    rows = tuple((name, value) for name, value in figures.items())
    return Table("The SIP edge alone: processor time a message", ("message", "µs"), rows)


def _cpu_chart(ways: list[Conversations]) -> str:
    lines = [Line(one.name, [(level.calls, level.usage.cpu) for level in one.levels]) for one in ways]
    return chart("CPU by concurrent conversations", "conversations", "% of a core", lines)


def _answer_chart(result: IvrResult) -> str:
    lines = [
        Line("median", [(one.rate, one.p50) for one in result.points]),
        Line("99th percentile", [(one.rate, one.p99) for one in result.points]),
        Line(
            f"goal {GOAL_P99_MS} ms",
            [(0, GOAL_P99_MS), (max(one.rate for one in result.points), GOAL_P99_MS)],
            dashed=True,
        ),
    ]
    return chart("INVITE to 200 by calls a second", "calls/s", "ms", lines)
