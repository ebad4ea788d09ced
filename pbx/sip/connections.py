"""The connections that live, and which of them have taken the place of others."""

from collections import OrderedDict
from collections.abc import Container
from typing import Protocol

from pbx.sip.edge_settings import StreamSettings
from pbx.sip.flows import Flow
from pbx.sip.sources import source_key

_MOST_MOVED = 4000
_MOST_FORERUNNERS = 8
"""Connections that one has taken the place of, one after the other; the oldest is forgotten first."""


class Connection(Flow, Protocol):
    """A flow that is opened and ends; `heard_at` is when its peer last said something, in the reactor's seconds."""

    heard_at: float

    def abort(self) -> None:
        """End the connection now; what is unsent is lost."""


class Connections:
    """All living connections, by number and by source address. Addresses in `exempt` (a proxy that brings many
    browsers) have no cap of their own."""

    def __init__(self, settings: StreamSettings, exempt: Container[str] = ()) -> None:
        self._settings = settings
        self._exempt = exempt
        self._by_number: dict[int, Connection] = {}
        self._moved: OrderedDict[int, int] = OrderedDict()
        self._per_source: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._by_number)

    def get(self, number: int) -> Connection | None:
        """The connection of this number, or the one that has taken its place, if it lives."""
        found = self._by_number.get(number)
        if found is None and number in self._moved:
            found = self._by_number.get(self._moved[number])
        return found

    def moved(self, old: int, new: int) -> None:
        """The peer of a connection that is gone is reached over another: its dialogs go on there."""
        if not new or old == new or old in self._by_number or self._moved.get(old) == new:
            return
        if len(self._moved) >= _MOST_MOVED:
            self._moved.popitem(last=False)
        self._moved[old] = new
        for earlier in [number for number, target in self._moved.items() if target == old]:
            self._moved[earlier] = new
        forerunners = [number for number, target in self._moved.items() if target == new]
        for forgotten in forerunners[:-_MOST_FORERUNNERS]:
            del self._moved[forgotten]

    def supersede(self, old: int, new: int) -> None:
        """The peer has come back over another connection: this one is ended, if it still seems to live."""
        connection = self._by_number.get(old)
        if connection is not None and old != new:
            self.remove(connection)
            connection.abort()
        self.moved(old, new)

    def has_room(self, host: str) -> bool:
        """Whether one more connection from this address keeps to the caps."""
        if len(self._by_number) >= self._settings.max_connections:
            return False
        return (
            host in self._exempt or self._per_source.get(source_key(host), 0) < self._settings.max_per_address
        )

    def add(self, connection: Connection) -> None:
        """The connection lives from now on."""
        key = source_key(connection.peer[0])
        self._by_number[connection.number] = connection
        self._per_source[key] = self._per_source.get(key, 0) + 1

    def remove(self, connection: Connection) -> None:
        """The connection has ended."""
        if self._by_number.pop(connection.number, None) is None:
            return
        key = source_key(connection.peer[0])
        self._per_source[key] -= 1
        if not self._per_source[key]:
            del self._per_source[key]

    def close_idle(self, now: float) -> None:
        """Close what has been silent for too long and never carried a login or a call."""
        for connection in tuple(self._by_number.values()):
            if not connection.valued and now - connection.heard_at > self._settings.idle_timeout:
                connection.close()

    def abort_all(self) -> None:
        """End everything at once."""
        for connection in tuple(self._by_number.values()):
            connection.abort()
