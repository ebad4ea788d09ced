"""Tells the pages what happens: each page only what it may see."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import gevent

from agent_ui.desk import Desk, wallboard
from agent_ui.messages import Happened, Left, LinkState
from agent_ui.realtime.audience import agents_of, audience_of, is_offered, may_see, part_of
from agent_ui.realtime.live import Live
from agent_ui.realtime.rooms import EVERYBODY, SUPERVISORS, Emit, room_of
from pbx.contract.events import AnyEvent
from pbx.contract.resources import OfferView

TRIES = 5


class Broadcast:
    """A `realtime.feed.Listener`. What needs the shop is put together in a greenlet of its own."""

    def __init__(self, emit: Emit, desk: Desk, present: Callable[[], Iterable[str]]) -> None:
        """`present` gives the agents who have a page open."""
        self._emit = emit
        self._desk = desk
        self._present = present
        self._live = Live()
        self._up = False

    def started_over(self, live: Live) -> None:
        self._live = live
        self._emit("wallboard", wallboard(live, self._up), [SUPERVISORS])
        for agent in set(self._present()):
            gevent.spawn(self.welcome_agent, agent, room_of(agent))

    def link_changed(self, up: bool) -> None:
        self._up = up
        self._emit("link", LinkState(up=up), [EVERYBODY])

    def happened(self, before: Live, event: AnyEvent, after: Live) -> None:
        self._live = after
        audience = audience_of(before, event, after)
        rooms = [room_of(agent) for agent in sorted(audience.agents)]
        if audience.supervisors:
            rooms.append(SUPERVISORS)
        if rooms:
            self._emit("event", Happened(event=event, server_time=datetime.now(UTC)), rooms)
        if audience.offer is not None:
            gevent.spawn(self._tell_offer, audience.offer)
        if audience.leavers and event.contact:
            left = [room_of(agent) for agent in sorted(audience.leavers)]
            self._emit("left", Left(contact=event.contact), left)
        if audience.newcomers and event.contact:
            gevent.spawn(self._tell_file, event.contact, audience.newcomers)

    def welcome_agent(self, agent: str, room: str) -> None:
        """Tell pages how an agent's desk stands; again, if it changed while it was read."""
        for _ in range(TRIES):
            live = self._live
            state = self._desk.state(live, self._up, agent)
            if part_of(live, agent) == part_of(self._live, agent):
                break
        self._emit("desk", state, [room])

    def welcome_supervisor(self, room: str) -> None:
        """Tell pages how everything stands."""
        self._emit("wallboard", wallboard(self._live, self._up), [room])

    def file_changed(self, contact_id: str) -> None:
        """The shop has something new of a contact's customer: those who speak with them are told all of it."""
        agents = agents_of(self._live, contact_id)
        if agents:
            gevent.spawn(self._tell_file, contact_id, agents)

    def _tell_offer(self, offer: OfferView) -> None:
        """The screen pop; an offer that ended while it was put together is not shown."""
        pop = self._desk.pop(offer)
        if offer.id in self._live.offers:
            self._emit("offer", pop, [room_of(offer.agent)])

    def _tell_file(self, contact_id: str, agents: frozenset[str]) -> None:
        contact = self._live.contacts.get(contact_id)
        if contact is None:
            return
        file = self._desk.file(contact)
        latest = self._live.contacts.get(contact_id, contact)
        still = [room_of(agent) for agent in sorted(agents) if self._is_with(agent, contact_id)]
        if still:
            self._emit("file", file.model_copy(update={"contact": latest}), still)

    def _is_with(self, agent: str, contact_id: str) -> bool:
        """An agent may be offered a contact while its file is put together: then the offer is what counts."""
        seen = may_see(self._live, agent, contact_id)
        return seen and not is_offered(self._live, agent, contact_id)
