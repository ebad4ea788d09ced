"""The timelines of the live contacts, in memory of the web process; what is new is told to the contact's desks.

What is on record elsewhere (consent, cart, orders) is read again when the process has restarted meanwhile.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent_ui.cobrowse.store import ConsentEntry, consent_of
from agent_ui.messages import CustomerPanel, LiveCart, TimelineEntry, TimelineNews
from agent_ui.realtime.audience import seen_by
from agent_ui.realtime.live import Live
from agent_ui.realtime.rooms import Emit, room_of
from agent_ui.storage import Storage
from agent_ui.timeline import entries
from agent_ui.visitors.model import Visitor
from pbx.contract.events import AnyEvent, OfferCreated
from pbx.contract.resources import ContactView

MOST = 200
"""Entries that are kept of a contact; beyond it the oldest but the first go."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Timeline:
    """One contact's entries by id, in the order in which they came."""

    entries: dict[str, TimelineEntry] = field(default_factory=dict)
    url: str = ""
    complete: bool = False
    """Whether what was on record before this process began has been read."""

    def add(self, told: Iterable[TimelineEntry]) -> tuple[TimelineEntry, ...]:
        """The entries that were not there yet."""
        new = tuple({one.id: one for one in told if one.id not in self.entries}.values())
        self.entries.update((one.id, one) for one in new)
        for id_ in list(self.entries)[1 : max(1, len(self.entries) - MOST + 1)]:
            del self.entries[id_]
        return new


class Timelines:
    """A `realtime.feed.Listener`; all of it is called on the event loop."""

    def __init__(self, emit: Emit, storage: Storage) -> None:
        self._emit = emit
        self._storage = storage
        self._live = Live()
        self._timelines: dict[str, Timeline] = {}

    def read(self, contact: ContactView) -> tuple[TimelineEntry, ...]:
        """A contact's entries in order of time; may wait for a worker."""
        timeline = self._of(contact)
        if not timeline.complete:
            timeline.complete = True
            timeline.add(self._consented(contact.id))
        return tuple(sorted(timeline.entries.values(), key=lambda one: one.at))

    # What is told by the telephone system.

    def started_over(self, live: Live) -> None:
        """See Listener."""
        self._live = live
        self._timelines = {id_: one for id_, one in self._timelines.items() if id_ in live.contacts}

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        """See Listener."""
        self._live = after
        id_ = event.offer.contact.id if isinstance(event, OfferCreated) else event.contact
        contact = after.contacts.get(id_ or "")
        if contact is not None:
            self._add(contact, entries.of_event(before, event, after))
        if before.contacts is not after.contacts:
            for gone in self._timelines.keys() - after.contacts.keys():
                del self._timelines[gone]

    def link_changed(self, up: bool) -> None:
        """See Listener."""

    # What is told by the shop's pages and about the shop.

    def page_seen(self, contact: ContactView, visitor: Visitor) -> None:
        """Where the customer is now."""
        timeline = self._of(contact)
        if visitor.url and visitor.url != timeline.url:
            timeline.url = visitor.url
            self._add(contact, (entries.of_page(visitor),))

    def cart_read(self, contact: ContactView, live: LiveCart) -> None:
        """The customer's cart with its latest changes, the last one first."""
        self._add(contact, entries.of_cart(contact, reversed(live.history)))

    def orders_read(self, contact: ContactView, panel: CustomerPanel | None) -> None:
        """The customer's latest orders."""
        self._add(contact, entries.of_orders(contact, panel.orders if panel else ()))

    # What is told by co-browsing.

    def consented(self, contact_id: str, told: ConsentEntry) -> None:
        """A line more of the contact's consent record."""
        self._add_live(contact_id, entries.of_consent(told))

    def paying(self, contact_id: str, on: bool) -> None:
        """The customer began to pay, or ended it."""
        self._add_live(contact_id, entries.of_paying(datetime.now(UTC), on))

    def _of(self, contact: ContactView) -> Timeline:
        """The contact's timeline; that of one which is over is kept no longer than it is used."""
        timeline = self._timelines.get(contact.id)
        if timeline is None:
            timeline = Timeline()
            timeline.add(entries.of_beginning(contact))
            if contact.id in self._live.contacts:
                self._timelines[contact.id] = timeline
        return timeline

    def _add_live(self, contact_id: str, told: TimelineEntry) -> None:
        contact = self._live.contacts.get(contact_id)
        if contact is not None:
            self._add(contact, (told,))

    def _add(self, contact: ContactView, told: Iterable[TimelineEntry]) -> None:
        """Keep what is new, and tell the desks that show the contact."""
        new = self._of(contact).add(told)
        agents = seen_by(self._live, contact.id) if new else frozenset()
        if agents:
            rooms = [room_of(agent) for agent in sorted(agents)]
            self._emit("timeline", TimelineNews(contact=contact.id, entries=new), rooms)

    def _consented(self, contact_id: str) -> tuple[TimelineEntry, ...]:
        try:
            return tuple(entries.of_consent(one) for one in self._storage.run(consent_of, contact_id))
        except Exception:
            _log.exception("a contact's consent record could not be read for its timeline")
            return ()
