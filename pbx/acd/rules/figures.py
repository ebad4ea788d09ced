"""Reading the figures off the state for a wallboard."""

from __future__ import annotations

from itertools import islice

from pbx.acd.rules.presence import not_offered, ready
from pbx.acd.rules.queueing import longest_wait, minutes_to_wait, position
from pbx.acd.rules.state import Agent, Entry, Queue, State
from pbx.acd.rules.turn import Turn
from pbx.acd.snapshot import AcdSnapshot, AgentFigures, QueueFigures, WaitingContact


def snapshot(turn: Turn) -> AcdSnapshot:
    """Every queue and agent at the turn's time."""
    return AcdSnapshot(
        turn.now,
        tuple(queue_figures(turn, queue) for queue in turn.state.queues.values()),
        tuple(agent_figures(agent, turn.now) for agent in turn.state.agents.values()),
    )


def queue_figures(turn: Turn, queue: Queue) -> QueueFigures:
    """One queue. The wait is that of somebody who would join now."""
    counters = queue.counters
    return QueueFigures(
        queue=queue.config.id,
        waiting=len(queue.arrivals),
        callbacks_waiting=len(queue.callbacks),
        longest_wait=longest_wait(turn, queue),
        agents_logged_in=len(queue.logged_in),
        agents_idle=sum(turn.state.agents[name].listed for name in queue.members),
        queued=counters.queued,
        answered=counters.answered,
        answered_in_threshold=counters.answered_in_threshold,
        abandoned=counters.abandoned,
        abandoned_after_threshold=counters.abandoned_after_threshold,
        short_abandons=counters.short_abandons,
        diverted=counters.diverted,
        callbacks_answered=counters.callbacks_answered,
        callbacks_failed=counters.callbacks_failed,
        service_level=counters.service_level(),
        asa=counters.asa(),
        aht=counters.aht(),
        abandonment=counters.abandonment(),
        wait_minutes=minutes_to_wait(turn, queue, len(queue.line) + 1),
    )


def agent_figures(agent: Agent, now: float) -> AgentFigures:
    """One agent, with the time of the present state counted in."""
    tally = agent.tally.plus(agent.state, ready(agent), now - agent.mark)
    return AgentFigures(
        agent=agent.id,
        status=agent.status,
        status_reason=agent.status_reason,
        status_since=agent.status_since,
        state=agent.state,
        state_since=agent.state_since,
        contact=agent.contact,
        not_offered=not_offered(agent),
        handled=tally.handled,
        misses_in_a_row=agent.misses,
        missed=tally.missed,
        declined=tally.declined,
        talk=tally.talk,
        hold=tally.hold,
        wrap_up=tally.wrap_up,
        idle=tally.idle,
        occupancy=tally.occupancy(),
    )


def waiting_contacts(state: State, queue: Queue, limit: int) -> tuple[WaitingContact, ...]:
    """The first of the line."""
    return tuple(waiting_contact(state, state.entries[name], queue) for name in islice(queue.line, limit))


def waiting_contact(state: State, entry: Entry, queue: Queue) -> WaitingContact:
    """One contact of the line."""
    offer = state.offers.get(entry.offer or "")
    return WaitingContact(
        contact=entry.id,
        queue=entry.queue,
        state=entry.state,
        position=position(entry, queue),
        priority=entry.contact.priority,
        enqueued_at=entry.enqueued_at,
        callback=entry.callback,
        offered_to=offer.pending() if offer else (),
    )
