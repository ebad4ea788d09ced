"""The index that makes a decision cheap: contacts and idle agents meet in pools, one for each set of required
skills.

A queue has as many pools as there are different requirements, a handful in practice. An agent is enrolled in
the pools whose skills they have, and shown as idle in all of them while they may be offered something. So the
best agent for a contact is at the head of one list, and the best contact for an agent is at the head of one
of a few.
"""

from __future__ import annotations

from collections.abc import Mapping

from pbx.acd.rules.state import Agent, Entry, Needs, Pool, Queue, State
from pbx.acd.rules.strategies import RANK, Candidate, Rank
from pbx.acd.settings import QueueConfig

MOST_POOLS = 200


def needs(asked: Mapping[str, int], config: QueueConfig, since: float, now: float) -> Needs:
    """What a contact that waits `since` asks of an agent, in a form that equal requirements share."""
    step = next((step for step in reversed(config.relax) if since + step.after <= now), None)
    if step is None:
        return tuple(sorted(asked.items()))
    if step.drop:
        return ()
    return tuple(sorted((skill, max(1, least - step.lower_by)) for skill, least in asked.items()))


def next_relaxation(config: QueueConfig, since: float, now: float) -> float | None:
    """The time at which `needs` will be less than they are now."""
    return next((since + step.after for step in config.relax if since + step.after > now), None)


def has_skills(agent: Agent, required: Needs) -> bool:
    """Whether the agent has every skill at the proficiency asked for."""
    skills = agent.config.skills
    return all(skills.get(skill, 0) >= least for skill, least in required)


def pool_of(state: State, queue: Queue, required: Needs) -> Pool:
    """The queue's pool for these requirements, made now if it is the first time."""
    pool = queue.pools.get(required)
    if pool is None:
        _drop_empty(state, queue)
        pool = queue.pools[required] = Pool(queue.config.id, required)
        for member in queue.members:
            _enrol_in(state.agents[member], queue, pool)
    return pool


def enrol(state: State, agent: Agent) -> None:
    """Put the agent into every pool of every queue they are a member of, and nowhere else."""
    disenrol(state, agent)
    for name in agent.config.memberships:
        if (queue := state.queues.get(name)) is None:
            continue
        queue.members[agent.id] = None
        for pool in queue.pools.values():
            _enrol_in(agent, queue, pool)


def disenrol(state: State, agent: Agent) -> None:
    """Take the agent out of all queues and pools."""
    for queue in state.queues.values():
        queue.members.pop(agent.id, None)
    for pool in agent.pools:
        pool.idle.discard(agent.id)
    agent.pools.clear()


def list_idle(state: State, agent: Agent) -> None:
    """Show the agent as idle wherever they are enrolled."""
    agent.listed = True
    ranks: dict[str, Rank] = {}
    for pool in agent.pools:
        queue = state.queues[pool.queue]
        if pool.queue not in ranks or queue.config.strategy == "skills":
            ranks[pool.queue] = _rank(agent, queue, pool)
        pool.idle.add(agent.id, ranks[pool.queue])


def unlist(agent: Agent) -> None:
    """Stop showing the agent as idle."""
    agent.listed = False
    for pool in agent.pools:
        pool.idle.discard(agent.id)


def take_out(state: State, entry: Entry) -> None:
    """Let nobody find the contact: it is offered, answered or gone."""
    queue = state.queues.get(entry.queue)
    if queue and entry.needs is not None:
        queue.pools[entry.needs].waiting.discard(entry.id)
    entry.needs = None
    if entry.held_for is not None:
        state.agents[entry.held_for].held.discard(entry.id)
        entry.held_for = None
        state.timers.cancel("hold", entry.id)


def put_in(state: State, entry: Entry, now: float) -> None:
    """Let agents with the skills find the contact."""
    take_out(state, entry)
    queue = state.queue(entry.queue)
    entry.needs = needs(entry.contact.skills, queue.config, entry.enqueued_at, now)
    pool_of(state, queue, entry.needs).waiting.add(entry.id, (entry.rank, entry.sequence))


def _enrol_in(agent: Agent, queue: Queue, pool: Pool) -> None:
    if not has_skills(agent, pool.needs):
        return
    agent.pools.append(pool)
    if agent.listed:
        pool.idle.add(agent.id, _rank(agent, queue, pool))


def _rank(agent: Agent, queue: Queue, pool: Pool) -> Rank:
    """The agent's place among the idle of the pool; in any pool of the queue the same, but for skills."""
    candidate = Candidate(
        agent=agent.id,
        level=agent.config.memberships[pool.queue],
        idle_since=agent.idle_since,
        handled=agent.tally.handled,
        talk=agent.tally.talk,
        last_turn=queue.turns.get(agent.id, 0),
        proficiency=sum(agent.config.skills[skill] for skill, _ in pool.needs),
    )
    return RANK[queue.config.strategy](candidate)


def _drop_empty(state: State, queue: Queue) -> None:
    """Flows could ask for ever new combinations; keep the pools that are in use."""
    if len(queue.pools) < MOST_POOLS:
        return
    gone = [pool for pool in queue.pools.values() if pool.needs and not pool.waiting]
    for pool in gone:
        del queue.pools[pool.needs]
    for member in queue.members:
        agent = state.agents[member]
        agent.pools = [
            pool for pool in agent.pools if pool.queue != queue.config.id or pool.waiting or not pool.needs
        ]
