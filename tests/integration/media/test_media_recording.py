"""Recordings: the right voice on the right side, at the right time."""

import time

import pytest

from pbx import recording_files
from tests import audio
from tests.mediabox import MediaBox
from tests.phone import Phone


def _stopped(box: MediaBox, recording: str) -> float:
    box.do("stop_recording", recording)
    told = box.wait("RecordingStopped", recording=recording)
    assert told["error"] == ""
    return told["seconds"]


def test_the_customer_is_left_and_the_agent_right(box, alice, bob, conversation, tmp_path) -> None:
    path = tmp_path / "talk.wav"
    alice.tone(conversation.alice, 440)
    bob.tone(conversation.bob, 1000)
    time.sleep(0.3)
    box.do("record", "rec", conversation.left, conversation.right, str(path))
    time.sleep(1.5)
    seconds = _stopped(box, "rec")
    assert seconds == pytest.approx(1.5, abs=0.2)
    assert audio.tone_level(path, 440, 0.3, 1.2, channel=0) > -18
    assert audio.tone_level(path, 1000, 0.3, 1.2, channel=1) > -18
    assert audio.tone_level(path, 1000, 0.3, 1.2, channel=0) < -40
    assert audio.tone_level(path, 440, 0.3, 1.2, channel=1) < -40
    assert [one.name for one in tmp_path.iterdir()] == ["talk.wav"], "no part is left behind"


def test_both_sides_are_aligned_within_40_ms(box, alice, bob, conversation, tmp_path) -> None:
    """One sound, played by us to both legs' recorders at one moment, must stand at one place on both sides: the
    tone is on Alice's line, and a second recording hears that same line on both sides."""
    box.do("record", "rec", conversation.left, conversation.left, str(tmp_path / "twice.wav"))
    time.sleep(0.5)
    alice.tone(conversation.alice, 440)
    time.sleep(0.6)
    _stopped(box, "rec")
    left, right = (audio.onset(tmp_path / "twice.wav", 440, channel) for channel in (0, 1))
    assert left is not None
    assert right is not None
    assert abs(left - right) <= 0.04
    assert left == pytest.approx(0.6, abs=0.25)


def test_a_pause_is_silence_of_its_own_length(box, alice, bob, conversation, tmp_path) -> None:
    path = tmp_path / "pause.wav"
    alice.tone(conversation.alice, 440)
    bob.tone(conversation.bob, 1000)
    time.sleep(0.3)
    box.do("record", "rec", conversation.left, conversation.right, str(path))
    time.sleep(1)
    box.do("pause_recording", "rec")
    time.sleep(1)
    box.do("resume_recording", "rec")
    time.sleep(1)
    assert _stopped(box, "rec") == pytest.approx(3, abs=0.25)
    for channel, hertz in ((0, 440), (1, 1000)):
        assert audio.tone_level(path, hertz, 0.3, 0.8, channel) > -18
        assert audio.level(path, 1.2, 1.8, channel) < -80
        assert audio.tone_level(path, hertz, 2.3, 2.8, channel) > -18


def test_after_a_transfer_the_new_agent_is_on_the_right(box, alice, bob, conversation, tmp_path) -> None:
    path = tmp_path / "transfer.wav"
    bob.tone(conversation.bob, 1000)
    box.do("record", "rec", conversation.left, conversation.right, str(path))
    with Phone(username="carol", through_server=False, auto_answer=0) as carol:
        box.dialled("carol", f"sip:carol@127.0.0.1:{carol.port}")
        third = carol.wait("incoming")["call"]
        carol.wait("media", call=third, active=True)
        carol.tone(third, 1500)
        time.sleep(0.5)
        box.do("hang_up", conversation.right)
        box.do("record_with", "rec", "carol")
        time.sleep(1)
        seconds = _stopped(box, "rec")
    assert audio.tone_level(path, 1000, 0.2, 0.5, 1) > -18
    assert audio.tone_level(path, 1500, seconds - 0.7, seconds - 0.2, 1) > -18
    assert audio.tone_level(path, 1000, seconds - 0.7, seconds - 0.2, 1) < -40


def test_a_message_is_recorded_in_mono_and_outlives_the_caller(box, alice, tmp_path) -> None:
    path = tmp_path / "message.wav"
    call = alice.call(f"sip:100@127.0.0.1:{box.port}")
    leg = box.answered()
    alice.tone(call, 440)
    box.do("record", "vm", leg, None, str(path))
    time.sleep(0.8)
    alice.hang_up(call)
    box.wait("LegEnded", leg=leg)
    time.sleep(0.4)
    assert _stopped(box, "vm") == pytest.approx(1.2, abs=0.25)
    samples, _ = audio.read(path)
    assert samples.shape[1] == 1
    assert audio.tone_level(path, 440, 0.3, 0.7) > -18
    assert audio.level(path, 1.0, 1.15) < -80


def test_a_recorder_that_cannot_open_its_file_says_so(box, alice, tmp_path) -> None:
    alice.call(f"sip:100@127.0.0.1:{box.port}")
    leg = box.answered()
    box.do("record", "rec", leg, None, str(tmp_path / "no" / "such" / "directory.wav"))
    told = box.wait("RecordingStopped", recording="rec", timeout=1)
    assert told["seconds"] == 0
    assert told["error"]


def test_a_killed_process_leaves_what_the_next_one_can_save(alice, tmp_path) -> None:
    with MediaBox() as doomed:
        call = alice.call(f"sip:100@127.0.0.1:{doomed.port}")
        leg = doomed.answered()
        alice.tone(call, 440)
        doomed.do("record", "rec", leg, leg, str(tmp_path / "cut.wav"))
        time.sleep(1.5)
        doomed.vanish()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["cut.left.wav", "cut.right.wav"]
    [(path, seconds)] = recording_files.rescue(tmp_path)
    assert path == tmp_path / "cut.wav"
    assert seconds == pytest.approx(1.5, abs=0.6)
    assert audio.tone_level(path, 440, 0.4, 0.8, 1) > -18
    assert [one.name for one in tmp_path.iterdir()] == ["cut.wav"]


def test_stopping_the_stack_finishes_recordings_and_calls(alice, tmp_path) -> None:
    stack = MediaBox()
    call = alice.call(f"sip:100@127.0.0.1:{stack.port}")
    leg = stack.answered()
    alice.tone(call, 440)
    stack.do("record", "rec", leg, None, str(tmp_path / "end.wav"))
    time.sleep(0.5)
    stack.close()
    assert stack.process.returncode == 0
    assert stack.wait("RecordingStopped")["error"] == ""
    assert stack.wait("stopped")
    assert alice.wait("ended", call=call)["status"] == 200
    assert audio.tone_level(tmp_path / "end.wav", 440, 0.2, 0.4) > -18
