"""What agents do, and what happens to them apart from offers and contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pbx.acd.actions import AgentStateChanged
from pbx.acd.errors import BadSetting
from pbx.acd.events import (
    AgentBusy,
    AgentFree,
    AgentReachable,
    AgentUnreachable,
    StatusChosen,
    WrapUpDone,
    WrapUpExtended,
)
from pbx.acd.lifecycles import Status, StatusTrigger
from pbx.acd.rules.offers import rescind_from
from pbx.acd.rules.presence import (
    account,
    change_status,
    refresh,
    set_reachable,
    set_unreachable,
    state_after,
)
from pbx.acd.rules.queueing import divert, release_held
from pbx.acd.rules.turn import Turn
from pbx.acd.rules.wrap_up import finish

_CHOICE: Mapping[Status, StatusTrigger] = {
    "offline": "choose_offline",
    "available": "choose_available",
    "on_break": "choose_on_break",
}


def status_chosen(turn: Turn, event: StatusChosen) -> None:
    """A call goes on whatever is chosen; an offer that still rings is taken back unless it is `available`."""
    agent = turn.state.agent(event.agent)
    if (agent.status, agent.status_reason) == (event.status, event.reason):
        return
    if event.status == "available":
        agent.misses = 0
        agent.idle_since = agent.idle_since if agent.status == "available" else turn.now
    change_status(turn, agent, _CHOICE[event.status], event.reason)
    if event.status != "available":
        rescind_from(turn, agent, f"agent_{event.status}")
        release_held(turn, agent)
    if event.status == "offline":
        empty_out(turn, agent.config.memberships)


def empty_out(turn: Turn, queues: Iterable[str]) -> None:
    """Let those go who wait where nobody is logged in any more, if that is the queue's rule."""
    for name in queues:
        queue = turn.state.queues.get(name)
        if queue is None or queue.logged_in or queue.config.when_empty != "leave":
            continue
        for entry in [turn.state.entries[contact] for contact in queue.arrivals]:
            if entry.state == "waiting":
                divert(turn, entry, "no_agents")


def busy(turn: Turn, event: AgentBusy) -> None:
    """No offers during another call; one that rings goes back, and is not a miss."""
    agent = turn.state.agent(event.agent)
    account(agent, turn.now)
    agent.other_calls[event.call] = None
    refresh(turn, agent)
    rescind_from(turn, agent, "agent_on_another_call")


def free(turn: Turn, event: AgentFree) -> None:
    """Idleness begins when the last of the other calls is over."""
    agent = turn.state.agent(event.agent)
    if event.call not in agent.other_calls:
        return
    account(agent, turn.now)
    del agent.other_calls[event.call]
    agent.idle_since = agent.idle_since if agent.other_calls else turn.now
    refresh(turn, agent)


def unreachable(turn: Turn, event: AgentUnreachable) -> None:
    """The phone is gone: no offers until it is back; one that rings goes back."""
    agent = turn.state.agent(event.agent)
    if agent.unreachable and agent.unreachable.until is None:
        return
    set_unreachable(turn, agent, event.reason, None)
    rescind_from(turn, agent, event.reason)
    release_held(turn, agent)


def reachable(turn: Turn, event: AgentReachable) -> None:
    """The phone is back."""
    set_reachable(turn, turn.state.agent(event.agent))


def reachable_again(turn: Turn, agent: str) -> None:
    """The time is up for which an unreachable phone is left alone."""
    set_reachable(turn, turn.state.agent(agent))


def wrap_up_done(turn: Turn, event: WrapUpDone) -> None:
    """The agent is ready before the time is up."""
    agent = turn.state.agent(event.agent)
    state_after(agent, "finish")
    finish(turn, agent)


def wrap_up_over(turn: Turn, agent: str) -> None:
    """The time for wrap-up is up."""
    finish(turn, turn.state.agent(agent))


def wrap_up_extended(turn: Turn, event: WrapUpExtended) -> None:
    """The agent needs longer: counted from when it would have ended."""
    agent = turn.state.agent(event.agent)
    state_after(agent, "finish")
    if event.seconds <= 0:
        raise BadSetting("wrap_up_extended.seconds", "must be greater than 0")
    until = (turn.state.timers.when("wrap_up", agent.id) or turn.now) + event.seconds
    turn.state.timers.set("wrap_up", agent.id, until)
    turn.emit(AgentStateChanged(agent.id, "wrap_up", "wrap_up", agent.contact, until))
