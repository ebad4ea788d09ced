"""One Comptoir a state directory: a lock file that names the process, freed by the kernel when it dies."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

NAME = "comptoir.lock"


class AlreadyRunning(Exception):
    """Another `comptoir up` holds the state directory."""

    id = "already-running"

    def __init__(self, pid: int | None) -> None:
        self.pid = pid
        process = f"process {pid}" if pid else "another process"
        super().__init__(f"Comptoir runs already ({process}) with this state directory; stop it first")


@contextlib.contextmanager
def state_lock(state_dir: Path) -> Iterator[None]:
    """Hold the state directory while the body runs. Raises AlreadyRunning."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(running_pid(state_dir)) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def running_pid(state_dir: Path) -> int | None:
    """Return the process id of the `comptoir up` that holds `state_dir`, or None."""
    path = state_dir / NAME
    if not path.exists():
        return None
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            written = file.read().strip()
            return int(written) if written.isdigit() else None
    return None
