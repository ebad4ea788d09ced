"""WAV files: shapes, repair, joining, levels, and the files of a recording."""

import struct
from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx import recording_files, wav
from tests import audio


def test_the_shape_of_a_file_is_read_past_unknown_chunks(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    wav.write_silence(path, 0.5, 8000)
    data = path.read_bytes()
    odd = data[:12] + struct.pack("<4sI", b"LIST", 3) + b"abc\0" + data[12:]
    path.write_bytes(odd)
    shape = wav.shape(path)
    assert (shape.rate, shape.channels, shape.seconds, shape.finished) == (8000, 1, 0.5, True)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"x" * 60, wav.header(8000, 1, 0)[:30], wav.header(8000, 6, 10)]
)
def test_what_is_no_playable_wav_file_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(wav.NotPlayable):
        wav.shape(tmp_path / "a.wav")


@given(st.integers(0, 4001), st.sampled_from([0, 10, 100_000]))
def test_repair_makes_header_and_file_agree(
    tmp_path_factory: pytest.TempPathFactory, length: int, said: int
) -> None:
    path = tmp_path_factory.mktemp("wav") / "a.wav"
    path.write_bytes(wav.header(8000, 1, said) + b"\1" * length)
    repaired = wav.repair(path)
    assert repaired.length == length - length % 2
    assert wav.shape(path).declared == length - length % 2
    if repaired.length:
        assert len(audio.read(path)[0]) == length // 2


def test_two_sides_become_one_file_of_the_longer_length(tmp_path: Path) -> None:
    audio.write_tone(tmp_path / "l.wav", 440, 20.0)
    audio.write_tone(tmp_path / "r.wav", 1000, 10.0)
    seconds = wav.join_stereo(tmp_path / "l.wav", tmp_path / "r.wav", tmp_path / "both.wav")
    samples, rate = audio.read(tmp_path / "both.wav")
    assert (seconds, rate, samples.shape) == (20.0, 8000, (160_000, 2))
    assert np.array_equal(samples[:, :1], audio.read(tmp_path / "l.wav")[0])
    assert np.array_equal(samples[:80_000, 1:], audio.read(tmp_path / "r.wav")[0])
    assert not samples[80_000:, 1].any()


def test_sides_of_different_rates_are_not_joined(tmp_path: Path) -> None:
    wav.write_silence(tmp_path / "l.wav", 1, 8000)
    wav.write_silence(tmp_path / "r.wav", 1, 16000)
    with pytest.raises(wav.NotPlayable):
        wav.join_stereo(tmp_path / "l.wav", tmp_path / "r.wav", tmp_path / "both.wav")


def test_levels_are_one_a_second(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    tone = audio.tone(500, 1.0, level=-17)
    audio.write(path, np.concatenate([tone, np.zeros(8000), tone[:4000]]))
    assert wav.levels(path) == pytest.approx([-20, -96, -20], abs=0.2)


def test_a_tone_has_the_asked_level(tmp_path: Path) -> None:
    wav.write_tone(tmp_path / "a.wav", 700, 0.5, 16000, -9)
    assert audio.tone_level(tmp_path / "a.wav", 700) == pytest.approx(-9, abs=0.1)


def _part(path: Path, seconds: float, declared: int = 0) -> None:
    samples = array("h", [5] * int(seconds * 8000))
    path.write_bytes(wav.header(8000, 1, declared) + samples.tobytes())


def test_orphans_of_a_crash_become_recordings(tmp_path: Path) -> None:
    deep = tmp_path / "2026" / "01"
    deep.mkdir(parents=True)
    _part(deep / "a.left.wav", 2.0)
    _part(deep / "a.right.wav", 1.5)
    _part(tmp_path / "b.mono.wav", 1.0)
    _part(tmp_path / "c.left.wav", 1.0)  # its right side was never made
    (tmp_path / "d.mono.wav").write_bytes(b"")
    found = dict(recording_files.rescue(tmp_path))
    assert found == {
        deep / "a.wav": 2.0, tmp_path / "b.wav": 1.0, tmp_path / "c.wav": None, tmp_path / "d.wav": None
    }  # fmt: skip
    assert wav.shape(deep / "a.wav").channels == 2
    assert sorted(one.name for one in deep.iterdir()) == ["a.wav"]


def test_the_size_of_a_running_recording_is_that_of_its_smaller_side(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    assert recording_files.size(path) == 0
    _part(tmp_path / "a.left.wav", 1.0)
    _part(tmp_path / "a.right.wav", 0.5)
    assert recording_files.size(path) == 44 + 8000
