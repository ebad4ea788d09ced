"""How long the pbx lets others wait: OPTIONS that the edge answers by itself, twenty a second."""

import socket
import threading
import time


class Probe:
    """Asks and measures in a thread, from its making to `close`; an answer later than 2 s counts as lost."""

    def __init__(self, server: tuple[str, int], interval: float = 0.05) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(server)
        self._server = server
        self._interval = interval
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._times: list[float] = []
        self._lost = 0
        self._thread = threading.Thread(target=self._ask_again_and_again, daemon=True)
        self._thread.start()

    def _ask_again_and_again(self) -> None:
        number = 0
        while not self._over.wait(self._interval):
            number += 1
            waited = self._ask(number)
            with self._lock:
                if waited is None:
                    self._lost += 1
                else:
                    self._times.append(waited)

    def _ask(self, number: int) -> float | None:
        request = self._request(number)
        wanted = f"z9hG4bKprobe{number};".encode()
        asked = time.perf_counter()
        try:
            self._socket.send(request)
            while (left := asked + 2.0 - time.perf_counter()) > 0:
                self._socket.settimeout(left)
                if wanted in self._socket.recv(65535).replace(b"\r", b";"):
                    return 1000 * (time.perf_counter() - asked)
        except (TimeoutError, ConnectionError):
            pass
        return None

    def _request(self, number: int) -> bytes:
        host, port = self._socket.getsockname()
        lines = (
            f"OPTIONS sip:{self._server[0]}:{self._server[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bKprobe{number}",
            f"From: <sip:probe@{host}>;tag=probe",
            f"To: <sip:{self._server[0]}>",
            f"Call-ID: probe-{number}-{port}",
            f"CSeq: {number} OPTIONS",
            "Max-Forwards: 70",
            "Content-Length: 0",
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def take(self) -> tuple[list[float], int]:
        """The answers' times in milliseconds and how many were lost, since the last look."""
        with self._lock:
            found, self._times = (self._times, self._lost), []
            self._lost = 0
        return found

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()
