"""Drives a process over JSON lines: commands in, answers and events out. `serve` is the process's side."""

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class DrivenFailed(AssertionError):
    """The process did not do, or did not report, what the test asked for."""


class Driven:
    """Starts `script` with `options`; `close` (or leaving the `with` block) ends it."""

    def __init__(self, script: str, **options: Any) -> None:
        self.events: list[dict[str, Any]] = []
        self._answers = itertools.count(1)
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, script, json.dumps(options, default=str)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.ready = self.wait("ready", timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):
                self._inbox.put(json.loads(line))
        self._inbox.put(None)

    def wait(self, event: str, /, timeout: float = 10.0, **fields: Any) -> dict[str, Any]:
        """The first event, seen already or yet to come, that has this name and these fields. Each event
        answers one `wait` only."""
        deadline = time.monotonic() + timeout
        while True:
            for one in self.events:
                if one["event"] == event and all(one.get(k) == v for k, v in fields.items()):
                    self.events.remove(one)
                    return one
            self._receive(deadline, event, fields)

    def _receive(self, deadline: float, event: str, fields: dict[str, Any]) -> None:
        try:
            one = self._inbox.get(timeout=max(0.001, deadline - time.monotonic()))
        except queue.Empty:
            raise DrivenFailed(f"No event {event} {fields}; seen: {self.events}") from None
        if one is None:
            raise DrivenFailed(f"The process ended ({self.process.wait()}); seen: {self.events}")
        self.events.append(one)

    def seen(self, event: str, /, **fields: Any) -> list[dict[str, Any]]:
        """Events of this kind that have come and were not waited for."""
        while not self._inbox.empty():
            one = self._inbox.get()
            if one is not None:
                self.events.append(one)
        return [
            e for e in self.events if e["event"] == event and all(e.get(k) == v for k, v in fields.items())
        ]

    def do(self, command: str, /, *args: Any, **kwargs: Any) -> Any:
        """Run a method in the process; returns its result."""
        number = next(self._answers)
        assert self.process.stdin is not None
        message = {"id": number, "do": command, "args": args, "kwargs": kwargs}
        self.process.stdin.write(json.dumps(message, default=str) + "\n")
        self.process.stdin.flush()
        answer = self.wait("done", id=number)
        if "error" in answer:
            raise DrivenFailed(f"{command}: {answer['error']}")
        return answer["result"]

    def vanish(self) -> None:
        """Die without a word, as a machine that loses its power."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Let the process end by itself, or end it."""
        if self.process.poll() is None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.vanish()


def tell(event: dict[str, Any]) -> None:
    """In the process: report an event."""
    sys.stdout.write(json.dumps(event, default=str) + "\n")
    sys.stdout.flush()


def read_commands(received: Callable[[dict[str, Any] | None], None]) -> None:
    """In the process: call `received`, on another thread, with each command and with None at the end."""

    def read() -> None:
        for line in sys.stdin:
            received(json.loads(line))
        received(None)

    threading.Thread(target=read, daemon=True).start()


def perform(target: Any, command: dict[str, Any]) -> None:
    """In the process: run the command on `target` and report the answer."""
    try:
        result = getattr(target, command["do"])(*command["args"], **command["kwargs"])
    except Exception as error:
        tell({"event": "done", "id": command["id"], "error": f"{type(error).__name__}: {error}"})
    else:
        tell({"event": "done", "id": command["id"], "result": result})
