"""`comptoir call` against the media stack."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import audio
from tests.driven import ROOT
from tests.mediabox import MediaBox

RUN = """
import argparse, sys
from config.settings import Settings
from pbx.media import testcall
parser = argparse.ArgumentParser()
testcall.command(parser.add_subparsers())
arguments = parser.parse_args(["call", *sys.argv[1:]])
sys.exit(arguments.run(arguments, Settings()))
"""


def _call(box: MediaBox, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments, "--server", f"127.0.0.1:{box.port}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def test_it_tells_what_was_heard_and_presses_keys(box: MediaBox, tmp_path: Path) -> None:
    prompt = audio.write_tone(tmp_path / "prompt.wav", 500, 1.5)
    calling = _call(box, "100", "--seconds", "2.5", "--keys", "0.5:12#", "--json")
    leg = box.incoming(called="100")
    box.do("ring", leg)
    box.do("answer", leg)
    box.do("play", leg, "p", [str(prompt)])
    assert "".join(box.wait("LegDigit", leg=leg)["digit"] for _ in range(3)) == "12#"
    output, complaint = calling.communicate(timeout=15)
    assert complaint == ""
    report = json.loads(output)
    assert 0 < report["rang_after"] <= report["answered_after"] < 3
    assert report["speech_seconds"] in (1, 2)
    assert report["levels"][0] > -30
    assert (report["ended_by"], report["status"]) == ("us", 200)
    assert calling.returncode == 0


def test_silence_and_no_answer_have_exit_codes_of_their_own(box: MediaBox) -> None:
    calling = _call(box, "100", "--seconds", "0.6")
    box.answered()
    assert "Something was heard in 0 of" in calling.communicate(timeout=15)[0]
    assert calling.returncode == 3
    calling = _call(box, "100")
    box.do("reject", box.incoming(), 486)
    assert "Not answered.\nEnded by the other side: 486" in calling.communicate(timeout=15)[0]
    assert calling.returncode == 1


@pytest.mark.parametrize("keys", ["12", "-1:5", "x:1", "3:", "3:hello"])
def test_keys_that_cannot_be_pressed_are_refused(box: MediaBox, keys: str) -> None:
    calling = _call(box, "100", f"--keys={keys}")
    assert "is not SECONDS:KEYS" in calling.communicate(timeout=15)[1]
    assert calling.returncode == 2
