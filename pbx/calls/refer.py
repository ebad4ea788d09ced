"""What agents' phones ask for by themselves: REFER, as a blind transfer or as one between two of their calls."""

from collections.abc import Callable

from pbx.calls.call import Call, Participant
from pbx.calls.switchboard import Switchboard
from pbx.calls.targets import target_of_number
from pbx.calls.transfers import Transfers
from pbx.catalog import Catalog
from pbx.errors import NotAllowed, PbxError, WrongState
from pbx.events import LegTransferRequested

DONE, DECLINED, GONE = 200, 603, 481


class Referrals:
    """Answers every LegTransferRequested. Customers and strangers send nobody anywhere."""

    def __init__(
        self, switchboard: Switchboard, transfers: Transfers, catalog: Callable[[], Catalog]
    ) -> None:
        self._switchboard = switchboard
        self._transfers = transfers
        self._catalog = catalog
        self._stop = switchboard.bus.subscribe(LegTransferRequested, self._on_refer)

    def stop(self) -> None:
        """Hear no more of the bus."""
        self._stop()

    def _on_refer(self, event: LegTransferRequested) -> None:
        call = self._switchboard.call_of(event.leg)
        if call is None:
            self._answer(event.leg, GONE)
            return
        try:
            self._carry_out(call, event)
        except PbxError:
            self._answer(event.leg, DECLINED)

    def _carry_out(self, call: Call, event: LegTransferRequested) -> None:
        by = _leading(call, self._switchboard.lines.leg(event.leg))
        if event.replaces_leg is not None:
            self._attended(call, by, self._switchboard.lines.leg(event.replaces_leg))
            return
        target = target_of_number(_user_of(event.target), self._catalog())
        self._transfers.blind_to(call, by, target, lambda: self._answer(by.leg, DONE))

    def _answer(self, leg: str, status: int) -> None:
        self._switchboard.media.transfer_progress(leg, status)

    def _attended(self, call: Call, by: Participant, replaced_leg: str) -> None:
        other = self._switchboard.call_of(replaced_leg)
        if other is None or other is call:
            raise WrongState("There is no second call to transfer to.")
        mine = _leading(other, replaced_leg)
        if mine.agent != by.agent:
            raise NotAllowed("The second call is somebody else's.")
        self._transfers.attended(call, by, other, mine, lambda: self._answer(by.leg, DONE))


def _leading(call: Call, leg: str) -> Participant:
    """The agent who talks on this leg. Raises NotAllowed."""
    part = call.participants[leg]
    if part.role != "agent" or part.agent is None or not part.present:
        raise NotAllowed("Only an agent in conversation can transfer it.")
    return part


def _user_of(uri: str) -> str:
    """The user part of a SIP or tel URI, without parameters."""
    rest = uri.strip("<> ").partition(":")[2]
    return rest.partition("@")[0].partition(";")[0]
