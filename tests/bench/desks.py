"""Many desks' pages, as far as the server sees them: Socket.IO connections that note when a screen pop arrives.

python -m tests.bench.desks PORT FILE      FILE: a JSON list of {agent, cookie, csrf}

Prints `ready` when all are connected; ends when its standard input does, and prints a JSON list of
[offer, Unix seconds] then.
"""

import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import websocket

PATIENCE = 30.0
OFFER = '42["offer"'
"""Engine.IO message, Socket.IO event (their protocols' version 4 and 5), and the event's name."""


class Desk:
    """One page's connection, read by a thread of its own."""

    def __init__(self, port: int, key: dict[str, str], pops: list[tuple[str, float]]) -> None:
        self._pops = pops
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            cookie=key["cookie"],
            origin=f"http://127.0.0.1:{port}",
            timeout=PATIENCE,
        )
        self._socket.recv()
        self._socket.send("40" + json.dumps({"csrf": key["csrf"]}))
        answer = self._socket.recv()
        if not str(answer).startswith("40"):
            raise RuntimeError(f"The pages refuse {key['agent']}: {answer}")
        self._socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with suppress(websocket.WebSocketException, OSError):
            while message := self._socket.recv():
                now = time.time()
                if message == "2":
                    self._socket.send("3")
                elif message.startswith(OFFER):
                    pop: dict[str, Any] = json.loads(message[2:])[1]
                    self._pops.append((pop["offer"]["id"], now))


def main() -> None:
    """Connect, wait, tell."""
    port, keys = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    pops: list[tuple[str, float]] = []
    desks = [Desk(port, key, pops) for key in keys]
    print("ready", len(desks), flush=True)
    sys.stdin.read()
    print(json.dumps(pops), flush=True)


if __name__ == "__main__":
    main()
