"""From the end of an agent's part in a contact to the next one."""

from __future__ import annotations

from pbx.acd.rules.pools import disenrol
from pbx.acd.rules.presence import change_state, refresh_presence
from pbx.acd.rules.state import Agent
from pbx.acd.rules.turn import Turn


def end_call(turn: Turn, agent: Agent, finished: bool) -> None:
    """Start the wrap-up. `finished`: the contact is done, and not handed to somebody else.

    Raises `IllegalAgentEvent` if the agent is on no call of the ACD.
    """
    until = turn.now + _wrap_up_seconds(turn, agent)
    change_state(turn, agent, "end", until)
    if agent.engagement:
        agent.engagement.finished = finished
    agent.tally.handled += finished
    turn.state.timers.set("wrap_up", agent.id, until)
    if agent.leaving or until <= turn.now:
        finish(turn, agent)


def finish(turn: Turn, agent: Agent) -> None:
    """End the wrap-up. Raises `IllegalAgentEvent` if the agent is not in one."""
    _record(turn, agent)
    agent.contact = agent.engagement = None
    agent.idle_since = turn.now
    turn.state.timers.cancel("wrap_up", agent.id)
    change_state(turn, agent, "finish")
    if agent.leaving:
        forget(turn, agent)


def forget(turn: Turn, agent: Agent) -> None:
    """Drop an agent who is not in a call."""
    disenrol(turn.state, agent)
    agent.leaving = True
    refresh_presence(turn.state, agent)
    for kind in ("wrap_up", "reach"):
        turn.state.timers.cancel(kind, agent.id)
    for queue in turn.state.queues.values():
        queue.turns.pop(agent.id, None)
    turn.state.agents.pop(agent.id)


def _wrap_up_seconds(turn: Turn, agent: Agent) -> float:
    """As the queue has it now, or as it had it when the call began if the queue is gone."""
    if agent.engagement is None:
        return 0.0
    queue = turn.state.queues.get(agent.engagement.queue)
    return queue.config.wrap_up if queue else agent.engagement.wrap_up


def _record(turn: Turn, agent: Agent) -> None:
    engagement = agent.engagement
    queue = turn.state.queues.get(engagement.queue) if engagement else None
    if engagement and queue:
        seconds = turn.now - engagement.since
        queue.handle_times.record(turn.now, seconds, engagement.finished)
        queue.counters.count_handled(seconds, engagement.finished)
