"""Callbacks: a contact that waits without anybody on the line.

It keeps its place in the one line of its queue, so it neither overtakes a live caller nor is overtaken by one
that came later. A customer who does not answer is tried again a set number of times, each time at the old
place; the number of attempts is what keeps a callback from standing in the way of live callers.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.acd.actions import CallbackPlaced, CallbackPostponed, ContactReturned
from pbx.acd.errors import BadSetting, IllegalContactEvent
from pbx.acd.events import CallbackCanceled, CallbackFailed, CallbackRequested
from pbx.acd.rules.conversations import release
from pbx.acd.rules.offers import withdraw
from pbx.acd.rules.queueing import (
    end,
    enter_again,
    entry_after,
    make_findable,
    outstayed,
    position,
    put_back,
    set_timers,
)
from pbx.acd.rules.state import Entry, Queue
from pbx.acd.rules.turn import Turn


def requested(turn: Turn, event: CallbackRequested) -> None:
    """Keep the caller's place for a callback; one number has one callback in a queue."""
    entry = turn.state.entry(event.contact)
    if entry.state not in ("waiting", "offered") or entry.callback:
        raise IllegalContactEvent(f"contact {entry.id} is {entry.state}: a callback is impossible")
    if not event.number:
        raise BadSetting("callback.number", "is needed to call somebody back")
    queue = turn.state.queue(entry.queue)
    if waiting := turn.state.entries.get(queue.callbacks.get(event.number, "")):
        _merge(turn, entry, waiting, queue)
        return
    entry.contact = replace(entry.contact, callback=True, number=event.number)
    queue.callbacks[event.number] = entry.id
    queue.arrivals.discard(entry.id)
    set_timers(turn, entry, queue.config)
    turn.emit(CallbackPlaced(entry.id, entry.queue, event.number, position(entry, queue)))
    if entry.state == "offered":
        withdraw(turn, entry, "rescind", "callback_requested")
        put_back(turn, entry, "callback_requested")


def failed(turn: Turn, event: CallbackFailed) -> None:
    """The customer did not answer: try again later, or give up. The agent is idle again."""
    entry = turn.state.entry(event.contact)
    if entry.state != "connecting" or not entry.callback:
        raise IllegalContactEvent(f"contact {entry.id} is not being called back")
    no_answer(turn, entry, event.reason)


def no_answer(turn: Turn, entry: Entry, reason: str) -> None:
    """Count an attempt at a callback that reached nobody."""
    entry.attempts += 1
    release(turn, turn.state.agent(entry.agent or ""))
    queue = turn.state.queues.get(entry.queue)
    entry.agent = entry.answered_at = None
    if queue is None or entry.attempts > queue.config.callback_retries:
        _give_up(turn, entry, queue)
        return
    entry.state = entry_after(entry, "rest")
    retry_at = turn.now + queue.config.callback_retry_after
    turn.state.timers.set("callback", entry.id, retry_at)
    turn.state.timers.set(
        "expire", entry.id, max(turn.now, entry.enqueued_at + queue.config.callback_expires)
    )
    turn.emit(CallbackPostponed(entry.id, entry.queue, entry.attempts, retry_at, reason))


def rested(turn: Turn, contact: str) -> None:
    """It is time to try again: the callback is in the line at its old place."""
    entry = turn.state.entry(contact)
    queue = turn.state.queue(entry.queue)
    entry.state = entry_after(entry, "wake")
    if enter_again(turn, entry, queue):
        turn.emit(ContactReturned(entry.id, entry.queue, position(entry, queue), "callback_due"))
        make_findable(turn, entry)


def canceled(turn: Turn, event: CallbackCanceled) -> None:
    """The customer does not want to be called any more."""
    entry = turn.state.entry(event.contact)
    if not entry.callback or entry.state not in ("waiting", "offered", "resting"):
        raise IllegalContactEvent(f"contact {entry.id} is no callback that can be canceled")
    withdraw(turn, entry, "cancel", "callback_canceled")
    end(turn, entry, "callback_canceled")


def expired(turn: Turn, contact: str) -> None:
    """A callback that nobody got to in time is given up; one in an agent's hands is not disturbed."""
    entry = turn.state.entry(contact)
    if entry.state == "waiting":
        outstayed(turn, entry, turn.state.queue(entry.queue))
    elif entry.state == "resting":
        end(turn, entry, "callback_expired")


def _merge(turn: Turn, entry: Entry, waiting: Entry, queue: Queue) -> None:
    number = waiting.contact.number or ""
    withdraw(turn, entry, "cancel", "callback_merged")
    turn.emit(CallbackPlaced(entry.id, entry.queue, number, position(waiting, queue), waiting.id))
    end(turn, entry, "callback_merged")


def _give_up(turn: Turn, entry: Entry, queue: Queue | None) -> None:
    if queue:
        queue.counters.callbacks_failed += 1
    end(turn, entry, "callback_failed")
