"""The ACD as its users see it: events in, actions out, and the time at which it wants to be woken."""

from __future__ import annotations

import random

from pbx.acd.actions import Action
from pbx.acd.events import Event
from pbx.acd.snapshot import AcdSnapshot, WaitingContact


class Acd:
    """Decides who gets which contact; does nothing itself.

    `advance` is the only way in. Give it each event with the time of one monotonic clock and perform the actions
    in order; send `Tick` at `next_wake()`. An event that cannot happen raises an `AcdError` and changes nothing.
    `rng` serves the random strategy; `offer_prefix` keeps offer ids unique across restarts.
    """

    def __init__(self, rng: random.Random, offer_prefix: str = "") -> None:
        self._rng = rng
        self._offer_prefix = offer_prefix

    def advance(self, event: Event, now: float) -> tuple[Action, ...]:
        """Let `event` happen at `now`. Raises `AcdError`, and then nothing has changed."""
        raise NotImplementedError

    def next_wake(self) -> float | None:
        """When `Tick` is next needed; None if nothing is due."""
        raise NotImplementedError

    def snapshot(self, now: float) -> AcdSnapshot:
        """All queues and agents at `now`."""
        raise NotImplementedError

    def waiting(self, queue: str, limit: int = 100) -> tuple[WaitingContact, ...]:
        """The first `limit` contacts of a queue in order. Raises `UnknownQueue`."""
        raise NotImplementedError
