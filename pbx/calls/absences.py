"""Pages that go away during a call, and come back to it: a page is loaded anew, a laptop changes its network.

Who is away is not heard and hears nobody, the others hear music, and nothing else changes. Whoever comes back in
time, on the old line or on a new one, goes on where the call is; who does not has vanished, as a phone can.
"""

from dataclasses import dataclass

from twisted.internet.task import LoopingCall

from pbx.calls.call import Call, Participant
from pbx.calls.switchboard import Switchboard
from pbx.clock import Clock
from pbx.contract.guest import account_visitor
from pbx.errors import NotAllowed, NotFound
from pbx.events import LegId

LOOK_SECONDS = 0.1
SILENCE_SECONDS = 0.5
"""A browser sends audio fifty times a second, whatever its user says: so much silence means that it is gone."""
DOUBT_SECONDS = 2.0
"""A page that said that it goes, and is heard after this time, has stayed."""


@dataclass(frozen=True, slots=True)
class _Absence:
    """Since when a page is away, and for how long its audio may still be on the way."""

    since: float
    doubt: float


class Absences:
    """Looks after legs in pages. `grace` seconds is how long a page may stay away."""

    def __init__(self, clock: Clock, switchboard: Switchboard, grace: float) -> None:
        self._clock = clock
        self._switchboard = switchboard
        self._grace = grace
        self._lost: set[str] = set()
        self._away: dict[LegId, _Absence] = {}
        self._looking = LoopingCall(self._look)
        self._looking.clock = clock  # type: ignore[assignment]

    def stop(self) -> None:
        """Look no more."""
        if self._looking.running:
            self._looking.stop()

    # --- what is known of pages -----------------------------------------------------------------------------

    def lost(self, account: str) -> None:
        """The account's last connection has ended; its audio may flow on."""
        self._lost.add(account)
        self._watch()

    def returned(self, account: str) -> None:
        """The account signals again. Whether its audio is back is still to be heard."""
        self._lost.discard(account)

    def leave(self, contact: str, actor: str) -> None:
        """The page of `actor`, an agent or a guest's account, says that it goes. Raises NotFound, NotAllowed."""
        call = self._switchboard.find(contact)
        part = call.of_customer(actor) if account_visitor(actor) else call.of_agent(actor)
        if part is None or not part.present or not part.in_page:
            raise NotAllowed("You are not in this call with a page.", contact=contact)
        self._go(call, part, DOUBT_SECONDS)

    def take_back(self, account: str, line: LegId, in_page: bool) -> None:
        """Whoever calls on `line` takes the place that the account has in a call: one that waits for it, else the
        latest. Raises NotFound when the account is in none."""
        found = [
            (call, one)
            for call in self._switchboard.calls.values()
            for one in call.participants.values()
            if one.account == account and one.present
        ]
        if not found:
            raise NotFound("There is no call to take back.")
        call, part = max(enumerate(found), key=lambda item: (item[1][1].away, item[0]))[1]
        self._lost.discard(account)
        self._away.pop(part.leg, None)
        self._switchboard.take_back(call, part, line, in_page)

    # --- the steps ------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        if not self._looking.running:
            self._looking.start(LOOK_SECONDS, now=False)

    def _look(self) -> None:
        calls = self._switchboard.calls.values()
        watched = [
            (call, one)
            for call in tuple(calls)
            for one in tuple(call.participants.values())
            if one.account in self._lost or one.leg in self._away
        ]
        self._lost &= {one.account for _, one in watched}
        self._away = {one.leg: self._away[one.leg] for _, one in watched if one.leg in self._away}
        for call, one in watched:
            self._look_at(call, one)
        if not watched:
            self._looking.stop()

    def _look_at(self, call: Call, one: Participant) -> None:
        absence, now = self._away.get(one.leg), self._clock.seconds()
        flows = self._switchboard.media.silent_for(one.leg) < SILENCE_SECONDS
        if absence is None:
            if one.account in self._lost and one.in_page and one.speaking and not flows:
                self._go(call, one, 0.0)
        elif flows and now - absence.since >= absence.doubt:
            self._come_back(call, one)
        elif now - absence.since >= self._grace:
            del self._away[one.leg]
            self._switchboard.lose(one, "the page did not come back")

    def _go(self, call: Call, one: Participant, doubt: float) -> None:
        if one.leg not in self._away:
            self._away[one.leg] = _Absence(self._clock.seconds(), doubt)
            self._switchboard.set_away(call, one, True)
            self._watch()

    def _come_back(self, call: Call, one: Participant) -> None:
        del self._away[one.leg]
        self._switchboard.set_away(call, one, False)
