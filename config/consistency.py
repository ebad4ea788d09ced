"""Settings that are right one by one may contradict each other; these are the rules between them."""

from collections.abc import Callable
from dataclasses import dataclass

from config.settings import Settings


@dataclass(frozen=True)
class Rule:
    """A rule between settings: the name to blame, when it holds, and what to do when it does not."""

    name: str
    holds: Callable[[Settings], bool]
    otherwise: str


RULES = (
    Rule(
        "media.rtp_end",
        lambda s: s.media.rtp_end - s.media.rtp_start + 1 >= 4 * s.media.admit_calls,
        "the range from media.rtp_start must hold at least four ports for each of media.admit_calls",
    ),
    Rule(
        "media.admit_calls",
        lambda s: s.media.admit_calls * 4 <= s.media.max_calls,
        "must be at most a quarter of media.max_calls; the other slots are for calls that are ending",
    ),
    Rule(
        "sip.registration_min",
        lambda s: s.sip.registration_min <= s.sip.registration_default <= s.sip.registration_max,
        "sip.registration_min, registration_default and registration_max must be in ascending order",
    ),
    Rule(
        "sip.min_se",
        lambda s: s.sip.min_se <= s.sip.session_expires,
        "must not be longer than sip.session_expires",
    ),
    Rule(
        "sip.ban_time",
        lambda s: s.sip.ban_time <= s.sip.ban_time_max,
        "must not be longer than sip.ban_time_max",
    ),
)


def contradictions(settings: Settings) -> list[Rule]:
    """Return the rules that `settings` break."""
    return [rule for rule in RULES if not rule.holds(settings)]
