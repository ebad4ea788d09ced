"""What co-browsing needs of the rest of the pages: contacts, visitors, desks and the telephone system."""

import logging
from collections.abc import Callable
from typing import Any

from agent_ui.cobrowse.helpers import contact_of
from agent_ui.cobrowse.hub import Customer
from agent_ui.cobrowse.parties import Watcher
from agent_ui.cobrowse.store import ConsentEntry
from agent_ui.control.errors import ControlError
from agent_ui.control.port import Control
from agent_ui.control.verbs import ContactVerb
from agent_ui.realtime.audience import agents_of, may_act_on
from agent_ui.realtime.feed import Feed
from agent_ui.timeline.live import Timelines
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Workers

SUPERVISOR = "supervisor"
INVITATION: dict[str, object] = {"type": "cobrowse"}

TellAgents = Callable[[dict[str, Any], frozenset[str]], None]
"""Sends a contact's session state to these agents' desks, and to supervisors."""

_log = logging.getLogger(__name__)


class Pages:
    """`agent_ui.cobrowse.hub.Surroundings` on what is live."""

    def __init__(
        self,
        feed: Feed,
        visitors: Visitors,
        control: Control,
        workers: Workers,
        tell: TellAgents,
        timelines: Timelines,
    ) -> None:
        self._feed = feed
        self._visitors = visitors
        self._control = control
        self._workers = workers
        self._tell = tell
        self._timelines = timelines
        self._paused: set[str] = set()

    def customer_of(self, contact: str) -> Customer | None:
        """The visitor who is this live contact's customer, if a page of theirs is open."""
        view = self._feed.live.contacts.get(contact)
        visitor = self._visitors.for_contact(view) if view else None
        return Customer(visitor.id, visitor.site) if visitor and visitor.online else None

    def contact_of(self, visitor: str) -> str | None:
        """The live contact of a visitor: one that an agent has."""
        contact = contact_of(visitor, self._visitors, self._feed.live)
        return contact.id if contact else None

    def is_over(self, contact: str) -> bool:
        """Whether a contact has ended; False while the telephone system cannot be reached."""
        if not self._feed.up:
            return False
        view = self._feed.live.contacts.get(contact)
        return view is None or view.state == "ended"

    def may_watch(self, watcher: Watcher, contact: str) -> bool:
        """Whether an agent has the contact; supervisors may join every one."""
        return watcher.role == SUPERVISOR or may_act_on(self._feed.live, watcher.agent, contact)

    def invite(self, visitor: str) -> None:
        """Have the visitor's pages connect."""
        self._visitors.tell(visitor, dict(INVITATION))

    def agents_of(self, contact: str) -> frozenset[str]:
        """The agents whom the contact is with."""
        return agents_of(self._feed.live, contact)

    def tell_desks(self, contact: str, state: dict[str, Any]) -> None:
        """Tell the desks of the contact's agents, and supervisors, how its session stands."""
        self._tell({"contact": contact, **state}, self.agents_of(contact))

    def consented(self, contact: str, told: ConsentEntry) -> None:
        """A line more of the contact's consent record."""
        self._timelines.consented(contact, told)

    def paying(self, contact: str, on: bool) -> None:
        """The contact's customer has begun to pay, or has ended it."""
        self._timelines.paying(contact, on)

    def pause_recording(self, contact: str, by: str, on: bool) -> None:
        """Pause the contact's recording, or go on with it. What an agent has paused, the agent goes on with."""
        view = self._feed.live.contacts.get(contact)
        needed = view is not None and view.recording == "recording" if on else contact in self._paused
        if view is None or not needed:
            return
        verb: ContactVerb = "recording/pause" if on else "recording/resume"
        (self._paused.add if on else self._paused.discard)(contact)
        try:
            self._workers.run(self._control.on_contact, view.agent or by, contact, verb)
        except ControlError as error:
            _log.warning(
                "a recording could not be %s: %s", "paused" if on else "resumed", type(error).__name__
            )
