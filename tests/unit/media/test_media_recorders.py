"""Recorders on a clock: sides, pauses, closing; without the library."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock

from pbx import wav
from pbx.bus import Bus
from pbx.errors import MediaError
from pbx.events import RecordingStopped
from pbx.media import recorder
from pbx.media.bridges import Bridges, Port


class FakeAudio:
    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self._log = log

    def getPortId(self) -> int:  # noqa: N802
        return id(self)

    def startTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        if sink.name.endswith(".wav"):
            self._log.append(f"{self.name}>{sink.name}")

    def stopTransmit(self, sink: "FakeAudio") -> None:  # noqa: N802
        if sink.name.endswith(".wav"):
            self._log.append(f"{self.name}|{sink.name}")


class Studio:
    """Recorders whose library writes a second of silence when it closes a file."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.stopped: list[RecordingStopped] = []
        bus = Bus(self.clock)
        bus.subscribe(RecordingStopped, self.stopped.append)
        self.log: list[str] = []
        silence = FakeAudio("silence", self.log)
        self.bridges = Bridges(lambda: silence, lambda error: None)
        self.recorders = recorder.Recorders(self.clock, bus, self.bridges, self.open, in_this_thread)
        for leg in ("cust", "agent", "other"):
            self.bridges.attach(Port("leg", leg), FakeAudio(leg, self.log))

    def open(self, path: Path) -> FakeAudio:
        if not path.parent.exists():
            raise MediaError("no directory")
        path.write_bytes(wav.header(8000, 1, 0))
        return FakeAudio(path.name, self.log)

    def library_closes(self, *paths: Path) -> None:
        for path in paths:
            wav.write_silence(path, 1.0, 8000)

    def taken(self) -> list[str]:
        log, self.log[:] = list(self.log), []
        return log


def in_this_thread(work: Callable[..., Any], *args: Any) -> Deferred[Any]:
    return maybeDeferred(work, *args)


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_each_side_hears_silence_and_its_own_leg(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "r.wav")
    assert sorted(studio.taken()) == [
        "agent>r.right.wav", "cust>r.left.wav", "silence>r.left.wav", "silence>r.right.wav"
    ]  # fmt: skip


def test_a_pause_leaves_only_silence_until_resumed(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "r.wav")
    studio.taken()
    studio.recorders.pause("r")
    studio.recorders.pause("r")
    assert sorted(studio.taken()) == ["agent|r.right.wav", "cust|r.left.wav"]
    studio.recorders.record_with("r", "other")
    assert studio.taken() == [], "a new agent is not heard during a pause"
    studio.recorders.resume("r")
    studio.recorders.resume("r")
    assert sorted(studio.taken()) == ["cust>r.left.wav", "other>r.right.wav"]


def test_a_new_agent_takes_the_right_side(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "r.wav")
    studio.taken()
    studio.recorders.record_with("r", "other")
    assert studio.bridges.listeners(Port("leg", "agent")) == 0
    assert "other>r.right.wav" in studio.taken()


def test_a_customer_who_comes_back_on_another_leg_goes_on_on_the_left_side(
    studio: Studio, tmp_path: Path
) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "r.wav")
    studio.taken()
    studio.recorders.record_left("r", "other")
    assert studio.bridges.listeners(Port("leg", "cust")) == 0
    assert "other>r.left.wav" in studio.taken()


def test_a_message_goes_on_with_the_leg_on_which_its_caller_comes_back(
    studio: Studio, tmp_path: Path
) -> None:
    studio.recorders.record("m", "cust", None, tmp_path / "m.wav")
    studio.taken()
    studio.recorders.record_left("m", "other")
    assert [wire for wire in studio.taken() if wire.startswith("other>")] and studio.bridges.listeners(
        Port("leg", "cust")
    ) == 0


def test_the_end_is_told_once_the_library_has_closed_the_files(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "r.wav")
    studio.recorders.stop("r")
    studio.clock.pump([0.06] * 5)
    assert studio.stopped == []
    studio.library_closes(tmp_path / "r.left.wav", tmp_path / "r.right.wav")
    studio.clock.pump([0.06, 0])
    assert studio.stopped == [RecordingStopped("r", 1.0)]
    assert studio.recorders.running() == 0
    assert studio.bridges.counts() == (3, 0, 0)


def test_a_file_that_never_closes_is_repaired_after_a_while(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("vm", "cust", None, tmp_path / "vm.wav")
    studio.recorders.stop("vm")
    with (tmp_path / "vm.mono.wav").open("ab") as file:
        file.write(b"\0" * 8000)
    studio.clock.pump([0.06] * 60)
    assert studio.stopped == [RecordingStopped("vm", 0.5)]


def test_a_recorder_that_cannot_open_ends_with_an_error(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("r", "cust", "agent", tmp_path / "none" / "r.wav")
    studio.clock.advance(0)
    assert studio.stopped[0].error
    assert studio.recorders.running() == 0


def test_a_vanished_file_ends_with_an_error(studio: Studio, tmp_path: Path) -> None:
    studio.recorders.record("vm", "cust", None, tmp_path / "vm.wav")
    (tmp_path / "vm.mono.wav").unlink()
    studio.recorders.stop("vm")
    studio.clock.pump([0.06] * 60)
    assert studio.stopped[0].error


def test_stopping_all_waits_for_every_file(studio: Studio, tmp_path: Path) -> None:
    for name in ("a", "b"):
        studio.recorders.record(name, "cust", None, tmp_path / f"{name}.wav")
    done: list[object] = []
    studio.recorders.stop_all().addCallback(done.append)
    studio.library_closes(tmp_path / "a.mono.wav")
    studio.clock.pump([0.06, 0.06])
    assert not done
    studio.library_closes(tmp_path / "b.mono.wav")
    studio.clock.pump([0.06, 0.06])
    assert done
    assert {event.recording for event in studio.stopped} == {"a", "b"}


def test_unknown_recordings_are_ignored(studio: Studio) -> None:
    for command in (studio.recorders.pause, studio.recorders.resume, studio.recorders.stop):
        command("none")
    studio.recorders.record_with("none", "agent")
    studio.recorders.record_left("none", "cust")
    studio.clock.advance(10)
    assert studio.stopped == []
