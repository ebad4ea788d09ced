"""How long a routing decision takes with 10,000 contacts waiting and 1,000 agents at work.

Every event that the machine has to decide on is timed by itself: an agent who becomes free and gets the next
contact, a contact that joins while everybody is busy, a contact that joins while many are idle, an offer that is
declined and goes to somebody else, a tick. Times are given by the wall's clock and, because other programs may run
beside this one, as the processor time that the decision itself took.

Run it alone: `python tests/bench/bench_acd.py [result.json]`.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter, thread_time

from pbx.acd import actions, events
from pbx.acd.contact import Contact
from pbx.acd.lifecycles import Status
from pbx.acd.machine import Acd
from pbx.acd.settings import AgentConfig, QueueConfig, RelaxStep, Strategy

WAITING = 10_000
AGENTS = 1_000
QUEUES = 20
DECISIONS = 4_000
BUDGET_P99_MS = 1.0
SKILLS = ("en", "fr", "pt", "orders", "returns", "payments")
Times = tuple[float, float]
"""Milliseconds by the wall's clock and of the processor."""

STRATEGIES: tuple[Strategy, ...] = (
    "longest_idle",
    "round_robin",
    "fewest_contacts",
    "least_talk_time",
    "skills",
    "random",
)


class Load:
    """A contact center in the middle of its busiest hour."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        self.acd = Acd(random.Random(seed))
        self.now = 0.0
        self.contacts = 0
        self.took: dict[str, list[Times]] = defaultdict(list)
        self.rings: dict[str, tuple[str, str]] = {}

    def tell(self, event: events.Event, what: str = "") -> tuple[actions.Action, ...]:
        """Let an event happen; time it under `what`."""
        wall, cpu = perf_counter(), thread_time()
        said = self.acd.advance(event, self.now)
        if what:
            self.took[what].append(((perf_counter() - wall) * 1000, (thread_time() - cpu) * 1000))
        for action in said:
            if isinstance(action, actions.MakeOffer):
                self.rings[action.agents[0]] = action.offer, action.contact
        return said

    def open(self) -> None:
        """Queues of every strategy; agents of three queues and three skills each."""
        relax = (RelaxStep(120, lower_by=3), RelaxStep(600, drop=True))
        for number in range(QUEUES):
            strategy = STRATEGIES[number % len(STRATEGIES)]
            self.tell(
                events.QueueChanged(
                    QueueConfig(f"q{number}", "Q", strategy, weight=1 + number % 3, relax=relax)
                )
            )
        for number in range(AGENTS):
            skills = {skill: self.dice.randint(3, 10) for skill in self.dice.sample(SKILLS, 3)}
            queues = {f"q{one}": self.dice.randint(0, 1) for one in self.dice.sample(range(QUEUES), 3)}
            self.tell(events.AgentChanged(AgentConfig(f"a{number}", "A", skills, queues)))

    def come_in(self, what: str = "") -> None:
        """One more contact, half of them asking for one or two skills."""
        self.contacts += 1
        asked = self.dice.sample(SKILLS, self.dice.choice([0, 0, 1, 2]))
        skills = {skill: self.dice.choice([2, 5]) for skill in asked}
        queue, priority = f"q{self.dice.randrange(QUEUES)}", self.dice.choice([0, 0, 0, 1, 5])
        self.tell(events.ContactQueued(Contact(f"c{self.contacts}", queue, priority, skills)), what)

    def everybody(self, status: Status) -> None:
        """Everybody chooses the same status."""
        for number in range(AGENTS):
            self.tell(events.StatusChosen(f"a{number}", status))

    def answer(self, agent: str) -> None:
        """The agent takes what rings."""
        offer, contact = self.rings.pop(agent)
        self.tell(events.OfferRinging(offer, agent), "an offer rings")
        self.tell(events.OfferAccepted(offer, agent), "an offer is accepted")
        self.tell(events.CallConnected(contact, agent))

    def pass_time(self, seconds: float) -> None:
        """Ticks as they become due, each timed for itself."""
        end = self.now + seconds
        while (due := self.acd.next_wake()) is not None and due <= end:
            self.now = max(self.now, due)
            self.tell(events.Tick(), "a tick")
        self.now = end


def busy_hour() -> Load:
    """10,000 wait; every decision gives a freed agent the next contact and lets another one join."""
    load = Load()
    load.open()
    for _ in range(WAITING):
        load.come_in()
        load.pass_time(0.01)
    load.everybody("available")
    for agent in list(load.rings):
        load.answer(agent)
    talking = [f"a{number}" for number in range(AGENTS)]
    for _ in range(DECISIONS):
        load.pass_time(0.05)
        agent = load.dice.choice(talking)
        load.tell(events.CallEnded(agent))
        load.tell(events.WrapUpDone(agent), "an agent becomes free")
        if load.dice.random() < 0.1 and agent in load.rings:
            load.tell(events.OfferRejected(load.rings.pop(agent)[0], agent), "an offer is declined")
        if agent in load.rings:
            load.answer(agent)
        else:
            talking.remove(agent)
        load.come_in("a contact joins, all are busy")
    return load


def quiet_hour() -> Load:
    """Nobody waits and 1,000 agents are idle; every decision picks one of them."""
    load = Load()
    load.open()
    load.everybody("available")
    for _ in range(DECISIONS):
        load.now += 0.05
        load.come_in("a contact joins, many are idle")
        for agent in list(load.rings):
            load.answer(agent)
            load.tell(events.CallEnded(agent))
            load.tell(events.WrapUpDone(agent), "an agent becomes idle")
    return load


def summary(took: list[Times]) -> dict[str, float]:
    """Milliseconds by both clocks."""
    row: dict[str, float] = {"count": len(took)}
    for name, column in (("wall", [wall for wall, _ in took]), ("cpu", [cpu for _, cpu in took])):
        ranked = sorted(column)
        for label, part in (("p50", 0.5), ("p99", 0.99), ("max", 1.0)):
            row[f"{name}_{label}_ms"] = round(ranked[min(len(ranked) - 1, int(part * len(ranked)))], 4)
    return row


def show(figures: dict[str, dict[str, float]]) -> None:
    """One line an event."""
    print(f"ACD: {WAITING} waiting, {AGENTS} agents, {QUEUES} queues, budget p99 {BUDGET_P99_MS} ms")
    print(f"{'':32}{'n':>7}  {'p50':>8}{'p99':>8}{'max':>9} ms wall {'p50':>8}{'p99':>8}{'max':>9} ms cpu")
    for what, row in figures.items():
        wall, cpu = (
            f"{row[f'{clock}_p50_ms']:8.3f}{row[f'{clock}_p99_ms']:8.3f}{row[f'{clock}_max_ms']:9.3f}"
            for clock in ("wall", "cpu")
        )
        print(f"{what:32}{row['count']:7.0f}  {wall}         {cpu}")


def main(result: str | None) -> None:
    """Print a table; write the figures as JSON if a file is named, else print them."""
    took: dict[str, list[Times]] = {}
    for load in (busy_hour(), quiet_hour()):
        for what, times in load.took.items():
            took.setdefault(what, []).extend(times)
    took["all decisions"] = [one for times in list(took.values()) for one in times]
    figures = {what: summary(times) for what, times in took.items()}
    show(figures)
    document = {"waiting": WAITING, "agents": AGENTS, "budget_p99_ms": BUDGET_P99_MS, "decisions": figures}
    if result:
        Path(result).write_text(json.dumps(document, indent=2) + "\n")
    else:
        print(json.dumps(document))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
