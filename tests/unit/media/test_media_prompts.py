"""Prompts: rendered once, kept, left out when they cannot be made."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from ivr.speech.parts import Language, Recorded, Spoken
from pbx import wav
from pbx.media import prompts
from pbx.media.tts import NotSpoken
from tests import audio

HELLO, BYE = Spoken("Hello.", "en", fixed=True), Spoken("Your order.", "fr")


class FakeVoice:
    """Renders a tone; `hold` keeps it from finishing."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.waiting: list[Deferred[None]] = []
        self.hold = False
        self.fail = False

    def name(self, language: Language) -> str:
        return f"fake-{language}"

    def render(self, text: str, language: Language, output: str) -> Deferred[None]:
        self.asked.append(text)
        done: Deferred[None] = Deferred()
        if self.fail:
            done.errback(NotSpoken("no voice"))
            return done
        wav.write_tone(Path(output), 500, 0.2, 22050)
        self.waiting.append(done)
        if not self.hold:
            done.callback(None)
        return done


def in_this_thread(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Deferred[Any]:
    return maybeDeferred(work, *args, **kwargs)


class Desk:
    def __init__(self, directory: Path) -> None:
        self.clock = Clock()
        self.voice = FakeVoice()
        self.cache, self.recorded = directory / "cache", directory / "recorded"
        self.prompts = prompts.RenderedPrompts(
            self.clock,
            self.voice,
            cache=self.cache,
            recorded=self.recorded,
            rate=8000,
            in_thread=in_this_thread,
        )
        self.prompts.start()

    def files(self, *segments: Spoken | Recorded) -> "list[tuple[Path, ...]]":
        found: list[tuple[Path, ...]] = []
        Deferred.fromCoroutine(self.prompts.files(segments, "en")).addCallback(found.append)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_text_becomes_files_of_the_bridges_rate_in_order(desk: Desk) -> None:
    [(one, other, again)] = desk.files(HELLO, BYE, HELLO)
    assert one == again != other
    assert wav.shape(one).rate == 8000
    assert audio.tone_level(one, 500) > -25
    assert desk.voice.asked == ["Hello.", "Your order."]


def test_a_text_is_rendered_once_even_when_asked_for_twice_at_a_time(desk: Desk) -> None:
    desk.voice.hold = True
    first, second = desk.files(HELLO), desk.files(HELLO)
    assert desk.voice.asked == ["Hello."]
    desk.voice.waiting[0].callback(None)
    assert first == second
    assert len(first[0]) == 1
    desk.files(HELLO)
    assert len(desk.voice.asked) == 1


def test_language_and_text_tell_prompts_apart(desk: Desk) -> None:
    found = {desk.files(Spoken(text, language))[0] for text in ("1", "2") for language in ("en", "pt")}
    assert len(found) == 4


def test_what_cannot_be_rendered_is_left_out_and_tried_again_later(desk: Desk) -> None:
    desk.voice.fail = True
    assert desk.files(HELLO, Recorded("none.wav")) == [()]
    desk.voice.fail = False
    assert len(desk.files(HELLO)[0]) == 1
    assert not list(desk.cache.glob("*/*.raw.wav"))


def test_a_recorded_prompt_is_converted(desk: Desk) -> None:
    audio.write_tone(desk.recorded / "welcome.wav", 700, 0.3, 44100)
    [(path,)] = desk.files(Recorded("welcome.wav"))
    assert wav.shape(path).rate == 8000
    assert audio.tone_level(path, 700) > -15
    audio.write_tone(desk.recorded / "welcome.wav", 900, 0.3, 44100)
    [(newer,)] = desk.files(Recorded("welcome.wav"))
    assert audio.tone_level(newer, 900) > -15, "a file that was replaced is heard"


def test_a_recorded_prompt_never_leads_out_of_its_directory(desk: Desk, tmp_path: Path) -> None:
    audio.write_tone(tmp_path / "secret.wav", 700, 0.3)
    (desk.recorded / "link.wav").symlink_to(tmp_path / "secret.wav")
    assert desk.files(
        Recorded("../secret.wav"), Recorded("link.wav"), Recorded(str(tmp_path / "secret.wav"))
    ) == [()]


def test_an_upload_is_converted_or_refused_with_a_reason(desk: Desk, tmp_path: Path) -> None:
    audio.write_tone(tmp_path / "up.wav", 700, 0.3, 16000)
    (tmp_path / "bad.wav").write_bytes(b"not sound")
    results: list[Any] = []
    for name in ("up.wav", "bad.wav"):
        Deferred.fromCoroutine(desk.prompts.import_wav(tmp_path / name)).addBoth(results.append)
    assert wav.shape(results[0]).rate == 8000
    assert results[1].check(wav.NotPlayable)
    assert "WAV" in results[1].getErrorMessage()


def test_warming_renders_what_every_caller_hears_and_nothing_else(desk: Desk) -> None:
    done: list[int] = []
    Deferred.fromCoroutine(desk.prompts.warm([HELLO, BYE, Spoken("Bye.", "en", fixed=True)])).addCallback(
        done.append
    )
    assert done == [2]
    assert desk.voice.asked == ["Hello.", "Bye."]


def test_a_callers_prompt_does_not_wait_behind_those_being_warmed(desk: Desk) -> None:
    desk.voice.hold = True
    Deferred.fromCoroutine(desk.prompts.warm([Spoken(str(n), "en", fixed=True) for n in range(9)]))
    found = desk.files(HELLO)
    assert desk.voice.asked == ["0", "Hello."]
    desk.voice.waiting[1].callback(None)
    assert len(found[0]) == 1


def test_speech_about_one_person_is_kept_apart_and_not_for_long(desk: Desk) -> None:
    [(fixed, personal)] = desk.files(HELLO, BYE)
    for path in (fixed, personal):
        os.utime(path, (1000, 1000))
    prompts.prune(desk.cache, 10**9, now=1000 + prompts.PERSONAL_SECONDS + 1)
    assert fixed.exists()
    assert not personal.exists()
    assert (desk.cache / "personal").stat().st_mode & 0o777 == 0o700


def test_the_cache_keeps_its_bounds_by_dropping_the_oldest(desk: Desk) -> None:
    paths = [desk.files(Spoken(str(n), "en", fixed=True))[0][0] for n in range(4)]
    for age, path in enumerate(paths):
        os.utime(path, (1000 + age, 1000 + age))
    prompts.prune(desk.cache, 2 * paths[0].stat().st_size, now=2000)
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_pruning_goes_on_by_itself(desk: Desk) -> None:
    [(personal,)] = desk.files(BYE)
    os.utime(personal, (1000, 1000))
    desk.clock.advance(prompts.PRUNE_SECONDS)
    assert not personal.exists()
    desk.prompts.stop()
    assert desk.clock.getDelayedCalls() == []
