"""Who gets whom: run after every event, for the agents and contacts that it set free.

Two questions, each answered from the head of a few lists (see `pools`). When an agent is free: which of the
contacts they may have is next? When a contact waits: which of the idle agents does the strategy take?
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from pbx.acd.rules.offers import make_offer
from pbx.acd.rules.order import Key
from pbx.acd.rules.queueing import sticky_agent
from pbx.acd.rules.state import Agent, Entry, Pool
from pbx.acd.rules.strategies import Rank, choose
from pbx.acd.rules.turn import Turn

_Request = tuple[float, int, str, str]


def settle(turn: Turn) -> None:
    """Make every offer that has become possible in this turn, the most urgent contact first.

    The contacts in question are those that wait since this turn, and the ones that the agents freed in this
    turn would have next; any other could have only agents who were idle before, and then it would not be
    waiting. The most urgent of them takes the agent its strategy prefers, and so on, until nobody is left who
    can have anybody.
    """
    freed, turn.freed = turn.freed, []
    returned, turn.returned = turn.returned, []
    requests: list[_Request] = []
    for contact in dict.fromkeys(returned):
        if (entry := turn.state.entries.get(contact)) and _findable(entry):
            heappush(requests, _request(turn, entry, ""))
    for agent in dict.fromkeys(freed):
        _ask_for_next(turn, requests, agent)
    while requests:
        _, _, contact, agent = heappop(requests)
        _serve(turn, turn.state.entries[contact], agent)
        _ask_for_next(turn, requests, agent)


def next_contact(turn: Turn, agent: Agent) -> Entry | None:
    """The contact an idle agent should have: of the first of each queue, the one that waits longest by weight.

    A contact's weighted wait is the queue's weight x (now - rank): priority counts as waiting, weight
    multiplies both. A queue of low weight is slower, never stopped.
    """
    heads: dict[str, tuple[Key, str]] = {}
    for queue, head in _heads(turn, agent):
        if queue not in heads or head < heads[queue]:
            heads[queue] = head
    entries = (turn.state.entries[name] for _, name in heads.values())
    return max(entries, key=lambda entry: _weighted(turn, entry), default=None)


def agents_for(turn: Turn, entry: Entry) -> tuple[str, ...]:
    """The idle agents to offer a waiting contact to: the customer's last one, or the strategy's choice."""
    if entry.needs is None:
        return ()
    queue = turn.state.queues[entry.queue]
    favourite = sticky_agent(turn, entry, queue)
    if favourite and favourite.listed:
        return (favourite.id,)
    ranked = _ranked(queue.pools[entry.needs], entry, turn.now)
    return choose(queue.config.strategy, ranked, queue.config.ring_at_most, turn.rng)


def _serve(turn: Turn, entry: Entry, agent: str) -> None:
    """Offer the contact, if the request still holds: a contact's own (no agent), or an agent's for it.

    Offers only take contacts and agents away, so what an agent asked for and is still there is still the next.
    """
    if agent and not turn.state.agents[agent].listed:
        return
    if entry.held_for and entry.held_for == agent:
        _offer(turn, entry, (agent,))
    elif _findable(entry):
        _offer(turn, entry, agents_for(turn, entry))


def _ask_for_next(turn: Turn, requests: list[_Request], name: str) -> None:
    """Let an agent who is still idle ask for the contact that they should have."""
    agent = turn.state.agents.get(name)
    entry = next_contact(turn, agent) if agent and agent.listed else None
    if entry:
        heappush(requests, _request(turn, entry, name))


def _request(turn: Turn, entry: Entry, agent: str) -> _Request:
    wait, newness = _weighted(turn, entry)
    return -wait, -newness, entry.id, agent


def _findable(entry: Entry) -> bool:
    return entry.state == "waiting" and entry.held_for is None


def _offer(turn: Turn, entry: Entry, agents: tuple[str, ...]) -> None:
    if agents:
        make_offer(turn, entry, agents, turn.state.queues[entry.queue].config)


def _heads(turn: Turn, agent: Agent) -> Iterator[tuple[str, tuple[Key, str]]]:
    """The first contact of each pool that the agent may have now, and every contact kept for this agent."""
    for pool in agent.pools:
        for head in pool.waiting.keyed:
            if not _kept_away(turn.state.entries[head[1]], agent, turn.now):
                yield pool.queue, head
                break
    for held in agent.held.keyed:
        yield turn.state.entries[held[1]].queue, held


def _ranked(pool: Pool, entry: Entry, now: float) -> Iterator[tuple[Rank, str]]:
    """Idle agents by rank: first those who have not had the contact, then those who may have it again."""
    if not pool.idle:
        return
    tried = entry.tried
    yield from (one for one in pool.idle.keyed if one[1] not in tried)
    yield from (one for one in pool.idle.keyed if one[1] in tried and tried[one[1]] <= now)


def _kept_away(entry: Entry, agent: Agent, now: float) -> bool:
    return bool(entry.tried) and entry.tried.get(agent.config.id, now) > now


def _place(entry: Entry) -> tuple[float, int]:
    return entry.rank, entry.sequence


def _weighted(turn: Turn, entry: Entry) -> tuple[float, int]:
    weight = turn.state.queues[entry.queue].config.weight
    return weight * (turn.now - entry.rank), -entry.sequence
