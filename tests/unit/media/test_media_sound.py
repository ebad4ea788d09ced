"""Conversion, hold music and the beep, measured as audio."""

import wave
from pathlib import Path

import numpy as np
import pytest

from pbx import wav
from pbx.media import music, resample
from tests import audio


@pytest.mark.parametrize(
    ("from_rate", "to_rate"), [(22050, 8000), (22050, 16000), (8000, 16000), (44100, 8000)]
)
def test_a_tone_keeps_its_pitch_level_and_length(tmp_path: Path, from_rate: int, to_rate: int) -> None:
    source = audio.write_tone(tmp_path / "in.wav", 1000, 0.5, from_rate, -10)
    resample.convert(source, tmp_path / "out.wav", to_rate, speech=False)
    samples, rate = audio.read(tmp_path / "out.wav")
    assert (rate, len(samples)) == (to_rate, pytest.approx(to_rate / 2, abs=2))
    assert audio.tone_level(tmp_path / "out.wav", 1000, 0.1, 0.4) == pytest.approx(-10, abs=0.2)


def test_what_the_lower_rate_cannot_hold_is_filtered_out(tmp_path: Path) -> None:
    source = audio.write_tone(tmp_path / "in.wav", 5000, 0.3, 22050, -6)  # would fold to 3,000 Hz
    resample.convert(source, tmp_path / "out.wav", 8000, speech=False)
    assert audio.level(tmp_path / "out.wav", 0.05, 0.25) < -55


def test_speech_is_trimmed_and_levelled(tmp_path: Path) -> None:
    quiet = np.concatenate([np.zeros(8000), audio.tone(500, 1.0, level=-40), np.zeros(16000)])
    resample.convert(audio.write(tmp_path / "in.wav", quiet), tmp_path / "out.wav", 8000, speech=True)
    samples, rate = audio.read(tmp_path / "out.wav")
    assert len(samples) / rate == pytest.approx(1.1, abs=0.02)
    assert audio.level(tmp_path / "out.wav") == pytest.approx(-20, abs=0.5)


def test_a_lone_peak_is_not_clipped(tmp_path: Path) -> None:
    spiky = audio.tone(500, 1.0, level=-50)
    spiky[4000] = 0.9
    resample.convert(audio.write(tmp_path / "in.wav", spiky), tmp_path / "out.wav", 8000, speech=True)
    assert np.abs(audio.read(tmp_path / "out.wav")[0]).max() <= 0.9


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_all_pcm_widths_and_channels_are_read(tmp_path: Path, width: int) -> None:
    tone = audio.tone(500, 0.2, level=-10)
    scaled = (tone * (2 ** (8 * width - 1) - 1)).astype(np.int64) + (128 if width == 1 else 0)
    frames = b"".join(int(one).to_bytes(width, "little", signed=width > 1) * 2 for one in scaled)
    with wave.open(str(tmp_path / "in.wav"), "wb") as target:
        target.setparams((2, width, 8000, len(tone), "NONE", ""))
        target.writeframes(frames)
    resample.convert(tmp_path / "in.wav", tmp_path / "out.wav", 8000, speech=False)
    assert audio.tone_level(tmp_path / "out.wav", 500) == pytest.approx(-10, abs=0.3)
    assert audio.read(tmp_path / "out.wav")[0].shape[1] == 1


@pytest.mark.parametrize(
    "content", [b"", b"ID3 an mp3", wav.header(8000, 1, 0), wav.header(4000, 1, 2) + b"\0\0"]
)
def test_what_cannot_be_converted_is_refused_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in.wav").write_bytes(content)
    with pytest.raises(wav.NotPlayable):
        resample.convert(tmp_path / "in.wav", tmp_path / "out.wav", 8000, speech=False)
    assert [one.name for one in tmp_path.iterdir()] == ["in.wav"]


def test_the_shipped_music_is_calm_even_and_loops_without_a_click(tmp_path: Path) -> None:
    path = music.hold_music(tmp_path)
    samples, rate = audio.part(path)
    assert len(samples) / rate == 64
    assert audio.rms(samples) == pytest.approx(-20, abs=0.5)
    assert np.abs(samples).max() < 0.95
    seconds = [audio.rms(samples[at : at + rate]) for at in range(0, len(samples), rate)]
    assert max(seconds) - min(seconds) < 8
    assert abs(samples[0] - samples[-1]) <= np.abs(np.diff(samples)).max()
    spectrum = np.abs(np.fft.rfft(samples[: 8 * rate]))
    assert spectrum[2200 * 8 :].sum() < 0.02 * spectrum.sum(), "nothing shrill"
    before = path.stat().st_mtime_ns
    assert music.hold_music(tmp_path).stat().st_mtime_ns == before, "made once"


def test_a_setting_may_name_other_music(tmp_path: Path) -> None:
    assert music.hold_music(tmp_path, "/srv/music.wav") == Path("/srv/music.wav")
    assert not list(tmp_path.iterdir())


def test_the_beep_is_a_short_tone(tmp_path: Path) -> None:
    path = music.beep(tmp_path)
    assert wav.shape(path).seconds == pytest.approx(0.35, abs=0.01)
    assert audio.tone_level(path, music.BEEP_HERTZ) > -18
