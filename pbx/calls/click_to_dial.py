"""Calls placed from the desk: the agent's own phone is rung first, then whoever is to be called."""

from collections.abc import Callable
from dataclasses import replace

from pbx.calls.call import Call, Participant
from pbx.calls.conversation import Conversations
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.ports import DialTarget
from pbx.calls.services import Queues
from pbx.calls.switchboard import Switchboard, new_id
from pbx.calls.targets import Target, parse_target
from pbx.catalog import AgentRow, Catalog
from pbx.contract.commands import Dial
from pbx.contract.resources import ParticipantRole
from pbx.errors import NotAllowed, NotFound, PbxError, WrongState
from pbx.events import LegEnded, LegEvent

AGENT_RING_SECONDS = 25.0
TARGET_RING_SECONDS = 60.0


class ClickToDial:
    """Makes outbound contacts. The queues offer the agent nothing meanwhile."""

    def __init__(
        self,
        switchboard: Switchboard,
        conversations: Conversations,
        dialing: Dialing,
        queues: Queues,
        catalog: Callable[[], Catalog],
    ) -> None:
        self._switchboard = switchboard
        self._conversations = conversations
        self._dialing = dialing
        self._queues = queues
        self._catalog = catalog

    def dial(self, agent: str, command: Dial) -> str:
        """Begin the call; returns the contact's id.

        Raises NotFound (no such agent or target), NotAllowed (not from this phone), Unreachable (a phone is not
        connected or busy) and WrongState (the target cannot be called like this); nothing rings then.
        """
        catalog = self._catalog()
        row = catalog.agents.get(agent)
        if row is None:
            raise NotFound("There is no such agent.", agent=agent)
        target = parse_target(command.target, catalog)
        self._check(row, target)
        call = self._call(row, target, command.customer_id)
        phones = self._dialing.endpoint(
            row.phone, call, AGENT_RING_SECONDS, auto_answer=True, device=command.device
        )
        placing = _Placing(
            self._switchboard, self._conversations, self._dialing, self._queues, call, row, target
        )
        placing.start([replace(one, caller=target.value, caller_name=target.label) for one in phones])
        return call.id

    def _check(self, row: AgentRow, target: Target) -> None:
        if target.kind == "queue":
            raise WrongState("A queue cannot be called from the desk: choose an agent or a number.")
        if target.kind == "agent" and target.value == row.id:
            raise WrongState("This is your own phone: choose somebody else.")
        if target.kind == "agent":
            self._queues.check_can_ring(target.value)
        elif self._is_outside(target):
            self._check_account(row)
        self._queues.check_free(row.id)

    def _check_account(self, row: AgentRow) -> None:
        """What can be refused before anything rings; the number itself is checked when it is dialled."""
        account = self._catalog().endpoints.get(row.phone)
        if account is None or not account.may_dial_out:
            raise NotAllowed("This phone may not dial outside; an administrator can allow it.")

    def _is_outside(self, target: Target) -> bool:
        return target.kind == "number" and target.value not in self._catalog().endpoints

    def _call(self, row: AgentRow, target: Target, customer_id: str | None) -> Call:
        outside = self._is_outside(target)
        return Call(
            id=new_id(), direction="outbound" if outside else "internal", caller=row.phone,
            caller_name=row.name, called=target.value, language="en", started_at=self._switchboard.now(),
            customer_id=customer_id, agent=row.id,
        )  # fmt: skip


class _Placing:
    """One such call until both sides talk or it has come to nothing."""

    def __init__(
        self,
        switchboard: Switchboard,
        conversations: Conversations,
        dialing: Dialing,
        queues: Queues,
        call: Call,
        agent: AgentRow,
        target: Target,
    ) -> None:
        self._switchboard = switchboard
        self._conversations = conversations
        self._dialing = dialing
        self._queues = queues
        self._call = call
        self._agent = agent
        self._target = target

    def start(self, phones: list[DialTarget]) -> None:
        """Ring the agent's phone."""
        self._switchboard.start(self._call)
        self._queues.agent_busy(self._agent.id, self._call)
        hunt = Hunt(
            self._switchboard, self._call, "agent", self._agent.name, agent=self._agent.id,
            answered=self._agent_there, failed=lambda status, reason: self._agent_missing(reason),
        )  # fmt: skip
        hunt.start(phones)

    def _agent_missing(self, reason: str) -> None:
        self._queues.agent_free(self._agent.id, self._call)
        self._switchboard.end(self._call, "failed", reason or "the agent's phone did not answer")

    def _agent_there(self, agent: Participant) -> None:
        self._switchboard.watch(agent.leg, self._on_agent)
        try:
            self._ring_target(agent)
        except PbxError as error:
            self._switchboard.end(self._call, "failed", error.id)

    def _on_agent(self, event: LegEvent) -> None:
        if isinstance(event, LegEnded):
            self._queues.agent_free(self._agent.id, self._call)
            if self._call.state == "ringing":
                self._switchboard.end(self._call, "failed", "the agent hung up before an answer")

    def _ring_target(self, agent: Participant) -> None:
        if self._target.kind == "agent":
            self._queues.ring_agent(
                self._call, self._target.value, "agent", "main",
                lambda found: self._connect(agent) if found else self._not_reached("no answer"),
            )  # fmt: skip
            return
        phone = self._agent.phone
        phones = self._dialing.number(
            self._target.value, self._call, phone, TARGET_RING_SECONDS, on_behalf=phone
        )
        hunt = Hunt(
            self._switchboard, self._call, self._role(), self._target.label,
            answered=lambda found: self._connect(agent),
            failed=lambda status, reason: self._not_reached(reason or str(status)),
        )  # fmt: skip
        hunt.start(phones)

    def _role(self) -> ParticipantRole:
        """A number outside is a customer's, and so is a phone of ours that was called as a customer's."""
        is_customer = self._call.direction == "outbound" or self._call.customer_id is not None
        return "customer" if is_customer else "third_party"

    def _connect(self, agent: Participant) -> None:
        if self._call.over:
            return
        self._call.answered_at = self._switchboard.now()
        self._conversations.bring_together(self._call, agent)

    def _not_reached(self, reason: str) -> None:
        self._switchboard.end(self._call, "failed", reason)
