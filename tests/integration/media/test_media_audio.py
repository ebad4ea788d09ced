"""Audio between legs, prompts and music, measured as audio."""

import time

import pytest

from tests import audio
from tests.mediabox import MediaBox
from tests.phone import Phone
from tests.talk import Conversation


def test_each_side_of_a_bridge_hears_the_other(box, alice, bob, conversation, tmp_path) -> None:
    alice.tone(conversation.alice, 440)
    bob.tone(conversation.bob, 1000)
    alice.record(conversation.alice, tmp_path / "alice.wav")
    bob.record(conversation.bob, tmp_path / "bob.wav")
    time.sleep(1.2)
    alice.record_stop(conversation.alice)
    bob.record_stop(conversation.bob)
    assert audio.tone_level(tmp_path / "alice.wav", 1000, 0.5, 1.0) == pytest.approx(-12, abs=3)
    assert audio.tone_level(tmp_path / "bob.wav", 440, 0.5, 1.0) == pytest.approx(-12, abs=3)
    assert audio.tone_level(tmp_path / "alice.wav", 440, 0.5, 1.0) < -40, "nobody hears themselves"


def test_taking_one_edge_away_mutes_one_direction(box, alice, bob, conversation, tmp_path) -> None:
    alice.tone(conversation.alice, 440)
    bob.tone(conversation.bob, 1000)
    box.mix("talk", (conversation.right, conversation.left))
    time.sleep(0.3)
    alice.record(conversation.alice, tmp_path / "alice.wav")
    bob.hear(conversation.bob, tmp_path / "bob.wav", 0.8)
    alice.record_stop(conversation.alice)
    assert audio.tone_level(tmp_path / "alice.wav", 1000, 0.2, 0.7) > -18
    assert audio.level(tmp_path / "bob.wav", 0.2, 0.7) < -60


def test_a_leg_that_hears_nobody_still_gets_packets(box, alice) -> None:
    call = alice.call(f"sip:100@127.0.0.1:{box.port}")
    box.answered()
    before = alice.statistics(call)["received"]
    time.sleep(1)
    assert alice.statistics(call)["received"] - before == pytest.approx(50, abs=12)


def test_three_people_hear_each_other(box, alice, bob, conversation, tmp_path) -> None:
    with Phone(username="carol", through_server=False, auto_answer=0) as carol:
        box.dialled("carol", f"sip:carol@127.0.0.1:{carol.port}")
        third = carol.wait("incoming")["call"]
        everybody = (conversation.left, conversation.right, "carol")
        box.mix("talk", *((one, other) for one in everybody for other in everybody if one != other))
        carol.wait("media", call=third, active=True)
        alice.tone(conversation.alice, 440, -18)
        bob.tone(conversation.bob, 1000, -18)
        carol.tone(third, 1500, -18)
        alice.record(conversation.alice, tmp_path / "alice.wav")
        carol.hear(third, tmp_path / "carol.wav", 1.0)
        alice.record_stop(conversation.alice)
    assert audio.tone_level(tmp_path / "carol.wav", 440, 0.4, 0.9) > -24
    assert audio.tone_level(tmp_path / "carol.wav", 1000, 0.4, 0.9) > -24
    assert audio.tone_level(tmp_path / "alice.wav", 1500, 0.4, 0.9) > -24


def _caller(box: MediaBox, alice: Phone) -> tuple[int, str]:
    call = alice.call(f"sip:100@127.0.0.1:{box.port}")
    leg = box.answered()
    alice.wait("media", call=call, active=True)
    return call, leg


def test_files_are_heard_in_order_and_their_end_is_told(box, alice, tmp_path) -> None:
    files = [
        audio.write_tone(tmp_path / "one.wav", 500, 0.6),
        tmp_path / "missing.wav",
        audio.write_tone(tmp_path / "two.wav", 800, 0.6),
        audio.write_tone(tmp_path / "wide.wav", 1200, 0.6, rate=16000),
    ]
    call, leg = _caller(box, alice)
    alice.record(call, tmp_path / "heard.wav")
    began = time.monotonic()
    box.do("play", leg, "p", [str(file) for file in files])
    ended = box.wait("PlaybackEnded", playback="p")
    took = time.monotonic() - began
    time.sleep(0.3)
    alice.record_stop(call)
    assert ended["completed"] and ended["leg"] == leg
    assert took == pytest.approx(1.8, abs=0.25)
    at = audio.onset(tmp_path / "heard.wav", 500)
    assert at is not None
    for number, hertz in enumerate((500, 800, 1200)):
        start = at + 0.6 * number
        assert audio.tone_level(tmp_path / "heard.wav", hertz, start + 0.15, start + 0.45) > -18, hertz


def test_a_prompt_asked_for_before_the_answer_is_heard_from_its_start(box, alice, tmp_path) -> None:
    file = audio.write_tone(tmp_path / "prompt.wav", 700, 1.0)
    call = alice.call(f"sip:100@127.0.0.1:{box.port}")
    alice.record(call, tmp_path / "heard.wav")
    leg = box.incoming()
    box.do("play", leg, "p", [str(file)])
    time.sleep(0.4)
    box.do("answer", leg)
    assert box.wait("PlaybackEnded", playback="p")["completed"]
    time.sleep(0.2)
    alice.record_stop(call)
    at = audio.onset(tmp_path / "heard.wav", 700)
    assert at is not None
    assert audio.tone_level(tmp_path / "heard.wav", 700, at + 0.05, at + 0.9) > -18


def test_stopping_a_prompt_ends_it_within_a_moment(box, alice, tmp_path) -> None:
    file = audio.write_tone(tmp_path / "long.wav", 700, 5.0)
    call, leg = _caller(box, alice)
    box.do("play", leg, "p", [str(file)])
    time.sleep(0.5)
    alice.record(call, tmp_path / "heard.wav")
    time.sleep(0.3)
    box.do("stop_playback", leg)
    assert not box.wait("PlaybackEnded", playback="p", timeout=1)["completed"]
    time.sleep(0.6)
    alice.record_stop(call)
    assert audio.tone_level(tmp_path / "heard.wav", 700, 0.05, 0.25) > -18
    assert audio.level(tmp_path / "heard.wav", 0.55, 0.8) < -60


def test_a_second_prompt_replaces_the_first(box, alice, tmp_path) -> None:
    first = audio.write_tone(tmp_path / "first.wav", 700, 5.0)
    second = audio.write_tone(tmp_path / "second.wav", 1100, 0.5)
    _, leg = _caller(box, alice)
    box.do("play", leg, "first", [str(first)])
    box.do("play", leg, "second", [str(second)])
    assert not box.wait("PlaybackEnded", playback="first")["completed"]
    assert box.wait("PlaybackEnded", playback="second")["completed"]


def test_what_cannot_be_played_is_told_at_once(box, alice, tmp_path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"RIFF nonsense")
    _, leg = _caller(box, alice)
    box.do("play", leg, "p", [str(tmp_path / "bad.wav"), str(tmp_path / "none.wav")])
    assert not box.wait("PlaybackEnded", playback="p", timeout=1)["completed"]


def test_music_repeats_and_many_legs_share_one_player(box, alice, bob, tmp_path) -> None:
    music = audio.write_tone(tmp_path / "music.wav", 600, 0.5)
    conversation = Conversation(box, alice, bob, mixed=False)
    box.do("play", conversation.left, "m1", [str(music)], loop=True)
    box.do("play", conversation.right, "m2", [str(music)], loop=True)
    alice.record(conversation.alice, tmp_path / "alice.wav")
    bob.hear(conversation.bob, tmp_path / "bob.wav", 1.6)
    alice.record_stop(conversation.alice)
    for file in ("alice.wav", "bob.wav"):
        assert audio.tone_level(tmp_path / file, 600, 1.0, 1.5) > -18
    assert box.do("leftovers")["ports"] == 3, "two legs and one player"
    box.do("hang_up", conversation.left)
    assert not box.wait("PlaybackEnded", playback="m1")["completed"]
    bob.hear(conversation.bob, tmp_path / "still.wav", 0.6)
    assert audio.tone_level(tmp_path / "still.wav", 600, 0.2, 0.5) > -18


def test_a_prompt_is_heard_by_its_own_leg_only(box, alice, bob, conversation, tmp_path) -> None:
    whisper = audio.write_tone(tmp_path / "whisper.wav", 700, 2.0)
    alice.tone(conversation.alice, 440)
    box.do("play", conversation.right, "w", [str(whisper)])
    alice.record(conversation.alice, tmp_path / "alice.wav")
    bob.hear(conversation.bob, tmp_path / "bob.wav", 1.0)
    alice.record_stop(conversation.alice)
    assert audio.tone_level(tmp_path / "bob.wav", 700, 0.4, 0.9) > -18
    assert audio.tone_level(tmp_path / "bob.wav", 440, 0.4, 0.9) > -18
    assert audio.tone_level(tmp_path / "alice.wav", 700, 0.4, 0.9) < -40


def test_legs_that_ended_or_never_were_are_ignored(box, alice, bob, conversation) -> None:
    box.mix("talk", (conversation.left, "nobody"), ("nobody", conversation.left))
    for command in ("ring", "answer", "hang_up", "stop_playback"):
        box.do(command, "nobody")
    box.do("play", "nobody", "p", [])
    box.do("reject", "nobody", 486)
    box.do("transfer_progress", conversation.left, 200)
    assert not box.seen("PlaybackEnded")
