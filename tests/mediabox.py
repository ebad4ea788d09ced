"""The media stack in a process of its own, driven over JSON lines: its commands are those of the `Media` port,
its events those of `pbx.events` under their class names. Settings are those of `config.settings.MediaSettings`."""

import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.driven import Driven, perform, read_commands, tell


class MediaBox(Driven):
    """The process. `port` is where it takes plain SIP calls, `ports` where it takes those of each profile."""

    def __init__(self, **settings: Any) -> None:
        free = {"plain_port": 0, "secure_port": 0, "webrtc_port": 0}
        super().__init__(__file__, **{**free, "max_calls": 256, "clock_rate": 8000, **settings})
        self.ports: dict[str, int] = self.ready["ports"]
        self.port = self.ports["plain"]
        self.do("leftovers")

    def incoming(self, **fields: Any) -> str:
        """Wait for an incoming leg; returns its id."""
        return self.wait("LegIncoming", **fields)["leg"]

    def answered(self, **fields: Any) -> str:
        """Wait for an incoming leg and answer it; returns its id once audio flows."""
        leg = self.incoming(**fields)
        self.do("answer", leg)
        self.wait("LegAnswered", leg=leg)
        self.wait("LegMediaReady", leg=leg)
        return leg

    def dialled(self, leg: str, uri: str, **target: Any) -> None:
        """Dial and wait for the answer."""
        self.do("dial", leg, uri, **target)
        self.wait("LegAnswered", leg=leg)
        self.wait("LegMediaReady", leg=leg)

    def empty(self, timeout: float = 5.0) -> bool:
        """Wait until no leg, player, recorder or wire is left."""
        deadline = time.monotonic() + timeout
        while any(self.do("leftovers").values()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def mix(self, group: str, *edges: tuple[str, str]) -> None:
        self.do("mix", group, edges)

    def open_files(self) -> int:
        """How many files and sockets the process has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def closes_down_to(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until no more than `count` files and sockets are open: the library closes them in its own time."""
        deadline = time.monotonic() + timeout
        while self.open_files() > count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


class _Commands:
    """Turns plain values into those of the port."""

    def __init__(self, stack: Any, bus: Any) -> None:
        self._stack = stack
        self._bus = bus

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stack, name)

    def dial(self, leg: str, uri: str, **target: Any) -> None:
        from pbx.calls.ports import DialTarget

        target["route"] = tuple(target.get("route", ()))
        target["headers"] = tuple((name, value) for name, value in target.get("headers", ()))
        self._stack.dial(leg, DialTarget(uri, **target))

    def welcome(self, files: list[str], seconds: float) -> None:
        """From now on answer every incoming leg, play the files, and hang up after so many seconds."""
        from twisted.internet import reactor

        from pbx import events

        def take(event: Any) -> None:
            self._stack.answer(event.leg)
            self.play(event.leg, f"welcome-{event.leg}", files)
            if seconds:
                reactor.callLater(seconds, self._stack.hang_up, event.leg)

        self.stop_welcome = self._bus.subscribe(events.LegIncoming, take)

    def render(self, text: str, language: Any, output: str, **settings: Any) -> None:
        """Speak a text with the real command; the event Rendered carries the error, or nothing."""
        from twisted.internet import reactor

        from config.settings import PromptsSettings
        from pbx.media.tts import CommandVoice

        if "command" in settings:
            settings["command"] = tuple(settings["command"])
        rendered = CommandVoice(reactor, PromptsSettings(**settings)).render(text, language, output)
        rendered.addCallbacks(
            lambda _: tell({"event": "Rendered", "error": ""}),
            lambda failure: tell(
                {"event": "Rendered", "error": failure.type.__name__, "why": str(failure.value)}
            ),
        )

    def hang_up_all(self) -> None:
        for leg in self._stack.legs():
            self._stack.hang_up(leg)

    def unwelcome(self) -> None:
        self.stop_welcome()

    def mix(self, group: str, edges: list[list[str]]) -> None:
        self._stack.mix(group, frozenset((one, other) for one, other in edges))

    def play(self, leg: str, playback: str, files: list[str], loop: bool = False) -> None:
        self._stack.play(leg, playback, [Path(file) for file in files], loop)

    def record(self, recording: str, left: str, right: str | None, path: str) -> None:
        self._stack.record(recording, left, right, Path(path))

    def add_trunk(self, **trunk: Any) -> None:
        from pbx.media.trunks import TrunkAccount

        trunk["route"] = tuple(trunk.get("route", ()))
        self._stack.add_trunk(TrunkAccount(**trunk), lambda on: tell({"event": "trunk", "registered": on}))


def _serve(settings: dict[str, Any]) -> None:
    from twisted.internet import reactor
    from twisted.logger import (
        FilteringLogObserver,
        LogLevel,
        LogLevelFilterPredicate,
        globalLogBeginner,
        textFileLogObserver,
    )

    from config.settings import MediaSettings
    from pbx import events
    from pbx.background import start
    from pbx.bus import Bus
    from pbx.media.stack import MediaStack

    warnings = LogLevelFilterPredicate(defaultLogLevel=LogLevel.warn)
    observer = FilteringLogObserver(textFileLogObserver(sys.stderr), [warnings])
    globalLogBeginner.beginLoggingTo([observer], redirectStandardIO=False)
    session = settings.pop("session", 1800)
    bus = Bus(reactor)
    for kind in (events.LegEvent, events.RecordingStopped):
        bus.subscribe(kind, lambda event: tell({"event": type(event).__name__, **dataclasses.asdict(event)}))
    stack = MediaStack(reactor, bus, MediaSettings(**settings), session_expires=session)
    stack.start()
    commands = _Commands(stack, bus)

    async def end() -> None:
        await stack.stop()
        tell({"event": "stopped"})
        reactor.stop()

    def received(command: dict[str, Any] | None) -> None:
        if command is None:
            reactor.callFromThread(lambda: start(end(), "stop"))
        else:
            reactor.callFromThread(perform, commands, command)

    reactor.callWhenRunning(tell, {"event": "ready", "ports": stack.ports})
    reactor.callWhenRunning(read_commands, received)
    reactor.run()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
