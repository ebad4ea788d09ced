"""baresip as somebody's phone: registers, calls, answers, speaks a tone, writes what it hears.

Driven over its own TCP control interface (JSON in netstrings, module ctrl_tcp). It knows MD5 digests only.

    with Baresip(folder, "alice", "127.0.0.1:5060", password="secret", says=2500) as phone:
        phone.registered()
        phone.do("dial", "sip:4001@127.0.0.1:5060")
        phone.wait("CALL_ESTABLISHED")
"""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Self

import audio
import pytest

PATIENCE = 30.0
MODULES = Path("/usr/lib/baresip/modules")
SPOKEN_SECONDS = 90
"""Length of the tone's file, longer than any call here."""


class Baresip:
    """One phone with one account; it ends with the with block. Unregistered without a password."""

    def __init__(
        self,
        folder: Path,
        user: str,
        server: str,
        password: str = "",
        transport: str = "udp",
        says: float = 2500.0,
        answers: bool = False,
    ) -> None:
        program = shutil.which("baresip")
        if program is None:
            pytest.fail("baresip is missing: apt-get install baresip-core", pytrace=False)
        self.folder = folder
        self.events: list[dict[str, Any]] = []
        self._unread = b""
        folder.mkdir(parents=True)
        tone = audio.write_tone(folder / "tone.wav", says, SPOKEN_SECONDS)
        port = _free_port()
        (folder / "config").write_text(_configuration(port, tone, folder))
        (folder / "accounts").write_text(_account(user, server, password, transport, answers))
        with (folder / "said").open("wb") as said:
            self.process = subprocess.Popen([program, "-f", str(folder)], stdout=said, stderr=said)
        self._control = self._connect(port)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.do("quit")
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._control.close()

    def do(self, command: str, parameters: str = "") -> None:
        """Run one of baresip's long commands: dial, accept, hangup, hold, sndcode ..."""
        text = json.dumps({"command": command, "params": parameters})
        self._control.sendall(f"{len(text)}:{text},".encode())

    def wait(self, kind: str, timeout: float = PATIENCE) -> dict[str, Any]:
        """The first event of this kind, seen already or to come; each answers one `wait` only."""
        deadline = time.monotonic() + timeout
        while True:
            for event in self.events:
                if event.get("type") == kind:
                    self.events.remove(event)
                    return event
            if not self._receive(deadline):
                raise AssertionError(f"no {kind}; seen: {self.events}\n{self.said()}")

    def registered(self) -> None:
        """Wait until it has registered; its control interface may come too late to tell."""
        self._logged("200 OK () [1 binding]")

    def not_registered(self) -> None:
        """Wait until its registration was refused."""
        self._logged("401 Unauthorized")

    def _logged(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.said():
            assert time.monotonic() < deadline, f"no {text}:\n{self.said()}"
            time.sleep(0.05)

    def hear(self, seconds: float, timeout: float = PATIENCE) -> float:
        """Wait until it has heard so much more; returns the second of `heard` at which that began."""
        begins, deadline = self._heard_seconds(), time.monotonic() + timeout
        while self._heard_seconds() < begins + seconds:
            assert time.monotonic() < deadline, f"it hears nothing\n{self.said()}"
            time.sleep(0.05)
        return begins

    def heard(self) -> Path:
        """What it heard in its call, which must be over; also whatever it heard before was answered."""
        return next(self.folder.glob("dump-*-dec.wav"))

    def _heard_seconds(self) -> float:
        return sum(file.stat().st_size for file in self.folder.glob("dump-*-dec.wav")) / 16000

    def said(self) -> str:
        """The end of its own log."""
        return (self.folder / "said").read_text(errors="replace")[-3000:]

    def _connect(self, port: int) -> socket.socket:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), 1)
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, self.said()
                time.sleep(0.05)

    def _receive(self, deadline: float) -> bool:
        """Read what comes; False when the time is over or it has ended."""
        self._control.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            more = self._control.recv(65536)
        except TimeoutError:
            return False
        self._unread += more
        while b":" in self._unread:
            length, _, rest = self._unread.partition(b":")
            if len(rest) <= int(length):
                break
            self.events.append(json.loads(rest[: int(length)]))
            self._unread = rest[int(length) + 1 :]
        return bool(more)


def _account(user: str, server: str, password: str, transport: str, answers: bool) -> str:
    login = f"auth_user={user};auth_pass={password};regint=120" if password else "regint=0"
    mode = "auto" if answers else "manual"
    return f"<sip:{user}@{server};transport={transport}>;{login};answermode={mode};ptime=20\n"


def _configuration(control: int, tone: Path, folder: Path) -> str:
    return f"""
sip_listen 127.0.0.1:0
audio_player aubridge,nobody
audio_alert aubridge,nobody
audio_source aufile,{tone}
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
jitter_buffer_delay 2-4
ringback_disabled yes
module_path {MODULES}
module g711.so
module sndfile.so
module aubridge.so
module aufile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
