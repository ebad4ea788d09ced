"""Puts together what a desk and the wallboard show: live data, the shop's, and the past."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import gevent

from agent_ui.carts.live import LiveCarts, other_end
from agent_ui.control.errors import ControlError
from agent_ui.control.port import CdrQuery, Control
from agent_ui.customer_files import CustomerFiles
from agent_ui.messages import (
    ContactFile,
    CustomerPanel,
    DeskState,
    LiveCart,
    RecentContact,
    ScreenPop,
    WallboardState,
)
from agent_ui.realtime.audience import contact_of, offers_to, queues_of
from agent_ui.realtime.live import Live
from agent_ui.timeline.live import Timelines
from agent_ui.visitors.registry import Visitors
from agent_ui.workers import Pending, Workers
from pbx.contract.resources import CdrView, ContactView, OfferView

T = TypeVar("T")

_log = logging.getLogger(__name__)

SHOP_PATIENCE = 2.0
"""Seconds a page waits for the shop's data before it is shown without."""

HISTORY_PATIENCE = 1.0
"""Seconds a page waits for past contacts before it is shown without."""

PAST_CONTACTS = 10
OWN_CONTACTS = 100


class Desk:
    """Reads from the shop and the control API at the same time; what does not answer in time is left out."""

    def __init__(
        self,
        shop: CustomerFiles,
        control: Control,
        shop_workers: Workers,
        control_workers: Workers,
        carts: LiveCarts,
        visitors: Visitors,
        timelines: Timelines,
    ) -> None:
        self._shop = shop
        self._carts = carts
        self._visitors = visitors
        self._timelines = timelines
        self._control = control
        self._shop_workers = shop_workers
        self._control_workers = control_workers

    def file(self, contact: ContactView) -> ContactFile:
        """A contact with its customer, cart, orders and past contacts."""
        visitor = self._visitors.for_contact(contact)
        customer_id = contact.customer_id or (visitor.customer_id if visitor else None)
        live = gevent.spawn(self._live_cart, contact)
        reading = self._shop_workers.start(self._shop.panel, customer_id, other_end(contact))
        history = self._start_history(contact)
        panel, shop_away = _shop_answer(reading)
        self._timelines.orders_read(contact, panel)
        return ContactFile(
            contact=contact,
            panel=panel,
            live=live.get(),
            timeline=self._timelines.read(contact),
            shop_away=shop_away,
            history=self._past(history, contact.id),
        )

    def pop(self, offer: OfferView) -> ScreenPop:
        """An offer with everything to see before answering."""
        return ScreenPop(offer=offer, file=self.file(offer.contact), server_time=_now())

    def state(self, live: Live, up: bool, agent_id: str) -> DeskState:
        """All that an agent's desk shows."""
        contact = live.contacts.get(contact_of(live, agent_id) or "") or self._just_ended(live, agent_id)
        return DeskState(
            link=up,
            me=live.agents.get(agent_id),
            queues=tuple(live.queues[queue] for queue in queues_of(live, agent_id)),
            offers=tuple(self.pop(offer) for offer in offers_to(live, agent_id)),
            file=self.file(contact) if contact else None,
            pause_reasons=live.pause_reasons,
            dispositions=live.dispositions,
            names=_names(live),
            server_time=_now(),
        )

    def recent(self, agent_id: str) -> tuple[RecentContact, ...]:
        """An agent's own latest contacts.

        Raises:
            ControlError: the telephone system does not answer.
        """
        query = CdrQuery(agent=agent_id, limit=OWN_CONTACTS)
        rows = self._control_workers.run(self._control.cdr, query)
        reading = self._shop_workers.start(self._shop.names, [r.customer_id for r in rows if r.customer_id])
        unknown: dict[str, str] = {}
        names = _or_else(lambda: reading.get(SHOP_PATIENCE), unknown)
        return tuple(RecentContact(cdr=r, customer_name=names.get(r.customer_id or "")) for r in rows)

    def _just_ended(self, live: Live, agent_id: str) -> ContactView | None:
        """The contact an agent is wrapping up, from its record: a snapshot taken after its end lacks it."""
        me = live.agents.get(agent_id)
        if me is None or me.state != "wrap_up" or me.contact is None:
            return None
        try:
            record = self._control_workers.run(self._control.record, me.contact)
        except ControlError:
            return None
        shown = self._carts.shown(record.contact)
        return _ended(record, record.customer_id or (shown.customer_id if shown else None))

    def _live_cart(self, contact: ContactView) -> LiveCart | None:
        """None between colleagues, and when it cannot be read in time."""
        found: LiveCart | None = None
        if contact.direction != "internal":
            with gevent.Timeout(SHOP_PATIENCE, False):
                found = _or_else(lambda: self._carts.read(contact), found)
        return found

    def _start_history(self, contact: ContactView) -> Pending[tuple[CdrView, ...]] | None:
        number = other_end(contact)
        if contact.customer_id is None and number is None:
            return None
        by_customer = CdrQuery(customer_id=contact.customer_id, limit=PAST_CONTACTS + 1)
        by_caller = CdrQuery(caller=number, limit=PAST_CONTACTS + 1)
        query = by_customer if contact.customer_id else by_caller
        return self._control_workers.start(self._control.cdr, query)

    def _past(
        self, reading: Pending[tuple[CdrView, ...]] | None, contact_id: str
    ) -> tuple[CdrView, ...] | None:
        if reading is None:
            return ()
        try:
            rows = reading.get(HISTORY_PATIENCE)
        except (ControlError, TimeoutError):
            return None
        return tuple(row for row in rows if row.contact != contact_id)[:PAST_CONTACTS]


def wallboard(live: Live, up: bool) -> WallboardState:
    """All that a supervisor's wallboard shows."""
    return WallboardState(
        link=up,
        agents=tuple(live.agents.values()),
        queues=tuple(live.queues.values()),
        contacts=tuple(live.contacts.values()),
        offers=tuple(live.offers.values()),
        callbacks=tuple(live.callbacks.values()),
        pause_reasons=live.pause_reasons,
        server_time=_now(),
    )


def _names(live: Live) -> dict[str, str]:
    """What agents are called, by their ids and by their phones."""
    agents = live.agents.values()
    return {agent.phone: agent.name for agent in agents} | {agent.id: agent.name for agent in agents}


def _ended(record: CdrView, customer_id: str | None) -> ContactView:
    """Its customer is who was recognised while it went on. The record does not say whether the caller's number can
    be believed, so nobody is looked up by it."""
    return ContactView(
        id=record.contact,
        channel=record.channel,
        direction=record.direction,
        state="ended",
        caller=record.caller,
        stranger=record.direction == "inbound",
        called=record.called,
        language=record.language,
        customer_id=customer_id,
        order_number=record.order_number,
        queue=record.queue,
        agent=record.agent,
        started_at=record.started_at,
        answered_at=record.answered_at,
    )


def _shop_answer(reading: Pending[CustomerPanel | None]) -> tuple[CustomerPanel | None, bool]:
    """The customer's data and whether the shop failed. Its failure never keeps an offer from its agent."""
    away: tuple[CustomerPanel | None, bool] = (None, True)
    return _or_else(lambda: (reading.get(SHOP_PATIENCE), False), away)


def _or_else(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Exception:
        _log.exception("the shop's data could not be read")
        return otherwise


def _now() -> datetime:
    return datetime.now(UTC)
