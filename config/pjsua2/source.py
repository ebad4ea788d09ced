"""Gets pjproject's source: from Debian through the machine's own apt client, or from --source."""

import hashlib
import re
import shutil
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.pjsua2.apt_sources import AptSource, debian_sources
from config.pjsua2.commands import Commands
from config.pjsua2.errors import BuildError, SourceUnavailable

SUITE = "forky"
PACKAGE = "asterisk"
COMPONENT = re.compile(
    r"'[^']+' (?P<name>\S+\.orig-Xpjproject\.tar\.\S+) \d+ SHA256:(?P<sha256>[0-9a-f]{64})"
)
ADVICE = "Give your own pjproject tarball with --source PATH_OR_URL."


@dataclass(frozen=True)
class Source:
    """A tarball that can be fetched; its checksum is known before, so a cached wheel needs no download."""

    name: str
    sha256: str
    fetch: Callable[[], Path]


def given_source(place: str, work: Path) -> Source:
    """Return the tarball at a path or URL; a URL is downloaded at once. Raises SourceUnavailable."""
    path = _download(place, work) if re.match(r"https?://", place) else Path(place).expanduser()
    if not path.is_file():
        raise SourceUnavailable(f"--source {place}: there is no such file")
    with path.open("rb") as tarball:
        digest = hashlib.file_digest(tarball, "sha256").hexdigest()
    return Source(path.name, digest, lambda: path)


def debian_source(work: Path, commands: Commands) -> Source:
    """Find pjproject in Debian's source package, leaving the system's apt set-up as it is.

    apt checks the archive's signature and the checksums. Raises SourceUnavailable.
    """
    if shutil.which("apt-get") is None:
        raise SourceUnavailable(f"this machine has no apt-get to fetch pjproject with. {ADVICE}")
    reasons = ["no entry for Debian's own main component in /etc/apt"]
    for number, entry in enumerate(debian_sources()):
        try:
            return _from_entry(entry, work / f"apt{number}", commands)
        except BuildError as problem:
            reasons.append(str(problem))
    raise SourceUnavailable(f"pjproject cannot be had from Debian: {reasons[-1]}\n{ADVICE}")


def _from_entry(entry: AptSource, work: Path, commands: Commands) -> Source:
    apt = ["apt-get", *_private_options(entry, work)]
    commands.run([*apt, "update"], cwd=work)
    listing = commands.run([*apt, "source", "--tar-only", "--print-uris", PACKAGE], cwd=work)
    match = COMPONENT.search(listing)
    if match is None:
        raise SourceUnavailable(f"Debian {SUITE}'s source package {PACKAGE} holds no pjproject component")

    def fetch() -> Path:
        commands.run([*apt, "source", "--tar-only", "--download-only", PACKAGE], cwd=work)
        return work / match["name"]

    return Source(match["name"], match["sha256"], fetch)


def _private_options(entry: AptSource, work: Path) -> list[str]:
    for directory in ("lists/partial", "cache/archives/partial"):
        (work / directory).mkdir(parents=True, exist_ok=True)
    listed = work / "pjproject.sources"
    listed.write_text(entry.stanza(SUITE), encoding="utf-8")
    options = {
        "Dir::Etc::sourcelist": listed,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::Lists": work / "lists",
        "Dir::Cache": work / "cache",
        "APT::Sandbox::User": "root",  # the private directory is not readable for apt's own user
        "APT::Update::Error-Mode": "any",
    }
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def _download(url: str, work: Path) -> Path:
    path = work / (url.rsplit("/", 1)[-1] or "pjproject.tar")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer, path.open("wb") as out:  # noqa: S310 - http(s)
            shutil.copyfileobj(answer, out)
    except OSError as problem:
        raise SourceUnavailable(f"--source {url}: {problem}") from problem
    return path
