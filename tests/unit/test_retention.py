"""Retention: what is old goes, what runs stays, and what cannot be deleted is tried again on another day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.recording_files import parts
from pbx.retention import Recorded, delete_files, expired

NOW = datetime(2026, 3, 4, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)


def recorded(
    hours: float = -1, state: str = "finished", path: Path = Path("r.wav"), deleted: bool = False
) -> Recorded:
    """A recording that began this many hours from the moment before which everything goes."""
    began = BEFORE + timedelta(hours=hours)
    return Recorded("r1", "c1", path, state, began, NOW if deleted else None)


@pytest.mark.parametrize("state", ["finished", "failed", "interrupted"])
def test_what_began_before_goes_however_it_ended(state: str) -> None:
    one = recorded(state=state)
    assert expired([one], BEFORE) == (one,)


def test_what_began_at_the_moment_itself_or_later_stays() -> None:
    assert expired([recorded(0), recorded(1)], BEFORE) == ()


@given(st.floats(-1e5, 1e5), st.booleans())
def test_what_runs_is_never_deleted(hours: float, deleted: bool) -> None:
    assert expired([recorded(hours, "recording", deleted=deleted)], BEFORE) == ()


def test_what_was_deleted_is_not_deleted_again() -> None:
    assert expired([recorded(deleted=True)], BEFORE) == ()


def test_a_recordings_file_goes_with_what_an_interruption_left(tmp_path: Path) -> None:
    path = tmp_path / "r.wav"
    files = (path, *parts(path, stereo=True), *parts(path, stereo=False))
    for file in (*files, tmp_path / "other.wav"):
        file.write_bytes(b"RIFF")
    assert delete_files([recorded(path=path)])
    assert [file.name for file in tmp_path.iterdir()] == ["other.wav"]


def test_a_file_that_is_gone_already_counts_as_deleted(tmp_path: Path) -> None:
    one = recorded(path=tmp_path / "gone.wav")
    assert delete_files([one]) == (one,)


def test_a_file_that_cannot_be_deleted_does_not_keep_others(tmp_path: Path) -> None:
    stubborn = tmp_path / "directory.wav"
    stubborn.mkdir()
    other = tmp_path / "r.wav"
    other.write_bytes(b"RIFF")
    gone = delete_files([recorded(path=stubborn), recorded(path=other)])
    assert [one.path for one in gone] == [other]
    assert not other.exists()
