"""Reads what a customer's page sent."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def events(frames: list[str]) -> Iterator[Json]:
    """The recorder's events in a page's messages."""
    for frame in frames:
        if frame.startswith('{"type":"batch"'):
            yield from json.loads(frame)["events"]


def nodes(frames: list[str]) -> Iterator[Json]:
    """Every node that was told, in order."""
    for event in events(frames):
        data = event["data"]
        if event["type"] == 2:
            yield from below(data["node"])
        elif event["type"] == 3 and data["source"] == 0:
            for added in data["adds"]:
                yield from below(added["node"])


def below(node: Json) -> Iterator[Json]:
    """A node and all below it."""
    yield node
    for child in node.get("childNodes", ()):
        yield from below(child)


def number_of(frames: list[str], tag: str, place: int = 0, **attributes: str) -> int:
    """The number of the n-th element with this tag and these attributes."""
    found = [
        node["id"]
        for node in nodes(frames)
        if node.get("tagName") == tag and attributes.items() <= node.get("attributes", {}).items()
    ]
    return int(found[place])
