"""Finds the line on which each key of a TOML text stands; tomllib does not tell."""

import re
from collections.abc import Iterator

_HEADER = re.compile(r"^\s*\[\[?\s*(?P<name>[^\]#]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?P<name>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_FENCE = re.compile(r'"""|' + "'''")


def key_lines(text: str) -> dict[str, int]:
    """Map dotted names of tables and keys to line numbers, counted from 1. `text` must be valid TOML."""
    lines: dict[str, int] = {}
    table = ""
    for number, line in _outside_strings(text):
        if header := _HEADER.match(line):
            table = _plain(header["name"])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = _plain(key["name"])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def line_of(lines: dict[str, int], name: str) -> int:
    """Return the line of `name`, or of the table that holds it (an inline one), or 1."""
    while name and name not in lines:
        name = name.rpartition(".")[0]
    return lines.get(name, 1)


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that do not begin within a multi-line string."""
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not fence:
            yield number, line
        for mark in _FENCE.findall(line):
            fence = "" if mark == fence else (fence or mark)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
