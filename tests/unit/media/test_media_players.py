"""Playing files: order, ends, replacement, music; on a clock, without the library."""

from pathlib import Path

import pytest
from twisted.internet.task import Clock

from pbx import wav
from pbx.bus import Bus
from pbx.errors import MediaError
from pbx.events import PlaybackEnded
from pbx.media import players
from pbx.media.bridges import Bridges, Port


class FakeAudio:
    def __init__(self, files: tuple[Path, ...], loop: bool, log: list[str]) -> None:
        self.files = tuple(path.stem for path in files)
        self.loop = loop
        self._log = log

    def getPortId(self) -> int:  # noqa: N802
        return id(self)

    def startTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        self._log.append(f"start {'+'.join(self.files)}")

    def stopTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        self._log.append(f"stop {'+'.join(self.files)}")


class Stage:
    """Players with a fake library. `log` says what is heard."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = Clock()
        bus = Bus(self.clock)
        self.ended: list[tuple[str, bool]] = []
        bus.subscribe(PlaybackEnded, lambda event: self.ended.append((event.playback, event.completed)))
        self.log: list[str] = []
        self.broken: set[str] = set()
        silence = FakeAudio((Path("quiet"),), True, [])
        self.bridges = Bridges(lambda: silence, lambda error: None)
        self.players = players.Players(self.clock, bus, self.bridges, self.open, self.silence)

    def open(self, files: tuple[Path, ...], loop: bool) -> FakeAudio:
        if self.broken & {path.stem for path in files}:
            raise MediaError("no")
        return FakeAudio(tuple(files), loop, self.log)

    def silence(self, rate: int) -> Path:
        return Path(f"silence{rate}")

    def file(self, name: str, seconds: float = 1.0, rate: int = 8000) -> Path:
        path = self.directory / f"{name}.wav"
        wav.write_silence(path, seconds, rate)
        return path

    def leg(self, name: str) -> None:
        self.bridges.attach(Port("leg", name), FakeAudio((), False, []))
        self.players.leg_has_audio(name)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_a_list_ends_after_its_files_and_before_its_silent_tail(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play("a", "p", [stage.file("one"), stage.file("two", 0.5)], False)
    stage.clock.advance(1.49)
    assert stage.log == ["start one+two+silence8000"]
    assert stage.ended == []
    stage.clock.pump([0.05, 0.01])
    assert stage.log[-1] == "stop one+two+silence8000"
    assert stage.ended == [("p", True)]


def test_files_of_another_rate_get_a_player_of_their_own(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play(
        "a", "p", [stage.file("one"), stage.file("wide", 1.0, 16000), stage.file("two")], False
    )
    stage.clock.pump([1.05, 1.05, 1.05, 0.01])
    assert [line for line in stage.log if line.startswith("start")] == [
        "start one+silence8000", "start wide+silence16000", "start two+silence8000"
    ]  # fmt: skip
    assert stage.ended == [("p", True)]


def test_nothing_starts_before_the_leg_has_audio(stage: Stage) -> None:
    stage.players.play("a", "p", [stage.file("one")], False)
    stage.clock.advance(60)
    assert stage.ended == []
    stage.leg("a")
    assert stage.log == ["start one+silence8000"]
    stage.players.leg_has_audio("a")  # after a re-INVITE
    assert stage.log == ["start one+silence8000"]


def test_a_stop_is_immediate_and_tells_that_it_was_one(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play("a", "p", [stage.file("one")], False)
    stage.players.stop("a")
    assert stage.log[-1] == "stop one+silence8000"
    stage.clock.pump([0.01, 5])
    assert stage.ended == [("p", False)]


def test_a_second_playback_ends_the_first(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play("a", "p", [stage.file("one")], False)
    stage.players.play("a", "q", [stage.file("two")], False)
    stage.clock.pump([1.05, 0.01])
    assert stage.ended == [("p", False), ("q", True)]


def test_unreadable_empty_and_stereo_files_are_left_out(stage: Stage) -> None:
    stage.leg("a")
    stereo = stage.directory / "stereo.wav"
    wav.join_stereo(stage.file("l"), stage.file("r"), stereo)
    (stage.directory / "bad.wav").write_bytes(b"no")
    files = [stage.directory / "none.wav", stereo, stage.directory / "bad.wav", stage.file("blip", 0.01)]
    stage.players.play("a", "p", [*files, stage.file("good")], False)
    assert stage.log == ["start good+silence8000"]
    stage.players.play("a", "q", files, False)
    stage.clock.advance(0)
    assert stage.ended[-1] == ("q", False)


def test_a_player_that_cannot_be_opened_is_skipped(stage: Stage) -> None:
    stage.leg("a")
    stage.broken = {"wide"}
    stage.players.play("a", "p", [stage.file("wide", 1.0, 16000), stage.file("one")], False)
    assert stage.log == ["start one+silence8000"]


def test_a_player_is_kept_a_little_after_it_left_the_bridge(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play("a", "p", [stage.file("one")], False)
    stage.players.stop("a")
    assert stage.players.playing() == 1
    stage.clock.advance(players.LET_GO_SECONDS)
    assert stage.players.playing() == 0


def test_music_has_one_player_for_all_who_hear_it(stage: Stage) -> None:
    music = stage.file("music")
    for leg in "abc":
        stage.leg(leg)
        stage.players.play(leg, f"m-{leg}", [music], True)
    assert stage.log == ["start music"] * 3
    assert stage.players.playing() == 3 + 1 + 1
    stage.players.stop("a")
    stage.players.stop("b")
    stage.clock.advance(100)
    assert stage.log[-1] == "stop music"
    assert len(stage.log) == 5
    stage.players.stop("c")
    stage.clock.pump([0.01, 1])
    assert stage.players.playing() == 0
    assert stage.ended == [("m-a", False), ("m-b", False), ("m-c", False)]


def test_music_that_cannot_be_opened_ends_at_once(stage: Stage) -> None:
    stage.leg("a")
    stage.broken = {"music"}
    stage.players.play("a", "m", [stage.file("music")], True)
    stage.clock.advance(0)
    assert stage.ended == [("m", False)]


def test_a_file_written_anew_has_its_new_length(stage: Stage) -> None:
    stage.leg("a")
    stage.players.play("a", "p", [stage.file("one", 1.0)], False)
    stage.players.play("a", "q", [stage.file("one", 3.0)], False)
    stage.clock.pump([2.9, 0.01])
    assert stage.ended == [("p", False)]


def test_more_files_than_one_list_may_hold_are_played_all(stage: Stage) -> None:
    stage.leg("a")
    file = stage.file("s", 0.1)
    stage.players.play("a", "p", [file] * (players.LIST_LIMIT + 5), False)
    stage.clock.pump([6.1, 0.6, 0.01])
    assert len([line for line in stage.log if line.startswith("start")]) == 2
    assert stage.ended == [("p", True)]
