"""One turn of the machine: an event being dealt with."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from pbx.acd.actions import Action
from pbx.acd.rules.state import State


@dataclass(slots=True)
class Turn:
    """What the functions that deal with an event work on and leave behind.

    `freed`: agents who may take a contact since this turn; `returned`: contacts that wait since this turn.
    Both are settled (see `matching`) when the event itself has been dealt with.
    """

    state: State
    now: float
    rng: random.Random
    offer_prefix: str = ""
    actions: list[Action] = field(default_factory=list)
    freed: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)

    def emit(self, action: Action) -> None:
        """Decide `action`."""
        self.actions.append(action)
