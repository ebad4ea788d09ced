"""The front end's built files, by the names the build gave them."""

import json
from dataclasses import dataclass, field
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry point's files, as paths below /static/dist/."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assets:
    """Reads Vite's manifest. Without a build every entry is empty, and the pages say so."""

    dist: Path = DIST
    _read: dict[str, Entry] = field(default_factory=dict, init=False, repr=False)

    def entry(self, source: str) -> Entry:
        """The built files of a source file such as src/main.tsx."""
        if not self._read and (self.dist / ".vite" / "manifest.json").exists():
            self._read.update(_entries(self.dist / ".vite" / "manifest.json"))
        return self._read.get(source, Entry())

    @property
    def built(self) -> bool:
        """Whether there is a build."""
        return bool(self.entry("src/main.tsx").scripts)


def _entries(path: Path) -> dict[str, Entry]:
    manifest = json.loads(path.read_text("utf-8"))
    return {
        source: Entry((chunk["file"],), tuple(_styles(manifest, source)))
        for source, chunk in manifest.items()
        if chunk.get("isEntry")
    }


def _styles(manifest: dict[str, dict[str, list[str]]], source: str) -> list[str]:
    """A chunk's own styles after those of the chunks it imports."""
    chunk = manifest[source]
    imported = [style for other in chunk.get("imports", []) for style in _styles(manifest, other)]
    return list(dict.fromkeys(imported + chunk.get("css", [])))
