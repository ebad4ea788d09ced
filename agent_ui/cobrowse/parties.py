"""Who takes part in a session: a customer's pages, and the agents who watch them in their viewers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent_ui.cobrowse.commands import Rate
from agent_ui.cobrowse.inspection import Inspection
from agent_ui.cobrowse.policy import MaskPolicy
from agent_ui.cobrowse.stream import Inbound, Tail, Window

Message = dict[str, Any]
Out = Callable[[str], None]
"""Sends a message, in JSON, or drops it when the connection is gone."""

CUSTOMER = "customer"
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class About:
    """Whose session it is: the contact, the visitor, the site's policy as the page gets it; whether it is kept."""

    id: str
    contact: str
    visitor: str
    policy: MaskPolicy
    signed: Mapping[str, str]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who watches: an agent of the contact, or a supervisor who has joined; for as long as the sign-in is valid."""

    agent: str
    name: str
    role: str = "agent"
    sign_in: str = ""


@dataclass(slots=True, eq=False)
class Page:
    """A customer's page. `out` is None while it is not connected."""

    epoch: str
    tab: str
    inspection: Inspection
    out: Out | None
    visible: bool = True
    inbound: Inbound = field(default_factory=Inbound)
    tail: Tail = field(default_factory=Tail)
    snapshot_wanted: bool = False
    busy: bool = False
    paying: bool = False

    def tell(self, message: Message) -> None:
        """Send it, as long as the page is connected."""
        if self.out is not None:
            self.out(text_of(message))


@dataclass(slots=True, eq=False)
class Viewer:
    """An agent's viewer. `waiting` until a snapshot begins what it shows."""

    watcher: Watcher
    out: Out
    window: Window = field(default_factory=Window)
    rate: Rate = field(default_factory=Rate)
    waiting: bool = True

    def tell(self, message: Message) -> None:
        """Send it."""
        self.out(text_of(message))


def text_of(message: Message) -> str:
    """A message as it is sent."""
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
