"""Settings that change while people wait and talk. Nobody is lost by it."""

from __future__ import annotations

from pbx.acd.events import AgentChanged, AgentRemoved, CountersReset, QueueChanged, QueueRemoved
from pbx.acd.rules.agent_events import empty_out
from pbx.acd.rules.contact_events import bring_back, reorder
from pbx.acd.rules.counters import AgentTally, QueueCounters
from pbx.acd.rules.offers import rescind_from
from pbx.acd.rules.pools import disenrol, enrol, unlist
from pbx.acd.rules.presence import account, refresh, refresh_presence, relist
from pbx.acd.rules.queueing import divert, move, release_held, set_timers
from pbx.acd.rules.state import Agent, Entry, Queue
from pbx.acd.rules.turn import Turn
from pbx.acd.rules.wrap_up import forget
from pbx.acd.settings import QueueConfig


def queue_changed(turn: Turn, event: QueueChanged) -> None:
    """Add a queue, or give it other settings: everyone in it gets the place and the times these mean."""
    queue = turn.state.queues.get(event.queue.id)
    if queue is None:
        _add_queue(turn, event.queue)
        return
    if queue.config == event.queue:
        return
    queue.config = event.queue
    for entry in _entries_in(turn, event.queue.id):
        if entry.state in ("waiting", "offered"):
            set_timers(turn, entry, queue.config)
            reorder(turn, entry, queue)
    for name in queue.members:
        relist(turn, turn.state.agents[name])
    empty_out(turn, (event.queue.id,))


def queue_removed(turn: Turn, event: QueueRemoved) -> None:
    """Move or let go everyone who waits; who talks goes on talking."""
    queue = turn.state.queue(event.queue)
    target = turn.state.queue(event.move_to) if event.move_to else None
    for entry in _entries_in(turn, event.queue):
        if entry.state in ("waiting", "offered", "resting"):
            bring_back(turn, entry, "queue_removed")
            if target and target is not queue:
                move(turn, entry, target, "queue_removed")
            else:
                divert(turn, entry, "queue_removed")
    del turn.state.queues[event.queue]
    for name in queue.members:
        agent = turn.state.agents[name]
        agent.pools = [pool for pool in agent.pools if pool.queue != event.queue]
        refresh_presence(turn.state, agent)


def agent_changed(turn: Turn, event: AgentChanged) -> None:
    """Add an agent, or give one other skills and queues; a call or an offer goes on."""
    agent = turn.state.agents.get(event.agent.id)
    if agent is None:
        agent = Agent(event.agent, turn.now, turn.now, turn.now, turn.now)
        turn.state.agents[agent.id] = agent
    release_held(turn, agent)
    unlist(agent)
    queues_before = agent.config.memberships
    agent.config, agent.leaving = event.agent, False
    enrol(turn.state, agent)
    refresh_presence(turn.state, agent)
    refresh(turn, agent)
    empty_out(turn, queues_before)


def agent_removed(turn: Turn, event: AgentRemoved) -> None:
    """Drop the agent, after the call if there is one."""
    agent = turn.state.agent(event.agent)
    rescind_from(turn, agent, "agent_removed")
    release_held(turn, agent)
    unlist(agent)
    disenrol(turn.state, agent)
    agent.leaving = True
    refresh_presence(turn.state, agent)
    empty_out(turn, agent.config.memberships)
    if agent.state in ("idle", "wrap_up"):
        forget(turn, agent)


def counters_reset(turn: Turn, _: CountersReset) -> None:
    """Count from nothing."""
    for queue in turn.state.queues.values():
        queue.counters = QueueCounters()
    for agent in turn.state.agents.values():
        account(agent, turn.now)
        agent.tally = AgentTally()
        relist(turn, agent)


def _add_queue(turn: Turn, config: QueueConfig) -> None:
    turn.state.queues[config.id] = queue = Queue(config)
    for agent in turn.state.agents.values():
        if config.id in agent.config.memberships and not agent.leaving:
            queue.members[agent.id] = None
            refresh_presence(turn.state, agent)


def _entries_in(turn: Turn, queue: str) -> list[Entry]:
    """Everyone of this queue, in order."""
    here = [entry for entry in turn.state.entries.values() if entry.queue == queue]
    return sorted(here, key=lambda entry: (entry.rank, entry.sequence))
