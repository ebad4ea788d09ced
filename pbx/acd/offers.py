"""Offers: an agent's phone and desk are rung for a contact, by decision of the machine or past it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pbx.acd import actions, events
from pbx.acd.callbacks import Callbacks
from pbx.acd.loop import Loop
from pbx.acd.other_calls import OtherCalls
from pbx.acd.ringing import Ringing
from pbx.acd.roster import Roster
from pbx.calls.call import Call, Participant, Room
from pbx.calls.dialing import Dialing
from pbx.calls.services import Cancel, Done
from pbx.calls.switchboard import Switchboard, new_id
from pbx.catalog import AgentRow, Catalog
from pbx.contract import events as told
from pbx.contract.commands import Device
from pbx.contract.resources import OfferState, OfferView, ParticipantRole
from pbx.errors import NotAllowed, NotFound, PbxError, Unreachable

DECLINED = frozenset({486, 600, 603})
"""What a phone answers when its owner presses the red button; anything else is a failure of the phone."""
DIRECT_RING_SECONDS = 25.0
PATIENCE = 5.0
"""Seconds that a phone rings at most beyond the machine's own time-out."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An offer that was accepted: the call and the agent's leg in it."""

    call: Call
    participant: Participant


@dataclass(frozen=True, slots=True)
class _Direct:
    """An offer past the queues: what its phone's answer means."""

    call: Call
    done: Done
    over: Callable[[OfferState, str], None]

    def answered(self, participant: Participant) -> None:
        self.over("accepted", "")
        self.done(participant)

    def failed(self, status: int, reason: str) -> None:
        self.over(self._outcome(status), reason)
        self.done(None)

    def _outcome(self, status: int) -> OfferState:
        if self.call.over:
            return "canceled"
        return "rejected" if status in DECLINED else "timed_out"


class Offers:
    """The offers that are open. One of the queues is known by the machine's offer and its agent together."""

    def __init__(
        self,
        loop: Loop,
        switchboard: Switchboard,
        dialing: Dialing,
        roster: Roster,
        callbacks: Callbacks,
        other_calls: OtherCalls,
        catalog: Callable[[], Catalog],
    ) -> None:
        self._loop = loop
        self._switchboard = switchboard
        self._dialing = dialing
        self._roster = roster
        self._callbacks = callbacks
        self._other_calls = other_calls
        self._catalog = catalog
        self._rings: dict[str, Ringing] = {}
        self._answered: dict[str, Participant] = {}
        self._declined: dict[str, str] = {}
        self._stop = switchboard.on_ended(self._call_ended)

    def stop(self) -> None:
        """Hear no more of calls."""
        self._stop()

    def views(self) -> tuple[OfferView, ...]:
        """The offers that are open now."""
        return tuple(ringing.view for ringing in self._rings.values())

    # --- what the desk does ---------------------------------------------------------------------------------

    def accept(self, offer: str, agent: str, device: Device = "phone") -> None:
        """Pick up from the desk: the phones are asked to answer by themselves; a page answers what rings in it.
        Raises NotFound, NotAllowed."""
        ringing = self._ring_of(offer, agent)
        if device == "phone":
            ringing.pick_up()

    def decline(self, offer: str, agent: str, reason: str = "") -> None:
        """Not now; `reason` is told with the offer's end. Raises NotFound, NotAllowed."""
        ringing = self._ring_of(offer, agent)
        self._declined[offer] = reason
        ringing.cancel("declined")
        ringing.failed(603, "declined on the desk")

    # --- what the machine decides ---------------------------------------------------------------------------

    def make(self, action: actions.MakeOffer) -> None:
        """Ring the agents."""
        call = self._call_for(action)
        for agent in action.agents:
            try:
                self._offer_to(agent, action, call)
            except PbxError as error:
                self._loop.tell(events.OfferFailed(action.offer, agent, error.id))
        self._switchboard.changed(call)

    def close(self, action: actions.CloseOffer) -> None:
        """Stop one agent's phone."""
        if action.outcome == "timed_out":
            self._roster.missed(action.agent)
        ringing = self._rings.get(_id(action.offer, action.agent))
        if ringing is not None:
            ringing.cancel(action.reason)
            self._end(ringing.view, action.outcome, action.reason)

    def take(self, offer: str, agent: str) -> Answered | None:
        """The offer that the machine has just seen accepted; None when the agent's leg has ended already."""
        ringing = self._rings.get(_id(offer, agent))
        participant = self._answered.pop(_id(offer, agent), None)
        if ringing is None or participant is None:
            return None
        self._end(ringing.view, "accepted")
        self._roster.accepted(agent)
        there = ringing.call.participants.get(participant.leg) is participant and participant.present
        return Answered(ringing.call, participant) if there else None

    def not_accepted(self, event: events.OfferAccepted) -> None:
        """The machine would not have it: let the agent go."""
        participant = self._answered.pop(_id(event.offer, event.agent), None)
        if participant is not None:
            self._switchboard.hang_up([participant], "the offer is over")
        if ringing := self._rings.get(_id(event.offer, event.agent)):
            self._end(ringing.view, "canceled")

    # --- past the queues ------------------------------------------------------------------------------------

    def ring_agent(self, call: Call, agent: str, role: ParticipantRole, room: Room, done: Done) -> Cancel:
        """See pbx.calls.services.Queues."""
        self.check_can_ring(agent)
        row = self._row(agent)
        offer = self._view(new_id(), row, call, call.queue or "", DIRECT_RING_SECONDS)
        direct = _Direct(call, done, lambda state, reason: self._direct_over(offer, call, state, reason))
        ringing = Ringing(
            self._switchboard, self._dialing, call, row, role, room, DIRECT_RING_SECONDS, offer,
            ringing=lambda: self._tell_ringing(offer), answered=direct.answered, failed=direct.failed,
        )  # fmt: skip
        ringing.start(row.auto_answer)
        self._rings[offer.id] = ringing
        self._publish(offer)
        self._other_calls.begin(agent, call)
        return lambda reason: self._cancel_direct(ringing, direct, reason)

    def _cancel_direct(self, ringing: Ringing, direct: _Direct, reason: str) -> None:
        ringing.cancel(reason)
        direct.over("canceled", reason)

    def _direct_over(self, offer: OfferView, call: Call, state: OfferState, reason: str) -> None:
        """Who answered stays busy with the call until the phone is down."""
        self._end(offer, state, reason)
        if state != "accepted":
            self._other_calls.end(offer.agent, call)

    def end_direct(self, agent: str) -> None:
        """The agent is gone: whoever had him rung finds nobody."""
        for ringing in tuple(self._rings.values()):
            if ringing.agent.id == agent:
                ringing.cancel("the agent was removed")
                ringing.failed(480, "the agent was removed")

    def check_can_ring(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._row(agent)
        view = self._roster.view(agent)
        if view.status == "offline" or view.phone_busy or view.state != "idle" or not view.phone_registered:
            raise Unreachable("This agent is away, on another call, or without a phone.", agent=agent)

    def check_free(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._row(agent)
        view = self._roster.view(agent)
        if view.phone_busy or view.state not in ("idle", "wrap_up") or not view.phone_registered:
            raise Unreachable("This agent is on another call, or the phone is not connected.", agent=agent)

    # --- the steps ------------------------------------------------------------------------------------------

    def _call_ended(self, call: Call) -> None:
        """Nobody is to pick up for a call that is over, though its phones may ring a moment longer."""
        for ringing in tuple(self._rings.values()):
            if ringing.call is call:
                ringing.cancel("the call is over")
                ringing.failed(487, "the call is over")

    def _call_for(self, action: actions.MakeOffer) -> Call:
        if action.callback:
            return self._callbacks.call_for(action.contact)
        call = self._switchboard.find(action.contact)
        call.take("offer")
        return call

    def _offer_to(self, agent: str, action: actions.MakeOffer, call: Call) -> None:
        row = self._row(agent)
        offer = self._view(_id(action.offer, agent), row, call, action.queue, action.timeout)
        ringing = Ringing(
            self._switchboard, self._dialing, call, row, "agent", "parked", action.timeout + PATIENCE, offer,
            ringing=lambda: self._rings_now(action.offer, offer),
            answered=lambda participant: self._accepted(action.offer, agent, participant),
            failed=lambda status, reason: self._failed(action.offer, agent, call, status, reason),
        )  # fmt: skip
        self._rings[offer.id] = ringing
        self._publish(offer)
        ringing.start(agent in action.auto_answer)

    def _rings_now(self, offer: str, view: OfferView) -> None:
        self._tell_ringing(view)
        self._loop.tell(events.OfferRinging(offer, view.agent))

    def _accepted(self, offer: str, agent: str, participant: Participant) -> None:
        self._answered[_id(offer, agent)] = participant
        self._loop.tell(events.OfferAccepted(offer, agent))

    def _failed(self, offer: str, agent: str, call: Call, status: int, reason: str) -> None:
        if call.over:  # its end takes the contact out of the queue, and the offer with it
            return
        if status in DECLINED:
            self._loop.tell(events.OfferRejected(offer, agent))
        else:
            self._loop.tell(events.OfferFailed(offer, agent, reason or str(status)))

    def _row(self, agent: str) -> AgentRow:
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

    def _publish(self, offer: OfferView) -> None:
        self._switchboard.bus.publish(
            told.OfferCreated(at=self._switchboard.now(), contact=offer.contact.id, offer=offer)
        )

    def _end(self, offer: OfferView, state: OfferState, reason: str = "") -> None:
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


def _id(offer: str, agent: str) -> str:
    return f"{offer}.{agent}"
