"""A contact as the ACD sees it when it joins a queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pbx.acd.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Contact:
    """Someone who wants an agent.

    `priority`: points, 0 or more; the value of a cart comes in here. `skills`: skill to least proficiency.
    `customer`: who it is, if known; contacts of one customer may stick to one agent. `number`: E.164, needed
    for a callback. `preferred_agent`: the customer's last agent as the caller of the ACD knows it (from the
    records); without it the ACD goes by what it has seen itself. `callback`: nobody is on the line, call
    them.
    """

    id: str
    queue: str
    priority: float = 0.0
    skills: Mapping[str, int] = field(default_factory=dict)
    customer: str | None = None
    number: str | None = None
    preferred_agent: str | None = None
    callback: bool = False

    def __post_init__(self) -> None:
        """Keep an own copy of the skills. Raises `BadSetting`."""
        if self.priority < 0:
            raise BadSetting("contact.priority", "must not be negative")
        if self.callback and not self.number:
            raise BadSetting("contact.number", "is needed to call somebody back")
        object.__setattr__(self, "skills", MappingProxyType(dict(self.skills)))
