"""`comptoir web` as its own process: serves, keeps serving without a telephone system, stops on a signal."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(state: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "COMPTOIR_PATHS_STATE_DIR": str(state),
        "COMPTOIR_WEB_PORT": str(port),
        "COMPTOIR_WEB_VIEWER_PORT": "0",
        "COMPTOIR_API_PORT": str(free_port()),
        "COMPTOIR_SHOP_PORT": "0",
        "COMPTOIR_SHOP_PAYMENT_PORT": "0",
    }


def comptoir(environ: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "config.cli", *words],
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process and its port."""
    port = free_port()
    environ = environment(tmp_path, port)
    assert comptoir(environ, "db", "upgrade").wait(60) == 0
    with comptoir(environ, "web") as process:
        yield process, port
        process.kill()


def health(port: int) -> dict[str, Any]:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def test_the_pages_work_while_the_telephone_system_is_away(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    _, port = served
    assert health(port) | {"front_end": None} == {
        "database": True,
        "telephone_system": False,
        "front_end": None,
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_on_a_signal(
    served: tuple[subprocess.Popen[str], int], number: signal.Signals
) -> None:
    process, port = served
    health(port)
    process.send_signal(number)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_port_in_use_is_said(served: tuple[subprocess.Popen[str], int], tmp_path: Path) -> None:
    _, port = served
    health(port)
    second = comptoir(environment(tmp_path, port), "web")
    _, errors = second.communicate(timeout=30)
    assert second.returncode == 1
    assert "cannot listen on web.listen, web.port" in errors
