"""Calls in conversation: carries out what a departure means, and brings people together."""

from collections.abc import Callable
from typing import Literal

from pbx.calls.call import Call, Participant
from pbx.calls.departure import Consequence, colleagues, consequence
from pbx.calls.services import QueueOutcome, Queues
from pbx.calls.switchboard import Switchboard
from pbx.contract.events import CallBridged, CallResumed, CallTransferred
from pbx.errors import PbxError
from pbx.events import LegEnded


class Conversations:
    """Follows every call from its first conversation to its end."""

    def __init__(self, switchboard: Switchboard, queues: Callable[[], Queues]) -> None:
        self._switchboard = switchboard
        self._queues = queues
        self._stop = switchboard.on_departure(self._departed)

    def stop(self) -> None:
        """Decide no more."""
        self._stop()

    def bring_together(self, call: Call, joining: Participant) -> None:
        """`joining` talks with whoever is in the main room from now on."""
        call.take("talk")
        call.transferring = False
        call.outcome = "answered"
        joining.room = "main"
        self._switchboard.changed(call)
        self._switchboard.bus.publish(
            CallBridged(
                at=self._switchboard.now(), contact=call.id, agent=joining.agent,
                legs=tuple(one.leg for one in call.participants.values() if one.speaking),
            )
        )  # fmt: skip

    def complete_consult(self, call: Call, by: str | None) -> None:
        """The consulted party takes the customer over, or will as soon as it answers: `by` has left."""
        consulted = call.with_role("consulted")
        for one in consulted:
            one.role = "agent" if one.agent else "third_party"
        there = [one for one in consulted if one.present]
        call.transferring = not there
        self.everyone_into_main(call)
        call.take("talk")
        self._switchboard.changed(call)
        for one in there:
            self.take_over(call, one)
        self._tell_transferred(call, consulted[0], "attended" if there else "blind", by)

    def take_over(self, call: Call, participant: Participant) -> None:
        """The contact is this agent's now, unless the one whose it is stays in the call."""
        if participant.agent is not None:
            self._queues().hand_over(call, participant.agent)

    def everyone_into_main(self, call: Call) -> None:
        """Nobody is parked or aside any more."""
        for one in call.participants.values():
            if one.role != "supervisor":
                one.room = "main"

    def return_to_agent(self, call: Call) -> None:
        """The consultation is over: agent and customer talk again."""
        self.everyone_into_main(call)
        if call.state == "held":
            call.take("talk")
            self._switchboard.bus.publish(
                CallResumed(at=self._switchboard.now(), contact=call.id, by=call.agent)
            )
        self._switchboard.changed(call)

    def back_to_queue(self, call: Call) -> None:
        """The customer waits again at the place he had; without a customer or a queue the call ends."""
        call.transferring = False
        if call.customer is None or call.queue is None:
            self._switchboard.end(call, "failed", "nobody could be reached")
            return
        call.customer.room = "main"
        try:
            self._queues().enqueue(call, lambda outcome: self.left_queue(call, outcome), call.queued_at)
        except PbxError as error:
            self._switchboard.end(call, "failed", error.id)

    def left_queue(self, call: Call, outcome: QueueOutcome) -> None:
        """The customer waits no more, and no flow goes on with the call: it ends, unless an agent answered."""
        if outcome == "callback":
            self._switchboard.end(call, "callback", "callback requested")
        elif outcome != "answered":
            self._switchboard.end(call, "overflowed", outcome)

    def _departed(self, call: Call, gone: Participant, event: LegEnded) -> None:
        self._carry_out(call, consequence(call, gone, event), gone)

    def _carry_out(self, call: Call, what: Consequence, gone: Participant) -> None:
        if what == "end":
            self._switchboard.end(call, "answered", f"{gone.role} hung up")
        elif what == "hand_over":
            self._hand_over(call, gone)
        elif what == "requeue":
            self.back_to_queue(call)
        elif what == "complete_consult":
            self.complete_consult(call, gone.agent)
        elif what == "return_to_agent":
            self.return_to_agent(call)

    def _hand_over(self, call: Call, gone: Participant) -> None:
        """A colleague who was in the conference goes on with the customer."""
        stays = colleagues(call)[0]
        self.take_over(call, stays)
        self._tell_transferred(call, stays, "attended", gone.agent)

    def _tell_transferred(
        self, call: Call, to: Participant, kind: Literal["blind", "attended"], by: str | None
    ) -> None:
        self._switchboard.bus.publish(
            CallTransferred(
                at=self._switchboard.now(), contact=call.id, kind=kind, target=to.label, by=by,
                to_agent=to.agent,
            )
        )  # fmt: skip
