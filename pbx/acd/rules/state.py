"""What the ACD remembers: plain data, changed only by the functions beside this file."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbx.acd.contact import Contact
from pbx.acd.errors import UnknownAgent, UnknownContact, UnknownOffer, UnknownQueue
from pbx.acd.lifecycles import AgentState, EntryState, OfferState, Status
from pbx.acd.rules.counters import AgentTally, QueueCounters
from pbx.acd.rules.estimate import HandleTimes
from pbx.acd.rules.order import Order
from pbx.acd.rules.timers import Timers
from pbx.acd.settings import AgentConfig, QueueConfig

Needs = tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Pool:
    """Contacts of one queue that ask for the same skills, and the idle agents who have them.

    After every event, any contact and agent still facing each other here are a pair that has to keep apart
    for a while (the agent declined or missed it).
    """

    queue: str
    needs: Needs
    waiting: Order = field(default_factory=Order)
    idle: Order = field(default_factory=Order)


@dataclass(slots=True)
class Entry:
    """A contact in the ACD's care. `rank` and `sequence` are its place; see `queueing.rank`.

    `tried`: agents who had it, with the time until which each keeps away from it. `answered_at`: when the
    agent accepted. `visited`: queues it has been in, so that overflow cannot go round in circles.
    """

    contact: Contact
    queue: str
    sequence: int
    enqueued_at: float
    entered_at: float
    rank: float = 0.0
    state: EntryState = "waiting"
    needs: Needs | None = None
    held_for: str | None = None
    tried: dict[str, float] = field(default_factory=dict)
    offer: str | None = None
    agent: str | None = None
    answered_at: float | None = None
    attempts: int = 0
    visited: tuple[str, ...] = ()
    told_position: int | None = None
    told_minutes: int | None = None

    @property
    def id(self) -> str:
        """The contact's id."""
        return self.contact.id

    @property
    def callback(self) -> bool:
        """Whether nobody is on the line."""
        return self.contact.callback


@dataclass(slots=True)
class Offer:
    """One contact offered to one agent, or to a group of which the first to accept wins."""

    id: str
    contact: str
    queue: str
    parts: dict[str, OfferState]

    def pending(self) -> tuple[str, ...]:
        """The agents who may still accept."""
        return tuple(agent for agent, state in self.parts.items() if state == "pending")


@dataclass(slots=True)
class Unreachable:
    """Why an agent's phone gets no offers, and until when; None is until it is back."""

    reason: str
    until: float | None


@dataclass(slots=True)
class Engagement:
    """An agent's part in a contact, from accepting to the end of the wrap-up."""

    queue: str
    since: float
    wrap_up: float
    finished: bool = False


@dataclass(slots=True)
class Agent:
    """An agent.

    `mark` is the time up to which `tally` is counted; `listed` whether pools show the agent as idle.
    """

    config: AgentConfig
    status_since: float
    state_since: float
    idle_since: float
    mark: float
    status: Status = "offline"
    status_reason: str = ""
    state: AgentState = "idle"
    contact: str | None = None
    offer: str | None = None
    engagement: Engagement | None = None
    other_calls: dict[str, None] = field(default_factory=dict)
    unreachable: Unreachable | None = None
    misses: int = 0
    leaving: bool = False
    listed: bool = False
    pools: list[Pool] = field(default_factory=list)
    held: Order = field(default_factory=Order)
    tally: AgentTally = field(default_factory=AgentTally)

    @property
    def id(self) -> str:
        """The agent's id."""
        return self.config.id


@dataclass(slots=True)
class Queue:
    """A queue. `line` is everyone who has not been answered, in order; `arrivals` those on the line, by
    arrival.

    `serving`: available members, each counting 1/k when serving k queues. `turns`: number of the last offer
    each member had here. `callbacks`: number to contact, one each.
    """

    config: QueueConfig
    line: Order = field(default_factory=Order)
    arrivals: Order = field(default_factory=Order)
    pools: dict[Needs, Pool] = field(default_factory=dict)
    members: dict[str, None] = field(default_factory=dict)
    logged_in: dict[str, None] = field(default_factory=dict)
    serving: dict[str, float] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)
    callbacks: dict[str, str] = field(default_factory=dict)
    counters: QueueCounters = field(default_factory=QueueCounters)
    handle_times: HandleTimes = field(default_factory=HandleTimes)


@dataclass(slots=True)
class State:
    """All of it. `last_agents`: customer to the agent who had them last, the newest few thousand."""

    queues: dict[str, Queue] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    timers: Timers = field(default_factory=Timers)
    last_agents: dict[str, str] = field(default_factory=dict)
    contacts_seen: int = 0
    offers_made: int = 0

    def queue(self, queue: str) -> Queue:
        """The queue of this id. Raises `UnknownQueue`."""
        if (found := self.queues.get(queue)) is None:
            raise UnknownQueue(f"there is no queue {queue}")
        return found

    def agent(self, agent: str) -> Agent:
        """The agent of this id. Raises `UnknownAgent`."""
        if (found := self.agents.get(agent)) is None:
            raise UnknownAgent(f"there is no agent {agent}")
        return found

    def entry(self, contact: str) -> Entry:
        """The contact of this id. Raises `UnknownContact`."""
        if (found := self.entries.get(contact)) is None:
            raise UnknownContact(f"contact {contact} is not in a queue and with no agent")
        return found

    def offer(self, offer: str) -> Offer:
        """The pending offer of this id. Raises `UnknownOffer`."""
        if (found := self.offers.get(offer)) is None:
            raise UnknownOffer(f"offer {offer} is over or never was")
        return found
