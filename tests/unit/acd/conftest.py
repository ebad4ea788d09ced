"""A small floor of agents and queues to tell stories on."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pbx.acd import actions, events
from pbx.acd.contact import Contact
from pbx.acd.machine import Acd
from pbx.acd.settings import AgentConfig, QueueConfig


class Floor:
    """An ACD with a clock, and short words for what happens on it."""

    def __init__(self) -> None:
        self.acd = Acd(random.Random(7))
        self.now = 1000.0
        self.said: tuple[actions.Action, ...] = ()

    def do(self, event: events.Event) -> tuple[actions.Action, ...]:
        self.said = self.acd.advance(event, self.now)
        return self.said

    def wait(self, seconds: float) -> list[actions.Action]:
        """Let time pass as a real clock would: a tick whenever one is asked for."""
        end, said = self.now + seconds, []
        while (due := self.acd.next_wake()) is not None and due <= end:
            self.now = max(self.now, due)
            said += self.do(events.Tick())
        self.now = end
        return said

    def queue(self, name: str = "sales", **settings: Any) -> QueueConfig:
        config = QueueConfig(name, name.title(), **{"announce_every": None, **settings})
        self.do(events.QueueChanged(config))
        return config

    def agent(self, name: str, *queues: str, status: str = "available", **settings: Any) -> None:
        memberships = settings.pop("memberships", dict.fromkeys(queues or ("sales",), 0))
        self.do(events.AgentChanged(AgentConfig(name, name.title(), memberships=memberships, **settings)))
        if status != "offline":
            self.status(name, status)

    def status(self, agent: str, status: Any, reason: str = "") -> tuple[actions.Action, ...]:
        return self.do(events.StatusChosen(agent, status, reason))

    def call(self, contact: str, queue: str = "sales", **about: Any) -> tuple[actions.Action, ...]:
        since = about.pop("enqueued_at", None)
        return self.do(events.ContactQueued(Contact(contact, queue, **about), since))

    def hang_up(self, contact: str) -> tuple[actions.Action, ...]:
        return self.do(events.ContactLeft(contact))

    def offer_of(self, contact: str) -> str:
        """The contact's pending offer."""
        return next(row.id for row in self.acd._state.offers.values() if row.contact == contact)

    def offered(self, contact: str) -> tuple[str, ...]:
        """The agents whose phones ring for the contact."""
        rows = (row for row in self.acd._state.offers.values() if row.contact == contact)
        return next((row.pending() for row in rows), ())

    def offered_to(self, agent: str) -> str | None:
        """The contact that the agent is offered."""
        rows = self.acd._state.offers.values()
        return next((row.contact for row in rows if agent in row.pending()), None)

    def ring(self, contact: str, agent: str) -> tuple[actions.Action, ...]:
        return self.do(events.OfferRinging(self.offer_of(contact), agent))

    def accept(self, contact: str, agent: str) -> tuple[actions.Action, ...]:
        return self.do(events.OfferAccepted(self.offer_of(contact), agent))

    def reject(self, contact: str, agent: str) -> tuple[actions.Action, ...]:
        return self.do(events.OfferRejected(self.offer_of(contact), agent))

    def connect(self, contact: str, agent: str) -> tuple[actions.Action, ...]:
        """The agent accepts and the two are brought together."""
        return self.accept(contact, agent) + self.do(events.CallConnected(contact, agent))

    def end(self, agent: str) -> tuple[actions.Action, ...]:
        return self.do(events.CallEnded(agent))

    def serve(self, contact: str, agent: str, talk: float = 60.0) -> None:
        """A whole conversation, wrap-up included."""
        self.connect(contact, agent)
        self.wait(talk)
        self.end(agent)
        if self.figures(agent).state == "wrap_up":
            self.do(events.WrapUpDone(agent))

    def figures(self, agent: str) -> Any:
        return next(one for one in self.acd.snapshot(self.now).agents if one.agent == agent)

    def board(self, queue: str = "sales") -> Any:
        return next(one for one in self.acd.snapshot(self.now).queues if one.queue == queue)

    def line(self, queue: str = "sales") -> list[str]:
        return [one.contact for one in self.acd.waiting(queue)]

    def heard(self, kind: type[Any], said: Any = None) -> list[Any]:
        """The actions of one kind, of the last event unless given."""
        return [one for one in (self.said if said is None else said) if isinstance(one, kind)]


@pytest.fixture
def floor() -> Floor:
    return Floor()
