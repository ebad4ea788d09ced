"""A SIP phone in a process of its own, driven over JSON lines: for tests against any SIP server on loopback.

    with Phone(username="1001", password="secret", server=f"127.0.0.1:{port}", register=True) as phone:
        phone.wait("registered", status=200)
        call = phone.call("sip:100@127.0.0.1")
        phone.wait("answered", call=call)
        phone.tone(call, 440)
        phone.record(call, tmp_path / "heard.wav")

Options are those of `pbx.media.sipclient.PhoneOptions`. Events are dictionaries with `event` and, mostly,
`call`: registered(status, expires), incoming(message), ringing(status), answered, media(active, held),
digit(digit, method), transfer(status, final), ended(status, reason), statistics(received, sent, codec).
"""

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent


class PhoneFailed(AssertionError):
    """The phone did not do, or did not see, what the test asked for."""


class Phone:
    """Starts the process; `close` (or leaving the `with` block) ends it."""

    def __init__(self, **options: Any) -> None:
        self.events: list[dict[str, Any]] = []
        self._answers = itertools.count(1)
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.port: int = self.wait("ready", timeout=15)["port"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._inbox.put(json.loads(line))
        self._inbox.put(None)

    def wait(self, event: str, timeout: float = 10.0, **fields: Any) -> dict[str, Any]:
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
            raise PhoneFailed(f"No event {event} {fields}; seen: {self.events}") from None
        if one is None:
            raise PhoneFailed(f"The phone's process ended ({self._process.wait()}); seen: {self.events}")
        self.events.append(one)

    def seen(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """Events of this kind that have come and were not waited for."""
        while not self._inbox.empty():
            one = self._inbox.get()
            if one is not None:
                self.events.append(one)
        return [
            e for e in self.events if e["event"] == event and all(e.get(k) == v for k, v in fields.items())
        ]

    def do(self, command: str, *args: Any, **kwargs: Any) -> Any:
        """Run a method of SipPhone in the phone's process; returns its result."""
        number = next(self._answers)
        assert self._process.stdin is not None
        message = {"id": number, "do": command, "args": args, "kwargs": kwargs}
        self._process.stdin.write(json.dumps(message, default=str) + "\n")
        self._process.stdin.flush()
        answer = self.wait("done", id=number)
        if "error" in answer:
            raise PhoneFailed(f"{command}: {answer['error']}")
        return answer["result"]

    def call(self, uri: str, headers: list[tuple[str, str]] | None = None) -> int:
        return self.do("call", uri, headers)

    def answer(self, call: int, status: int = 200) -> None:
        self.do("answer", call, status)

    def hang_up(self, call: int, status: int = 0) -> None:
        self.do("hang_up", call, status)

    def tone(self, call: int, hertz: float, level: float = -12.0) -> None:
        self.do("tone", call, hertz, level)

    def play(self, call: int, path: Path | str, loop: bool = True) -> None:
        self.do("play", call, str(path), loop)

    def quiet(self, call: int) -> None:
        self.do("quiet", call)

    def record(self, call: int, path: Path | str) -> None:
        self.do("record", call, str(path))

    def record_stop(self, call: int) -> None:
        """Close the file; it is complete 0.2 s later (this waits for it)."""
        self.do("record_stop", call)
        time.sleep(0.2)

    def hear(self, call: int, path: Path | str, seconds: float) -> Path:
        """Record what the call hears for so long; returns the file."""
        self.record(call, path)
        time.sleep(seconds)
        self.record_stop(call)
        return Path(path)

    def digits(self, call: int, keys: str, method: str = "rfc4733", duration: int = 160) -> None:
        self.do("digits", call, keys, method, duration)

    def hold(self, call: int) -> None:
        self.do("hold", call)

    def resume(self, call: int) -> None:
        self.do("resume", call)

    def refer(self, call: int, uri: str) -> None:
        self.do("refer", call, uri)

    def refer_to_call(self, call: int, other: int) -> None:
        self.do("refer_to_call", call, other)

    def register(self, active: bool = True) -> None:
        self.do("register", active)

    def statistics(self, call: int) -> dict[str, Any]:
        self.do("statistics", call)
        return self.wait("statistics", call=call)

    def vanish(self) -> None:
        """Die without a word, as a phone that loses its power."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Hang up, take back the registration, end the process."""
        if self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                self.vanish()


def _serve(options: dict[str, Any]) -> None:
    from pbx.media.sipclient import PhoneOptions, SipPhone

    def tell(event: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()

    options["codecs"] = tuple(options.get("codecs", ()))
    phone = SipPhone(PhoneOptions(**options), tell)
    tell({"event": "ready", "port": phone.port})
    commands: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read_commands, args=(commands,), daemon=True).start()
    while True:
        phone.poll(10)
        while not commands.empty():
            line = commands.get()
            if line is None:
                phone.close()
                return
            tell(_perform(phone, json.loads(line)))


def _read_commands(commands: "queue.Queue[str | None]") -> None:
    for line in sys.stdin:
        commands.put(line)
    commands.put(None)


def _perform(phone: Any, command: dict[str, Any]) -> dict[str, Any]:
    try:
        result = getattr(phone, command["do"])(*command["args"], **command["kwargs"])
    except Exception as error:
        return {"event": "done", "id": command["id"], "error": f"{type(error).__name__}: {error}"}
    return {"event": "done", "id": command["id"], "result": result}


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
