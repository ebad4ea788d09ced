"""The rows of replays and of who watched, on each database, and what retention makes of them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from agent_ui.cobrowse import replay_store as store
from agent_ui.cobrowse.replay_retention import ReplayRetention, purge
from agent_ui.cobrowse.replay_store import Replay, Watch
from agent_ui.cobrowse.tables import cobrowse_replay, recording_watch
from config.settings import CobrowseSettings, RecordingSettings, Settings
from tests.records import NOON, Records, at

HOUR = 3600.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    kept = RecordingSettings(retention=24 * HOUR)
    return Settings(recording=kept, cobrowse=CobrowseSettings(replays=tmp_path))


@pytest.fixture
def replays(records: Records) -> Records:
    """Without any."""
    with records.sessions.begin() as database:
        for table in (cobrowse_replay, recording_watch):
            database.execute(delete(table))
    return records


def keep(
    records: Records, settings: Settings, session: str, seconds: float, state: str = store.FINISHED
) -> Path:
    """A replay with its file, begun so many seconds after noon."""
    file = settings.cobrowse.replays / f"{session}.replay"
    file.write_bytes(b"comptoir replay 1\n")
    with records.sessions.begin() as database:
        store.add_replay(database, Replay(session, f"contact-{session}", "shop", file.name, at(seconds)))
        if state != store.RUNNING:
            store.close_replay(database, session, state, 18, at(seconds + 60))
    return file


def sessions(found: tuple[Replay, ...]) -> list[str]:
    return [one.session for one in found]


class Storage:
    """`agent_ui.storage.Storage` without its threads."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def run(self, work: Any, *args: Any) -> Any:
        with self._records.sessions.begin() as database:
            return work(database, *args)


def test_a_replay_is_read_back_as_it_was_written(replays: Records, settings: Settings) -> None:
    keep(replays, settings, "s1", 0)
    with replays.sessions() as database:
        (one,) = store.kept_replays(database)
    assert one == Replay(
        "s1", "contact-s1", "shop", "s1.replay", NOON, at(60), store.FINISHED, bytes=18, deleted_at=None
    )


def test_replays_are_found_by_contact_and_by_time(replays: Records, settings: Settings) -> None:
    for number in range(4):
        keep(replays, settings, f"s{number}", number * HOUR)
    with replays.sessions.begin() as database:
        assert sessions(store.replays_of(database, ["contact-s2", "contact-s0", "x"])) == ["s0", "s2"]
        assert sessions(store.replays_between(database, at(HOUR), at(3 * HOUR), 2)) == ["s3", "s2"]
        store.mark_deleted(database, ["s2"], at(0))
        assert sessions(store.replays_of(database, ["contact-s2"])) == []
        assert sessions(store.kept_replays(database)) == ["s0", "s1", "s3"]


def test_the_record_of_who_watched_is_read_back_in_order(replays: Records) -> None:
    lines = [
        Watch(at(number), "sam", action, "c1", f"part-{number}", "::1")
        for number, action in enumerate(("heard", "watched", "heard"))
    ]
    with replays.sessions.begin() as database:
        for line in lines:
            store.add_watch(database, line)  # type: ignore[arg-type]
    with replays.sessions() as database:
        assert store.watches_of(database, "c1") == tuple(lines)
        assert store.watches_of(database, "c2") == ()


def test_what_is_old_is_deleted_every_day(replays: Records, settings: Settings) -> None:
    files = [keep(replays, settings, f"s{hours}", hours * HOUR) for hours in (0, 12, 30)]
    running = keep(replays, settings, "running", 0, store.RUNNING)
    now: list[datetime] = [at(25 * HOUR)]
    slept: list[float] = []

    class Enough(BaseException):
        """The test has seen enough days."""

    def a_day_passes(seconds: float) -> None:
        slept.append(seconds)
        now[0] += timedelta(seconds=seconds)
        if len(slept) == 2:
            raise Enough

    retention = ReplayRetention(Storage(replays), settings, lambda: now[0], a_day_passes)  # type: ignore[arg-type]
    retention.run()
    assert [file.exists() for file in files] == [False, True, True]
    with pytest.raises(Enough):
        retention._daily()
    assert [file.exists() for file in files] == [False, False, True]
    assert running.exists()
    with replays.sessions() as database:
        assert sessions(store.kept_replays(database)) == ["running", "s30"]


def test_kept_for_ever_is_for_ever(replays: Records, tmp_path: Path) -> None:
    settings = Settings(recording=RecordingSettings(retention=0), cobrowse=CobrowseSettings(replays=tmp_path))
    file = keep(replays, settings, "s1", 0)
    ReplayRetention(Storage(replays), settings, lambda: at(1e9)).run()  # type: ignore[arg-type]
    assert file.exists()


def test_a_replay_goes_with_the_recording_of_its_contact(replays: Records, settings: Settings) -> None:
    first, second = keep(replays, settings, "s1", 0), keep(replays, settings, "s2", 0)
    with replays.sessions.begin() as database:
        purged = purge(database, settings, at(-HOUR), at(HOUR), frozenset({"contact-s2"}))
    assert purged.said == "replays deleted: 1"
    assert (first.exists(), second.exists()) == (True, False)


def test_a_file_that_is_gone_already_is_marked(replays: Records, settings: Settings) -> None:
    keep(replays, settings, "s1", 0).unlink()
    with replays.sessions.begin() as database:
        purge(database, settings, at(HOUR), at(2 * HOUR))
    with replays.sessions() as database:
        assert store.kept_replays(database) == ()
