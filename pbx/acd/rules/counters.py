"""What is counted, and the ratios made of it. The formulas are those of docs/acd.md, by the same names."""

from __future__ import annotations

from dataclasses import dataclass

from pbx.acd.lifecycles import AgentState, Status


@dataclass(slots=True)
class QueueCounters:
    """One queue since the last reset. Seconds where not counts."""

    queued: int = 0
    answered: int = 0
    answered_in_threshold: int = 0
    answered_waits: float = 0.0
    abandoned: int = 0
    abandoned_after_threshold: int = 0
    short_abandons: int = 0
    diverted: int = 0
    callbacks_answered: int = 0
    callbacks_failed: int = 0
    handled: int = 0
    handle_seconds: float = 0.0

    def count_answer(self, waited: float, threshold: float) -> None:
        """Somebody on the line got an agent."""
        self.answered += 1
        self.answered_waits += waited
        self.answered_in_threshold += waited <= threshold

    def count_abandon(self, waited: float, threshold: float, short: bool) -> None:
        """Somebody on the line hung up; a short abandon is kept apart from the others."""
        if short:
            self.short_abandons += 1
            return
        self.abandoned += 1
        self.abandoned_after_threshold += waited > threshold

    def count_handled(self, seconds: float, contacts: int) -> None:
        """An agent spent `seconds` and thereby finished `contacts` (0 or 1) contacts."""
        self.handled += contacts
        self.handle_seconds += seconds

    def service_level(self) -> float | None:
        """Default form: answered within T / (answered + abandoned after T)."""
        return ratio(self.answered_in_threshold, self.answered + self.abandoned_after_threshold)

    def asa(self) -> float | None:
        """Average speed of answer in seconds: waits of the answered / answered."""
        return ratio(self.answered_waits, self.answered)

    def aht(self) -> float | None:
        """Average handle time in seconds: (talk + hold + wrap-up) / handled."""
        return ratio(self.handle_seconds, self.handled)

    def abandonment(self) -> float | None:
        """Abandoned / queued."""
        return ratio(self.abandoned, self.queued)


@dataclass(slots=True)
class AgentTally:
    """One agent since the last reset; seconds where not counts. `idle` is available and not on any call."""

    handled: int = 0
    missed: int = 0
    declined: int = 0
    talk: float = 0.0
    hold: float = 0.0
    wrap_up: float = 0.0
    idle: float = 0.0

    def plus(self, state: AgentState, ready: bool, seconds: float) -> AgentTally:
        """This tally after `seconds` in `state`; `ready` tells available idleness from any other."""
        total = AgentTally(
            self.handled, self.missed, self.declined, self.talk, self.hold, self.wrap_up, self.idle
        )
        if state == "talking":
            total.talk += seconds
        elif state == "holding":
            total.hold += seconds
        elif state == "wrap_up":
            total.wrap_up += seconds
        elif state == "idle" and ready:
            total.idle += seconds
        return total

    def occupancy(self) -> float | None:
        """(Talk + hold + wrap-up) / (that + available idle)."""
        busy = self.talk + self.hold + self.wrap_up
        return ratio(busy, busy + self.idle)


def is_ready(status: Status, other_calls: int, reachable: bool) -> bool:
    """Whether an idle agent waits for a contact."""
    return status == "available" and not other_calls and reachable


def ratio(part: float, whole: float) -> float | None:
    """Part of a whole, None of nothing."""
    return part / whole if whole else None
