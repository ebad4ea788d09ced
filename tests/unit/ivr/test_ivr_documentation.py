"""docs/flows.md shows flows and parts that work, and leaves none out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ivr.codec import load
from ivr.schema import flow_schema
from ivr.speech.catalogue import Catalogue
from ivr.validation import validate

PAGE = (Path(__file__).parents[3] / "docs" / "flows.md").read_text("utf-8")
KINDS = {
    definition["properties"]["kind"]["const"]
    for definition in flow_schema()["$defs"].values()
    if "kind" in definition["properties"]
}


def examples() -> list[Any]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def test_the_first_example_is_a_sound_flow(catalogue: Catalogue) -> None:
    assert validate(load(examples()[0]), catalogue) == ()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_node_part_and_message_is_described(kind: str) -> None:
    assert f"**{kind}** " in PAGE or f'"kind": "{kind}"' in PAGE


def test_the_calendar_and_the_texts_can_be_used_in_a_flow() -> None:
    calendar = next(each for each in examples() if "week" in each)
    texts = next(each for each in examples() if "my.cart" in each)
    flow = load(examples()[0] | {"calendars": {"shop": calendar}, "texts": texts})
    assert len(flow.calendars["shop"].holidays) == 2
