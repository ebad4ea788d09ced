"""Calls in the queues: how they come in, what they hear, how they leave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.acd import actions, events
from pbx.acd.callbacks import Callbacks
from pbx.acd.contact import Contact
from pbx.acd.loop import Loop
from pbx.acd.waiting_room import CALLBACK_KEY, WaitingRoom
from pbx.bus import Stop
from pbx.calls.call import Call
from pbx.calls.dialing import Dialing
from pbx.calls.services import Left
from pbx.calls.switchboard import Switchboard, new_id
from pbx.catalog import Catalog
from pbx.clock import Clock
from pbx.contract import events as told
from pbx.contract.resources import Outcome
from pbx.errors import NotFound, WrongState
from pbx.events import LegEnded, LegEvent


@dataclass(slots=True)
class _Place:
    """A call that is in a queue, or about to be."""

    call: Call
    left: Left
    stop: Stop
    returning: bool
    joined: bool = False


class Waiting:
    """The calls in the queues. `release` lets the agent go whose contact a call was until now; `e164` reads
    numbers as people write them."""

    def __init__(
        self,
        clock: Clock,
        loop: Loop,
        switchboard: Switchboard,
        dialing: Dialing,
        room: WaitingRoom,
        callbacks: Callbacks,
        catalog: Callable[[], Catalog],
        release: Callable[[Call], None],
        e164: Callable[[str], str | None],
    ) -> None:
        self._clock = clock
        self._loop = loop
        self._switchboard = switchboard
        self._dialing = dialing
        self._room = room
        self._callbacks = callbacks
        self._catalog = catalog
        self._release = release
        self._e164 = e164
        self._places: dict[str, _Place] = {}
        self._stop = switchboard.on_ended(self._call_ended)

    def stop(self) -> None:
        """Hear no more of calls."""
        self._stop()

    # --- what calls ask for ---------------------------------------------------------------------------------

    def enqueue(self, call: Call, left: Left, waiting_since: datetime | None = None) -> None:
        """See pbx.calls.services.Queues."""
        if call.queue not in self._catalog().queues:
            raise NotFound("There is no such queue.", queue=call.queue or "")
        customer = call.customer
        if customer is None:
            raise WrongState("The customer has left; nobody is there to wait.")
        returning = call.state in ("talking", "held")
        call.take("queue")
        self._release(call)
        self._switchboard.hang_up(one for one in call.participants.values() if one is not customer)
        call.queued_at = waiting_since or self._switchboard.now()
        stop = self._switchboard.watch(customer.leg, lambda event: self._on_customer(call, event))
        place = self._places[call.id] = _Place(call, left, stop, returning)
        self._switchboard.changed(call)
        self._clock.callLater(0, self._join, place)

    def place_callback(self, call: Call, queue: str, number: str) -> bool:
        """See pbx.calls.services.Queues."""
        if not number or number == call.caller:
            number = call.callback_to
        if number not in self._catalog().endpoints:
            number = self._e164(number) or number
        if queue not in self._catalog().queues or not self._dialing.can_call_back(number):
            return False
        contact = Contact(
            id=new_id(), queue=queue, priority=float(call.priority), customer=call.customer_id,
            number=number, callback=True,
        )  # fmt: skip
        waiting_since = call.queued_at or self._switchboard.now()
        self._callbacks.note(contact, call, waiting_since)
        self._loop.later(events.ContactQueued(contact, self._monotonic(waiting_since)))
        return True

    def queue_again(self, contact: Contact, waiting_since: datetime) -> None:
        """Queue a callback that was promised before a restart, at the place it had."""
        self._loop.tell(events.ContactQueued(contact, self._monotonic(waiting_since)))

    def leave(self, call: Call) -> Left:
        """The caller is with an agent now; returns what tells whoever queued the call."""
        self._room.leave(call)
        place = self._places.pop(call.id, None)
        if place is None:
            return lambda outcome: None
        place.stop()
        return place.left

    # --- what the machine decides ---------------------------------------------------------------------------

    def joined(self, action: actions.ContactJoined) -> None:
        """Music, and a place in the line."""
        call = self._switchboard.calls.get(action.contact)
        if call is None:
            return
        call.queue = action.queue
        self._room.enter(call, action.queue, lambda key: self._on_key(call, key))
        self._switchboard.bus.publish(
            told.ContactQueued(
                at=self._switchboard.now(), contact=call.id, queue=action.queue,
                position=action.position, view=call.view(),
            )
        )  # fmt: skip
        self._switchboard.changed(call)

    def announce(self, action: actions.Announce) -> None:
        """Say the place in the line."""
        call = self._switchboard.calls.get(action.contact)
        if call is not None:
            callback = self._dialing.can_call_back(call.callback_to)
            self._room.announce(call, action.position, action.wait_minutes, callback)

    def moved(self, action: actions.ContactMoved) -> None:
        """Out of one queue; `joined` follows."""
        self._tell_diverted(action.contact, action.source, action.reason)

    def returned(self, action: actions.ContactReturned) -> None:
        """An offer came to nothing."""
        call = self._switchboard.calls.get(action.contact)
        if call is not None and call.state == "offered":
            call.take("queue")
            self._switchboard.changed(call)
        self._callbacks.waits(action.contact)

    def left_queue(self, action: actions.LeaveQueue) -> None:
        """Out of the queue without an agent: whoever queued the call goes on with it."""
        place = self._places.get(action.contact)
        if place is None:
            return
        self._tell_diverted(action.contact, action.queue, action.outcome)
        left = self.leave(place.call)
        left("failed" if action.outcome == "queue_removed" else action.outcome)

    def ended(self, action: actions.ContactEnded) -> None:
        """The machine is done with the contact."""
        if action.outcome in ("abandoned", "short_abandon"):
            short = action.outcome == "short_abandon"
            self._abandoned(action.contact, action.queue, action.waited, short)
        else:
            self._callbacks.ended(action.contact, action.outcome)

    def callback_placed(self, action: actions.CallbackPlaced) -> None:
        """A waiting caller will be called back; one number has one callback, which may be promised already."""
        place = self._places.get(action.contact)
        if place is None:
            return
        call = place.call
        if action.merged_into is None:
            self._callbacks.note_waiting(call, action.queue, action.number)
        left = self.leave(call)
        call.outcome = "callback"
        self._callbacks.say_goodbye(call, lambda: left("callback"))

    def not_queued(self, event: events.ContactQueued) -> None:
        """The machine would not have the contact: its queue is gone since it was asked for."""
        place = self._places.get(event.contact.id)
        if place is None:
            self._callbacks.ended(event.contact.id, "queue_removed")
        else:
            self.leave(place.call)("failed")

    # --- the steps ------------------------------------------------------------------------------------------

    def _join(self, place: _Place) -> None:
        """On the turn after `enqueue`: whoever asked has settled by then, and the customer may have left."""
        if self._places.get(place.call.id) is place:
            place.joined = True
            since = self._monotonic(place.call.queued_at or self._switchboard.now())
            self._loop.tell(events.ContactQueued(contact_of(place.call), since, place.returning))

    def _on_key(self, call: Call, key: str) -> None:
        if key == CALLBACK_KEY and call.state == "queued" and self._dialing.can_call_back(call.callback_to):
            self._loop.tell(events.CallbackRequested(call.id, call.callback_to))

    def _on_customer(self, call: Call, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            self._gone(call, "abandoned")

    def _call_ended(self, call: Call) -> None:
        if call.id in self._places:
            self._gone(call, "moved")

    def _gone(self, call: Call, reason: events.Departure) -> None:
        place = self._places.pop(call.id)
        place.stop()
        self._room.leave(call, silence=False)
        if place.joined:
            self._loop.tell(events.ContactLeft(call.id, reason))
        else:
            self._abandoned(call.id, call.queue or "", 0.0, short=True)

    def _abandoned(self, contact: str, queue: str, waited: float, short: bool) -> None:
        """Who has spoken with an agent before has been answered, whatever the second queue counts."""
        self._switchboard.bus.publish(
            told.ContactAbandoned(
                at=self._switchboard.now(), contact=contact, queue=queue, wait_seconds=waited, short=short
            )
        )
        call = self._switchboard.calls.get(contact)
        if call is not None:
            outcome: Outcome = "short_abandoned" if short else "abandoned"
            self._switchboard.end(call, outcome, "caller hung up while waiting")

    def _tell_diverted(self, contact: str, queue: str, reason: str) -> None:
        self._switchboard.bus.publish(
            told.ContactDiverted(at=self._switchboard.now(), contact=contact, queue=queue, reason=reason)
        )

    def _monotonic(self, moment: datetime) -> float:
        return self._clock.seconds() - (self._switchboard.now() - moment).total_seconds()


def contact_of(call: Call) -> Contact:
    """A call as the machine knows it."""
    return Contact(
        id=call.id, queue=call.queue or "", priority=float(call.priority), customer=call.customer_id,
        skills=dict.fromkeys(call.skills, 1), number=call.callback_to or None,
    )  # fmt: skip
