"""What the customer has agreed to. Every change goes through one of the two tables; all else is refused.

The customer agrees to each tier apart: `view` (see the page), `point` (mark what is on it), `control` (act on it).
`point` and `control` each need `view`, and are each said to one person: a colleague who joins asks for themselves.
What was agreed to is taken back at any time, and `view` takes all with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from agent_ui.cobrowse.errors import NotAllowed

ANSWER_TIME = 30.0
"""Seconds; a question that is not answered by then was answered with no."""

ASK_AGAIN = 15.0
"""Seconds after a no in which the same question may not be asked again."""

OWN_INPUT = 2.0
"""Seconds for which the customer's own input wins over the agent's."""


class Tier(StrEnum):
    """What is agreed to."""

    VIEW = "view"
    POINT = "point"
    CONTROL = "control"


class Answer(StrEnum):
    """How a tier stands."""

    OFF = "off"
    ASKED = "asked"
    ON = "on"


class Step(StrEnum):
    """What happens to a tier; these are the words of the consent record."""

    ASKED = "asked"
    OFFERED = "offered"
    GRANTED = "granted"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Phase(StrEnum):
    """How the session as a whole stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Turn(StrEnum):
    """What happens to the session as a whole; these are the words of the consent record."""

    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"


ANSWERS: Mapping[tuple[Answer, Step], Answer] = {
    (Answer.OFF, Step.ASKED): Answer.ASKED,
    (Answer.OFF, Step.OFFERED): Answer.ON,
    (Answer.ASKED, Step.GRANTED): Answer.ON,
    (Answer.ASKED, Step.REFUSED): Answer.OFF,
    (Answer.ASKED, Step.TIMED_OUT): Answer.OFF,
    (Answer.ASKED, Step.WITHDRAWN): Answer.OFF,
    (Answer.ON, Step.REVOKED): Answer.OFF,
    # A colleague asks for what another was allowed: whatever is answered, the other keeps it.
    (Answer.ON, Step.ASKED): Answer.ON,
    (Answer.ON, Step.GRANTED): Answer.ON,
    (Answer.ON, Step.REFUSED): Answer.ON,
    (Answer.ON, Step.TIMED_OUT): Answer.ON,
    (Answer.ON, Step.WITHDRAWN): Answer.ON,
}

PHASES: Mapping[tuple[Phase, Turn], Phase] = {
    (Phase.RUNNING, Turn.PAUSED): Phase.PAUSED,
    (Phase.PAUSED, Turn.RESUMED): Phase.RUNNING,
    (Phase.RUNNING, Turn.STOPPED): Phase.STOPPED,
    (Phase.PAUSED, Turn.STOPPED): Phase.STOPPED,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt on the customer's page. `by` is the agent's id, `deadline` on the session's clock."""

    id: int
    tier: Tier
    by: str
    deadline: float


def _none() -> Mapping[Tier, Answer]:
    return dict.fromkeys(Tier, Answer.OFF)


@dataclass(frozen=True, slots=True)
class Consent:
    """How one session's consent stands. Times are seconds on the session's clock.

    `holders` are the ids of those whom the customer allowed to point and to control.
    """

    phase: Phase = Phase.RUNNING
    tiers: Mapping[Tier, Answer] = field(default_factory=_none)
    holders: Mapping[Tier, frozenset[str]] = field(default_factory=dict)
    question: Question | None = None
    asked: int = 0
    refused_at: Mapping[Tier, float] = field(default_factory=dict)
    own_input_at: float = float("-inf")

    def on(self, tier: Tier) -> bool:
        """Whether the tier is agreed to, paused or not."""
        return self.tiers[tier] is Answer.ON

    def may(self, tier: Tier) -> bool:
        """Whether it may be done now."""
        return self.phase is Phase.RUNNING and self.on(Tier.VIEW) and self.on(tier)

    def holds(self, tier: Tier, agent: str) -> bool:
        """Whether the customer agreed to it for this person: who watches at all was agreed to with `view`."""
        return self.on(tier) and (tier is Tier.VIEW or agent in self.holders.get(tier, ()))

    def pre_empted(self, now: float) -> bool:
        """Whether the customer's own input keeps the agent's hands off."""
        return now - self.own_input_at < OWN_INPUT


def ask(consent: Consent, tier: Tier, by: str, now: float) -> Consent:
    """Put a question to the customer. Raises NotAllowed when it cannot be put now."""
    if consent.phase is Phase.STOPPED or consent.question is not None:
        raise NotAllowed("another question is open, or the session is over")
    if tier is not Tier.VIEW and not consent.on(Tier.VIEW):
        raise NotAllowed("the page is not shared")
    if consent.holds(tier, by):
        raise NotAllowed("that is agreed to")
    if now - consent.refused_at.get(tier, float("-inf")) < ASK_AGAIN:
        raise NotAllowed("the customer has just said no")
    number = consent.asked + 1
    question = Question(number, tier, by, now + ANSWER_TIME)
    return replace(_stepped(consent, tier, Step.ASKED), question=question, asked=number)


def answer(consent: Consent, question_id: int, granted: bool, now: float) -> Consent:
    """The customer's answer. Raises NotAllowed when nothing, or something else, is asked, or it comes too late."""
    question = consent.question
    if question is None or question.id != question_id or now >= question.deadline:
        raise NotAllowed("that question is not open")
    return _closed(consent, question, Step.GRANTED if granted else Step.REFUSED, now)


def timed_out(consent: Consent, now: float) -> Consent:
    """The same consent, or one in which the open question was answered with no by nobody answering."""
    question = consent.question
    if question is None or now < question.deadline:
        return consent
    return _closed(consent, question, Step.TIMED_OUT, now)


def withdraw(consent: Consent) -> Consent:
    """The agent takes the open question back. Raises NotAllowed without one."""
    if consent.question is None:
        raise NotAllowed("no question is open")
    return replace(_stepped(consent, consent.question.tier, Step.WITHDRAWN), question=None)


def offer(consent: Consent, tier: Tier) -> Consent:
    """The customer agrees without having been asked. Raises NotAllowed when it is asked, or agreed to already."""
    if consent.phase is Phase.STOPPED or (tier is not Tier.VIEW and not consent.on(Tier.VIEW)):
        raise NotAllowed("the page is not shared")
    return _stepped(consent, tier, Step.OFFERED)


def revoke(consent: Consent, tier: Tier) -> Consent:
    """Take a tier back from all, and with `view` every tier. Raises NotAllowed when it was not agreed to."""
    changed = _stepped(consent, tier, Step.REVOKED)
    if tier is Tier.VIEW:
        for other in (Tier.POINT, Tier.CONTROL):
            changed = _without(changed, other)
        return replace(changed, question=None, holders={})
    question = consent.question
    if question is not None and question.tier is tier:
        changed = replace(changed, question=None)
    return replace(changed, holders={**consent.holders, tier: frozenset[str]()})


def let_go(consent: Consent, agent: str) -> Consent:
    """This person has left for good: what was agreed to for them alone is over."""
    for tier in (Tier.POINT, Tier.CONTROL):
        if consent.holds(tier, agent):
            left = consent.holders[tier] - {agent}
            kept = replace(consent, holders={**consent.holders, tier: left})
            consent = kept if left else revoke(kept, tier)
    return consent


def turn(consent: Consent, event: Turn) -> Consent:
    """Pause, resume or stop the session. Raises NotAllowed when it does not follow."""
    following = PHASES.get((consent.phase, event))
    if following is None:
        raise NotAllowed(f"{event} does not follow {consent.phase}")
    changed = replace(consent, phase=following)
    if following is Phase.STOPPED:
        return replace(changed, question=None, tiers=_none(), holders={})
    return changed


def own_input(consent: Consent, now: float) -> Consent:
    """The customer has typed, clicked or scrolled."""
    return replace(consent, own_input_at=now)


def _closed(consent: Consent, question: Question, step: Step, now: float) -> Consent:
    refused, holders, tier = consent.refused_at, consent.holders, question.tier
    if step is not Step.GRANTED:
        refused = {**refused, tier: now}
    elif tier is not Tier.VIEW:
        holders = {**holders, tier: holders.get(tier, frozenset()) | {question.by}}
    changed = _stepped(consent, tier, step)
    return replace(changed, question=None, refused_at=refused, holders=holders)


def _stepped(consent: Consent, tier: Tier, step: Step) -> Consent:
    following = ANSWERS.get((consent.tiers[tier], step))
    if following is None:
        raise NotAllowed(f"{step} does not follow {consent.tiers[tier]}")
    return replace(consent, tiers={**consent.tiers, tier: following})


def _without(consent: Consent, tier: Tier) -> Consent:
    step = {Answer.ON: Step.REVOKED, Answer.ASKED: Step.WITHDRAWN}.get(consent.tiers[tier])
    return consent if step is None else _stepped(consent, tier, step)
