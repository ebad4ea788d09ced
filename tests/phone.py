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

import json
import queue
import sys
import time
from pathlib import Path
from typing import Any

from tests.driven import Driven, perform, read_commands, tell


class Phone(Driven):
    """The phone's process, driven by its methods; `do` runs any other method of SipPhone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(__file__, **options)
        self.port: int = self.ready["port"]

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


def _serve(options: dict[str, Any]) -> None:
    from pbx.media.sipclient import PhoneOptions, SipPhone

    options["codecs"] = tuple(options.get("codecs", ()))
    phone = SipPhone(PhoneOptions(**options), tell)
    tell({"event": "ready", "port": phone.port})
    commands: queue.Queue[dict[str, Any] | None] = queue.Queue()
    read_commands(commands.put)
    while True:
        phone.poll(10)
        while not commands.empty():
            command = commands.get()
            if command is None:
                phone.close()
                return
            perform(phone, command)


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
