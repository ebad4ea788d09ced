"""The journal's rows on disk, while the database is away: one JSON line a row, in order."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pbx.journal_rows import KINDS, Entry


class Spool:
    """A file that only its owner may read. All methods may raise OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[Entry]:
        """What an earlier process left; a line that a crash cut off is left out, and mended in the file."""
        if not self._path.exists():
            return []
        lines = self._path.read_text("utf-8").splitlines()
        entries = list(_entries(lines))
        if len(entries) != len(lines):
            self.replace(entries)
        return entries

    def append(self, entries: Iterable[Entry]) -> None:
        """Add rows at the end."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not self._path.exists()
        with self._path.open("a", encoding="utf-8") as file:
            if fresh:
                self._path.chmod(0o600)
            file.writelines(map(_line, entries))

    def replace(self, entries: Iterable[Entry]) -> None:
        """Hold these rows and no others; a crash leaves the old file or the new one."""
        unfinished = Spool(self._path.with_suffix(".new"))
        unfinished.remove()
        unfinished.append(entries)
        unfinished._path.replace(self._path)

    def remove(self) -> None:
        """Hold nothing."""
        self._path.unlink(missing_ok=True)


def _line(entry: Entry) -> str:
    return json.dumps(entry, default=_to_json) + "\n"


def _entries(lines: Iterable[str]) -> Iterator[Entry]:
    for line in lines:
        try:
            kind, row = json.loads(line, object_hook=_from_json)
        except (ValueError, TypeError):
            continue
        if kind in KINDS and isinstance(row, dict):
            yield kind, row


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    return str(value)  # better a row that the database refuses than a spool that stops


def _from_json(pairs: dict[str, Any]) -> Any:
    return datetime.fromisoformat(pairs["$at"]) if set(pairs) == {"$at"} else pairs
