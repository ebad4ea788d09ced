"""What processes and the machine have used, read from /proc."""

import os
import platform
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int, thread: int | None = None) -> float:
    """CPU time of a process, or of one thread of it, in user and kernel. A process that has ended: 0."""
    where = f"/proc/{pid}/stat" if thread is None else f"/proc/{pid}/task/{thread}/stat"
    try:
        fields = Path(where).read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def resident_mib(pid: int) -> float:
    """Memory of a process that is not shared with files: anonymous pages, in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def started_here() -> tuple[int, ...]:
    """The processes that this one has started, and those that these have."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it may have ended meanwhile
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found = [os.getpid()]
    for pid in found:
        found += parents.get(pid, [])
    return tuple(found[1:])


def machine_busy_seconds() -> float:
    """CPU time that all processors have spent on anything, also on what a host took away."""
    fields = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICK


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    memory = Path("/proc/meminfo").read_text().split("\n", 1)[0].split()[1]
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory) / 1024 / 1024, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
    }


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used between two moments, in percent of one core; `others` is what was no part of the benchmark."""

    seconds: float
    cpu: float
    reactor: float
    load: float
    others: float
    memory_mib: float


@dataclass
class Window:
    """Measures one process, the reactor's thread in it, and the load beside it, from its making to `close`."""

    pid: int
    load: tuple[int, ...] = ()
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._before = self._read()

    def _read(self) -> tuple[float, ...]:
        load = sum(map(cpu_seconds, self.load)) + time.process_time()
        return cpu_seconds(self.pid), cpu_seconds(self.pid, self.pid), load, machine_busy_seconds()

    def close(self) -> Usage:
        """The usage so far."""
        seconds = time.monotonic() - self._began
        used = [100 * (now - then) / seconds for now, then in zip(self._read(), self._before, strict=True)]
        others = max(0.0, used[3] - used[0] - used[2])
        return Usage(seconds, used[0], used[1], used[2], others, resident_mib(self.pid))


class MemoryTrace:
    """A process's memory, once a second, from `start` to `stop`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.samples: list[tuple[float, float]] = []

    def start(self) -> "MemoryTrace":
        self._thread.start()
        return self

    def _watch(self) -> None:
        began = time.monotonic()
        while True:
            self.samples.append((time.monotonic() - began, resident_mib(self._pid)))
            if self._over.wait(1.0):
                return

    def stop(self) -> list[tuple[float, float]]:
        """Seconds since the start, and MiB."""
        self._over.set()
        self._thread.join()
        return self.samples


def slope(samples: list[tuple[float, float]]) -> float:
    """MiB a minute, the straight line of least squares through the samples; 0 for fewer than two."""
    if len(samples) < 2:
        return 0.0
    count = len(samples)
    middle_x = sum(x for x, _ in samples) / count
    middle_y = sum(y for _, y in samples) / count
    spread = sum((x - middle_x) ** 2 for x, _ in samples)
    return 60 * sum((x - middle_x) * (y - middle_y) for x, y in samples) / spread if spread else 0.0


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
