"""Speech by real commands, run by the reactor of the media process."""

import shutil
import sys
from pathlib import Path

import pytest

from pbx import wav
from pbx.media import resample
from tests import audio
from tests.mediabox import MediaBox


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your order left on Tuesday."),
        ("fr", "Votre commande est partie mardi."),
        ("pt", "A sua encomenda."),
    ],
)
def test_espeak_speaks_each_language(box: MediaBox, tmp_path: Path, language: str, text: str) -> None:
    box.do("render", text, language, str(tmp_path / "raw.wav"))
    assert box.wait("Rendered")["error"] == ""
    resample.convert(tmp_path / "raw.wav", tmp_path / "said.wav", 8000, speech=True)
    assert wav.shape(tmp_path / "said.wav").seconds > 0.7
    assert audio.speech_seconds(tmp_path / "said.wav") > 0.5


def test_another_command_gets_text_voice_and_output(box: MediaBox, tmp_path: Path) -> None:
    script = "import sys; open(sys.argv[2], 'wb').write(sys.argv[1].encode() + sys.stdin.buffer.read())"
    command = [sys.executable, "-c", script, "{voice}/{speed}/", "{output}"]
    box.do("render", "olá", "pt", str(tmp_path / "o"), command=command)
    assert box.wait("Rendered")["error"] == ""
    assert (tmp_path / "o").read_text(encoding="utf-8") == "pt-pt/150/olá"


def test_a_command_that_fails_says_why(box: MediaBox) -> None:
    box.do("render", "x", "en", "o", command=[sys.executable, "-c", "import sys; sys.exit('no such voice')"])
    told = box.wait("Rendered")
    assert told["error"] == "NotSpoken"
    assert "no such voice" in told["why"]


def test_a_command_that_hangs_is_ended(box: MediaBox) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    box.do("render", "x", "en", "o", command=command, render_timeout=0.3)
    assert "too long" in box.wait("Rendered", timeout=3)["why"]


@pytest.mark.parametrize("program", ["no-such-program", "{unknown}"])
def test_a_missing_or_misspelt_command_is_an_error_and_no_crash(box: MediaBox, program: str) -> None:
    box.do("render", "x", "en", "o", command=[program])
    assert box.wait("Rendered")["error"] == "NotSpoken"
