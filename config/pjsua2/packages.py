"""Which system packages the build needs, and which of them are missing."""

import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from config.pjsua2.errors import MissingPackages


@dataclass(frozen=True)
class Requirement:
    """A Debian package with the command or the C header that shows it is there."""

    package: str
    why: str
    command: str = ""
    header: str = ""


REQUIREMENTS = (
    Requirement("build-essential", "compiles pjproject", command="g++"),
    Requirement("make", "compiles pjproject", command="make"),
    Requirement("swig", "writes the Python wrapper", command="swig"),
    Requirement("xz-utils", "unpacks the source", command="xz"),
    Requirement("libssl-dev", "DTLS-SRTP for browsers", header="openssl/ssl.h"),
    Requirement("libopus-dev", "the Opus codec", header="opus/opus.h"),
    Requirement("libsrtp2-dev", "encrypted media", header="srtp2/srtp.h"),
    Requirement("libspeex-dev", "the Speex codec", header="speex/speex.h"),
    Requirement("libspeexdsp-dev", "resampling", header="speex/speex_resampler.h"),
    Requirement("libgsm1-dev", "the GSM codec", header="gsm/gsm.h"),
    Requirement("uuid-dev", "unique Call-IDs", header="uuid/uuid.h"),
)


def missing_packages() -> dict[str, str]:
    """Return the missing packages with the reason each is needed, in the order of installation."""
    missing = {r.package: r.why for r in REQUIREMENTS if not _is_there(r)}
    include = Path(sysconfig.get_paths()["include"])
    if not (include / "Python.h").exists():
        missing["python3-dev"] = f"C headers of this very interpreter ({include}/Python.h)"
    return missing


def require_packages() -> None:
    """Raise MissingPackages unless everything the build needs is there."""
    if missing := missing_packages():
        raise MissingPackages(missing)


def _is_there(requirement: Requirement) -> bool:
    if requirement.command:
        return shutil.which(requirement.command) is not None
    return _compiler_finds(requirement.header)


def _compiler_finds(header: str) -> bool:
    compiler = shutil.which("cc")
    if compiler is None:
        return Path("/usr/include", header).exists()
    probe = subprocess.run(  # noqa: S603 - fixed words and a header's name from the table above
        [compiler, "-xc", "-E", "-include", header, "/dev/null"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return probe.returncode == 0
