"""What an administrator sets for a queue and for an agent; frozen, replaced whole when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from pbx.acd.errors import BadSetting

Strategy = Literal[
    "ring_all",
    "longest_idle",
    "round_robin",
    "fewest_contacts",
    "least_talk_time",
    "random",
    "top_down",
    "skills",
]
WhenEmpty = Literal["wait", "refuse", "leave"]


@dataclass(frozen=True, slots=True)
class RelaxStep:
    """After `after` seconds of waiting, every required proficiency is `lower_by` points lower than asked for.

    A requirement never falls below 1 (the agent must have the skill at all) unless `drop` is set, which
    waives the skills altogether.
    """

    after: float
    lower_by: int = 0
    drop: bool = False


@dataclass(frozen=True, slots=True)
class QueueConfig:
    """One queue. Times are seconds; `None` means "no limit" or "never".

    `weight`: a second of waiting here counts as `weight` seconds when an agent serves several queues.
    `overflow_to`: the queue a contact is moved to when this one is full, empty of agents or too slow; without
    it the contact leaves with that outcome and its flow goes on. `when_empty`: with no agent logged in,
    `wait` as usual, `refuse` newcomers, or also `leave` with those waiting. `ageing`: priority points a
    waiting contact gains per minute; one point is worth 60/ageing seconds of waiting. `retry_after`: how long
    a declined or missed contact keeps away from the same agent. `sticky`: how long a contact is kept for its
    customer's last agent while that agent is available but busy. `ring_at_most`: the most phones one ring_all
    offer rings. `callback_retries`: further attempts after the first; `callback_expires`: age at which a
    callback is given up. `music`, `recording`: carried for the shell, not used here.
    """

    id: str
    name: str
    strategy: Strategy = "longest_idle"
    weight: float = 1.0
    capacity: int | None = None
    max_wait: float | None = None
    overflow_to: str | None = None
    when_empty: WhenEmpty = "wait"
    offer_timeout: float = 20.0
    retry_after: float = 20.0
    ring_at_most: int = 20
    wrap_up: float = 15.0
    announce_every: float | None = 45.0
    announce_position: bool = True
    announce_wait: bool = True
    service_level_threshold: float = 20.0
    short_abandon: float = 5.0
    ageing: float = 1.0
    relax: tuple[RelaxStep, ...] = ()
    sticky: float = 0.0
    callback_retries: int = 2
    callback_retry_after: float = 300.0
    callback_expires: float = 8 * 3600.0
    music: str | None = None
    recording: bool = False

    def __post_init__(self) -> None:
        """Refuse a value that no routing could honour. Raises `BadSetting`."""
        for name in ("weight", "offer_timeout", "retry_after", "ageing", "ring_at_most"):
            _require(getattr(self, name) > 0, f"queue.{name}", "must be greater than 0")
        for name in (
            "wrap_up",
            "short_abandon",
            "sticky",
            "callback_retries",
            "callback_retry_after",
        ):
            _require(getattr(self, name) >= 0, f"queue.{name}", "must not be negative")
        for name in ("capacity", "max_wait", "announce_every"):
            value = getattr(self, name)
            _require(value is None or value > 0, f"queue.{name}", "must be greater than 0, or empty for none")
        for name, allowed in (("strategy", Strategy), ("when_empty", WhenEmpty)):
            known = get_args(allowed)
            _require(getattr(self, name) in known, f"queue.{name}", f"must be one of {', '.join(known)}")
        _require(self.overflow_to != self.id, "queue.overflow_to", "must be another queue")
        waits = [step.after for step in self.relax]
        _require(waits == sorted(waits), "queue.relax", "must be in order of waiting time")


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """One agent.

    `skills`: skill to proficiency, 1 (some) to 10 (best). `memberships`: queue to level; lower levels are
    asked first, a higher one only when no lower one is idle. `max_misses`: offers missed in a row before the
    agent is put on a break with reason "missed_offers"; 0 for never. `unreachable_for`: seconds without
    offers after the agent's phone could not be reached.
    """

    id: str
    name: str
    skills: Mapping[str, int] = field(default_factory=dict)
    memberships: Mapping[str, int] = field(default_factory=dict)
    max_misses: int = 3
    unreachable_for: float = 30.0
    auto_answer: bool = False

    def __post_init__(self) -> None:
        """Keep own copies that nobody can change. Raises `BadSetting`."""
        _require(self.max_misses >= 0, "agent.max_misses", "must not be negative")
        _require(self.unreachable_for > 0, "agent.unreachable_for", "must be greater than 0")
        object.__setattr__(self, "skills", MappingProxyType(dict(self.skills)))
        object.__setattr__(self, "memberships", MappingProxyType(dict(self.memberships)))


def _require(holds: bool, setting: str, problem: str) -> None:
    if not holds:
        raise BadSetting(setting, problem)
