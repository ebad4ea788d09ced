"""What an agent does to the call in hand: hold, mute, keys, transfer, hang up."""

from pbx.calls.call import Call, Participant
from pbx.calls.conversation import Conversations
from pbx.calls.switchboard import Switchboard
from pbx.calls.transfers import Transfers
from pbx.contract.commands import Conference, HangUp, SendDigits, Transfer
from pbx.contract.events import CallHeld, CallResumed
from pbx.errors import NotAllowed, NotFound, WrongState


class CallControl:
    """Commands on live contacts. Each names the acting agent, who must be in the call.

    All raise NotFound (no such live contact), NotAllowed (not this agent's) or WrongState.
    """

    def __init__(self, switchboard: Switchboard, conversations: Conversations, transfers: Transfers) -> None:
        self._switchboard = switchboard
        self._conversations = conversations
        self._transfers = transfers

    def hold(self, contact: str, agent: str) -> None:
        """The customer (and any third party) hears music."""
        call, _ = self._part(contact, agent)
        call.take("hold")
        for one in call.with_role("customer", "third_party"):
            one.room = "parked"
        self._switchboard.changed(call)
        self._switchboard.bus.publish(CallHeld(at=self._switchboard.now(), contact=call.id, by=agent))

    def resume(self, contact: str, agent: str) -> None:
        """Agent and customer hear each other again."""
        call, _ = self._part(contact, agent)
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
        call, part = self._part(contact, agent)
        begin = self._transfers.blind if command.kind == "blind" else self._transfers.consult
        begin(call, part, command.target)

    def complete_transfer(self, contact: str, agent: str) -> None:
        """End the consultation with the customer going to the consulted party."""
        self._transfers.complete(*self._part(contact, agent))

    def cancel_transfer(self, contact: str, agent: str) -> None:
        """End the consultation with the customer coming back."""
        call, _ = self._part(contact, agent)
        self._transfers.cancel(call)

    def conference(self, contact: str, agent: str, command: Conference) -> None:
        """Everybody together. Also raises Unreachable."""
        call, part = self._part(contact, agent)
        self._transfers.conference(call, part, command.target)

    def hang_up(self, contact: str, agent: str, command: HangUp) -> None:
        """End the call, or let one participant go."""
        call, part = self._part(contact, agent)
        if command.participant is None:
            self._end(call, part)
            return
        named = call.participants.get(command.participant)
        if named is None:
            raise NotFound("This participant has left already.")
        self._switchboard.hang_up([named])

    def _end(self, call: Call, part: Participant) -> None:
        """An agent in a conference leaves it; otherwise the call is over."""
        others = [one for one in call.participants.values() if one is not part and one.role != "supervisor"]
        if call.customer and len(others) > 1 and not call.with_role("consulted"):
            self._switchboard.hang_up([part])
        else:
            self._switchboard.end(call, "answered", "agent hung up")

    def _part(self, contact: str, agent: str) -> tuple[Call, Participant]:
        call = self._switchboard.find(contact)
        part = call.of_agent(agent)
        if part is None or not part.speaking or call.over:
            raise NotAllowed("You are not in this call.", contact=contact)
        return call, part
