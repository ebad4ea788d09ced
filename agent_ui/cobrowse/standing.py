"""How one session stands: what was agreed to, who pays, who watches, and that everybody in it is told."""

import logging
from collections.abc import Callable
from typing import TypeVar

from agent_ui.cobrowse import consent as agreed
from agent_ui.cobrowse.consent import Answer, Consent, Phase, Step, Tier, Turn
from agent_ui.cobrowse.errors import NotAllowed
from agent_ui.cobrowse.parties import SYSTEM, About, Message, Viewer, Watcher
from agent_ui.cobrowse.showing import Showing
from agent_ui.cobrowse.stream import Batch

T = TypeVar("T")
MOST_PENDING = 200

_log = logging.getLogger(__name__)


class Ports:
    """What a session tells the world; the base does nothing."""

    def record(self, about: About, action: str, by: str, tier: str = "") -> None:
        """Add to the consent record."""

    def paying(self, about: About, on: bool) -> None:
        """The customer has begun to pay, or has ended it: the call's recording pauses meanwhile."""

    def changed(self, session: "Standing") -> None:
        """The session stands differently now."""

    def beside(self, size: int, work: Callable[[], T]) -> T:
        """Do work on something of a size, and give its result; may let others go on meanwhile."""
        return work()

    def passed(self, about: About, batch: Batch, tab: str) -> None:
        """A batch was looked through and shown."""


class Standing:
    """What both sides of a session change. `ended` holds why, once it is over."""

    def __init__(self, about: About, ports: Ports) -> None:
        self.about = about
        self.ports = ports
        self.consent = Consent()
        self.ended = ""
        self.paying = False
        self.watched = True
        """Whether somebody watches, or may come back to it: what nobody sees need not leave the page."""
        self.watchers: dict[str, Watcher] = {}
        self.people: dict[str, Watcher] = {}
        """All who ever watched, by id."""
        self.showing = Showing()
        self._refs = 0
        self._pending: dict[int, tuple[Viewer, int]] = {}

    def agree(self, consent: Consent) -> None:
        """The consent has changed: recorders start and stop by what pages are told now."""
        shared_before = self.consent.may(Tier.VIEW)
        self.consent = consent
        self.showing.shared = consent.may(Tier.VIEW)
        if self.showing.shared and not shared_before:
            self.showing.start_over()
        self.tell_state()

    def revoke(self, tier: Tier, by: str) -> None:
        """Take back what the customer had agreed to. Raises NotAllowed when there is nothing to take back."""
        self.agree(agreed.revoke(self.consent, tier))
        self.record(Step.REVOKED, by, tier)
        if tier is Tier.VIEW:
            self.showing.purge()

    def let_go(self, agent: str) -> None:
        """This person may no longer take part: what was agreed to for them alone is over."""
        before = self.consent
        changed = agreed.let_go(before, agent)
        if changed is before:
            return
        for tier in (Tier.POINT, Tier.CONTROL):
            if before.on(tier) and not changed.on(tier):
                self.record(Step.REVOKED, SYSTEM, tier)
        self.agree(changed)

    def record(self, action: str, by: str, tier: str = "") -> None:
        """Add to the consent record."""
        self.ports.record(self.about, str(action), by, str(tier))

    def look_who_pays(self) -> bool:
        """Whether it changed that the customer pays. A page that was left pays no longer."""
        on = any(page.paying and page.out is not None for page in self.showing.pages.values())
        if on == self.paying:
            return False
        self.paying = on
        self.ports.paying(self.about, on)
        return True

    def forwarded(self, viewer: Viewer, number: int) -> int:
        """The reference under which a viewer's command goes to the page; its result comes back by it."""
        self._refs += 1
        self._pending[self._refs] = (viewer, number)
        while len(self._pending) > MOST_PENDING:
            self._pending.pop(next(iter(self._pending)))
        return self._refs

    def answered(self, ref: object) -> tuple[Viewer, int] | None:
        """Whose command it was, and its number there; once."""
        return self._pending.pop(ref, None) if isinstance(ref, int) else None

    def end(self, reason: str, by: str) -> None:
        """Stop, forget what was seen, and tell everybody why."""
        if self.ended:
            return
        self.ended = reason
        if by == SYSTEM and reason not in ("page_gone", "contact_ended"):
            _log.warning("co-browsing %s ended: the page sent %s", self.about.id, reason)
        if self.consent.phase is not Phase.STOPPED:
            self.consent = agreed.turn(self.consent, Turn.STOPPED)
            self.showing.shared = False
        self.record(Turn.STOPPED, by, reason if by == SYSTEM else "")
        if self.paying:
            self.paying = False
            self.ports.paying(self.about, False)
        self.showing.purge()
        for page in self.showing.pages.values():
            page.tell({"type": "ended", "reason": reason})
        self.showing.tell_viewers({"type": "ended", "reason": reason})
        self.ports.changed(self)

    def state(self) -> Message:
        """How the session stands, as everybody in it is told. A viewer's `tiers` are those of its own agent."""
        question, active = self.consent.question, self.showing.active
        return {
            "type": "state",
            "phase": self.consent.phase,
            "tiers": {tier: self.consent.tiers[tier] is Answer.ON for tier in Tier},
            "question": question
            and {"id": question.id, "tier": question.tier, "by": self._name(question.by)},
            "watchers": [{"name": one.name, "role": one.role} for one in self.watchers.values()],
            "controls": [self._name(one) for one in sorted(self.consent.holders.get(Tier.CONTROL, ()))],
            "page": self.showing.has_page,
            "epoch": active.epoch if active else "",
            "paying": self.paying,
            "kept": self.about.kept,
        }

    def tell_state(self) -> None:
        """Tell everybody how it stands."""
        state = self.state()
        shared = self.showing.shared and self.watched
        for page in self.showing.pages.values():
            page.tell({**state, "record": shared and page is self.showing.active})
        for viewer in list(self.showing.viewers):
            own = {tier: self.consent.holds(tier, viewer.watcher.agent) for tier in Tier}
            viewer.tell({**state, "tiers": own})
        self.ports.changed(self)

    @property
    def stripped(self) -> int:
        """How many parts of the pages were taken out because they could act."""
        return sum(page.inspection.stripped for page in self.showing.pages.values())

    def _name(self, agent: str) -> str:
        watcher = self.people.get(agent)
        return watcher.name if watcher else agent


def tier_of(message: Message) -> Tier:
    """The tier that a message names. Raises NotAllowed when there is none."""
    try:
        return Tier(str(message.get("tier")))
    except ValueError:
        raise NotAllowed("there is no such tier") from None
