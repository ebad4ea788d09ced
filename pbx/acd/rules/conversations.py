"""A contact and its agent, from accepting to hanging up."""

from __future__ import annotations

from pbx.acd.actions import ContactAnswered
from pbx.acd.errors import ContactAlreadyQueued, IllegalAgentEvent, IllegalContactEvent
from pbx.acd.events import (
    CallConnected,
    CallEnded,
    CallHeld,
    CallResumed,
    ConnectFailed,
    ContactTaken,
    ContactTransferred,
)
from pbx.acd.rules.offers import engage, keep_away, rescind_from
from pbx.acd.rules.presence import change_state, state_after
from pbx.acd.rules.queueing import end, entry_after, put_back, release_number
from pbx.acd.rules.state import Agent, Entry, Queue, State
from pbx.acd.rules.turn import Turn
from pbx.acd.rules.wrap_up import end_call, forget

MOST_CUSTOMERS_REMEMBERED = 10_000


def connected(turn: Turn, event: CallConnected) -> None:
    """From here on the contact counts as answered, at the moment when the agent accepted."""
    entry = _entry_with(turn.state, event.contact, event.agent)
    entry.state = entry_after(entry, "connect")
    count_answered(turn, entry)


def connect_failed(turn: Turn, event: ConnectFailed) -> None:
    """The agent's side broke before anybody spoke: the contact has its place back, the agent is idle."""
    entry = _entry_with(turn.state, event.contact, event.agent)
    entry_after(entry, "return")
    _give_back(turn, entry, turn.state.agent(event.agent), event.reason)


def held(turn: Turn, event: CallHeld) -> None:
    """The customer hears music."""
    change_state(turn, turn.state.agent(event.agent), "hold")


def resumed(turn: Turn, event: CallResumed) -> None:
    """The customer hears the agent again."""
    change_state(turn, turn.state.agent(event.agent), "resume")


def ended(turn: Turn, event: CallEnded) -> None:
    """The call is over, and the contact with it; but if nobody had spoken yet, only the agent is gone."""
    agent = turn.state.agent(event.agent)
    state_after(agent, "end")
    entry = turn.state.entry(agent.contact or "")
    if entry.state == "connecting":
        _give_back(turn, entry, agent, "agent_hung_up")
        return
    finish_contact(turn, entry)


def finish_contact(turn: Turn, entry: Entry) -> None:
    """End a contact that an agent accepted: it was answered, even if it ended before anybody spoke."""
    if entry.state == "connecting":
        count_answered(turn, entry)
    agent = turn.state.agent(entry.agent or "")
    end(turn, entry, "answered")
    end_call(turn, agent, finished=True)


def transferred(turn: Turn, event: ContactTransferred) -> None:
    """Another agent goes on with the contact; an offer that rings there is taken back first."""
    entry = turn.state.entry(event.contact)
    target = turn.state.agent(event.agent)
    if entry.state != "connected" or entry.agent == target.id:
        raise IllegalContactEvent(f"contact {entry.id} is {entry.state}: transfer is impossible")
    if target.contact is not None and target.offer is None:
        raise IllegalAgentEvent(f"agent {target.id} is {target.state}: take is impossible")
    source = turn.state.agent(entry.agent or "")
    rescind_from(turn, target, "took_a_transfer")
    entry.agent = target.id
    engage(turn, target, entry)
    change_state(turn, target, "take")
    end_call(turn, source, finished=False)
    _remember_agent(turn.state, entry)


def taken(turn: Turn, event: ContactTaken) -> None:
    """The agent has the contact from here on, with wrap-up; no queue counts it as answered."""
    contact, state = event.contact, turn.state
    if contact.id in state.entries:
        raise ContactAlreadyQueued(f"contact {contact.id} is in a queue or with an agent already")
    agent = state.agent(event.agent)
    if agent.contact is not None and agent.offer is None:
        raise IllegalAgentEvent(f"agent {agent.id} is {agent.state}: take is impossible")
    rescind_from(turn, agent, "took_a_call")
    state.contacts_seen += 1
    entry = Entry(
        contact, contact.queue, state.contacts_seen, turn.now, turn.now,
        state="connected", agent=agent.id, answered_at=turn.now,
    )  # fmt: skip
    state.entries[contact.id] = entry
    engage(turn, agent, entry)
    change_state(turn, agent, "take")
    _remember_agent(state, entry)


def count_answered(turn: Turn, entry: Entry) -> None:
    """Say and count that the customer got an agent."""
    accepted_at = turn.now if entry.answered_at is None else entry.answered_at
    waited = accepted_at - entry.enqueued_at
    turn.emit(ContactAnswered(entry.id, entry.queue, entry.agent or "", waited, entry.callback))
    _remember_agent(turn.state, entry)
    release_number(turn, entry)
    queue = turn.state.queues.get(entry.queue)
    if queue is None:
        return
    if entry.callback:
        queue.counters.callbacks_answered += 1
        return
    queue.counters.count_answer(accepted_at - entry.entered_at, queue.config.service_level_threshold)
    _drop_callback(turn, entry, queue)


def _entry_with(state: State, contact: str, agent: str) -> Entry:
    entry = state.entry(contact)
    if entry.agent != agent or entry.state != "connecting":
        raise IllegalContactEvent(f"contact {contact} is not being connected with agent {agent}")
    return entry


def _give_back(turn: Turn, entry: Entry, agent: Agent, reason: str) -> None:
    keep_away(turn, entry, agent)
    release(turn, agent)
    put_back(turn, entry, reason)


def release(turn: Turn, agent: Agent) -> None:
    """Make an agent idle who accepted, but had no conversation."""
    agent.contact = agent.engagement = None
    agent.idle_since = turn.now
    change_state(turn, agent, "release")
    if agent.leaving:
        forget(turn, agent)


def _drop_callback(turn: Turn, entry: Entry, queue: Queue) -> None:
    """Who has just been answered need not be called back."""
    waiting = turn.state.entries.get(queue.callbacks.get(entry.contact.number or "", ""))
    if waiting is None or waiting.state not in ("waiting", "resting"):
        return
    end(turn, waiting, "callback_not_needed")


def _remember_agent(state: State, entry: Entry) -> None:
    customer = entry.contact.customer
    if customer is None or entry.agent is None:
        return
    state.last_agents.pop(customer, None)
    state.last_agents[customer] = entry.agent
    if len(state.last_agents) > MOST_CUSTOMERS_REMEMBERED:
        del state.last_agents[next(iter(state.last_agents))]
