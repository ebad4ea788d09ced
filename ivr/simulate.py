"""`python -m ivr.simulate FLOW.json --keys "1 0"`: read what a caller would hear.

Each word of the keys answers one prompt; `-` stands for silence. When they are used up the caller hangs up.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from ivr.codec import loads
from ivr.errors import FlowFormatError
from ivr.finding import explain, shipped_explanations
from ivr.model import Flow
from ivr.simulator import Line, simulate
from ivr.speech.catalogue import Catalogue, shipped_catalogue
from ivr.speech.parts import LANGUAGES, Language
from ivr.validation import validate
from ivr.world import World, world_from

MARKS = {"node": "--", "says": "  says   ", "presses": "  presses", "does": "  does   ", "ends": "=="}


def main(arguments: Sequence[str] | None = None, out: TextIO | None = None) -> int:
    """Print the transcript. Returns 0, or 2 when the flow or the facts cannot be read."""
    options = _parser().parse_args(arguments)
    out = out or sys.stdout
    try:
        flow = loads(options.flow.read_bytes())
        world = _world(options)
    except (FlowFormatError, OSError, json.JSONDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    catalogue = shipped_catalogue()
    _print_findings(flow, catalogue, options.findings_in)
    for line in simulate(flow, world, options.keys.split(), catalogue).lines:
        print(written(line), file=out)
    return 0


def written(line: Line) -> str:
    """A line of the transcript as text."""
    return f"{MARKS[line.kind]} {line.text}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ivr.simulate", description="Run a flow without a phone.")
    add = parser.add_argument
    add("flow", type=Path, help="the flow's JSON file")
    add("--keys", default="", help='what is pressed at each prompt, such as "1 2 0"; - for nothing')
    add("--caller", help="the caller's number in E.164; withheld when left out")
    add("--called", default="+10000000000", help="the number that is dialled")
    add("--facts", type=Path, help="a JSON file with customer, orders, queue, failing, calendars")
    add("--at", type=_moment, help="when the call comes, ISO 8601; now when left out")
    add("--findings-in", choices=LANGUAGES, default="en", help="the language of the checks' findings")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _world(options: argparse.Namespace) -> World:
    document = json.loads(options.facts.read_text("utf-8")) if options.facts else {}
    return world_from(document, options.caller, options.called, options.at or datetime.now(UTC))


def _print_findings(flow: Flow, catalogue: Catalogue, language: Language) -> None:
    explanations = shipped_explanations()
    for finding in validate(flow, catalogue):
        text = explain(finding, explanations, language)
        print(f"{finding.severity}: {finding.pointer}: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
