"""The audio of a call as a bare UDP socket: hears, speaks a tone, presses keys (RFC 3550, RFC 4733; PCMU).

It answers to where packets come from. Who signals the call names its `port` in the SDP, with PCMU as payload type 0
and telephone-event as 101.
"""

import socket
import struct
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import audio
import numpy as np

PACKET = 160
"""Samples, 20 ms at 8 kHz."""
_LEVELS = audio.decode_ulaw(bytes(range(256)))
_ORDER = np.argsort(_LEVELS)
_KEYS = "0123456789*#ABCD"


class RtpPeer:
    """One side of a call's audio, on a thread."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.settimeout(0.02)
        self.address = address
        self.port: int = self._socket.getsockname()[1]
        self._payloads: list[bytes] = []
        self._peer: tuple[str, int] | None = None
        self._voice = [bytes([0xFF]) * PACKET]
        self._keys: list[str] = []
        self._sequence = self._time = 0
        self._open = True
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._hear, self._speak)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def tone(self, hertz: float) -> None:
        """Speak a tone from now on; a multiple of 50 Hz goes on without a click."""
        samples = audio.tone(hertz, 1.0)
        self._voice = [_ulaw(samples[at : at + PACKET]) for at in range(0, len(samples), PACKET)]

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        self._keys.extend(keys)

    def hear(self, path: Path, seconds: float, patience: float = 20.0) -> Path:
        """Write the next so many seconds of audio that come; fewer, when they do not come in time."""
        first, deadline = len(self._payloads), time.monotonic() + patience
        while len(self._payloads) - first < seconds * 50 and time.monotonic() < deadline:
            time.sleep(0.05)
        return audio.write(path, audio.decode_ulaw(b"".join(self._payloads[first:])))

    def _hear(self) -> None:
        while self._open:
            with suppress(TimeoutError):
                packet, self._peer = self._socket.recvfrom(2048)
                if len(packet) > 12 and packet[1] & 0x7F == 0:
                    self._payloads.append(packet[12:])

    def _speak(self) -> None:
        due = time.monotonic()
        while self._open:
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))
            if self._peer is None:
                continue
            if self._keys:
                self._press(self._keys.pop(0))
                due = time.monotonic()
            else:
                self._send(0, self._voice[self._time // PACKET % len(self._voice)], self._time)
            self._time += PACKET

    def _press(self, key: str) -> None:
        """A key of 100 ms; its end is told three times (RFC 4733 section 2.5.1.4)."""
        began = self._time
        for lasted, end in [(n, False) for n in range(1, 6)] + [(5, True)] * 3:
            volume = 0x80 | 10 if end else 10
            event = struct.pack("!BBH", _KEYS.index(key), volume, lasted * PACKET)
            self._send(101, event, began, marked=lasted == 1)
            time.sleep(0.02)
        self._time += 10 * PACKET

    def _send(self, kind: int, payload: bytes, at: int, marked: bool = False) -> None:
        self._sequence += 1
        head = struct.pack(
            "!BBHII", 0x80, kind | (0x80 if marked else 0), self._sequence & 0xFFFF, at & 0xFFFFFFFF, 77
        )
        if self._peer is not None:
            self._socket.sendto(head + payload, self._peer)


def _ulaw(samples: np.ndarray) -> bytes:
    """The nearest code of each sample."""
    levels = _LEVELS[_ORDER]
    above = np.clip(np.searchsorted(levels, samples), 1, len(levels) - 1)
    nearer = np.where(samples - levels[above - 1] < levels[above] - samples, above - 1, above)
    return bytes(_ORDER[nearer].astype(np.uint8))
