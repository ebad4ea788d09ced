"""Ids kept in the order of a key, for lines of up to some ten thousand.

A plain sorted list: finding is a bisection, and moving ten thousand pointers aside costs a few microseconds,
less than a balanced tree costs in Python, and a list can tell the place of any id, which a heap cannot.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator

Key = tuple[float, ...]


class Order:
    """Ids in ascending order of their keys, equal keys in the order of the ids.

    `keyed` is for reading only.
    """

    __slots__ = ("_keys", "keyed")

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}
        self.keyed: list[tuple[Key, str]] = []

    def __len__(self) -> int:
        return len(self.keyed)

    def __contains__(self, item: object) -> bool:
        return item in self._keys

    def __iter__(self) -> Iterator[str]:
        return (item for _, item in self.keyed)

    def __repr__(self) -> str:
        return f"Order({self.keyed!r})"

    def add(self, item: str, key: Key) -> None:
        """Put `item` at its place, taking it from where it was before."""
        self.discard(item)
        self._keys[item] = key
        insort(self.keyed, (key, item))

    def discard(self, item: str) -> None:
        """Take `item` out if it is in."""
        key = self._keys.pop(item, None)
        if key is not None:
            del self.keyed[bisect_left(self.keyed, (key, item))]

    def first(self) -> str | None:
        """The id with the lowest key."""
        return self.keyed[0][1] if self.keyed else None

    def place(self, key: Key) -> int:
        """How many have a lower key than this: 0 for the head of the line."""
        return bisect_left(self.keyed, (key, ""))
