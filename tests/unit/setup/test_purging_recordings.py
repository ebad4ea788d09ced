"""`comptoir recordings purge`: what is old goes at once, with its files; what is younger or runs stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from console import Console
from sqlalchemy import create_engine, insert

from agent_ui.cobrowse.tables import cobrowse_replay
from pbx import tables

NOW = datetime.now(UTC)


@pytest.fixture
def files(console: Console) -> dict[str, Path]:
    """Recordings and replays of contacts that were 40 and 10 days ago, and a recording that runs since 40 days."""
    state = console.database.parent
    engine = create_engine(f"sqlite:///{console.database}")
    made: dict[str, Path] = {}
    with engine.begin() as connection:
        for name, days, running in (("old", 40, False), ("young", 10, False), ("running", 40, True)):
            began = NOW - timedelta(days=days)
            made[f"{name}.wav"] = state / f"{name}.wav"
            connection.execute(
                insert(tables.recording).values(
                    id=name, contact_id=name, kind="call", path=str(state / f"{name}.wav"), started_at=began,
                    state="recording" if running else "finished", pauses=[], error="",
                )
            )  # fmt: skip
            if not running:
                made[f"{name}.replay"] = state / "replays" / f"{name}.replay"
                connection.execute(
                    insert(cobrowse_replay).values(
                        session=name, contact=name, site="shop", file=f"{name}.replay", started_at=began,
                        state="finished", bytes=1,
                    )
                )  # fmt: skip
    engine.dispose()
    for path in made.values():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return made


def left(files: dict[str, Path]) -> set[str]:
    return {name for name, path in files.items() if path.exists()}


def test_what_is_older_is_deleted_and_counted(console: Console, files: dict[str, Path]) -> None:
    said = console("recordings", "purge", "--older-than", "30d")
    assert (said.code, said.out.splitlines()) == (0, ["recordings deleted: 1", "replays deleted: 1"])
    assert left(files) == {"young.wav", "young.replay", "running.wav"}
    rows = {row["id"]: row["deleted_at"] for row in console.rows("select id, deleted_at from recording")}
    assert rows["old"] is not None
    assert (rows["young"], rows["running"]) == (None, None)
    again = console("recordings", "purge", "--older-than", "30d")
    assert again.out.splitlines() == ["recordings deleted: 0", "replays deleted: 0"]


def test_an_age_that_is_none_deletes_nothing(console: Console, files: dict[str, Path]) -> None:
    said = console("recordings", "purge", "--older-than", "a month")
    assert said.code == 2
    assert "is not a duration" in said.err
    assert console("recordings", "purge").code == 2
    assert left(files) == set(files)
