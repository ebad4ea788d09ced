"""One agent's phone rings for a contact: by itself, or picked up from the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pbx.calls.call import Call, Participant, Room
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.switchboard import Switchboard
from pbx.catalog import AgentRow
from pbx.contract.commands import Device
from pbx.contract.resources import OfferView, ParticipantRole
from pbx.errors import PbxError


@dataclass(slots=True)
class Ringing:
    """An offer as the agent's phone and desk have it, until it is answered or over.

    `ringing` is called once, when the first of the phones rings. Exactly one of `answered` and `failed` is
    called, unless `cancel` comes first.
    """

    switchboard: Switchboard
    dialing: Dialing
    call: Call
    agent: AgentRow
    role: ParticipantRole
    room: Room
    timeout: float
    view: OfferView
    ringing: Callable[[], None]
    answered: Callable[[Participant], None]
    failed: Callable[[int, str], None]
    _hunt: Hunt | None = field(default=None, init=False)
    _rang: bool = field(default=False, init=False)
    _canceled: bool = field(default=False, init=False)

    def start(self, auto_answer: bool = False, device: Device | None = None) -> None:
        """Ring. Raises Unreachable when the phone is not registered."""
        targets = self.dialing.endpoint(
            self.agent.phone, self.call, self.timeout, auto_answer, self.view.id, device
        )
        self._hunt = Hunt(
            self.switchboard, self.call, self.role, self.agent.name, agent=self.agent.id, room=self.room,
            answered=self.answered, failed=self.failed, ringing=self._on_ringing,
        )  # fmt: skip
        self._hunt.start(targets)

    def pick_up(self) -> None:
        """The agent accepted on the desk: ring the phones again, asking them to answer by themselves. Where nothing
        but pages ring, theirs is the answer."""
        if self._hunt is not None and self._hunt.live and self.dialing.has_phones(self.agent.phone):
            self._hunt.cancel("picked up on the desk", then=self._ring_again)

    def cancel(self, reason: str) -> None:
        """Stop ringing; nothing is called any more."""
        self._canceled = True
        if self._hunt is not None and self._hunt.live:
            self._hunt.cancel(reason)

    def _on_ringing(self, participant: Participant) -> None:
        if not self._rang:
            self._rang = True
            self.ringing()

    def _ring_again(self) -> None:
        """The offer may be over since the first phone was told to stop."""
        if self._canceled:
            return
        if self.call.over:
            self.failed(487, "the call is over")
            return
        try:
            self.start(auto_answer=True, device="phone")
        except PbxError as error:
            self.failed(480, error.id)
