"""What was compiled into pjsua2? It is asked in a process of its own: a native crash stays there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from config.doctor.finding import Finding, failure, ok
from config.settings import Settings

SUBJECT = "pjsua2"
REBUILD = "make run builds it (or: python -m config.pjsua2.build, then pip install the wheel it prints)"
TIMEOUT = 20.0

PROBE = """
import json, pjsua2
prefix = "COMPTOIR_"
names = [name for name in dir(pjsua2) if name.startswith(prefix)]
limits = {name[len(prefix):].lower(): int(getattr(pjsua2, name)) for name in names}
endpoint = pjsua2.Endpoint()
endpoint.libCreate()
print("found " + json.dumps({"version": endpoint.libVersion().full, "limits": limits}))
endpoint.libDestroy()
"""

FEATURES = {
    "has_dtls_srtp": "DTLS-SRTP (browsers cannot call without it)",
    "has_opus": "the Opus codec",
    "parallel_bridge": "the parallel conference bridge",
    "locks_rtp_source": "the locked RTP source (a stranger's packets could take over a call)",
}


def check_media(settings: Settings, probe: str = PROBE) -> Iterator[Finding]:
    """Compare the build's limits with the settings."""
    try:
        build = probe_build(probe)
    except (OSError, ValueError, subprocess.SubprocessError) as problem:
        yield failure(SUBJECT, f"cannot be used: {problem}", REBUILD)
        return
    yield _judge(build["version"], build["limits"], settings)


def probe_build(probe: str = PROBE) -> dict[str, Any]:
    """Return version and limits of the installed pjsua2. Raises ValueError when it has none."""
    child = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    lines = [line for line in child.stdout.splitlines() if line.startswith("found ")]
    if not lines:
        last = child.stderr.strip().splitlines()[-1:] or [f"it ended with {child.returncode}"]
        raise ValueError(last[0])
    found: dict[str, Any] = json.loads(lines[0].removeprefix("found "))
    return found


def _judge(version: str, limits: dict[str, int], settings: Settings) -> Finding:
    if "max_calls" not in limits:
        return failure(SUBJECT, f"{version}, not built by Comptoir's recipe: 4 calls, no DTLS-SRTP", REBUILD)
    lacking = [words for name, words in FEATURES.items() if not limits.get(name)]
    if lacking:
        return failure(SUBJECT, f"{version} lacks {', '.join(lacking)}", REBUILD)
    if limits["max_calls"] < settings.media.max_calls:
        found = f"{version} has {limits['max_calls']} call slots, media.max_calls asks for more"
        return failure(SUBJECT, found, "lower media.max_calls, or raise PJSUA_MAX_CALLS and build again")
    shown = f"{limits['max_calls']} calls, {limits['max_packet']}-byte packets, DTLS-SRTP, Opus"
    return ok(SUBJECT, f"{version}: {shown}, parallel bridge, locked RTP source")
