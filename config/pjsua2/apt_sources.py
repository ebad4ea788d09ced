"""Reads the machine's own apt sources to find the entry that serves Debian itself."""

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ETC_APT = Path("/etc/apt")
DEBIAN_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


@dataclass(frozen=True)
class AptSource:
    """One Debian source: where it is and which key signs it (a path, or a deb822 key block)."""

    uris: str
    signed_by: str

    def stanza(self, suite: str) -> str:
        """Return a deb822 entry for the source packages of `suite` from the same place."""
        lines = ["Types: deb-src", f"URIs: {self.uris}", f"Suites: {suite}", "Components: main"]
        if self.signed_by:
            lines.append(f"Signed-By: {self.signed_by}")
        return "\n".join(lines) + "\n"


def debian_sources(etc: Path = ETC_APT, codename: str | None = None) -> list[AptSource]:
    """Return the machine's sources of Debian's `main` for its own release, first found first."""
    codename = codename if codename is not None else _codename()
    found = [
        AptSource(uris, signed_by or _default_keyring())
        for uris, suites, components, signed_by in _entries(etc)
        if codename in suites and "main" in components
    ]
    return list(dict.fromkeys(found))


def _entries(etc: Path) -> Iterator[tuple[str, list[str], list[str], str]]:
    parts = etc / "sources.list.d"
    for path in sorted(parts.glob("*.sources")):
        for fields in _stanzas(path.read_text(encoding="utf-8", errors="replace")):
            if "deb" in fields.get("types", "").split() and fields.get("enabled", "yes") != "no":
                yield (
                    fields.get("uris", ""),
                    fields.get("suites", "").split(),
                    fields.get("components", "").split(),
                    fields.get("signed-by", ""),
                )
    for path in (etc / "sources.list", *sorted(parts.glob("*.list"))):
        if path.exists():
            yield from _one_line_entries(path.read_text(encoding="utf-8", errors="replace"))


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    """Split deb822 text into stanzas; a continuation line stays part of its field, with its newline."""
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if fields:
            yield fields


def _one_line_entries(text: str) -> Iterator[tuple[str, list[str], list[str], str]]:
    pattern = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<rest>.*)$")
    for line in text.splitlines():
        if match := pattern.match(line.partition("#")[0].strip()):
            options = dict(o.partition("=")[::2] for o in (match["options"] or "").split())
            yield match["uri"], [match["suite"]], match["rest"].split(), options.get("signed-by", "")


def _codename() -> str:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return ""
    return release.get("VERSION_CODENAME", "") if release.get("ID") == "debian" else ""


def _default_keyring() -> str:
    return str(DEBIAN_KEYRING) if DEBIAN_KEYRING.exists() else ""
