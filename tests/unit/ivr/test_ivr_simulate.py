import io
import json
from importlib import resources
from pathlib import Path

import pytest

from ivr.actions import Collect
from ivr.events import Digits
from ivr.simulate import main
from ivr.simulator import pressed

FLOW = {
    "id": "mini",
    "version": 1,
    "name": "Mini",
    "languages": ["fr"],
    "start": "menu",
    "nodes": {
        "menu": {
            "kind": "menu",
            "prompt": [{"kind": "text", "id": "hello"}, {"kind": "audio", "file": "tone.wav"}],
            "choices": {"1": "end"},
            "attempts": 2,
            "on_no_input": "end",
            "on_no_match": "end",
        },
        "end": {"kind": "hang_up"},
    },
    "texts": {"hello": {"fr": "Bonjour."}},
}


@pytest.fixture
def flow_file(tmp_path: Path) -> Path:
    path = tmp_path / "mini.json"
    path.write_text(json.dumps(FLOW), "utf-8")
    return path


def test_a_transcript_reads_like_the_call(flow_file: Path) -> None:
    out = io.StringIO()
    assert main([str(flow_file), "--keys", "- 1"], out) == 0
    assert out.getvalue().splitlines() == [
        "  does    speaks fr",
        "-- menu",
        "  says    Bonjour.",
        "  says    [tone.wav]",
        "  presses (nothing)",
        "  says    Bonjour.",
        "  says    [tone.wav]",
        "  presses 1",
        "-- end",
        "  does    hangs up (completed)",
        "== hung up",
    ]


def test_the_caller_hangs_up_when_the_keys_are_used_up(flow_file: Path) -> None:
    out = io.StringIO()
    main([str(flow_file)], out)
    assert out.getvalue().splitlines()[-2:] == ["  presses (the caller hangs up)", "== caller gone"]


def test_the_facts_file_says_who_calls(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    calendars = {"shop": {"timezone": "Europe/Lisbon"}}
    customer = {"id": "1", "language": "en", "first_name": "Ann"}
    facts.write_text(json.dumps({"customer": customer, "calendars": calendars}), "utf-8")
    shop = str(resources.files("ivr").joinpath("flows/shop.json"))
    out = io.StringIO()
    arguments = [
        shop,
        "--keys",
        "0",
        "--facts",
        str(facts),
        "--caller",
        "+33123456789",
        "--at",
        "2026-11-21T10:00",
    ]
    assert main(arguments, out) == 0
    assert "Hello Ann, and welcome to our shop." in out.getvalue()
    assert "Our advisers are not available at this time." in out.getvalue()


def test_a_flow_that_cannot_be_read_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"id": "x"}', "utf-8")
    assert main([str(path)], io.StringIO()) == 2
    assert "/nodes: the field nodes is missing; add it" in capsys.readouterr().err
    assert main([str(tmp_path / "missing.json")], io.StringIO()) == 2


def test_doubtful_flows_are_run_with_their_findings_first(
    flow_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "doubtful.json"
    path.write_text(flow_file.read_text("utf-8").replace('"1": "end"', '"1": "moon"'), "utf-8")
    assert main([str(path), "--findings-in", "pt"], io.StringIO()) == 0
    assert "error: /nodes/menu/choices/1: Isto conduz ao nó «moon»" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "keys", "outcome"),
    [
        ("12#", "12", "terminated"),
        ("12", "12", "timeout"),
        ("1234", "1234", "complete"),
        ("12345", "1234", "complete"),
        ("#", "", "terminated"),
        ("", "", "no_input"),
    ],
)
def test_typed_keys_end_as_they_would_on_a_phone(typed: str, keys: str, outcome: str) -> None:
    collect = Collect(7, (), 1, 4, "#")
    assert pressed(collect, typed) == Digits(7, keys, outcome)  # type: ignore[arg-type]
