"""Recordings of contacts: the row first, then the file; pauses, disk and growth."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from config.settings import RecordingSettings
from pbx import recording, wav
from pbx.bus import Bus
from pbx.calls.fake_media import FakeMedia
from pbx.contract.events import RecordingChanged
from pbx.errors import DatabaseAway
from pbx.events import RecordingStopped
from pbx.recording import RecordingEnd, RecordingRow, Recordings

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


class FakeStore:
    """Rows in memory; `hold` delays the next insert, `away` refuses it."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.rows: list[RecordingRow] = []
        self.ends: dict[str, RecordingEnd] = {}
        self.away = False
        self.held: Deferred[None] | None = None

    async def opened(self, row: RecordingRow) -> None:
        if self.away:
            raise DatabaseAway("away")
        if self.held is not None:
            await self.held
        self.log.append("row")
        self.rows.append(row)

    async def closed(self, recording: str, end: RecordingEnd) -> None:
        self.log.append("closed")
        self.ends[recording] = end


class LoggingMedia(FakeMedia):
    def __init__(self, bus: Bus, log: list[str]) -> None:
        super().__init__(bus)
        self.log = log

    def record(self, recording: str, left: str, right: str | None, path: Path) -> None:
        self.log.append(f"record {left} {right}")
        super().record(recording, left, right, path)


def in_this_thread(work: Callable[..., Any], *args: Any) -> Deferred[Any]:
    return maybeDeferred(work, *args)


class Office:
    def __init__(self, directory: Path) -> None:
        self.clock = Clock()
        self.bus = Bus(self.clock)
        self.log: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.bus.subscribe(RecordingChanged, lambda event: self.told.append((event.type, event.reason)))
        self.media = LoggingMedia(self.bus, self.log)
        self.store = FakeStore(self.log)
        self.free = 5_000_000_000
        self.recordings = Recordings(
            self.clock, self.bus, self.media, self.store, RecordingSettings(directory=directory / "rec"),
            in_thread=in_this_thread, now=lambda: NOW, free=lambda path: self.free,
        )  # fmt: skip
        self.close: Callable[[], None] = lambda: None
        Deferred.fromCoroutine(self.recordings.open()).addCallback(
            lambda close: setattr(self, "close", close)
        )

    def turn(self, seconds: float = 0.0) -> None:
        self.clock.pump([seconds, 0, 0])

    def start(self, contact: str = "c1") -> RecordingRow:
        self.recordings.start(contact, "sales", "cust", "agent")
        self.turn()
        return self.store.rows[-1]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_row_is_written_before_the_first_sample(office: Office) -> None:
    row = office.start()
    assert office.log == ["row", "record cust agent"]
    assert (row.contact, row.queue, row.started_at) == ("c1", "sales", NOW)
    assert row.path == office.recordings._settings.directory / "2026" / "03" / "04" / f"{row.id}.wav"
    assert row.path.parent.is_dir()
    assert office.told == [("recording.started", "")]
    assert office.recordings.state("c1") == "recording"


def test_without_a_row_nothing_is_recorded(office: Office) -> None:
    office.store.away = True
    office.recordings.start("c1", None, "cust", "agent")
    office.turn()
    assert office.log == []
    assert office.told == [("recording.failed", recording.NO_ROW)]
    assert office.recordings.state("c1") == "off"


def test_a_contact_that_ends_before_its_row_is_written_is_not_recorded(office: Office) -> None:
    office.store.held = Deferred()
    office.recordings.start("c1", None, "cust", "agent")
    office.recordings.stop("c1")
    office.store.held.callback(None)
    office.turn()
    assert office.log == ["row", "closed"]


def test_a_full_disk_refuses_a_recording(office: Office) -> None:
    office.free = 999_999_999
    office.recordings.start("c1", None, "cust", "agent")
    office.turn()
    assert office.log == []
    assert office.told == [("recording.failed", recording.NO_SPACE)]


def test_a_disk_that_fills_up_ends_what_runs_and_says_why(office: Office) -> None:
    row = office.start()
    office.free = 10
    office.turn(10)
    office.turn()
    assert office.media.recordings[row.id][-1] == "stopped"
    assert office.told[-1] == ("recording.failed", recording.NO_SPACE)
    assert office.store.ends[row.id].error == recording.NO_SPACE


def test_an_end_completes_the_row(office: Office) -> None:
    row = office.start()
    office.recordings.stop("c1")
    office.turn()
    assert office.store.ends[row.id] == RecordingEnd(NOW, 12.0, began_at=NOW)
    assert office.told[-1] == ("recording.finished", "")
    office.recordings.stop("c1")
    office.turn()
    assert office.log.count("closed") == 1


def test_pauses_are_noted_in_seconds_since_the_start(office: Office) -> None:
    row = office.start()
    assert not office.recordings.resume("c1")
    office.turn(2)
    assert office.recordings.pause("c1")
    assert not office.recordings.pause("c1")
    assert office.recordings.state("c1") == "paused"
    office.turn(3)
    assert office.recordings.resume("c1")
    office.turn(1)
    assert office.recordings.pause("c1")
    office.turn(4)
    office.recordings.stop("c1")
    office.turn()
    assert office.store.ends[row.id].pauses == ((2, 5), (6, 10))
    assert [told for told, _ in office.told] == [
        "recording.started", "recording.paused", "recording.resumed", "recording.paused", "recording.finished"
    ]  # fmt: skip


def test_pausing_what_is_not_recorded_is_refused(office: Office) -> None:
    assert not office.recordings.pause("none")
    assert not office.recordings.resume("none")


def test_a_new_agent_goes_on_in_the_same_recording(office: Office) -> None:
    row = office.start()
    office.recordings.start("c1", "sales", "cust", "other")
    office.turn()
    assert len(office.store.rows) == 1
    assert office.media.recordings[row.id][-1] == "with other"


def test_a_recorder_that_failed_is_told_of(office: Office) -> None:
    row = office.start()
    office.bus.publish(RecordingStopped(row.id, 0.0, "The recorder could not be opened"))
    office.turn()
    assert office.told[-1] == ("recording.failed", "The recorder could not be opened")
    assert office.recordings.state("c1") == "off"
    assert office.store.ends[row.id].error


def test_a_recording_that_does_not_grow_is_reported_once(office: Office) -> None:
    row = office.start()
    side = row.path.with_suffix(".left.wav")
    side.write_bytes(b"x" * 100)
    for _ in range(4):
        office.turn(10)
    failures = [told for told in office.told if told == ("recording.failed", recording.NO_GROWTH)]
    assert len(failures) == 1
    side.write_bytes(b"x" * 200)
    for _ in range(4):
        office.turn(10)
    failures = [told for told in office.told if told == ("recording.failed", recording.NO_GROWTH)]
    assert len(failures) == 2, "it grew in between"


def test_a_growing_recording_is_left_alone(office: Office) -> None:
    row = office.start()
    side = row.path.with_suffix(".left.wav")
    for size in range(1, 6):
        side.write_bytes(b"x" * size)
        office.turn(10)
    assert office.told == [("recording.started", "")]


def test_what_a_dead_process_left_is_finished_at_the_start(tmp_path: Path) -> None:
    directory = tmp_path / "rec" / "2026"
    directory.mkdir(parents=True)
    for side in ("left", "right"):
        wav.write_silence(directory / f"old.{side}.wav", 2.0, 8000)
    (directory / "bad.mono.wav").write_bytes(b"")
    office = Office(tmp_path)
    office.turn()
    assert (directory / "old.wav").exists()
    assert office.store.ends["old"] == RecordingEnd(None, 2.0)
    assert office.store.ends["bad"].error


def test_an_orderly_stop_waits_for_the_rows(office: Office) -> None:
    row = office.start()
    done: list[object] = []
    Deferred.fromCoroutine(office.recordings.finish()).addCallback(done.append)
    office.clock.pump([0, 0, 0.06, 0.06])
    assert done == [None]
    assert row.id in office.store.ends
    office.close()
    assert not office.clock.getDelayedCalls()


def test_two_contacts_are_recorded_apart(office: Office) -> None:
    one, other = office.start("c1"), office.start("c2")
    office.recordings.stop("c1")
    office.turn()
    assert office.recordings.state("c2") == "recording"
    assert list(office.store.ends) == [one.id] != [other.id]


def test_a_contact_that_is_recorded_anew_before_the_files_are_closed_has_two_complete_rows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing: list[str] = []
    monkeypatch.setattr(office.media, "stop_recording", closing.append)
    first = office.start()
    office.recordings.stop("c1")
    second = office.start()
    office.bus.publish(RecordingStopped(first.id, 5.0))
    office.turn()

    assert (closing, set(office.store.ends)) == ([first.id], {first.id})
    assert office.recordings.state("c1") == "recording"

    office.recordings.stop("c1")
    office.bus.publish(RecordingStopped(second.id, 7.0))
    office.turn()
    assert set(office.store.ends) == {first.id, second.id}
