"""What a running flow asks of the rest of the center. Implementations are named in pbx.app only."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, Protocol

from ivr.events import Event
from pbx.calls.call import Call, Participant, Room
from pbx.contract.resources import ParticipantRole

QueueOutcome = Literal["answered", "full", "max_wait", "no_agents", "callback", "failed"]
Left = Callable[[QueueOutcome], None]
Done = Callable[[Participant | None], None]
Cancel = Callable[[str], None]
"""Stops what was started, for a reason, and lets nothing more be heard of it."""


class Queues(Protocol):
    """The way into the queues and to their agents. The call's queue, priority and skills are read from it."""

    def enqueue(self, call: Call, left: Left, waiting_since: datetime | None = None) -> None:
        """Let the call wait; `left` is called once when it is out of the queue, never before this returns.
        `waiting_since` keeps the place of one who waited before. Whoever else is in the call is let go.
        Raises NotFound (no such queue) and WrongState; nothing has changed then."""

    def refusal(self, queue: str) -> str:
        """Why the queue takes no newcomer now: "full", "no_agents", or "" when it takes them."""

    def place_callback(self, call: Call, queue: str, number: str) -> bool:
        """Note a callback that keeps the call's place; False when the queue takes none."""

    def ring_agent(self, call: Call, agent: str, role: ParticipantRole, room: Room, done: Done) -> Cancel:
        """Offer a call to one agent, past the queues, with the screen pop; `done` gets the participant that
        answered, or None. Returns what cancels it before that. Raises NotFound and Unreachable."""

    def check_can_ring(self, agent: str) -> None:
        """Whether `ring_agent` would ring now. Raises NotFound and Unreachable."""

    def check_free(self, agent: str) -> None:
        """Whether the agent could place a call now, on a break too. Raises NotFound and Unreachable."""

    def hand_over(self, call: Call, agent: str) -> None:
        """The agent, who is in the call, takes the contact over and gets the credit, unless the one whose it
        is stays in the call, or the agent is busy with another contact."""

    def agent_busy(self, agent: str, call: Call) -> None:
        """The agent is in a call that no queue gave."""

    def agent_free(self, agent: str, call: Call) -> None:
        """That call is over for the agent."""


class Lookups(Protocol):
    """The shop's answers, as the interpreter's events. They never raise: failures are events too."""

    async def customer(self, request: int, number: str) -> Event:
        """The customer with this number."""

    async def vouched_customer(self, request: int, customer_id: str) -> Event:
        """The customer with this id."""

    async def latest_order(self, request: int, customer_id: str) -> Event:
        """The customer's latest order."""

    async def order(self, request: int, number: str, check: str) -> Event:
        """The order with this number, if the check is right."""


class Webhooks(Protocol):
    """Calls to an integrator's URL."""

    async def call(
        self, request: int, url: str, method: str, body: Mapping[str, object], timeout: float
    ) -> Event:
        """WebhookAnswered or WebhookFailed."""


class Voicemails(Protocol):
    """Messages left after the beep."""

    def record(self, call: Call, mailbox: str, max_seconds: int, done: Callable[[bool], None]) -> None:
        """Beep and record until `#`, the limit or the hang-up; `done(kept)`."""

    def stop(self) -> None:
        """Hear no more of the bus."""


class Outside(Protocol):
    """Sending a caller on to a phone or a number."""

    def transfer_from_flow(self, call: Call, target: str, done: Callable[[bool], None]) -> None:
        """Ring the target; bridged on answer, `done(False)` when nobody answers."""
