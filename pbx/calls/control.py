"""What an agent does to the call in hand: hold, mute, keys, transfer, hang up. A visitor can only do the last."""

from pbx.calls.call import Call, Participant
from pbx.calls.conversation import Conversations
from pbx.calls.switchboard import Switchboard
from pbx.calls.transfers import Transfers
from pbx.contract.commands import Conference, HangUp, JoinVisitor, SendDigits, Transfer
from pbx.contract.events import CallHeld, CallResumed
from pbx.contract.guest import account_visitor
from pbx.errors import NotAllowed, NotFound, WrongState


class CallControl:
    """Commands on live contacts. Each names the acting agent, who must be in the call.

    All raise NotFound (no such live contact), NotAllowed (not this agent's) or WrongState. Who is only
    consulted may mute, send keys and hang up; the rest is for those who talk with the customer.
    """

    def __init__(self, switchboard: Switchboard, conversations: Conversations, transfers: Transfers) -> None:
        self._switchboard = switchboard
        self._conversations = conversations
        self._transfers = transfers

    def hold(self, contact: str, agent: str) -> None:
        """The customer (and any third party) hears music; without them, whoever else is there."""
        call, part = self._leading(contact, agent)
        if call.with_role("consulted"):
            raise WrongState("A consultation is going on: the customer hears music already.")
        call.take("hold")
        outside = call.with_role("customer", "third_party")
        for one in outside or [other for other in call.with_role("agent") if other is not part]:
            one.room = "parked"
        self._switchboard.changed(call)
        self._switchboard.bus.publish(CallHeld(at=self._switchboard.now(), contact=call.id, by=agent))

    def resume(self, contact: str, agent: str) -> None:
        """Agent and customer hear each other again."""
        call, _ = self._leading(contact, agent)
        if call.with_role("consulted"):
            raise WrongState("A consultation is going on: complete or cancel it first.")
        call.take("resume")
        self._conversations.everyone_into_main(call)
        self._switchboard.changed(call)
        self._switchboard.bus.publish(CallResumed(at=self._switchboard.now(), contact=call.id, by=agent))

    def mute(self, contact: str, agent: str, muted: bool) -> None:
        """Nobody hears the agent, who goes on hearing."""
        call, part = self._part(contact, agent)
        part.muted = muted
        self._switchboard.changed(call)

    def send_digits(self, contact: str, agent: str, command: SendDigits) -> None:
        """Keys to everyone else in the call."""
        call, part = self._part(contact, agent)
        for one in call.participants.values():
            if one is not part and one.speaking:
                self._switchboard.media.send_digits(one.leg, command.digits)

    def transfer(self, contact: str, agent: str, command: Transfer) -> None:
        """Blind, or the start of a consultation. Also raises Unreachable."""
        call, part = self._leading(contact, agent)
        begin = self._transfers.blind if command.kind == "blind" else self._transfers.consult
        begin(call, part, command.target)

    def complete_transfer(self, contact: str, agent: str) -> None:
        """End the consultation with the customer going to the consulted party."""
        self._transfers.complete(*self._leading(contact, agent))

    def cancel_transfer(self, contact: str, agent: str) -> None:
        """End the consultation with the customer coming back."""
        call, _ = self._leading(contact, agent)
        self._transfers.cancel(call)

    def conference(self, contact: str, agent: str, command: Conference) -> None:
        """Everybody together. Also raises Unreachable."""
        call, part = self._leading(contact, agent)
        self._transfers.conference(call, part, command.target)

    def join_visitor(self, contact: str, agent: str, command: JoinVisitor) -> None:
        """The contact goes with this visitor's page, whose customer becomes the contact's if it had none."""
        call, _ = self._part(contact, agent)
        call.visitor, call.site = command.visitor, command.site
        call.customer_id = call.customer_id or command.customer_id
        self._switchboard.changed(call)

    def hang_up(self, contact: str, agent: str, command: HangUp) -> None:
        """End the call, or let one participant go. A guest's account leaves its own call, also one that no page of
        the visitor has back yet."""
        if account_visitor(agent):
            self._leave(contact, agent)
            return
        call, part = self._part(contact, agent)
        if command.participant is None:
            self._end(call, part)
            return
        named = call.participants.get(command.participant)
        if named is None or named.leaving:
            raise NotFound("This participant has left already.")
        if named.role == "consulted":
            self._transfers.cancel(call)
        else:
            self._switchboard.hang_up([named])

    def _leave(self, contact: str, account: str) -> None:
        part = self._switchboard.find(contact).of_customer(account)
        if part is None or not part.present:
            raise NotAllowed("You are not in this call.", contact=contact)
        self._switchboard.lose(part, "the customer hung up")

    def _end(self, call: Call, part: Participant) -> None:
        """Who leaves others in conversation only leaves it, as by hanging up the phone."""
        others = [
            one for one in call.participants.values()
            if one is not part and not one.leaving and one.role != "supervisor"
        ]  # fmt: skip
        if part.role == "consulted":
            self._transfers.cancel(call)
        elif call.customer and len(others) > 1:
            self._switchboard.hang_up([part])
        else:
            self._switchboard.end(call, "failed", "agent hung up")  # failed, unless they have talked already

    def _leading(self, contact: str, agent: str) -> tuple[Call, Participant]:
        call, part = self._part(contact, agent)
        if part.role != "agent":
            raise NotAllowed("You are only consulted in this call.", contact=contact)
        return call, part

    def _part(self, contact: str, agent: str) -> tuple[Call, Participant]:
        call = self._switchboard.find(contact)
        part = call.of_agent(agent)
        if part is None or not part.present or call.over:
            raise NotAllowed("You are not in this call.", contact=contact)
        return call, part
