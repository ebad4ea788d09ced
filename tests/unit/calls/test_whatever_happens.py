"""Random stories: whatever people, phones and networks do, and in whatever order, certain things always hold."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from center_invariants import Failures, Watch
from center_storm import Step, Storm, StormWorld, a_story

from pbx.calls import switchboard


def what_goes_wrong(catalogue: Any, directory: Path, story: list[Step]) -> str:
    """Tell the story; the first thing that does not hold, with the step after which it showed, or nothing."""
    failures = Failures()
    try:
        world = StormWorld(catalogue, directory)
        storm = Storm(world)
        watch = Watch(storm)
        for number, step in enumerate(story):
            storm.take(step)
            found = [*failures.found, *(() if world.bus_is_busy() else watch.quiet())]
            if found:
                return f"after step {number}, {step}: {found[0]}"
        storm.calm_down()
        found = [*failures.found, *watch.over()]
        return f"in the end: {found[0]}" if found else ""
    finally:
        failures.close()


@pytest.mark.parametrize("seed", range(60))
def test_nobody_is_lost_left_hanging_or_miscounted(
    catalogue: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    ids = random.Random(seed)
    monkeypatch.setattr(switchboard, "uuid4", lambda: UUID(int=ids.getrandbits(128)))

    assert what_goes_wrong(catalogue, tmp_path, a_story(seed, 70)) == ""
