"""How a queue orders its idle agents, and whom it takes: one plain function a strategy.

A strategy gives each candidate a rank; the lowest is asked first. Whatever the strategy, a lower membership
level comes before a higher one. The ranks hold still while an agent is idle, which lets idle agents be kept
in order.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

from pbx.acd.settings import Strategy

Rank = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An idle agent who may have the contact.

    `idle_since`: clock time; `handled`, `talk`: contacts and seconds since the counters were reset;
    `last_turn`: number of the queue's offer this agent had last, 0 for none; `proficiency`: sum over the
    skills asked for.
    """

    agent: str
    level: int
    idle_since: float
    handled: int
    talk: float
    last_turn: int
    proficiency: int


def longest_idle(who: Candidate) -> Rank:
    """Who has been idle longest."""
    return who.level, who.idle_since


def round_robin(who: Candidate) -> Rank:
    """Whose last turn in this queue was longest ago."""
    return who.level, who.last_turn


def fewest_contacts(who: Candidate) -> Rank:
    """Who has handled fewest contacts today; among equals the longest idle."""
    return who.level, who.handled, who.idle_since


def least_talk_time(who: Candidate) -> Rank:
    """Who has talked least today; among equals the longest idle."""
    return who.level, who.talk, who.idle_since


def top_down(who: Candidate) -> Rank:
    """Always the same order: by level, then by id."""
    return (who.level,)


def skills(who: Candidate) -> Rank:
    """Who is best at what is asked for; among equals the longest idle."""
    return who.level, -who.proficiency, who.idle_since


RANK: Mapping[Strategy, Callable[[Candidate], Rank]] = {
    "ring_all": longest_idle,
    "longest_idle": longest_idle,
    "round_robin": round_robin,
    "fewest_contacts": fewest_contacts,
    "least_talk_time": least_talk_time,
    "random": top_down,
    "top_down": top_down,
    "skills": skills,
}


def choose(
    strategy: Strategy, ranked: Iterable[tuple[Rank, str]], ring_at_most: int, rng: random.Random
) -> tuple[str, ...]:
    """Whom to offer the contact, given the candidates in order of rank: nobody, one, or many for ring_all.

    Ring_all and random keep to the lowest level that has anybody.
    """
    candidates = iter(ranked)
    first = next(candidates, None)
    if first is None:
        return ()
    if strategy not in ("ring_all", "random"):
        return (first[1],)
    level = first[0][0]
    peers = (agent for _, agent in takewhile(lambda one: one[0][0] == level, candidates))
    if strategy == "ring_all":
        return (first[1], *islice(peers, ring_at_most - 1))
    return (rng.choice((first[1], *peers)),)
