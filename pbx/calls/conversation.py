"""Calls in conversation: carries out what a departure means, and brings people together."""

from collections.abc import Callable

from pbx.calls.call import Call, Participant
from pbx.calls.departure import Consequence, consequence
from pbx.calls.services import QueueOutcome, Queues
from pbx.calls.switchboard import Switchboard
from pbx.contract.events import CallBridged, CallResumed, CallTransferred
from pbx.errors import PbxError
from pbx.events import LegEnded, LegEvent, LegId


class Conversations:
    """Watches every participant of the calls it was given."""

    def __init__(self, switchboard: Switchboard, queues: Callable[[], Queues]) -> None:
        self._switchboard = switchboard
        self._queues = queues
        self._watched: dict[LegId, Call] = {}

    def bring_together(self, call: Call, joining: Participant) -> None:
        """`joining` talks with whoever is in the main room from now on."""
        joining.room = "main"
        call.transferring = False
        call.take("talk")
        for one in call.participants.values():
            self._watch(call, one)
        self._switchboard.changed(call)
        self._switchboard.bus.publish(
            CallBridged(
                at=self._switchboard.now(), contact=call.id, agent=joining.agent,
                legs=tuple(one.leg for one in call.participants.values() if one.speaking),
            )
        )  # fmt: skip

    def watch(self, call: Call, participant: Participant) -> None:
        """A participant was added or came from another call; decide for it too."""
        self._watch(call, participant)

    def complete_consult(self, call: Call, by: str | None) -> None:
        """The consulted party takes the customer over."""
        call.transferring = True
        target = ""
        for one in call.with_role("consulted"):
            one.role = "agent" if one.agent else "third_party"
            one.room = "main"
            target = one.label
            if one.agent:
                self._take_over(call, one.agent)
            if one.speaking:
                call.transferring = False
        self.everyone_into_main(call)
        call.take("talk")
        self._switchboard.changed(call)
        self._switchboard.bus.publish(
            CallTransferred(
                at=self._switchboard.now(), contact=call.id, kind="attended", target=target, by=by,
                to_agent=call.agent if call.agent != by else None,
            )
        )  # fmt: skip

    def everyone_into_main(self, call: Call) -> None:
        """Nobody is parked or aside any more."""
        for one in call.participants.values():
            if one.role != "supervisor":
                one.room = "main"

    def return_to_agent(self, call: Call) -> None:
        """The consultation is over: agent and customer talk again."""
        self.everyone_into_main(call)
        call.take("talk")
        self._switchboard.changed(call)
        self._switchboard.bus.publish(CallResumed(at=self._switchboard.now(), contact=call.id, by=call.agent))

    def back_to_queue(self, call: Call) -> None:
        """The customer waits again at the place he had; without a queue the call ends."""
        call.transferring = False
        if call.customer is None:
            return
        if call.queue is None:
            self._switchboard.end(call, "failed", "nobody could be reached")
            return
        call.customer.room = "main"
        try:
            self._queues().enqueue(call, lambda outcome: self._left_queue(call, outcome), call.queued_at)
        except PbxError as error:
            self._switchboard.end(call, "failed", error.id)

    def _take_over(self, call: Call, agent: str) -> None:
        call.agent = agent
        self._queues().hand_over(call, agent)

    def _left_queue(self, call: Call, outcome: QueueOutcome) -> None:
        if outcome == "callback":
            self._switchboard.end(call, "callback", "callback requested")
        elif outcome != "answered":
            self._switchboard.end(call, "overflowed", outcome)

    def _watch(self, call: Call, participant: Participant) -> None:
        known = participant.leg in self._watched
        self._watched[participant.leg] = call
        if not known:
            self._switchboard.watch(participant.leg, lambda event: self._on_leg(participant, event))

    def _on_leg(self, participant: Participant, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            call = self._watched.pop(participant.leg)
            self._carry_out(call, consequence(call, participant, event), participant)

    def _carry_out(self, call: Call, what: Consequence, gone: Participant) -> None:
        if what == "end":
            self._switchboard.end(call, "answered", f"{gone.role} hung up")
        elif what == "requeue":
            self.back_to_queue(call)
        elif what == "complete_consult":
            self.complete_consult(call, gone.agent)
        elif what == "return_to_agent":
            self.return_to_agent(call)
