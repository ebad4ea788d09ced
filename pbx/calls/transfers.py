"""Sending a caller on: blind, after a consultation, or into a conference."""

from collections.abc import Callable

from pbx.calls.call import Call, Participant, Room
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.ports import HOUSE
from pbx.calls.services import Done, Queues
from pbx.calls.switchboard import Switchboard
from pbx.calls.targets import Target, parse_target, target_of_number
from pbx.catalog import Catalog
from pbx.contract.events import CallHeld, CallTransferred, ConferenceStarted
from pbx.contract.resources import ParticipantRole
from pbx.errors import NotAllowed, PbxError, WrongState
from pbx.events import LegTransferRequested

RING_SECONDS = 25.0


class Transfers:
    """All ways to bring another party into a conversation."""

    def __init__(
        self,
        switchboard: Switchboard,
        conversations: Conversations,
        dialing: Dialing,
        queues: Callable[[], Queues],
        catalog: Callable[[], Catalog],
    ) -> None:
        self._switchboard = switchboard
        self._conversations = conversations
        self._dialing = dialing
        self._queues = queues
        self._catalog = catalog
        self._hunts: dict[str, Hunt] = {}
        self._stop = switchboard.bus.subscribe(LegTransferRequested, self._on_refer)

    def stop(self) -> None:
        """Hear no more of the bus."""
        self._stop()

    # --- what agents and flows ask for ----------------------------------------------------------------------

    def blind(self, call: Call, by: Participant, text: str) -> None:
        """Send the customer to the target and let the agent go. Raises NotFound, Unreachable, NotAllowed."""
        self._blind(call, by, parse_target(text, self._catalog()))

    def consult(self, call: Call, by: Participant, text: str) -> None:
        """Park the customer with music and call the target for the agent alone."""
        if call.with_role("consulted"):
            raise WrongState("There is a consultation already: complete or cancel it first.")
        target = parse_target(text, self._catalog())
        if target.kind == "queue":
            raise WrongState("A queue cannot be consulted: transfer to it, or consult one of its agents.")

        def done(participant: Participant | None) -> None:
            if participant is None and not call.over and call.with_role("agent"):
                self._conversations.return_to_agent(call)

        self._ring(call, target, "consulted", "consult", by, done)
        self._set_aside(call, by)

    def complete(self, call: Call, by: Participant) -> None:
        """The consulted party gets the customer, the agent leaves."""
        if not any(one.speaking for one in call.with_role("consulted")):
            raise WrongState("Nobody has answered yet: wait, cancel, or transfer blind.")
        self._conversations.complete_consult(call, by.agent)
        self._switchboard.hang_up([by], "transferred")

    def cancel(self, call: Call) -> None:
        """The consulted party is let go; agent and customer talk again."""
        consulted = call.with_role("consulted")
        if not consulted:
            raise WrongState("There is no consultation to cancel.")
        hunt = self._hunts.pop(call.id, None)
        if hunt is not None and hunt.live:
            hunt.cancel("consultation canceled")
        self._switchboard.hang_up(consulted, "consultation canceled")
        self._conversations.return_to_agent(call)

    def conference(self, call: Call, by: Participant, text: str | None) -> None:
        """All together: the consulted party, or a newly called one, joins agent and customer."""
        if text is None:
            self._merge(call, by)
            return
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
                self._switchboard.media.stop_playback(call.customer.leg if call.customer else "")
                self._take_over(call, participant)
            done(participant is not None)

        try:
            found = target_of_number(target, self._catalog())
            if found.kind == "number":
                self._dial_number(call, found, "third_party", "main", HOUSE, rung)
            else:
                self._ring(call, found, "agent", "main", None, rung)
        except PbxError:
            done(False)

    # --- the steps ------------------------------------------------------------------------------------------

    def _blind(self, call: Call, by: Participant, target: Target) -> None:
        if call.customer is None:
            raise WrongState("The customer has left; there is nobody to transfer.")
        if target.kind == "queue":
            self._to_queue(call, target)
        else:
            role: ParticipantRole = "agent" if target.kind == "agent" else "third_party"
            self._ring(call, target, role, "main", by, lambda found: self._blind_rung(call, found))
            call.transferring = True
            call.customer.room = "main"
        self._switchboard.bus.publish(
            CallTransferred(
                at=self._switchboard.now(), contact=call.id, kind="blind", target=target.label,
                by=by.agent, to_agent=target.value if target.kind == "agent" else None,
            )
        )  # fmt: skip
        self._switchboard.hang_up([by], "transferred")

    def _blind_rung(self, call: Call, found: Participant | None) -> None:
        if call.over:
            return
        if found is None:
            self._conversations.back_to_queue(call)
            return
        self._take_over(call, found)

    def _take_over(self, call: Call, found: Participant) -> None:
        self._conversations.bring_together(call, found)
        if found.agent:
            call.agent = found.agent
            self._queues().hand_over(call, found.agent)

    def _to_queue(self, call: Call, target: Target) -> None:
        call.queue = target.value
        call.queued_at = None
        self._conversations.back_to_queue(call)

    def _set_aside(self, call: Call, by: Participant) -> None:
        for one in call.with_role("customer", "third_party"):
            one.room = "parked"
        by.room = "consult"
        if call.state == "talking":
            call.take("hold")
        self._switchboard.changed(call)
        self._switchboard.bus.publish(CallHeld(at=self._switchboard.now(), contact=call.id, by=by.agent))

    def _merge(self, call: Call, by: Participant) -> None:
        consulted = [one for one in call.with_role("consulted") if one.speaking]
        if not consulted:
            raise WrongState("Nobody has been consulted: name whom to call.")
        for one in consulted:
            one.role = "agent" if one.agent else "third_party"
            self._joined(call, one, by)

    def _joined(self, call: Call, participant: Participant, by: Participant) -> None:
        self._conversations.everyone_into_main(call)
        self._conversations.bring_together(call, participant)
        legs = tuple(one.leg for one in call.participants.values() if one.speaking)
        self._switchboard.bus.publish(
            ConferenceStarted(at=self._switchboard.now(), contact=call.id, legs=legs, by=by.agent)
        )

    def _ring(
        self,
        call: Call,
        target: Target,
        role: ParticipantRole,
        room: Room,
        by: Participant | None,
        done: Done,
    ) -> None:
        if target.kind == "agent":
            self._queues().ring_agent(call, target.value, role, room, done)
        else:
            self._dial_number(call, target, role, room, self._account_of(by), done)

    def _account_of(self, by: Participant | None) -> str:
        """Whose permission an outside number needs: the transferring phone's. A customer's phone has none."""
        agent = self._catalog().agents.get(by.agent or "") if by else None
        if by is not None and agent is None:
            raise NotAllowed("Only agents can transfer to this number.")
        return agent.phone if agent else HOUSE

    def _dial_number(
        self, call: Call, target: Target, role: ParticipantRole, room: Room, on_behalf: str, done: Done
    ) -> None:
        targets = self._dialing.number(target.value, call, call.called, RING_SECONDS, on_behalf)
        hunt = Hunt(
            self._switchboard, call, role, target.label, room=room,
            answered=done, failed=lambda status, reason: done(None),
        )  # fmt: skip
        self._hunts[call.id] = hunt
        hunt.start(targets)
        for one in call.participants.values():
            self._conversations.watch(call, one)

    # --- what phones ask for (REFER) ------------------------------------------------------------------------

    def _on_refer(self, event: LegTransferRequested) -> None:
        call = self._switchboard.call_of(event.leg)
        if call is None:
            self._switchboard.media.transfer_progress(event.leg, 481)
            return
        by = call.participants[event.leg]
        if by.agent is None:  # customers and strangers send nobody anywhere
            self._switchboard.media.transfer_progress(event.leg, 603)
            return
        try:
            if event.replaces_leg is not None:
                self._attended(call, by, event.replaces_leg)
            else:
                self._blind(call, by, target_of_number(_user_of(event.target), self._catalog()))
        except PbxError:
            self._switchboard.media.transfer_progress(event.leg, 603)
        else:
            self._switchboard.media.transfer_progress(event.leg, 200)

    def _attended(self, call: Call, by: Participant, replaced_leg: str) -> None:
        """The phone joins its two calls: whoever it consulted takes its place."""
        other = self._switchboard.call_of(replaced_leg)
        if other is None or other is call or call.customer is None:
            raise WrongState("There is no second call to transfer to.")
        if other.participants[replaced_leg].agent != by.agent:
            raise NotAllowed("The second call is somebody else's.")
        moved = [one for one in other.participants.values() if one.leg != replaced_leg and one.speaking]
        if not moved:
            raise WrongState("Nobody has answered in the second call yet.")
        call.transferring = True
        for one in moved:
            self._switchboard.move(other, one.leg, call)
            one.role = "agent" if one.agent else "third_party"
            self._conversations.bring_together(call, one)
        self._switchboard.bus.publish(
            CallTransferred(
                at=self._switchboard.now(), contact=call.id, kind="attended", target=moved[0].label,
                by=by.agent, to_agent=moved[0].agent,
            )
        )  # fmt: skip
        for one in moved:
            if one.agent:
                self._queues().agent_free(one.agent, other)
                call.agent = one.agent
                self._queues().hand_over(call, one.agent)
        self._switchboard.hang_up([by, other.participants[replaced_leg]], "transferred")


def _user_of(uri: str) -> str:
    """The user part of a SIP or tel URI, without parameters."""
    rest = uri.strip("<> ").partition(":")[2]
    return rest.partition("@")[0].partition(";")[0]
