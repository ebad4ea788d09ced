"""Is there room on the disk, and may enough files be open?"""

import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

from config.doctor.finding import Finding, failure, ok, warning
from config.settings import Settings

FILES_PER_CALL = 6
"""Two sockets for each leg's RTP and RTCP, a player, a recorder."""

FILES_BESIDE = 500
LEAST_FREE = 100_000_000


def check_machine(settings: Settings) -> Iterator[Finding]:
    """Look at the disks and at the limit of open files."""
    yield _disk("state directory", settings.paths.state_dir, LEAST_FREE, "paths.state_dir")
    yield _disk(
        "recordings", settings.recording.directory, settings.recording.min_free, "recording.directory"
    )
    yield _open_files(settings)


def _disk(subject: str, folder: Path, least: int, setting: str) -> Finding:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(there, os.W_OK):
        return failure(subject, f"{there} is not writable", f"chown it, or choose another {setting}")
    free = shutil.disk_usage(there).free
    shown = f"{folder}, {free / 1e9:.1f} GB free"
    if free < least:
        return failure(subject, f"{shown}; {least / 1e9:.1f} GB are needed", f"free some, or move {setting}")
    return ok(subject, shown)


def _open_files(settings: Settings) -> Finding:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = settings.media.admit_calls * FILES_PER_CALL + FILES_BESIDE
    if hard not in (-1, resource.RLIM_INFINITY) and hard < needed:
        found = f"at most {hard}; {settings.media.admit_calls} calls need {needed}"
        return warning(
            "open files", found, "raise LimitNOFILE in the unit (or `ulimit -Hn`), or lower media.admit_calls"
        )
    return ok("open files", "unlimited" if hard in (-1, resource.RLIM_INFINITY) else f"at most {hard}")
