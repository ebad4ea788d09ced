"""What customers do: join, leave, become more urgent; and being moved by somebody."""

from __future__ import annotations

from dataclasses import replace

from pbx.acd.actions import ContactReturned
from pbx.acd.errors import ContactAlreadyQueued, IllegalContactEvent
from pbx.acd.events import ContactLeft, ContactQueued, MoveRequested, PriorityChanged
from pbx.acd.rules.callbacks import no_answer
from pbx.acd.rules.conversations import finish_contact
from pbx.acd.rules.offers import withdraw
from pbx.acd.rules.pools import put_in
from pbx.acd.rules.queueing import divert, end, entry_after, join, move, position, rank, refusal
from pbx.acd.rules.state import Entry, Queue
from pbx.acd.rules.turn import Turn


def queued(turn: Turn, event: ContactQueued) -> None:
    """Let a contact in, or say why not; a callback is always let in, since it takes no line."""
    contact, state = event.contact, turn.state
    queue = state.queue(contact.queue)
    if contact.id in state.entries:
        raise ContactAlreadyQueued(f"contact {contact.id} is in a queue or with an agent already")
    state.contacts_seen += 1
    enqueued_at = turn.now if event.enqueued_at is None else min(event.enqueued_at, turn.now)
    entry = Entry(contact, queue.config.id, state.contacts_seen, enqueued_at, turn.now)
    outcome = None if contact.callback else refusal(queue)
    if outcome and not (event.again and outcome == "full"):
        entry.visited = (queue.config.id,)
        divert(turn, entry, outcome)
        return
    join(turn, entry, queue)


def left(turn: Turn, event: ContactLeft) -> None:
    """Whoever hangs up before an agent accepted has abandoned; afterwards the contact was answered."""
    entry = turn.state.entry(event.contact)
    if entry.state == "connecting" and entry.callback:
        no_answer(turn, entry, "hung_up")
    elif entry.state in ("connecting", "connected"):
        finish_contact(turn, entry)
    elif event.reason == "moved" or not entry.callback:
        withdraw(turn, entry, "cancel", "customer_left")
        _leave(turn, entry, event)


def move_requested(turn: Turn, event: MoveRequested) -> None:
    """Whoever is in a queue, even with an offer ringing, can be moved; who has an agent cannot."""
    entry = turn.state.entry(event.contact)
    target = turn.state.queue(event.queue)
    _require_in_queue(entry, "move")
    if event.queue == entry.queue:
        return
    bring_back(turn, entry, "moved")
    turn.state.queues[entry.queue].counters.diverted += 1
    move(turn, entry, target, "moved")


def bring_back(turn: Turn, entry: Entry, reason: str) -> None:
    """Make an offered or resting contact plainly waiting, without looking for an agent yet."""
    if entry.state == "offered":
        withdraw(turn, entry, "rescind", reason)
        entry.state = entry_after(entry, "return")
        here = position(entry, turn.state.queues[entry.queue])
        turn.emit(ContactReturned(entry.id, entry.queue, here, reason))
    elif entry.state == "resting":
        entry.state = entry_after(entry, "wake")


def priority_changed(turn: Turn, event: PriorityChanged) -> None:
    """Give the contact the place that its new priority is worth."""
    entry = turn.state.entry(event.contact)
    _require_in_queue(entry, "a change of priority")
    entry.contact = replace(entry.contact, priority=event.priority)
    if entry.state != "resting":
        reorder(turn, entry, turn.state.queues[entry.queue])


def reorder(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Put the contact at its place again after what the place depends on has changed."""
    entry.rank = rank(entry.contact.priority, entry.enqueued_at, queue.config)
    queue.line.add(entry.id, (entry.rank, entry.sequence))
    if entry.held_for:
        turn.state.agents[entry.held_for].held.add(entry.id, (entry.rank, entry.sequence))
    elif entry.state == "waiting":
        put_in(turn.state, entry, turn.now)
        turn.returned.append(entry.id)


def _leave(turn: Turn, entry: Entry, event: ContactLeft) -> None:
    queue = turn.state.queues[entry.queue]
    waited, waited_here = turn.now - entry.enqueued_at, turn.now - entry.entered_at
    short = waited < queue.config.short_abandon
    if event.reason == "moved":
        queue.counters.diverted += 1
        end(turn, entry, "moved")
        return
    queue.counters.count_abandon(waited_here, queue.config.service_level_threshold, short)
    end(turn, entry, "short_abandon" if short else "abandoned")


def _require_in_queue(entry: Entry, what: str) -> None:
    if entry.state not in ("waiting", "offered", "resting"):
        raise IllegalContactEvent(f"contact {entry.id} is {entry.state}: {what} is impossible")
