"""Sending a caller on: blind, after a consultation, or into a conference."""

from collections.abc import Callable
from typing import Literal

from pbx.calls.call import Call, Participant, Room
from pbx.calls.conversation import Conversations
from pbx.calls.departure import is_conversation, outsiders
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.ports import HOUSE
from pbx.calls.services import Cancel, Done, Queues
from pbx.calls.switchboard import Switchboard
from pbx.calls.targets import Target, parse_target, target_of_number
from pbx.catalog import Catalog
from pbx.clock import Clock
from pbx.contract.events import CallHeld, CallTransferred, ConferenceStarted
from pbx.contract.resources import ParticipantRole
from pbx.errors import NotAllowed, PbxError, WrongState

RING_SECONDS = 25.0


class Transfers:
    """All ways to bring another party into a conversation."""

    def __init__(
        self,
        clock: Clock,
        switchboard: Switchboard,
        conversations: Conversations,
        dialing: Dialing,
        queues: Callable[[], Queues],
        catalog: Callable[[], Catalog],
    ) -> None:
        self._clock = clock
        self._switchboard = switchboard
        self._conversations = conversations
        self._dialing = dialing
        self._queues = queues
        self._catalog = catalog
        self._consulting: dict[str, Cancel] = {}

    def blind(self, call: Call, by: Participant, text: str) -> None:
        """Send the customer to the target and let the agent go. Raises NotFound, Unreachable, NotAllowed."""
        self.blind_to(call, by, parse_target(text, self._catalog()))

    def blind_to(
        self, call: Call, by: Participant, target: Target, accepted: Callable[[], None] = lambda: None
    ) -> None:
        """As `blind`, to a known target; `accepted` is called before the agent's phone is let go."""
        _require_conversation(call)
        if call.customer is None:
            raise WrongState("The customer has left; there is nobody to transfer.")
        if call.with_role("consulted"):
            raise WrongState("A consultation is going on: complete or cancel it first.")
        if target.kind == "queue":
            self._to_queue(call, by, target, accepted)
        else:
            self._to_somebody(call, by, target, accepted)

    def consult(self, call: Call, by: Participant, text: str) -> None:
        """Call the target for the agent alone; the customer hears music, unless a colleague stays there."""
        _require_conversation(call)
        if call.with_role("consulted"):
            raise WrongState("There is a consultation already: complete or cancel it first.")
        if not outsiders(call):
            raise WrongState("There is nobody to pass on: call your colleague again instead.")
        target = parse_target(text, self._catalog())
        if target.kind == "queue":
            raise WrongState("A queue cannot be consulted: transfer to it, or consult one of its agents.")

        def done(participant: Participant | None) -> None:
            self._consulting.pop(call.id, None)
            self._consult_rung(call, participant)

        self._consulting[call.id] = self._ring(call, target, "consulted", "consult", by, done)
        self._set_aside(call, by)

    def complete(self, call: Call, by: Participant) -> None:
        """The consulted party gets the customer, the agent leaves."""
        if not any(one.present for one in call.with_role("consulted")):
            raise WrongState("Nobody has answered yet: wait, cancel, or transfer blind.")
        if not outsiders(call):
            raise WrongState("The customer has left; there is nobody to transfer.")
        self._switchboard.hang_up([by], "transferred")
        self._conversations.complete_consult(call, by.agent)

    def cancel(self, call: Call) -> None:
        """The consulted party is let go; agent and customer talk again."""
        consulted = call.with_role("consulted")
        if not consulted:
            raise WrongState("There is no consultation to cancel.")
        if cancel := self._consulting.pop(call.id, None):
            cancel("consultation canceled")
        self._switchboard.hang_up(call.with_role("consulted"), "consultation canceled")
        if is_conversation(call):
            self._conversations.return_to_agent(call)
        else:
            self._switchboard.end(call, "answered", "the customer had left")

    def conference(self, call: Call, by: Participant, text: str | None) -> None:
        """All together: the consulted party, or a newly called one, joins agent and customer."""
        _require_conversation(call)
        if text is None:
            self._merge(call, by)
            return
        if call.with_role("consulted"):
            raise WrongState("A consultation is going on: bring that party in, or cancel it first.")
        target = parse_target(text, self._catalog())
        if target.kind == "queue":
            raise WrongState("A queue cannot join a conference: choose one of its agents.")

        def done(participant: Participant | None) -> None:
            if participant is not None:
                self._joined(call, participant, by)

        self._ring(call, target, "agent" if target.kind == "agent" else "third_party", "main", by, done)

    def transfer_from_flow(self, call: Call, target: str, done: Callable[[bool], None]) -> None:
        """The flow sends the caller on; see pbx.calls.services.Outside."""

        def rung(participant: Participant | None) -> None:
            if participant is not None:
                self._stop_waiting_music(call)
                self._take_over(call, participant)
            done(participant is not None)

        try:
            found = target_of_number(target, self._catalog())
            if found.kind == "queue":
                raise WrongState("A flow reaches a queue through an enqueue node.")
            self._ring(call, found, "agent" if found.kind == "agent" else "third_party", "main", None, rung)
        except PbxError:
            self._clock.callLater(0, done, False)
        else:
            if call.customer is not None:
                self._switchboard.play_music(call.customer.leg, call.queue)

    def attended(
        self, call: Call, by: Participant, other: Call, mine: Participant, accepted: Callable[[], None]
    ) -> None:
        """Join two calls of one agent: whoever is with `mine` in `other` takes the place of `by` in `call`.

        `accepted` is called before either of the agent's legs is let go. Raises WrongState.
        """
        if call.customer is None:  # phones send REFER on either of their calls
            call, by, other, mine = other, mine, call, by
        _require_conversation(call)
        _require_conversation(other)
        moved = [one for one in other.participants.values() if one.present and one.agent != by.agent]
        if other is call or call.customer is None or not moved:
            raise WrongState("There is nobody in the second call to transfer to.")
        if call.with_role("consulted") or other.with_role("consulted"):
            raise WrongState("A consultation is going on: complete or cancel it first.")
        accepted()
        self._switchboard.hang_up([by], "transferred")
        self._conversations.everyone_into_main(call)
        for one in moved:
            self._move(one, other, call)
        self._tell(call, "attended", moved[0].label, by.agent, moved[0].agent)
        self._switchboard.end(other, "answered", "transferred")

    # --- the steps ------------------------------------------------------------------------------------------

    def _to_queue(self, call: Call, by: Participant, target: Target, accepted: Callable[[], None]) -> None:
        refused = self._queues().refusal(target.value)
        if refused:
            raise WrongState("This queue takes nobody now: choose another target.", reason=refused)
        call.queue = target.value
        call.queued_at = None
        self._tell(call, "blind", target.label, by.agent, None)
        accepted()
        self._conversations.back_to_queue(call)

    def _to_somebody(self, call: Call, by: Participant, target: Target, accepted: Callable[[], None]) -> None:
        role: ParticipantRole = "agent" if target.kind == "agent" else "third_party"
        self._ring(call, target, role, "main", by, lambda found: self._blind_rung(call, found))
        call.transferring = True
        self._conversations.everyone_into_main(call)
        self._tell(call, "blind", target.label, by.agent, target.value if target.kind == "agent" else None)
        accepted()
        self._switchboard.hang_up([by], "transferred")

    def _blind_rung(self, call: Call, found: Participant | None) -> None:
        if found is not None:
            self._take_over(call, found)
        elif not call.over and call.transferring:
            self._not_reached(call)

    def _not_reached(self, call: Call) -> None:
        """Back to the queue, unless somebody in a conference is still there for the customer."""
        if is_conversation(call):
            call.transferring = False
            self._switchboard.changed(call)
        else:
            self._conversations.back_to_queue(call)

    def _consult_rung(self, call: Call, found: Participant | None) -> None:
        """Who consulted may have left meanwhile: then the consulted party gets the customer at once."""
        if found is None and call.transferring:
            self._blind_rung(call, None)
        elif found is None and call.state in ("talking", "held"):
            self._conversations.return_to_agent(call)
        elif found is not None and found.role != "consulted":
            self._take_over(call, found)

    def _take_over(self, call: Call, found: Participant) -> None:
        self._conversations.bring_together(call, found)
        self._conversations.take_over(call, found)

    def _set_aside(self, call: Call, by: Participant) -> None:
        by.room = "consult"
        if not any(one is not by and one.present for one in call.with_role("agent")):
            for one in call.with_role("customer", "third_party"):
                one.room = "parked"
            if call.state == "talking":
                call.take("hold")
                held = CallHeld(at=self._switchboard.now(), contact=call.id, by=by.agent)
                self._switchboard.bus.publish(held)
        self._switchboard.changed(call)

    def _merge(self, call: Call, by: Participant) -> None:
        consulted = [one for one in call.with_role("consulted") if one.present]
        if not consulted:
            raise WrongState("Nobody has been consulted: name whom to call, or wait for the answer.")
        for one in consulted:
            one.role = "agent" if one.agent else "third_party"
            self._joined(call, one, by)

    def _joined(self, call: Call, participant: Participant, by: Participant) -> None:
        self._conversations.everyone_into_main(call)
        self._take_over(call, participant)
        legs = tuple(one.leg for one in call.participants.values() if one.speaking)
        self._switchboard.bus.publish(
            ConferenceStarted(at=self._switchboard.now(), contact=call.id, legs=legs, by=by.agent)
        )

    def _move(self, one: Participant, other: Call, call: Call) -> None:
        """Each leg in the new call has the role that it has for that call's customer."""
        one.role = "agent" if one.agent else "third_party"
        self._switchboard.move(other, one.leg, call)
        if one.agent:
            self._queues().agent_busy(one.agent, call)
            self._queues().agent_free(one.agent, other)
        self._take_over(call, one)

    def _stop_waiting_music(self, call: Call) -> None:
        if call.customer is not None:
            self._switchboard.media.stop_playback(call.customer.leg)

    def _tell(
        self,
        call: Call,
        kind: Literal["blind", "attended"],
        target: str,
        by: str | None,
        to_agent: str | None,
    ) -> None:
        self._switchboard.bus.publish(
            CallTransferred(
                at=self._switchboard.now(),
                contact=call.id,
                kind=kind,
                target=target,
                by=by,
                to_agent=to_agent,
            )
        )

    # --- ringing --------------------------------------------------------------------------------------------

    def _ring(
        self,
        call: Call,
        target: Target,
        role: ParticipantRole,
        room: Room,
        by: Participant | None,
        done: Done,
    ) -> Cancel:
        if target.kind == "agent":
            return self._queues().ring_agent(call, target.value, role, room, done)
        on_behalf = self._account_of(by)
        targets = self._dialing.number(target.value, call, call.called, RING_SECONDS, on_behalf)
        hunt = Hunt(
            self._switchboard, call, role, target.label, room=room,
            answered=done, failed=lambda status, reason: done(None),
        )  # fmt: skip
        hunt.start(targets)
        return hunt.cancel

    def _account_of(self, by: Participant | None) -> str:
        """Whose permission an outside number needs: the transferring phone's. A customer's phone has none."""
        agent = self._catalog().agents.get(by.agent or "") if by else None
        if by is not None and agent is None:
            raise NotAllowed("Only agents can transfer to this number.")
        return agent.phone if agent else HOUSE


def _require_conversation(call: Call) -> None:
    if call.state not in ("talking", "held"):
        raise WrongState("Nobody talks in this call yet, or any more.", state=call.state)
