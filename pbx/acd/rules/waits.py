"""What time does to a waiting contact."""

from __future__ import annotations

from pbx.acd.rules.queueing import make_findable, outstayed, set_relax_timer, set_retry_timer
from pbx.acd.rules.turn import Turn


def too_long(turn: Turn, contact: str) -> None:
    """The longest wait is over. An offer that rings just now gets its chance first."""
    entry = turn.state.entry(contact)
    if entry.state == "waiting":
        outstayed(turn, entry, turn.state.queue(entry.queue))


def relaxed(turn: Turn, contact: str) -> None:
    """Less is asked of the agent from now on."""
    entry = turn.state.entry(contact)
    queue = turn.state.queue(entry.queue)
    if entry.state == "waiting" and entry.held_for is None:
        make_findable(turn, entry)
    set_relax_timer(turn, entry, queue.config)


def held_long_enough(turn: Turn, contact: str) -> None:
    """The customer's last agent is not free in time: anybody may have the contact."""
    entry = turn.state.entry(contact)
    if entry.held_for is not None:
        make_findable(turn, entry)


def may_be_tried_again(turn: Turn, contact: str) -> None:
    """Somebody who had the contact before may have it again."""
    entry = turn.state.entry(contact)
    if entry.state == "waiting":
        turn.returned.append(contact)
        set_retry_timer(turn, entry)
