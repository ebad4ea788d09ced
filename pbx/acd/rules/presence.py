"""Agents: what their status and state become, and whether they may be offered something."""

from __future__ import annotations

from typing import Literal

from pbx.acd.actions import AgentReachabilityChanged, AgentStateChanged, AgentStatusChanged
from pbx.acd.errors import IllegalAgentEvent, IllegalStatus
from pbx.acd.lifecycles import AGENT, STATUS, AgentState, StateTrigger, StatusTrigger
from pbx.acd.rules.counters import is_ready
from pbx.acd.rules.pools import list_idle, unlist
from pbx.acd.rules.state import Agent, State, Unreachable
from pbx.acd.rules.turn import Turn


def state_after(agent: Agent, trigger: StateTrigger) -> AgentState:
    """The agent's state after `trigger`. Raises `IllegalAgentEvent` if the table does not have it."""
    after = AGENT[agent.state].get(trigger)
    if after is None:
        raise IllegalAgentEvent(f"agent {agent.id} is {agent.state}: {trigger} is impossible")
    return after


def change_state(turn: Turn, agent: Agent, trigger: StateTrigger, until: float | None = None) -> None:
    """Let the calls change the agent's state. Raises `IllegalAgentEvent`."""
    after, previous = state_after(agent, trigger), agent.state
    account(agent, turn.now)
    agent.state, agent.state_since = after, turn.now
    turn.emit(AgentStateChanged(agent.id, previous, after, agent.contact, until))
    refresh(turn, agent)


def change_status(
    turn: Turn,
    agent: Agent,
    trigger: StatusTrigger,
    reason: str,
    chosen_by: Literal["agent", "system"] = "agent",
) -> None:
    """Give the agent another status. Raises `IllegalStatus`."""
    after, previous = STATUS[agent.status].get(trigger), agent.status
    if after is None:
        raise IllegalStatus(f"agent {agent.id} is {agent.status}: {trigger} is impossible")
    account(agent, turn.now)
    agent.status, agent.status_reason, agent.status_since = after, reason, turn.now
    turn.emit(AgentStatusChanged(agent.id, previous, after, reason, chosen_by))
    refresh_presence(turn.state, agent)
    refresh(turn, agent)


def set_unreachable(turn: Turn, agent: Agent, reason: str, until: float | None) -> None:
    """Make no offers to the agent until `until`, or until the phone is back."""
    account(agent, turn.now)
    agent.unreachable = Unreachable(reason, until)
    if until is None:
        turn.state.timers.cancel("reach", agent.id)
    else:
        turn.state.timers.set("reach", agent.id, until)
    turn.emit(AgentReachabilityChanged(agent.id, False, reason, until))
    refresh(turn, agent)


def set_reachable(turn: Turn, agent: Agent) -> None:
    """Make offers to the agent again."""
    if agent.unreachable is None:
        return
    account(agent, turn.now)
    agent.unreachable = None
    agent.idle_since = turn.now
    turn.state.timers.cancel("reach", agent.id)
    turn.emit(AgentReachabilityChanged(agent.id, True, ""))
    refresh(turn, agent)


def not_offered(agent: Agent) -> str:
    """Why the agent gets no offer now; "" if they would."""
    if agent.leaving:
        return "removed"
    if agent.status != "available":
        return agent.status
    if agent.state != "idle":
        return agent.state
    if agent.other_calls:
        return "on_another_call"
    return (agent.unreachable.reason or "unreachable") if agent.unreachable else ""


def refresh(turn: Turn, agent: Agent) -> None:
    """Show the agent as idle, or not, after something about them has changed."""
    free = not_offered(agent) == ""
    if free and not agent.listed:
        list_idle(turn.state, agent)
        turn.freed.append(agent.id)
    elif agent.listed and not free:
        unlist(agent)


def relist(turn: Turn, agent: Agent) -> None:
    """Put an idle agent at the right place of every pool after what the place depends on has changed."""
    if agent.listed:
        unlist(agent)
    refresh(turn, agent)


def refresh_presence(state: State, agent: Agent) -> None:
    """Keep who is logged in to a queue, and how much of them it has, up to date."""
    here = {} if agent.leaving else agent.config.memberships
    share = 1 / max(1, sum(name in state.queues for name in here))
    for name, queue in state.queues.items():
        queue.logged_in.pop(agent.id, None)
        queue.serving.pop(agent.id, None)
        if name in here and agent.status != "offline":
            queue.logged_in[agent.id] = None
        if name in here and agent.status == "available":
            queue.serving[agent.id] = share


def account(agent: Agent, now: float) -> None:
    """Count the time since the last change towards what the agent was doing."""
    agent.tally = agent.tally.plus(agent.state, ready(agent), now - agent.mark)
    agent.mark = now


def ready(agent: Agent) -> bool:
    """Whether idleness counts as available idleness."""
    return is_ready(agent.status, len(agent.other_calls), agent.unreachable is None)
