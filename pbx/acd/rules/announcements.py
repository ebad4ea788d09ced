"""What a waiting customer is told: the place in the line and the minutes still to wait."""

from __future__ import annotations

from pbx.acd.actions import Announce
from pbx.acd.rules.queueing import minutes_to_wait, position
from pbx.acd.rules.state import Entry, Queue
from pbx.acd.rules.turn import Turn


def announce(turn: Turn, contact: str) -> None:
    """Tell the customer, unless an agent's phone is ringing for them; and again after the same time."""
    entry = turn.state.entry(contact)
    queue = turn.state.queue(entry.queue)
    if queue.config.announce_every is not None:
        turn.state.timers.set("announce", contact, turn.now + queue.config.announce_every)
    if entry.state == "waiting":
        _tell(turn, entry, queue)


def _tell(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Neither figure ever rises from one announcement to the next."""
    here = position(entry, queue)
    entry.told_position = here if entry.told_position is None else min(here, entry.told_position)
    minutes = minutes_to_wait(turn, queue, here, entry.told_minutes)
    entry.told_minutes = entry.told_minutes if minutes is None else minutes
    said_position = entry.told_position if queue.config.announce_position else None
    said_minutes = minutes if queue.config.announce_wait else None
    if said_position is not None or said_minutes is not None:
        turn.emit(Announce(entry.id, said_position, said_minutes))
