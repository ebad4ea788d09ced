"""Which agent has which contact: connecting, handing over, holding, parting, as the machine is to see it."""

from dataclasses import dataclass

from pbx.acd import actions, events
from pbx.acd.callbacks import Callbacks
from pbx.acd.loop import Loop
from pbx.acd.offers import Offers
from pbx.acd.other_calls import OtherCalls
from pbx.acd.roster import Roster
from pbx.acd.waiting import Waiting, contact_of
from pbx.calls.call import Call, Participant
from pbx.calls.conversation import Conversations
from pbx.calls.switchboard import Switchboard
from pbx.contract import events as told
from pbx.errors import NotFound
from pbx.events import LegEnded

FREE = frozenset({"idle", "reserved", "ringing"})
"""In these states an agent can take a contact over; an offer that rings is taken back."""


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose contact a call is, and under which id the machine knows it."""

    agent: str
    contact: str


@dataclass(frozen=True, slots=True)
class _Dialing:
    """A callback whose customer is being called while the agent listens."""

    contact: str
    agent: str
    participant: Participant


class Engagements:
    """One agent owns a contact at a time; colleagues in a conference are on a call that no queue gave."""

    def __init__(
        self,
        loop: Loop,
        switchboard: Switchboard,
        conversations: Conversations,
        roster: Roster,
        other_calls: OtherCalls,
        callbacks: Callbacks,
    ) -> None:
        self._loop = loop
        self._switchboard = switchboard
        self._conversations = conversations
        self._roster = roster
        self._other_calls = other_calls
        self._callbacks = callbacks
        self._owners: dict[str, _Owner] = {}
        self._dialing: dict[str, _Dialing] = {}
        self._stops = [
            switchboard.on_departure(self._departed),
            switchboard.on_ended(self.release),
            switchboard.bus.subscribe(told.ContactChanged, self._follow_hold),
        ]

    def wire(self, offers: Offers, waiting: Waiting) -> None:
        """Those who are built on this part."""
        self._offers, self._waiting = offers, waiting

    def stop(self) -> None:
        """Hear no more."""
        for stop in self._stops:
            stop()

    # --- what the machine decides ---------------------------------------------------------------------------

    def connect(self, action: actions.ConnectContact) -> None:
        """The agent has accepted: bring both together."""
        answered = self._offers.take(action.offer, action.agent)
        if answered is None or answered.call.over or answered.call.customer is None:
            if answered is not None:
                self._switchboard.hang_up([answered.participant], "somebody hung up")
            self._loop.tell(events.ConnectFailed(action.contact, action.agent, "somebody hung up"))
            return
        left = self._waiting.leave(answered.call)
        self._begin(answered.call, action.contact, action.agent, answered.participant)
        left("answered")

    def dial_callback(self, action: actions.DialCallback) -> None:
        """The agent has accepted a callback: call the customer."""
        answered = self._offers.take(action.offer, action.agent)
        if answered is None or answered.call.over:
            self._loop.tell(events.ConnectFailed(action.contact, action.agent, "the agent hung up"))
            return
        call = answered.call
        answered.participant.room = "main"
        self._dialing[call.id] = _Dialing(action.contact, action.agent, answered.participant)
        self._callbacks.dial(
            call, action.contact, action.number,
            reached=lambda customer: self._reached(call),
            not_reached=lambda status, reason: self._not_reached(call, reason or str(status)),
        )  # fmt: skip
        self._switchboard.changed(call)

    # --- what calls ask for ---------------------------------------------------------------------------------

    def hand_over(self, call: Call, agent: str) -> None:
        """See pbx.calls.services.Queues."""
        before = self._owners.get(call.id)
        if before is not None and (before.agent == agent or call.of_agent(before.agent)):
            return
        if call.agent not in (None, agent) and call.of_agent(call.agent or ""):
            return
        call.agent = agent
        if self._can_take(agent):
            self._take_over(call, agent, before)

    def release(self, call: Call) -> None:
        """The contact is no longer its agent's, who wraps it up."""
        owner = self._owners.pop(call.id, None)
        if owner is not None:
            self._loop.tell(events.CallEnded(owner.agent))

    # --- the steps ------------------------------------------------------------------------------------------

    def _begin(self, call: Call, contact: str, agent: str, participant: Participant) -> None:
        call.agent = agent
        self._owners[call.id] = _Owner(agent, contact)
        self._conversations.bring_together(call, participant)
        self._loop.tell(events.CallConnected(contact, agent))

    def _reached(self, call: Call) -> None:
        dialing = self._dialing.pop(call.id)
        call.answered_at = self._switchboard.now()
        self._begin(call, dialing.contact, dialing.agent, dialing.participant)

    def _not_reached(self, call: Call, reason: str) -> None:
        """The agent is told, and on this call until the phone is down; unless the agent has left already."""
        if call.over and call.id in self._dialing:
            self._agent_gave_up(call)
        dialing = self._dialing.pop(call.id, None)
        if dialing is None:
            return
        self._other_calls.begin(dialing.agent, call)
        self._callbacks.not_reached(dialing.contact)
        self._loop.tell(events.CallbackFailed(dialing.contact, reason))

    def _departed(self, call: Call, gone: Participant, event: LegEnded) -> None:
        """An agent's last leg in a call has ended."""
        agent = gone.agent
        if agent is None or not gone.joined or call.of_agent(agent) is not None:
            return
        owner = self._owners.get(call.id)
        if owner is not None and owner.agent == agent:
            self.release(call)
        if self._dialing.get(call.id) and self._dialing[call.id].agent == agent:
            self._agent_gave_up(call)
        self._other_calls.end(agent, call)

    def _agent_gave_up(self, call: Call) -> None:
        """The agent hung up before the customer was reached: the callback has its place again."""
        dialing = self._dialing.pop(call.id)
        self._switchboard.end(call, "failed", "the agent hung up before an answer")
        self._loop.tell(events.ConnectFailed(dialing.contact, dialing.agent, "the agent hung up"))

    def _follow_hold(self, event: told.ContactChanged) -> None:
        """Whoever holds or resumes, it is the owner who is holding or talking."""
        owner, call = self._owners.get(event.view.id), self._switchboard.calls.get(event.view.id)
        if owner is None or call is None:
            return
        state = self._roster.state(owner.agent)
        if call.state == "held" and state == "talking":
            self._loop.tell(events.CallHeld(owner.agent))
        elif call.state == "talking" and state == "holding":
            self._loop.tell(events.CallResumed(owner.agent))

    def _take_over(self, call: Call, agent: str, before: _Owner | None) -> None:
        contact = call.id if before is None else before.contact
        if before is None:
            self._loop.tell(events.ContactTaken(contact_of(call), agent))
        else:
            self._loop.tell(events.ContactTransferred(contact, agent))
        self._owners[call.id] = _Owner(agent, contact)
        self._other_calls.end(agent, call)

    def _can_take(self, agent: str) -> bool:
        try:
            return self._roster.state(agent) in FREE
        except NotFound:
            return False
