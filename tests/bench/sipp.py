"""SIPp, a SIP caller and called party in processes of its own: started, waited for, and what it counted."""

import csv
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
_EVENT = re.compile(r"^'?\d{4}-\d\d-\d\d\t.*?: ", re.MULTILINE)
LONGEST = 600
"""Seconds after which SIPp gives up by itself, whatever happens."""


class SippMissing(Exception):
    """SIPp is not installed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a SIPp counted; `why_failed` names its own counters, `answered_ms` is the time from INVITE to 200 of
    each call, in milliseconds."""

    calls: int
    succeeded: int
    why_failed: str
    retransmissions: int
    answered_ms: tuple[float, ...]


class Sipp:
    """One running SIPp. `folder` takes its files; `options` are its own (see `sipp -h`)."""

    def __init__(self, scenario: str, folder: Path, *options: str) -> None:
        program = shutil.which("sipp")
        if program is None:
            raise SippMissing("SIPp is missing; install Debian's package sip-tester.")
        folder.mkdir(parents=True)
        self.folder = folder
        self.process = subprocess.Popen(
            [
                *(program, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1", "-nostdin"),
                *("-trace_stat", "-stf", "statistics.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1"),
                *(
                    "-trace_err",
                    "-error_file",
                    "errors.log",
                    "-watchdog_interval",
                    "0",
                    "-timeout",
                    f"{LONGEST}s",
                    "-l",
                    "5000",
                ),
                *options,
            ],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    def wait(self, seconds: float) -> None:
        """Until all calls are over; a SIPp that needs longer is ended."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()

    def stop(self) -> None:
        """End it; what it counted is kept."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def counted(self) -> Counted:
        """What it counted up to its last second."""
        row = self._last_row()
        return Counted(
            calls=int(row.get("TotalCallCreated", 0)),
            succeeded=int(row.get("SuccessfulCall(C)", 0)),
            why_failed=_reasons(row),
            retransmissions=int(row.get("Retransmissions(C)", 0)),
            answered_ms=tuple(self._response_times()),
        )

    def _last_row(self) -> dict[str, str]:
        file = self.folder / "statistics.csv"
        if not file.exists():
            return {}
        lines = file.read_text().splitlines()
        rows = list(csv.DictReader(lines, delimiter=";"))
        complete = [row for row in rows if row.get("Retransmissions(C)")]
        return complete[-1] if complete else {}

    def _response_times(self) -> list[float]:
        times = []
        for file in self.folder.glob("*_rtt.csv"):
            for row in csv.reader(file.read_text().splitlines()[1:], delimiter=";"):
                times.append(float(row[1]))
        return times

    def errors(self) -> str:
        """The beginning of what it complained about; a message repeated after its call is no complaint."""
        file = self.folder / "errors.log"
        if not file.exists():
            return ""
        events = _EVENT.split(file.read_text(errors="replace"))
        return "\n".join(one.strip() for one in events[1:] if "Dead call" not in one)[:2000]


def _reasons(row: dict[str, str]) -> str:
    failed = {
        name: int(value) for name, value in row.items() if name.startswith("Failed") and name.endswith("(C)")
    }
    return ", ".join(
        f"{name[6:-3]} {count}" for name, count in failed.items() if count and name != "FailedCall(C)"
    )
