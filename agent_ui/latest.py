"""A dictionary that does not grow without end."""

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class Latest(Generic[V]):
    """The values put last, at most so many; the one that was put longest ago is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, V] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str) -> V | None:
        """The value, if it is still known."""
        return self._values.get(key)

    def put(self, key: str, value: V) -> None:
        """Keep a value, in place of an earlier one."""
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget a value, if there is one."""
        self._values.pop(key, None)
