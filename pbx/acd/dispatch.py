"""Carries out what the ACD decides: rings agents, connects them, moves callers, tells the world."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from twisted.logger import Logger

from pbx.acd import actions, events
from pbx.acd.callbacks import Callbacks
from pbx.acd.contact import Contact
from pbx.acd.errors import AcdError
from pbx.acd.lifecycles import Status
from pbx.acd.machine import Acd
from pbx.acd.ringing import Ringing
from pbx.acd.roster import Roster
from pbx.acd.waiting_room import CALLBACK_KEY, WaitingRoom
from pbx.bus import Stop
from pbx.calls.call import Call, Participant, Room
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing
from pbx.calls.services import Done, Left
from pbx.calls.switchboard import Switchboard, new_id
from pbx.catalog import AgentRow, Catalog
from pbx.clock import Clock, Timer
from pbx.contract import events as told
from pbx.contract.commands import SetStatus, WrapUp
from pbx.contract.resources import OfferState, OfferView, Outcome, ParticipantRole
from pbx.errors import NotAllowed, NotFound, PbxError, Unreachable, WrongState
from pbx.events import LegEnded, LegEvent

_log = Logger()

DECLINED = frozenset({486, 600, 603})
"""What a phone answers when its owner presses the red button; anything else is a failure of the phone."""
DIRECT_RING_SECONDS = 25.0


class Dispatch:
    """`pbx.calls.services.Queues` on the pure machine, and the agents' own commands.

    What happens while actions are carried out is queued and taken afterwards, so that the machine is never
    re-entered.
    """

    def __init__(
        self,
        clock: Clock,
        acd: Acd,
        switchboard: Switchboard,
        conversations: Conversations,
        dialing: Dialing,
        roster: Roster,
        room: WaitingRoom,
        callbacks: Callbacks,
        catalog: Callable[[], Catalog],
    ) -> None:
        self._clock = clock
        self._acd = acd
        self._switchboard = switchboard
        self._conversations = conversations
        self._dialing = dialing
        self._roster = roster
        self._room = room
        self._callbacks = callbacks
        self._catalog = catalog
        self._left: dict[str, Left] = {}
        self._watching: dict[str, Stop] = {}
        self._rings: dict[str, Ringing] = {}
        self._declined: dict[str, str] = {}
        self._accepted: dict[str, Participant] = {}
        self._talking: dict[str, str] = {}
        self._pending: deque[events.Event] = deque()
        self._running = False
        self._timer: Timer | None = None
        self._perform: Mapping[type, Callable[[Any], None]] = {
            actions.MakeOffer: self._make_offer,
            actions.CloseOffer: self._close_offer,
            actions.ConnectContact: self._connect,
            actions.DialCallback: self._dial_callback,
            actions.Announce: self._announce,
            actions.LeaveQueue: self._leave_queue,
            actions.ContactJoined: self._joined,
            actions.ContactMoved: self._moved,
            actions.ContactReturned: self._returned,
            actions.ContactAnswered: lambda action: callbacks.answered(action.contact),
            actions.ContactEnded: self._contact_ended,
            actions.CallbackPlaced: self._callback_placed,
            actions.CallbackPostponed: self._callback_postponed,
            actions.AgentStateChanged: roster.state_changed,
            actions.AgentStatusChanged: self._status_changed,
            actions.AgentReachabilityChanged: roster.reachability_changed,
        }
        self._stops = [
            switchboard.bus.subscribe(told.CallHeld, self._on_held),
            switchboard.bus.subscribe(told.CallResumed, self._on_resumed),
        ]

    def stop(self) -> None:
        """Hear no more of the bus, wake no more."""
        for stop in self._stops:
            stop()
        self._stop_timer()

    def tell(self, event: events.Event) -> None:
        """Something happened. An event that does not fit is logged and changes nothing."""
        self._pending.append(event)
        if self._running:
            return
        self._running = True
        try:
            while self._pending:
                self._take(self._pending.popleft())
        finally:
            self._running = False
            self._schedule()

    def _take(self, event: events.Event) -> None:
        try:
            todo = self._acd.advance(event, self._clock.seconds())
        except AcdError as error:
            _log.warn("{event} does not fit: {error}", event=type(event).__name__, error=error)
            return
        for action in todo:
            self._perform[type(action)](action)

    def _schedule(self) -> None:
        self._stop_timer()
        due = self._acd.next_wake()
        if due is not None:
            delay = max(0.0, due - self._clock.seconds())
            self._timer = self._clock.callLater(delay, self.tell, events.Tick())

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    # --- what calls ask for (pbx.calls.services.Queues) -----------------------------------------------------

    def enqueue(self, call: Call, left: Left, waiting_since: datetime | None = None) -> None:
        """See pbx.calls.services.Queues. Raises NotFound for an unknown queue."""
        if call.queue is None or call.queue not in self._catalog().queues:
            raise NotFound("There is no such queue.", queue=call.queue or "")
        for agent in [who for who, contact in self._talking.items() if contact == call.id]:
            self._agent_done(agent, call.id)
        call.take("queue")
        self._left[call.id] = left
        call.queued_at = waiting_since or self._switchboard.now()
        if call.customer is not None:
            watch = self._switchboard.watch(call.customer.leg, lambda event: self._on_customer(call, event))
            self._watching[call.id] = watch
        self._later(events.ContactQueued(self._contact(call, call.id), self._monotonic(call.queued_at)))

    def place_callback(self, call: Call, queue: str, number: str) -> bool:
        """See pbx.calls.services.Queues."""
        number = call.callback_to or number
        if queue not in self._catalog().queues or not self._dialing.can_call_back(number):
            return False
        contact = Contact(
            id=new_id(), queue=queue, priority=float(call.priority), customer=call.customer_id,
            number=number, callback=True,
        )  # fmt: skip
        waiting_since = call.queued_at or self._switchboard.now()
        self._callbacks.note(contact, call, waiting_since)
        self._later(events.ContactQueued(contact, self._monotonic(waiting_since)))
        return True

    def ring_agent(self, call: Call, agent: str, role: ParticipantRole, room: Room, done: Done) -> None:
        """See pbx.calls.services.Queues."""
        self.check_can_ring(agent)
        row = self._agent(agent)
        self.agent_busy(agent, call)
        offer = self._view(new_id(), row, call, call.queue or "", DIRECT_RING_SECONDS)

        def answered(participant: Participant) -> None:
            self._end_offer(offer, "accepted")
            self._free_afterwards(participant, call)
            done(participant)

        def failed(status: int, reason: str) -> None:
            self._end_offer(offer, "rejected" if status in DECLINED else "timed_out", reason)
            self.agent_free(agent, call)
            done(None)

        ringing = Ringing(
            self._switchboard, self._dialing, call, row, role, room, DIRECT_RING_SECONDS, offer,
            ringing=lambda: self._tell_ringing(offer), answered=answered, failed=failed,
        )  # fmt: skip
        ringing.start(row.auto_answer)
        self._rings[offer.id] = ringing
        self._publish_offer(offer)

    def check_can_ring(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._agent(agent)
        view = self._roster.view(agent)
        if view.status == "offline" or view.phone_busy or view.state != "idle" or not view.phone_registered:
            raise Unreachable("This agent is away, on another call, or without a phone.", agent=agent)

    def check_free(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._agent(agent)
        view = self._roster.view(agent)
        if view.phone_busy or view.state not in ("idle", "wrap_up") or not view.phone_registered:
            raise Unreachable("This agent is on another call, or the phone is not connected.", agent=agent)

    def hand_over(self, call: Call, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self.agent_free(agent, call)
        before = next((who for who, contact in self._talking.items() if contact == call.id), None)
        if before == agent:
            return
        contact = self._callbacks.contact_of(call)
        if before is None:
            self.tell(events.ContactTaken(self._contact(call, contact), agent))
        else:
            del self._talking[before]
            self.tell(events.ContactTransferred(contact, agent))
        self._talking[agent] = call.id
        call.wrapping.add(agent)

    def agent_busy(self, agent: str, call: Call) -> None:
        """See pbx.calls.services.Queues."""
        self._roster.direct_call(agent, call.id, begins=True)
        self.tell(events.AgentBusy(agent, call.id))

    def agent_free(self, agent: str, call: Call) -> None:
        """See pbx.calls.services.Queues."""
        self._roster.direct_call(agent, call.id, begins=False)
        self.tell(events.AgentFree(agent, call.id))

    # --- what agents ask for --------------------------------------------------------------------------------

    def set_status(self, agent: str, command: SetStatus) -> None:
        """The agent's own choice. Raises NotFound."""
        self._agent(agent)
        reason = command.pause_reason or ""
        if command.status == "on_break" and reason not in {one.id for one in self._catalog().pause_reasons}:
            raise NotFound("Choose one of the pause reasons.", pause_reason=reason)
        self.tell(events.StatusChosen(agent, command.status, reason if command.status == "on_break" else ""))

    def accept(self, offer: str, agent: str) -> None:
        """Pick up from the desk: the phone is asked to answer by itself. Raises NotFound, NotAllowed."""
        self._ring_of(offer, agent).pick_up()

    def decline(self, offer: str, agent: str, reason: str = "") -> None:
        """Not now; `reason` is told with the offer's end. Raises NotFound, NotAllowed."""
        ringing = self._ring_of(offer, agent)
        self._declined[offer] = reason
        ringing.cancel("declined")
        ringing.failed(603, "declined on the desk")

    def wrap_up(self, contact: str, agent: str, command: WrapUp) -> None:
        """Keep what the agent writes, and end or extend the wrap-up. Raises NotAllowed, WrongState."""
        view = self._roster.view(agent)
        if view.contact != contact:
            raise NotAllowed("This contact is not yours to wrap up.", contact=contact)
        if (command.finish or command.extend_seconds) and view.state != "wrap_up":
            raise WrongState("The wrap-up begins when the call has ended.", state=view.state)
        self._switchboard.bus.publish(
            told.WrapUpSaved(
                at=self._switchboard.now(), contact=contact, agent=agent,
                disposition=command.disposition, note=command.note,
            )
        )  # fmt: skip
        if command.extend_seconds:
            self.tell(events.WrapUpExtended(agent, float(command.extend_seconds)))
        if command.finish:
            self.tell(events.WrapUpDone(agent))

    def offers(self) -> tuple[OfferView, ...]:
        """The offers that are open now."""
        return tuple(ringing.view for ringing in self._rings.values())

    def queue_again(self, contact: Contact, waiting_since: datetime) -> None:
        """Queue a callback that was promised before a restart, at the place it had."""
        self.tell(events.ContactQueued(contact, self._monotonic(waiting_since)))

    def restore_status(self, agent: str, status: Status, reason: str) -> None:
        """The status an agent had chosen before a restart."""
        self.tell(events.StatusChosen(agent, status, reason))

    def phone_reachable(self, username: str, reachable: bool) -> None:
        """A phone registered, or its registration is gone."""
        for agent in self._roster.by_phone(username):
            self._roster.phone_seen(agent, reachable)
            event = (
                events.AgentReachable(agent)
                if reachable
                else events.AgentUnreachable(agent, "not registered")
            )
            self.tell(event)

    # --- offers ---------------------------------------------------------------------------------------------

    def _make_offer(self, action: actions.MakeOffer) -> None:
        call = self._switchboard.calls.get(action.contact) or self._callbacks.call_for(action.contact)
        if call.state in ("queued", "offered"):
            call.take("offer")
        for agent in action.agents:
            self._offer_to(agent, action, call)
        self._switchboard.changed(call)

    def _offer_to(self, agent: str, action: actions.MakeOffer, call: Call) -> None:
        row = self._agent(agent)
        offer = self._view(f"{action.offer}.{agent}", row, call, action.queue, action.timeout)
        ringing = Ringing(
            self._switchboard, self._dialing, call, row, "agent", "parked", action.timeout + 5.0, offer,
            ringing=lambda: self._rings_now(action.offer, offer),
            answered=lambda participant: self._accept_offer(action.offer, agent, participant),
            failed=lambda status, reason: self._offer_failed(action.offer, agent, status, reason),
        )  # fmt: skip
        self._rings[offer.id] = ringing
        self._publish_offer(offer)
        try:
            ringing.start(agent in action.auto_answer)
        except PbxError as error:
            self.tell(events.OfferFailed(action.offer, agent, error.id))

    def _rings_now(self, offer: str, view: OfferView) -> None:
        self._tell_ringing(view)
        self.tell(events.OfferRinging(offer, view.agent))

    def _accept_offer(self, offer: str, agent: str, participant: Participant) -> None:
        self._accepted[f"{offer}.{agent}"] = participant
        self.tell(events.OfferAccepted(offer, agent))

    def _offer_failed(self, offer: str, agent: str, status: int, reason: str) -> None:
        if status in DECLINED:
            self.tell(events.OfferRejected(offer, agent))
        else:
            self.tell(events.OfferFailed(offer, agent, reason or str(status)))

    def _close_offer(self, action: actions.CloseOffer) -> None:
        ringing = self._rings.get(f"{action.offer}.{action.agent}")
        if ringing is None:
            return
        ringing.cancel(action.reason)
        accepted = self._accepted.pop(ringing.view.id, None)
        if accepted is not None:
            self._switchboard.hang_up([accepted], action.reason)
        self._end_offer(ringing.view, action.outcome, action.reason)

    def _connect(self, action: actions.ConnectContact) -> None:
        call, participant = self._pick_up(action.contact, action.offer, action.agent)
        if call is None or participant is None or call.customer is None:
            self.tell(events.ConnectFailed(action.contact, action.agent, "somebody hung up"))
            return
        self._room.leave(call)
        self._stop_watching(call.id)
        self._connected(call, action.agent, participant)
        left = self._left.pop(call.id, None)
        if left is not None:
            left("answered")

    def _connected(self, call: Call, agent: str, participant: Participant) -> None:
        call.agent = agent
        call.outcome = "answered"
        call.wrapping.add(agent)
        self._talking[agent] = call.id
        self._switchboard.watch(participant.leg, lambda event: self._on_agent_leg(call, agent, event))
        self._conversations.bring_together(call, participant)
        self.tell(events.CallConnected(self._callbacks.contact_of(call), agent))

    def _pick_up(self, contact: str, offer: str, agent: str) -> tuple[Call | None, Participant | None]:
        ringing = self._rings.get(f"{offer}.{agent}")
        participant = self._accepted.pop(f"{offer}.{agent}", None)
        if ringing is None:
            return None, None
        self._end_offer(ringing.view, "accepted")
        present = participant is not None and participant.leg in ringing.call.participants
        return ringing.call, participant if present else None

    def _dial_callback(self, action: actions.DialCallback) -> None:
        call, participant = self._pick_up(action.contact, action.offer, action.agent)
        if call is None or participant is None:
            self.tell(events.ConnectFailed(action.contact, action.agent, "the agent hung up"))
            return

        def reached(customer: Participant) -> None:
            self._connected(call, action.agent, participant)

        def not_reached(status: int, reason: str) -> None:
            self.tell(events.CallbackFailed(action.contact, reason or str(status)))
            self._callbacks.not_reached(action.contact)

        participant.room = "main"
        self._callbacks.dial(call, action.contact, action.number, reached, not_reached)
        self._switchboard.changed(call)

    # --- waiting --------------------------------------------------------------------------------------------

    def _joined(self, action: actions.ContactJoined) -> None:
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

    def _on_key(self, call: Call, key: str) -> None:
        if key == CALLBACK_KEY and call.state == "queued" and self._dialing.can_call_back(call.callback_to):
            self.tell(events.CallbackRequested(call.id, call.callback_to))

    def _announce(self, action: actions.Announce) -> None:
        call = self._switchboard.calls.get(action.contact)
        if call is not None:
            callback = self._dialing.can_call_back(call.callback_to)
            self._room.announce(call, action.position, action.wait_minutes, callback)

    def _moved(self, action: actions.ContactMoved) -> None:
        self._switchboard.bus.publish(
            told.ContactDiverted(
                at=self._switchboard.now(), contact=action.contact, queue=action.source, reason=action.reason
            )
        )

    def _returned(self, action: actions.ContactReturned) -> None:
        call = self._switchboard.calls.get(action.contact)
        if call is not None and call.state == "offered":
            call.take("queue")
            self._switchboard.changed(call)

    def _leave_queue(self, action: actions.LeaveQueue) -> None:
        call = self._switchboard.calls.get(action.contact)
        left = self._left.pop(action.contact, None)
        self._stop_watching(action.contact)
        if call is None or left is None:
            return
        self._room.leave(call)
        self._switchboard.bus.publish(
            told.ContactDiverted(
                at=self._switchboard.now(), contact=call.id, queue=action.queue, reason=action.outcome
            )
        )
        left("failed" if action.outcome == "queue_removed" else action.outcome)

    def _contact_ended(self, action: actions.ContactEnded) -> None:
        if action.outcome in ("abandoned", "short_abandon"):
            self._abandoned(action)
        else:
            self._callbacks.ended(action.contact, action.outcome)

    def _abandoned(self, action: actions.ContactEnded) -> None:
        short = action.outcome == "short_abandon"
        self._switchboard.bus.publish(
            told.ContactAbandoned(
                at=self._switchboard.now(), contact=action.contact, queue=action.queue,
                wait_seconds=action.waited, short=short,
            )
        )  # fmt: skip
        call = self._switchboard.calls.get(action.contact)
        if call is not None:
            outcome: Outcome = "short_abandoned" if short else "abandoned"
            call.outcome = None
            self._switchboard.end(call, outcome, "caller hung up while waiting")

    def _callback_placed(self, action: actions.CallbackPlaced) -> None:
        call = self._switchboard.calls.get(action.contact)
        if call is None:
            self._callbacks.placed(action.contact, None)
            return
        self._callbacks.note_waiting(call, action.queue, action.number)
        self._room.leave(call)
        self._stop_watching(call.id)
        call.outcome = "callback"
        left = self._left.pop(call.id, None)
        self._callbacks.say_goodbye(call, lambda: left("callback") if left else None)

    def _callback_postponed(self, action: actions.CallbackPostponed) -> None:
        self._callbacks.postponed(action.contact, action.attempts)

    # --- agents ---------------------------------------------------------------------------------------------

    def _status_changed(self, action: actions.AgentStatusChanged) -> None:
        self._roster.status_changed(action)

    def _on_agent_leg(self, call: Call, agent: str, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            self._agent_done(agent, call.id)

    def _agent_done(self, agent: str, contact: str) -> None:
        if self._talking.get(agent) == contact:
            del self._talking[agent]
            self.tell(events.CallEnded(agent))

    def _free_afterwards(self, participant: Participant, call: Call) -> None:
        agent = participant.agent or ""

        def on_event(event: LegEvent) -> None:
            if isinstance(event, LegEnded):
                self.agent_free(agent, call)
                self._agent_done(agent, call.id)

        self._switchboard.watch(participant.leg, on_event)

    def _on_held(self, event: told.CallHeld) -> None:
        if event.by and self._talking.get(event.by) == event.contact:
            self.tell(events.CallHeld(event.by))

    def _on_resumed(self, event: told.CallResumed) -> None:
        if (
            event.by
            and self._talking.get(event.by) == event.contact
            and self._roster.state(event.by) == "holding"
        ):
            self.tell(events.CallResumed(event.by))

    def _on_customer(self, call: Call, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            self._stop_watching(call.id)
            self._left.pop(call.id, None)
            self._room.leave(call, silence=False)
            self.tell(events.ContactLeft(call.id))

    # --- small ----------------------------------------------------------------------------------------------

    def _contact(self, call: Call, id: str) -> Contact:
        return Contact(
            id=id, queue=call.queue or "", priority=float(call.priority), customer=call.customer_id,
            skills=dict.fromkeys(call.skills, 1), number=call.callback_to or None,
        )  # fmt: skip

    def _agent(self, agent: str) -> AgentRow:
        row = self._catalog().agents.get(agent)
        if row is None:
            raise NotFound("There is no such agent.", agent=agent)
        return row

    def _ring_of(self, offer: str, agent: str) -> Ringing:
        ringing = self._rings.get(offer)
        if ringing is None:
            raise NotFound("This offer is over.", offer=offer)
        if ringing.agent.id != agent:
            raise NotAllowed("This offer is for somebody else.", offer=offer)
        return ringing

    def _view(self, id: str, row: AgentRow, call: Call, queue: str, timeout: float) -> OfferView:
        now = self._switchboard.now()
        return OfferView(
            id=id, agent=row.id, contact=call.view(), queue=queue or "direct",
            created_at=now, expires_at=now + timedelta(seconds=timeout),
        )  # fmt: skip

    def _publish_offer(self, offer: OfferView) -> None:
        self._switchboard.bus.publish(
            told.OfferCreated(at=self._switchboard.now(), contact=offer.contact.id, offer=offer)
        )

    def _end_offer(self, offer: OfferView, state: OfferState, reason: str = "") -> None:
        reason = self._declined.pop(offer.id, "") or reason
        if self._rings.pop(offer.id, None) is None:
            return
        self._switchboard.bus.publish(
            told.OfferEnded(
                at=self._switchboard.now(), contact=offer.contact.id, offer=offer.id, agent=offer.agent,
                state=state, reason=reason,
            )
        )  # fmt: skip

    def _tell_ringing(self, offer: OfferView) -> None:
        self._switchboard.bus.publish(
            told.CallRinging(
                at=self._switchboard.now(), contact=offer.contact.id, leg=offer.id, agent=offer.agent
            )
        )

    def _stop_watching(self, contact: str) -> None:
        self._watching.pop(contact, lambda: None)()

    def _monotonic(self, moment: datetime) -> float:
        return self._clock.seconds() - (self._switchboard.now() - moment).total_seconds()

    def _later(self, event: events.Event) -> None:
        """On the next turn: the caller's own state is settled by then."""
        self._clock.callLater(0, self.tell, event)
