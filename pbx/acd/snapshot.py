"""What a wallboard shows: the figures of this moment, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from pbx.acd.lifecycles import AgentState, EntryState, Status


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One queue, since the counters were last reset. Ratios are 0..1 and None while there is nothing to
    divide by.

    `waiting` are people on the line, `callbacks_waiting` are not. `service_level` is the default form:
    answered within the threshold / (answered + abandoned after the threshold). `abandonment` is abandoned /
    queued, without short abandons. Callbacks count in none of these; they have their own. `asa`, `aht`,
    `longest_wait`: seconds.
    """

    queue: str
    waiting: int
    callbacks_waiting: int
    longest_wait: float
    agents_logged_in: int
    agents_idle: int
    queued: int
    answered: int
    answered_in_threshold: int
    abandoned: int
    abandoned_after_threshold: int
    short_abandons: int
    diverted: int
    callbacks_answered: int
    callbacks_failed: int
    service_level: float | None
    asa: float | None
    aht: float | None
    abandonment: float | None
    wait_minutes: int | None


@dataclass(frozen=True, slots=True)
class AgentFigures:
    """One agent.

    `*_since` are clock times. `not_offered` says why an idle agent gets nothing ("" if it would).
    """

    agent: str
    status: Status
    status_reason: str
    status_since: float
    state: AgentState
    state_since: float
    contact: str | None
    not_offered: str
    handled: int
    misses_in_a_row: int
    missed: int
    declined: int
    talk: float
    hold: float
    wrap_up: float
    idle: float
    occupancy: float | None


@dataclass(frozen=True, slots=True)
class WaitingContact:
    """One contact in a queue, for a supervisor's list; `position` is 1 for the next."""

    contact: str
    queue: str
    state: EntryState
    position: int
    priority: float
    enqueued_at: float
    callback: bool
    offered_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcdSnapshot:
    """Everything at one moment."""

    at: float
    queues: tuple[QueueFigures, ...]
    agents: tuple[AgentFigures, ...]
