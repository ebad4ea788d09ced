"""The ACD as its users see it: events in, actions out, and the time at which it wants to be woken."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from pbx.acd import events
from pbx.acd.actions import Action, LeaveOutcome
from pbx.acd.errors import ClockWentBack
from pbx.acd.rules import (
    agent_events,
    announcements,
    callbacks,
    changes,
    contact_events,
    conversations,
    figures,
    offers,
    waits,
)
from pbx.acd.rules.matching import settle
from pbx.acd.rules.queueing import refusal
from pbx.acd.rules.state import State
from pbx.acd.rules.timers import TimerKind
from pbx.acd.rules.turn import Turn
from pbx.acd.snapshot import AcdSnapshot, WaitingContact

_EVENTS: Mapping[type[Any], Callable[[Turn, Any], None]] = {
    events.QueueChanged: changes.queue_changed,
    events.QueueRemoved: changes.queue_removed,
    events.AgentChanged: changes.agent_changed,
    events.AgentRemoved: changes.agent_removed,
    events.StatusChosen: agent_events.status_chosen,
    events.AgentBusy: agent_events.busy,
    events.AgentFree: agent_events.free,
    events.AgentUnreachable: agent_events.unreachable,
    events.AgentReachable: agent_events.reachable,
    events.ContactQueued: contact_events.queued,
    events.ContactLeft: contact_events.left,
    events.MoveRequested: contact_events.move_requested,
    events.PriorityChanged: contact_events.priority_changed,
    events.CallbackRequested: callbacks.requested,
    events.CallbackCanceled: callbacks.canceled,
    events.OfferRinging: offers.ringing,
    events.OfferAccepted: offers.accepted,
    events.OfferRejected: offers.rejected,
    events.OfferFailed: offers.failed,
    events.CallConnected: conversations.connected,
    events.ConnectFailed: conversations.connect_failed,
    events.CallbackFailed: callbacks.failed,
    events.CallHeld: conversations.held,
    events.CallResumed: conversations.resumed,
    events.CallEnded: conversations.ended,
    events.ContactTransferred: conversations.transferred,
    events.ContactTaken: conversations.taken,
    events.WrapUpDone: agent_events.wrap_up_done,
    events.WrapUpExtended: agent_events.wrap_up_extended,
    events.CountersReset: changes.counters_reset,
}

_DUE: Mapping[TimerKind, Callable[[Turn, str], None]] = {
    "offer": offers.timed_out,
    "wrap_up": agent_events.wrap_up_over,
    "reach": agent_events.reachable_again,
    "max_wait": waits.too_long,
    "announce": announcements.announce,
    "relax": waits.relaxed,
    "hold": waits.held_long_enough,
    "retry": waits.may_be_tried_again,
    "callback": callbacks.rested,
    "expire": callbacks.expired,
}


class Acd:
    """Decides who gets which contact; does nothing itself.

    `advance` is the only way in. Give it each event with the time of one monotonic clock, perform the actions
    in order, and send `Tick` at `next_wake()`: only a `Tick` lets time do its work, so an answer that arrives
    an instant before the timeout is noticed still counts. An event that cannot happen raises an `AcdError`
    and changes nothing. `rng` serves the random strategy; `offer_prefix` keeps offer ids unique across
    restarts.
    """

    def __init__(self, rng: random.Random, offer_prefix: str = "") -> None:
        self._rng = rng
        self._offer_prefix = offer_prefix
        self._state = State()
        self._now = float("-inf")

    def advance(self, event: events.Event, now: float) -> tuple[Action, ...]:
        """Let `event` happen at `now`. Raises `AcdError`, and then nothing has changed."""
        turn = self._turn(now)
        if isinstance(event, events.Tick):
            self._let_time_pass(turn)
        else:
            _EVENTS[type(event)](turn, event)
            settle(turn)
        self._now = now
        return tuple(turn.actions)

    def next_wake(self) -> float | None:
        """When `Tick` is next needed; None if nothing is due."""
        return self._state.timers.next()

    def snapshot(self, now: float) -> AcdSnapshot:
        """All queues and agents at `now`. Raises `ClockWentBack`."""
        return figures.snapshot(self._turn(now))

    def waiting(self, queue: str, limit: int = 100) -> tuple[WaitingContact, ...]:
        """The first `limit` contacts of a queue in order. Raises `UnknownQueue`."""
        return figures.waiting_contacts(self._state, self._state.queue(queue), limit)

    def refusal(self, queue: str) -> LeaveOutcome | None:
        """Why the queue takes no newcomer now. Raises `UnknownQueue`."""
        return refusal(self._state.queue(queue))

    def _turn(self, now: float) -> Turn:
        if now < self._now:
            raise ClockWentBack(f"the time {now} is before {self._now}")
        return Turn(self._state, now, self._rng, self._offer_prefix)

    def _let_time_pass(self, turn: Turn) -> None:
        """Do everything that is due, and only then see who gets whom: what is due together counts together."""
        timers = self._state.timers
        while timer := timers.pop_due(turn.now):
            while timer:
                kind, item = timer
                _DUE[kind](turn, item)
                timer = timers.pop_due(turn.now)
            settle(turn)
