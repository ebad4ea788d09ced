"""Who hears whom on the conference bridge: what is wanted, and what is connected.

pjsua2 connects one port of its bridge to another. Ports come and go (a re-INVITE may replace a leg's), so
the wanted wires are kept here and connected again whenever a port changes. A leg that hears nobody hears
silence, so that RTP keeps flowing to it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from pbx.calls.ports import Edge
from pbx.events import LegId

Kind = Literal["leg", "player", "recorder", "silence"]


class Port(NamedTuple):
    """A port's name, whether it is there at the moment or not."""

    kind: Kind
    name: str


SILENCE = Port("silence", "")


class Audio(Protocol):
    """What pjsua2 offers of a port on the bridge."""

    def getPortId(self) -> int: ...

    def startTransmit(self, sink: "Audio", /) -> None: ...

    def stopTransmit(self, sink: "Audio", /) -> None: ...


class Bridges:
    """The wires. `silence` is a port that always speaks zeros; `failed` hears of wires that would not hold."""

    def __init__(self, silence: Callable[[], Audio], failed: Callable[[Exception], None]) -> None:
        self._silence = silence
        self._failed = failed
        self._audio: dict[Port, Audio] = {}
        self._sources: defaultdict[Port, set[Port]] = defaultdict(set)
        self._sinks: defaultdict[Port, set[Port]] = defaultdict(set)
        self._connected: defaultdict[Port, set[Port]] = defaultdict(set)
        self._groups: dict[str, frozenset[Edge]] = {}
        self._uses: Counter[Edge] = Counter()

    def attached(self, port: Port) -> bool:
        """The port is on the bridge now."""
        return port in self._audio

    def attach(self, port: Port, audio: Audio) -> None:
        """The port is on the bridge, perhaps under another number than before: connect what is wanted."""
        known = self._audio.get(port)
        if known is not None and known.getPortId() != audio.getPortId():
            self._forget_connections(port)
        self._audio[port] = audio
        for source in self._connected.pop(port, ()):
            self._connect(source, port)
        self._update(port)
        for sink in tuple(self._sinks.get(port, ())):
            self._connected[sink].discard(port)
            self._update(sink)

    def detach(self, port: Port) -> None:
        """The port left the bridge, and its connections with it; what is wanted stays wanted."""
        self._forget_connections(port)
        self._audio.pop(port, None)
        for sink in tuple(self._sinks.get(port, ())):
            self._update(sink)

    def _forget_connections(self, port: Port) -> None:
        self._connected.pop(port, None)
        for sink in self._sinks.get(port, ()):
            self._connected[sink].discard(port)

    def drop(self, port: Port) -> None:
        """The port is about to end: disconnect it and want nothing of it any more."""
        for source in tuple(self._connected.get(port, ())):
            self._disconnect(source, port)
        for source in self._sources.pop(port, ()):
            self._sinks[source].discard(port)
        for sink in tuple(self._sinks.pop(port, ())):
            self._sources[sink].discard(port)
            self._update(sink)
        self._connected.pop(port, None)
        self._audio.pop(port, None)

    def want(self, source: Port, sink: Port) -> None:
        """From now on `sink` hears `source`."""
        if source not in self._sources[sink]:
            self._sources[sink].add(source)
            self._sinks[source].add(sink)
            self._update(sink)

    def unwant(self, source: Port, sink: Port) -> None:
        """From now on `sink` does not hear `source`."""
        if source in self._sources.get(sink, ()):
            self._sources[sink].discard(source)
            self._sinks[source].discard(sink)
            self._update(sink)

    def mix(self, group: str, edges: frozenset[Edge], known: Callable[[LegId], bool]) -> None:
        """Make exactly `edges` hold in the group, leaving out legs that are not known."""
        self._regroup(group, frozenset(edge for edge in edges if known(edge[0]) and known(edge[1])))

    def _regroup(self, group: str, wanted: frozenset[Edge]) -> None:
        before = self._groups.pop(group, frozenset())
        if wanted:
            self._groups[group] = wanted
        for edge in wanted - before:
            self._uses[edge] += 1
            self.want(*_ports(edge))
        for edge in before - wanted:
            self._uses[edge] -= 1
            if not self._uses[edge]:  # else another group has taken it over
                del self._uses[edge]
                self.unwant(*_ports(edge))

    def forget_leg(self, leg: LegId) -> None:
        """The leg ended: take it out of its group and off the bridge."""
        for group, edges in tuple(self._groups.items()):
            if any(leg in edge for edge in edges):
                self._regroup(group, frozenset(edge for edge in edges if leg not in edge))
        self.drop(Port("leg", leg))

    def listeners(self, source: Port) -> int:
        """How many ports shall hear `source`."""
        return len(self._sinks.get(source, ()))

    def counts(self) -> tuple[int, int, int]:
        """Ports on the bridge, wanted wires and groups: what must be zero when nobody is there."""
        return len(self._audio), sum(map(len, self._sources.values())), len(self._groups)

    def _update(self, sink: Port) -> None:
        if sink not in self._audio:
            return
        wanted = {
            source for source in self._sources.get(sink, ()) if source in self._audio or source == SILENCE
        }
        if not wanted and sink.kind == "leg":
            wanted = {SILENCE}
        connected = self._connected[sink]
        for source in wanted - connected:
            self._connect(source, sink)
        for source in connected - wanted:
            self._disconnect(source, sink)

    def _connect(self, source: Port, sink: Port) -> None:
        try:
            self._speaker(source).startTransmit(self._audio[sink])
        except Exception as error:
            self._failed(error)
        else:
            self._connected[sink].add(source)

    def _disconnect(self, source: Port, sink: Port) -> None:
        if source in self._connected.get(sink, ()):
            self._connected[sink].discard(source)
            try:
                self._speaker(source).stopTransmit(self._audio[sink])
            except Exception as error:
                self._failed(error)

    def _speaker(self, source: Port) -> Audio:
        return self._silence() if source == SILENCE else self._audio[source]


def _ports(edge: Edge) -> tuple[Port, Port]:
    return Port("leg", edge[0]), Port("leg", edge[1])
