"""What of a session is kept: what was seen, from one snapshot on without a gap, as much as there is room for."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from unit.agent_ui.cobrowse.mirrored import POLICY

from agent_ui.cobrowse.parties import About
from agent_ui.cobrowse.replay_cut import Cut, Keep
from agent_ui.cobrowse.replay_file import unpacked
from agent_ui.cobrowse.replay_store import Replay, add_replay, kept_replays
from agent_ui.cobrowse.replays import Replays, Room
from agent_ui.cobrowse.stream import Batch
from config.database import create_engine_for, metadata, session_factory
from config.settings import DatabaseSettings

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ABOUT = About("s1", "c1", "v1", POLICY, {}, kept=True)


def batch(seq: int, epoch: str = "p1", whole: bool = False, text: str = "") -> Batch:
    events = ({"type": 2 if whole else 3, "data": {"text": text or f"{epoch}/{seq}"}},)
    return Batch(epoch, seq, events, 100, whole)


@dataclass
class Keeping:
    """Replays with a clock and a disk of the test's. `all` stops writing and gives what is in the file."""

    directory: Path
    sessions: Any
    largest: int = 1_000_000
    space: int = 10_000
    passed: float = 0.0
    replays: Replays = field(init=False)
    stop: Callable[[], None] = field(init=False)

    def begin(self) -> "Keeping":
        room = Room(self.directory, self.largest, 1000, free=lambda _: self.space)
        self.replays = Replays(room, self.sessions, lambda: NOON + timedelta(seconds=self.passed))
        self.stop = self.replays.start()
        return self

    def take(self, one: Batch, seen: bool = True) -> bool:
        return self.replays.take(ABOUT, one, seen)

    def rows(self) -> tuple[Replay, ...]:
        with self.sessions() as database:
            return kept_replays(database)

    def all(self) -> list[dict[str, Any]]:
        self.stop()
        (row,) = self.rows()
        with (self.directory / row.file).open("rb") as file:
            return list(unpacked(file))

    def shown(self) -> list[str]:
        return [
            one["gap"] if "gap" in one else one["events"][0]["data"]["text"]
            for one in self.all()
            if "at" in one
        ]


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    engine = create_engine_for(DatabaseSettings(url=f"sqlite:///{tmp_path / 'some.db'}"))
    metadata.create_all(engine)
    yield Keeping(tmp_path / "replays", session_factory(engine))
    engine.dispose()


def test_what_was_shown_is_kept_with_the_time_since_the_beginning(keeping: Keeping) -> None:
    keeping.begin()
    assert not keeping.take(batch(1, whole=True))
    keeping.passed = 1.5
    keeping.take(batch(2))
    head, first, second = keeping.all()
    assert head == {"session": "s1", "contact": "c1", "began": NOON.timestamp() * 1000}
    assert (first["at"], first["epoch"], first["events"][0]["data"]) == (0, "p1", {"text": "p1/1"})
    assert second["at"] == 1500
    (row,) = keeping.rows()
    assert (row.state, row.started_at, row.ended_at) == ("finished", NOON, NOON + timedelta(seconds=1.5))
    assert row.bytes == (keeping.directory / row.file).stat().st_size


def test_only_this_user_can_read_it(keeping: Keeping) -> None:
    os.umask(0o022)
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.all()
    path = keeping.directory / keeping.rows()[0].file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in (keeping.directory, *path.parents[:3])} == {0o700}


def test_what_nobody_saw_is_not_kept_and_what_follows_waits_for_a_snapshot(keeping: Keeping) -> None:
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.replays.gap("s1", "paying")
    assert keeping.replays.waits("s1")
    assert not keeping.take(batch(2, text="4111"), seen=False)
    assert keeping.take(batch(3))
    assert not keeping.take(batch(4, whole=True))
    assert not keeping.replays.waits("s1")
    assert keeping.shown() == ["p1/1", "paying", "p1/4"]


def test_another_page_begins_with_its_own_snapshot(keeping: Keeping) -> None:
    keeping.begin()
    keeping.take(batch(1, whole=True))
    assert keeping.take(batch(1, "p2"))
    keeping.take(batch(2, "p2", whole=True))
    assert keeping.take(batch(2, "p1"))
    assert keeping.shown() == ["p1/1", "p2/2"]


def test_without_anything_seen_there_is_no_file(keeping: Keeping) -> None:
    keeping.begin()
    keeping.take(batch(1, whole=True), seen=False)
    keeping.stop()
    assert keeping.rows() == ()
    assert list(keeping.directory.rglob("*.replay")) == []


def test_a_replay_ends_where_it_would_become_too_large(keeping: Keeping) -> None:
    keeping.largest = 3000
    keeping.begin()
    keeping.take(batch(1, whole=True))
    for seq in range(2, 200):
        keeping.take(batch(seq, text=os.urandom(40).hex()))
    assert 10 < len(keeping.shown()) < 100
    (row,) = keeping.rows()
    assert row.state == "full"
    assert row.bytes <= 3000


def test_a_replay_that_packs_suspiciously_well_ends_before_it_is_too_large_to_be_read(
    keeping: Keeping,
) -> None:
    keeping.largest = 3000
    keeping.begin()
    keeping.take(batch(1, whole=True))
    for seq in range(2, 400):
        keeping.take(batch(seq, text="the same"))
    assert len(keeping.shown()) == 4 * 3000 / 100
    (row,) = keeping.rows()
    assert row.state == "full"
    assert row.bytes < 3000


def test_nothing_is_written_to_a_disk_that_is_nearly_full(keeping: Keeping) -> None:
    keeping.space = 999
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.stop()
    assert keeping.rows() == ()


def test_a_disk_that_fails_ends_the_replay_and_nothing_else(keeping: Keeping) -> None:
    keeping.directory.write_text("a file where the directory should be")
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.take(batch(2))
    keeping.stop()
    assert keeping.rows() == ()


def test_nothing_stays_of_a_session_in_which_a_cards_number_was_seen(keeping: Keeping) -> None:
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.replays.end("s1", forget=True)
    keeping.stop()
    assert keeping.rows() == ()
    assert list(keeping.directory.rglob("*.replay")) == []
    with keeping.sessions() as database:
        assert database.execute(text("select count(*) from cobrowse_replay")).scalar() == 1


def test_what_a_process_that_died_was_writing_is_complete_as_far_as_it_is_whole(keeping: Keeping) -> None:
    keeping.begin()
    keeping.take(batch(1, whole=True))
    keeping.passed = 2.0
    keeping.take(batch(2))
    keeping.stop()
    (row,) = keeping.rows()
    path = keeping.directory / row.file
    path.write_bytes(path.read_bytes()[:-3])
    with keeping.sessions.begin() as database:
        database.execute(text("update cobrowse_replay set state = 'running', ended_at = null"))
        add_replay(database, Replay("s2", "c2", "shop", "gone.replay", NOON))
    keeping.begin().stop()
    first, second = keeping.rows()
    assert (first.state, first.ended_at, first.bytes) == ("cut_off", NOON, path.stat().st_size)
    assert (second.state, second.bytes) == ("cut_off", 0)


@pytest.mark.parametrize(
    ("epoch", "one", "seen", "kept", "after"),
    [
        ("", batch(1, whole=True), True, Keep.YES, "p1"),
        ("", batch(1), True, Keep.SNAPSHOT, ""),
        ("", batch(1, whole=True), False, Keep.NO, ""),
        ("p1", batch(2), True, Keep.YES, "p1"),
        ("p1", batch(2), False, Keep.NO, ""),
        ("p1", batch(2, "p2"), True, Keep.SNAPSHOT, "p1"),
        ("p1", batch(2, "p2", whole=True), True, Keep.YES, "p2"),
    ],
)
def test_what_becomes_of_a_batch(epoch: str, one: Batch, seen: bool, kept: Keep, after: str) -> None:
    cut = Cut(epoch)
    assert (cut.take(one, seen), cut.epoch) == (kept, after)
