"""SIPp as somebody's phone, which takes each step when the test says so.

A scenario tells where it is with `sendCmd` and waits with `recvCmd`; SIPp sends these over a connection of its own
("third party call control", `-3pcc`), whose other end is here.

    with Sipp(folder, "customer", "127.0.0.1:5060", "-t", "t1") as phone:
        phone.reached("established")
        phone.go_on()
        phone.finished()
"""

import re
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Self

import pytest

END = b"\x1b"
"""Ends each command on the connection."""
PATIENCE = 60.0


class Sipp:
    """One call by one SIPp. `folder` takes its files; `options` are its own (see `sipp -h`)."""

    def __init__(self, folder: Path, scenario: Path, *options: str) -> None:
        program = shutil.which("sipp")
        if program is None:
            pytest.fail("SIPp is missing: apt-get install sip-tester", pytrace=False)
        self.folder = folder
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self._connection: socket.socket | None = None
        self._unread = b""
        self._call = ""
        with (folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [
                    *(program, "-sf", str(scenario), "-i", "127.0.0.1", "-nostdin", "-m", "1"),
                    *("-3pcc", f"127.0.0.1:{self._listener.getsockname()[1]}"),
                    *("-trace_err", "-error_file", str(folder / "errors.log")),
                    *("-trace_msg", "-message_file", str(folder / "messages.log")),
                    *("-timeout", f"{2 * PATIENCE:.0f}s", "-timeout_error", *options),
                ],
                cwd=folder,
                stdout=said,
                stderr=said,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._connection is not None:
            self._connection.close()
        self._listener.close()

    def reached(self, step: str) -> None:
        """Wait until the scenario tells this step."""
        try:
            command = self._read()
        except (OSError, EOFError) as problem:
            raise AssertionError(f"SIPp did not reach {step}: {problem!r}\n{self.errors()}") from None
        found = re.search(r"Call-ID: *(\S+)", command)
        assert found, command
        self._call = found[1]
        assert step in command, f"SIPp is at: {command}"

    def go_on(self) -> None:
        """Let the scenario go on from where it waits."""
        assert self._connection is not None
        self._connection.sendall(f"Call-ID: {self._call}\r\n\r\n".encode() + END)

    def finished(self) -> None:
        """Wait until the scenario has come to its end, as it should."""
        assert self.process.wait(PATIENCE) == 0, self.errors()

    def messages(self) -> str:
        """All that it sent and received."""
        file = self.folder / "messages.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def errors(self) -> str:
        """What it complained about."""
        files = (self.folder / "errors.log", self.folder / "said")
        return "\n".join(file.read_text(errors="replace")[-3000:] for file in files if file.exists())

    def _read(self) -> str:
        if self._connection is None:
            self._connection, _ = self._listener.accept()
            self._connection.settimeout(PATIENCE)
        while END not in self._unread:
            more = self._connection.recv(4096)
            if not more:
                raise EOFError("it has hung up")
            self._unread += more
        command, _, self._unread = self._unread.partition(END)
        return command.decode()
