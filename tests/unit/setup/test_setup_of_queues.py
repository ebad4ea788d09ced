"""`comptoir queue`: what it sets up, and what it refuses in which words."""

import json
import wave
from pathlib import Path
from typing import Any

import pytest
from console import Console


def settings(console: Console, queue: str) -> Any:
    return json.loads(console.rows(f"select settings from queue where id = '{queue}'")[0]["settings"])


def members(console: Console, queue: str) -> list[str]:
    query = f"select agent_id from membership where queue_id = '{queue}' order by agent_id"
    return [row["agent_id"] for row in console.rows(query)]


@pytest.mark.parametrize(
    "words",
    [
        ("sales", "strategy=round_robin", "max_wait=300", "--record", "on", "--agents", "alice", "benoit"),
        ("sales", "--agents", "alice", "benoit", "--record", "on", "strategy=round_robin", "max_wait=300"),
        ("--record", "on", "sales", "--agents", "alice", "benoit", "strategy=round_robin", "max_wait=300"),
    ],
)
def test_a_queue_is_made_whatever_the_order_of_the_words(console: Console, words: tuple[str, ...]) -> None:
    said = console("queue", "set", *words)
    assert said.code == 0, said.err
    assert settings(console, "sales") == {"strategy": "round_robin", "max_wait": 300}
    assert members(console, "sales") == ["alice", "benoit"]
    row = console.rows("select * from queue where id = 'sales'")[0]
    assert (row["name"], row["recording"], row["music"]) == ("sales", 1, "")


def test_a_change_leaves_the_rest_as_it_was(console: Console) -> None:
    before = settings(console, "shop")
    assert console("queue", "set", "shop", "capacity=7", "overflow_to=null").code == 0
    assert settings(console, "shop") == {**before, "capacity": 7, "overflow_to": None}
    row = console.rows("select * from queue where id = 'shop'")[0]
    assert (row["name"], row["recording"]) == ("Shop", 1)
    assert members(console, "shop") == ["alice", "benoit", "carla"]

    console("queue", "set", "shop", "--agents")
    assert members(console, "shop") == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("strategy=nearest",), "strategy: Input should be 'ring_all', 'longest_idle'"),
        (("when_empty=hope",), "when_empty: Input should be 'wait', 'refuse' or 'leave'"),
        (("max_wait=long",), "max_wait: Input should be a valid number"),
        (("wrap_up=true",), "wrap_up: Input should be a valid number"),
        (("capacity=-1",), "queue.capacity must be greater than 0"),
        (('relax=[{"after": "soon"}]',), "relax.0.after: Input should be a valid number"),
        (("colour=red",), "A queue has no setting colour; there are ageing, announce_every"),
        (("name=x",), "A queue has no setting name"),
        (("capacity",), "Write capacity as KEY=VALUE."),
        (("overflow_to=nowhere",), "There is no queue nowhere to overflow to."),
        (("overflow_to=shop",), "queue.overflow_to must be another queue"),
        (("--agents", "zoe"), "There is no agent zoe; see `comptoir user list`."),
        (("--music", "/nowhere/x.wav"), "There is no file /nowhere/x.wav."),
        (("--record", "maybe"), "invalid choice: 'maybe'"),
    ],
)
def test_what_no_queue_could_honour_is_refused_and_changes_nothing(
    console: Console, words: tuple[str, ...], told: str
) -> None:
    before = console.rows("select * from queue"), members(console, "shop")
    said = console("queue", "set", "shop", *words)
    assert said.code != 0 and told in said.err
    assert (console.rows("select * from queue"), members(console, "shop")) == before


def test_a_queue_has_its_own_music_and_goes_back_to_the_house_s(console: Console, tmp_path: Path) -> None:
    music = tmp_path / "waltz.wav"
    with wave.open(str(music), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    assert console("queue", "set", "shop", "--music", music).code == 0
    assert console.rows("select music from queue")[0]["music"] == str(music)
    assert console("queue", "set", "shop", "--music", "").code == 0
    assert console.rows("select music from queue")[0]["music"] == ""


def test_the_queues_are_listed_with_who_serves_them(console: Console) -> None:
    said = console("queue", "list").out.splitlines()
    assert said[0].split() == ["queue", "name", "recorded", "agents", "settings"]
    assert "alice, benoit, carla" in said[1] and '"strategy": "longest_idle"' in said[1]
