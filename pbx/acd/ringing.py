"""One agent's phone rings for a contact: by itself, or picked up from the desk."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pbx.calls.call import Call, Participant, Room
from pbx.calls.dialing import Dialing, Hunt
from pbx.calls.switchboard import Switchboard
from pbx.catalog import AgentRow
from pbx.contract.resources import OfferView, ParticipantRole


@dataclass(slots=True)
class Ringing:
    """An offer as the agent's phone and desk have it, until it is answered or over.

    Exactly one of `answered` and `failed` is called, unless `cancel` comes first.
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

    def start(self, auto_answer: bool = False) -> None:
        """Ring. Raises Unreachable when the phone is not registered."""
        targets = self.dialing.endpoint(self.agent.phone, self.call, self.timeout, auto_answer)
        self._hunt = Hunt(
            self.switchboard, self.call, self.role, self.agent.name, agent=self.agent.id, room=self.room,
            answered=self.answered, failed=self.failed, ringing=lambda participant: self.ringing(),
        )  # fmt: skip
        self._hunt.start(targets)

    def pick_up(self) -> None:
        """The agent accepted on the desk: ring again, asking the phone to answer by itself."""
        if self._hunt is not None and self._hunt.live:
            self._hunt.cancel("picked up on the desk", then=self._ring_again)

    def _ring_again(self) -> None:
        try:
            self.start(auto_answer=True)
        except Exception as error:
            self.failed(480, str(error))

    def cancel(self, reason: str) -> None:
        """Stop ringing; nothing is called any more."""
        if self._hunt is not None and self._hunt.live:
            self._hunt.cancel(reason)
