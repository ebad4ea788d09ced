"""The numbered stream of one page's events, on its way in and on its way out. Nothing here sends anything.

A page numbers its batches from 1. The server keeps what a late viewer needs: everything since the last snapshot, up
to a bound. Each viewer has a window of its own; who does not keep up skips to the next snapshot.
"""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agent_ui.cobrowse.errors import OutOfOrder
from agent_ui.cobrowse.events import FULL_SNAPSHOT, META, Json

_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
TAIL_EVENTS = 2000
TAIL_BYTES = 5 * 1024 * 1024
WINDOW_BATCHES = 256
WINDOW_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """Events that arrived together. `size` is in characters; `whole` when they begin with a snapshot.

    `text` is the events as viewers get them. `reset` says that events before the snapshot were given up, so that
    everybody has to take it.
    """

    epoch: str
    seq: int
    events: tuple[Json, ...]
    size: int
    whole: bool
    reset: bool = False
    text: str = ""


def batch_of(epoch: str, seq: int, events: Iterable[Json], size: int, reset: bool) -> Batch:
    """A batch; whether it is whole is seen from its events. What precedes a snapshot in it is not needed."""
    kept = tuple(events)
    first = next((place for place, one in enumerate(kept) if one["type"] == FULL_SNAPSHOT), None)
    whole = first is not None
    if first is not None and first > 0 and kept[first - 1]["type"] == META:
        first -= 1
    if first is not None and reset:
        kept = kept[first:]
    return Batch(epoch, seq, kept, size, whole, reset, f"[{','.join(map(_written, kept))}]")


def _written(event: Json) -> str:
    """An event as JSON. A page is written node by node: in one piece, it would hold up all other threads."""
    if event["type"] != FULL_SNAPSHOT:
        return _JSON.encode(event)
    node, data = event["data"]["node"], event["data"]
    around = _JSON.encode({**event, "data": {**data, "node": 0}})
    before, after = around.rsplit('"node":0', 1)
    return f'{before}"node":{_tree(node)}{after}'


def _tree(top: Json) -> str:
    parts: list[str] = []
    stack: list[Json | str] = [top]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            parts.append(one)
        elif not one.get("childNodes"):
            parts.append(_JSON.encode(one))
        else:
            own = _JSON.encode({name: value for name, value in one.items() if name != "childNodes"})
            parts.append(f'{own[:-1]},"childNodes":[')
            stack.append("]}")
            for place, child in enumerate(reversed(one["childNodes"])):
                stack += [","] * (place > 0) + [child]
    return "".join(parts)


@dataclass(slots=True)
class Inbound:
    """What has come of a page: `seq` is the last batch taken."""

    seq: int = 0

    def take(self, seq: int) -> bool:
        """Whether the batch is new; one that was taken before is not taken twice. Raises OutOfOrder for a gap."""
        if seq <= self.seq:
            return False
        if seq != self.seq + 1:
            raise OutOfOrder(f"batch {self.seq + 1} is due")
        self.seq = seq
        return True


@dataclass(slots=True)
class Tail:
    """Everything since the last snapshot, as long as that stays within bounds."""

    batches: list[Batch] = field(default_factory=list)
    events: int = 0
    size: int = 0

    @property
    def ready(self) -> bool:
        """Whether a new viewer can be served from it."""
        return bool(self.batches)

    def add(self, batch: Batch) -> None:
        """Keep a batch: a snapshot replaces all before it; without one there is nothing to add to."""
        if batch.whole:
            self.clear()
        elif not self.batches:
            return
        self.batches.append(batch)
        self.events += len(batch.events)
        self.size += batch.size
        if self._is_too_much():
            self.clear()

    def clear(self) -> None:
        """Forget everything: the next viewer needs a new snapshot."""
        self.batches.clear()
        self.events = self.size = 0

    def after(self, seq: int) -> tuple[Batch, ...] | None:
        """What follows batch `seq`, or None when that is no longer kept."""
        if not self.batches or self.batches[0].seq > seq + 1:
            return None
        return tuple(batch for batch in self.batches if batch.seq > seq)

    def _is_too_much(self) -> bool:
        """A lone snapshot is kept however large it is: nothing smaller could be shown."""
        return len(self.batches) > 1 and (self.events > TAIL_EVENTS or self.size > TAIL_BYTES)


def from_snapshot(tail: Tail) -> tuple[Batch, ...]:
    """All of it, for a viewer that begins anew: what it has shown so far is not gone over again."""
    if not tail.batches:
        return ()
    first, *rest = tail.batches
    return (replace(first, reset=True), *rest)


@dataclass(slots=True)
class Window:
    """What was sent to a viewer and not yet acknowledged. `lagging` until it has caught up."""

    lagging: bool = False
    seq: int = 0
    epoch: str = ""
    _sent: deque[tuple[str, int, int]] = field(default_factory=deque)
    _bytes: int = 0

    def fits(self, batch: Batch) -> bool:
        """Whether the viewer can be sent one more. One that cannot is lagging from here on."""
        if not self.lagging and self._sent:
            full = len(self._sent) >= WINDOW_BATCHES or self._bytes + batch.size > WINDOW_BYTES
            self.lagging = full
        return not self.lagging

    def sent(self, batch: Batch) -> None:
        """The batch is on its way."""
        self._sent.append((batch.epoch, batch.seq, batch.size))
        self._bytes += batch.size
        self.epoch, self.seq = batch.epoch, batch.seq

    def acknowledged(self, epoch: str, seq: int) -> None:
        """Everything up to this batch has arrived."""
        while self._sent and (self._sent[0][0] != epoch or self._sent[0][1] <= seq):
            if self._sent[0][0] == epoch or any(one[0] == epoch for one in self._sent):
                self._bytes -= self._sent.popleft()[2]
            else:
                return

    @property
    def drained(self) -> bool:
        """Whether all that was sent has arrived."""
        return not self._sent
