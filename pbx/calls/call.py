"""A call: one voice contact with its participants, as plain state. What to do with it is decided elsewhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pbx.calls.states import CONTACT, LEG, SHOWN, ContactSignal, LegSignal, LegState, step
from pbx.contract.base import Direction, Language
from pbx.contract.resources import (
    ContactState,
    ContactView,
    Outcome,
    ParticipantRole,
    ParticipantView,
    PressedKey,
    RecordingState,
)
from pbx.events import LegId

Room = Literal["main", "consult", "parked"]


@dataclass(slots=True)
class Participant:
    """One leg of a call. Those who share a room hear each other; a parked one hears music."""

    leg: LegId
    role: ParticipantRole
    label: str
    state: LegState
    account: str = ""
    """The endpoint or guest whose leg it is, if it is one's: who may take it back."""
    in_page: bool = False
    """Whether a browser speaks here, whose page may go away."""
    room: Room = "main"
    agent: str | None = None
    muted: bool = False
    away: bool = False
    """Whether the page has gone for the moment: nobody is heard, and nobody hears."""
    joined: bool = False
    """Whether it was ever answered, by us or by its phone before we hung it up."""
    leaving: bool = False
    """Whether we have hung it up; its end is on the way."""

    def take(self, signal: LegSignal) -> None:
        """Move along the leg table. Raises IllegalTransition and changes nothing."""
        self.state = step(LEG, self.state, signal)
        self.joined = self.joined or (signal == "answered" and not self.leaving)

    @property
    def present(self) -> bool:
        """Whether it is in the conversation, even if its phone holds just now."""
        return self.state in ("connected", "held") and not self.leaving

    @property
    def speaking(self) -> bool:
        """Whether audio flows in both directions with this participant now."""
        return self.state == "connected" and not self.leaving

    @property
    def heard(self) -> bool:
        """Whether somebody is at the other end just now."""
        return self.speaking and not self.away

    def view(self) -> ParticipantView:
        """As the contract shows it."""
        return ParticipantView(
            id=self.leg,
            role=self.role,
            state="held" if self.room == "parked" and self.speaking else SHOWN[self.state],
            label=self.label,
            agent=self.agent,
            muted=self.muted,
            away=self.away,
        )


@dataclass(slots=True)
class Call:
    """A live voice contact. `caller` is E.164 where it could be read, and None of a visitor in a shop's page;
    `callback_to` is what reaches the customer again: a registered endpoint's user name or a number.
    `trusted_caller` says that the number may be used to recognise the customer."""

    id: str
    direction: Direction
    caller: str | None
    called: str
    language: Language
    started_at: datetime
    caller_name: str = ""
    callback_to: str = ""
    trusted_caller: bool = False
    state: ContactState = "ringing"
    participants: dict[LegId, Participant] = field(default_factory=dict)
    customer_id: str | None = None
    order_number: str | None = None
    flow: str | None = None
    flow_version: int | None = None
    path: tuple[PressedKey, ...] = ()
    queue: str | None = None
    priority: int = 0
    skills: tuple[str, ...] = ()
    agent: str | None = None
    transferring: bool = False
    """The customer waits for another party to answer; nobody else needs to be on the line."""
    recording: RecordingState = "off"
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    callback: bool = False
    visitor: str | None = None
    site: str | None = None
    wrapping: set[str] = field(default_factory=set)
    """Agents who spoke with the customer and have not finished their wrap-up."""
    outcome: Outcome | None = None
    ended_at: datetime | None = None

    def take(self, signal: ContactSignal) -> None:
        """Move along the contact table. Raises IllegalTransition and changes nothing."""
        self.state = step(CONTACT, self.state, signal)

    @property
    def customer(self) -> Participant | None:
        """The customer's leg, while there is one."""
        return next(iter(self.with_role("customer")), None)

    @property
    def over(self) -> bool:
        """Whether the conversation has ended (an agent may still be wrapping up)."""
        return self.state in ("wrap_up", "ended")

    def of_agent(self, agent: str) -> Participant | None:
        """The leg of this agent that is in the conversation, else one that rings, if there is any."""
        legs = [one for one in self.participants.values() if one.agent == agent and not one.leaving]
        return next((one for one in legs if one.present), next(iter(legs), None))

    def of_customer(self, account: str) -> Participant | None:
        """The customer's leg, if the customer calls under this account."""
        return next((one for one in self.with_role("customer") if one.account == account), None)

    def with_role(self, *roles: ParticipantRole) -> tuple[Participant, ...]:
        """The participants that have one of these roles and are not on their way out, oldest first."""
        return tuple(one for one in self.participants.values() if one.role in roles and not one.leaving)

    def view(self) -> ContactView:
        """As the contract shows it."""
        return ContactView(
            id=self.id,
            direction=self.direction,
            state=self.state,
            caller=self.caller,
            stranger=self.direction == "inbound" and not self.trusted_caller,
            called=self.called,
            language=self.language,
            customer_id=self.customer_id,
            order_number=self.order_number,
            flow=self.flow,
            flow_version=self.flow_version,
            path=self.path,
            queue=self.queue,
            priority=self.priority,
            agent=self.agent,
            participants=tuple(one.view() for one in self.participants.values() if not one.leaving),
            recording=self.recording,
            started_at=self.started_at,
            queued_at=self.queued_at,
            answered_at=self.answered_at,
            callback=self.callback,
            visitor=self.visitor,
            site=self.site,
        )
