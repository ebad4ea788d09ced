"""`comptoir flow`: checking, publishing, rolling back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from console import Console

FlowFile = Callable[..., Path]


def rename(flow: dict[str, Any]) -> None:
    flow["name"] = "Autumn"


def published(console: Console, flow: str = "shop") -> int:
    return int(
        console.rows(f"select published_version from flow where id = '{flow}'")[0]["published_version"]
    )


def test_the_shipped_flow_is_fine(console: Console, flow_file: FlowFile) -> None:
    said = console("flow", "check", flow_file())
    assert (said.code, said.out) == (0, "The flow shop is fine.\n")
    assert len(console.rows("select * from flow_version")) == 1, "checking publishes nothing"


def test_a_file_is_published_as_the_next_version_whatever_version_it_says(
    console: Console, flow_file: FlowFile
) -> None:
    said = console("flow", "publish", flow_file(rename), "--note", "for the autumn")
    assert said.code == 0 and "published as version 2" in said.out
    row = console.rows("select * from flow_version where version = 2")[0]
    assert row["note"] == "for the autumn" and row["published_by"] == "console"
    document = json.loads(row["document"])
    assert document["name"] == "Autumn" and document["version"] == 2
    assert published(console) == 2


def test_rolling_back_publishes_an_earlier_version_and_the_next_one_is_counted_on(
    console: Console, flow_file: FlowFile
) -> None:
    console("flow", "publish", flow_file(rename))
    said = console("flow", "roll-back", "shop", "1")
    assert said.code == 0 and "New calls of shop use version 1." in said.out
    assert published(console) == 1
    listed = console("flow", "list").out
    assert "1 *" in listed and "2 *" not in listed
    assert "published as version 3" in console("flow", "publish", flow_file(rename)).out


def test_a_new_flow_is_made_and_numbers_may_lead_to_it(console: Console, flow_file: FlowFile) -> None:
    def as_evening(flow: dict[str, Any]) -> None:
        flow["id"] = "evening"

    assert "evening is published as version 1" in console("flow", "publish", flow_file(as_evening)).out
    assert published(console, "evening") == 1 and published(console) == 1
    assert console("number", "add", "4009", "--flow", "evening").code == 0


def cut(flow: dict[str, Any]) -> None:
    flow["nodes"]["greet"]["next"] = "nowhere"


def other_queue(flow: dict[str, Any]) -> None:
    flow["nodes"]["queue"]["queue"] = "vip"


def unspoken(flow: dict[str, Any]) -> None:
    flow["nodes"]["greet"]["prompt"] = [{"kind": "text", "id": "no.such.text"}]


def misspelt(flow: dict[str, Any]) -> None:
    flow["nodes"]["greet"]["kind"] = "pley"


@pytest.mark.parametrize(
    ("change", "told"),
    [(cut, "nowhere"), (other_queue, "vip"), (unspoken, "no.such.text"), (misspelt, "pley")],
)
@pytest.mark.parametrize("verb", ["check", "publish"])
def test_a_flow_that_could_not_run_is_refused_with_where_and_why(
    console: Console, flow_file: FlowFile, verb: str, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    said = console("flow", verb, flow_file(change))
    assert said.code == 1 and told in said.err and "/nodes/" in said.err
    assert published(console) == 1 and len(console.rows("select * from flow_version")) == 1


def test_what_is_no_file_or_no_flow_is_refused(console: Console, tmp_path: Path) -> None:
    assert "No such file" in console("flow", "publish", tmp_path / "gone.json").err
    (tmp_path / "text.json").write_text("Hello")
    assert "is no flow" in console("flow", "publish", tmp_path / "text.json").err
    (tmp_path / "latin.json").write_bytes(b'{"name": "caf\xe9"}')
    said = console("flow", "publish", tmp_path / "latin.json")
    assert said.code == 1 and "UTF-8" in said.err
    said = console("flow", "roll-back", "shop", "7")
    assert (said.code, said.err) == (
        1,
        "comptoir: There is no version 7 of shop; see `comptoir flow list`.\n",
    )
