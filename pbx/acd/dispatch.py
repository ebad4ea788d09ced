"""The queues and their agents as the rest of the center sees them: one face for the parts beside this file."""

from collections.abc import Callable
from datetime import datetime

from pbx.acd import actions, events
from pbx.acd.callbacks import Callbacks
from pbx.acd.contact import Contact
from pbx.acd.engagements import Engagements
from pbx.acd.lifecycles import Status
from pbx.acd.loop import Loop, Perform
from pbx.acd.machine import Acd
from pbx.acd.offers import Offers
from pbx.acd.other_calls import OtherCalls
from pbx.acd.requests import CallbackRequests
from pbx.acd.roster import Roster
from pbx.acd.waiting import Waiting
from pbx.acd.waiting_room import WaitingRoom
from pbx.calls.call import Call, Room
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing
from pbx.calls.services import Cancel, Done, Left
from pbx.calls.switchboard import Switchboard
from pbx.catalog import Catalog
from pbx.clock import Clock
from pbx.contract.commands import Device, SetStatus, WrapUp
from pbx.contract.events import WrapUpSaved
from pbx.contract.resources import OfferView, ParticipantRole
from pbx.errors import NotAllowed, NotFound, WrongState


class Dispatch:
    """`pbx.calls.services.Queues` on the pure machine, and the agents' own commands."""

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
        e164: Callable[[str], str | None],
    ) -> None:
        self._acd = acd
        self._switchboard = switchboard
        self._roster = roster
        self._catalog = catalog
        self._loop = Loop(clock, acd)
        self._other_calls = OtherCalls(self._loop, roster)
        self._engagements = Engagements(
            self._loop, switchboard, conversations, roster, self._other_calls, callbacks
        )
        self._offers = Offers(self._loop, switchboard, dialing, roster, callbacks, self._other_calls, catalog)
        self._waiting = Waiting(
            clock, self._loop, switchboard, dialing, room, callbacks, catalog, self._engagements.release, e164
        )
        self.requests = CallbackRequests(self._loop, dialing, callbacks, catalog, e164)
        self._engagements.wire(self._offers, self._waiting)
        self._wire(callbacks)

    def _wire(self, callbacks: Callbacks) -> None:
        offers, waiting, engagements, roster = self._offers, self._waiting, self._engagements, self._roster
        perform: Perform = {
            actions.MakeOffer: offers.make,
            actions.CloseOffer: offers.close,
            actions.ConnectContact: engagements.connect,
            actions.DialCallback: engagements.dial_callback,
            actions.Announce: waiting.announce,
            actions.LeaveQueue: waiting.left_queue,
            actions.ContactJoined: waiting.joined,
            actions.ContactMoved: waiting.moved,
            actions.ContactReturned: waiting.returned,
            actions.ContactAnswered: callbacks.answered,
            actions.ContactEnded: waiting.ended,
            actions.CallbackPlaced: waiting.callback_placed,
            actions.CallbackPostponed: callbacks.postponed,
            actions.AgentStateChanged: roster.state_changed,
            actions.AgentStatusChanged: roster.status_changed,
            actions.AgentReachabilityChanged: roster.reachability_changed,
        }
        self._loop.wire(
            perform,
            {events.OfferAccepted: offers.not_accepted, events.ContactQueued: waiting.not_queued},
        )

    def stop(self) -> None:
        """Hear no more of the bus, wake no more."""
        for part in (self._loop, self._waiting, self._engagements, self._offers):
            part.stop()

    def tell(self, event: events.Event) -> None:
        """Something that the administrator changed. An event that does not fit is logged and changes nothing."""
        self._loop.tell(event)

    # --- what calls ask for (pbx.calls.services.Queues) -----------------------------------------------------

    def enqueue(self, call: Call, left: Left, waiting_since: datetime | None = None) -> None:
        """See pbx.calls.services.Queues."""
        self._waiting.enqueue(call, left, waiting_since)

    def refusal(self, queue: str) -> str:
        """See pbx.calls.services.Queues."""
        return self._acd.refusal(queue) or ""

    def place_callback(self, call: Call, queue: str, number: str) -> bool:
        """See pbx.calls.services.Queues."""
        return self._waiting.place_callback(call, queue, number)

    def ring_agent(self, call: Call, agent: str, role: ParticipantRole, room: Room, done: Done) -> Cancel:
        """See pbx.calls.services.Queues."""
        return self._offers.ring_agent(call, agent, role, room, done)

    def check_can_ring(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._offers.check_can_ring(agent)

    def check_free(self, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._offers.check_free(agent)

    def hand_over(self, call: Call, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        self._engagements.hand_over(call, agent)

    def agent_busy(self, agent: str, call: Call) -> None:
        """See pbx.calls.services.Queues."""
        self._other_calls.begin(agent, call)

    def agent_free(self, agent: str, call: Call) -> None:
        """See pbx.calls.services.Queues."""
        self._other_calls.end(agent, call)

    # --- what agents ask for --------------------------------------------------------------------------------

    def offers(self) -> tuple[OfferView, ...]:
        """The offers that are open now."""
        return self._offers.views()

    def accept(self, offer: str, agent: str, device: Device = "phone") -> None:
        """Pick up from the desk: the phones are asked to answer by themselves; a page answers what rings in it.
        Raises NotFound, NotAllowed."""
        self._offers.accept(offer, agent, device)

    def decline(self, offer: str, agent: str, reason: str = "") -> None:
        """Not now; `reason` is told with the offer's end. Raises NotFound, NotAllowed."""
        self._offers.decline(offer, agent, reason)

    def set_status(self, agent: str, command: SetStatus) -> None:
        """The agent's own choice. Raises NotFound."""
        if agent not in self._catalog().agents:
            raise NotFound("There is no such agent.", agent=agent)
        reason = command.pause_reason or ""
        if command.status == "on_break" and reason not in {one.id for one in self._catalog().pause_reasons}:
            raise NotFound("Choose one of the pause reasons.", pause_reason=reason)
        self.tell(events.StatusChosen(agent, command.status, reason if command.status == "on_break" else ""))

    def wrap_up(self, contact: str, agent: str, command: WrapUp) -> None:
        """Keep what the agent writes, and end or extend the wrap-up. Raises NotAllowed, WrongState.

        What is written is kept even if the time ran out meanwhile and the next call has come.
        """
        view = self._roster.view(agent)
        late = view.contact != contact
        if late and not self._roster.had_latest(agent, contact):
            raise NotAllowed("This contact is not yours to wrap up.", contact=contact)
        if (command.finish or command.extend_seconds) and not late and view.state != "wrap_up":
            raise WrongState("The wrap-up begins when the call has ended.", state=view.state)
        self._switchboard.bus.publish(
            WrapUpSaved(
                at=self._switchboard.now(), contact=contact, agent=agent,
                disposition=command.disposition, note=command.note,
            )
        )  # fmt: skip
        if late:
            return
        if command.extend_seconds:
            self.tell(events.WrapUpExtended(agent, float(command.extend_seconds)))
        if command.finish:
            self.tell(events.WrapUpDone(agent))

    # --- what the edge, the administrator and an earlier process know ---------------------------------------

    def phone_reachable(self, username: str, reachable: bool) -> None:
        """A phone registered, or its registration is gone."""
        for agent in self._roster.by_phone(username):
            self._roster.phone_seen(agent, reachable)
            gone = events.AgentUnreachable(agent, "not registered")
            self.tell(events.AgentReachable(agent) if reachable else gone)

    def agent_added(self, agent: str) -> None:
        """The machine has just learnt of an agent, who may be on a call already."""
        self._other_calls.tell_again(agent)

    def agent_removed(self, agent: str) -> None:
        """Nothing rings any more for an agent whom the machine has let go; a call in hand is finished first."""
        self._offers.end_direct(agent)

    def queue_again(self, contact: Contact, waiting_since: datetime) -> None:
        """Queue a callback that was promised before a restart, at the place it had."""
        self._waiting.queue_again(contact, waiting_since)

    def restore_status(self, agent: str, status: Status, reason: str) -> None:
        """The status an agent had chosen before a restart."""
        self.tell(events.StatusChosen(agent, status, reason))
