"""Who may call an outside number, and how much: one pure rule for phones, transfers and the dial plan."""

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Literal

from pbx.sip.directory import EndpointAccount

_HOUR = 3600.0
_FORGOTTEN_AFTER = 12 * _HOUR


@dataclass(frozen=True, slots=True)
class Usage:
    """Outside calls of one account: those up now, and those begun within the last hour."""

    concurrent: int = 0
    last_hour: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a number may not be dialled."""

    id: Literal["dial.not_permitted", "dial.number_plan", "dial.concurrent_cap", "dial.hourly_cap"]
    detail: str


def may_dial(account: EndpointAccount, number: str, usage: Usage) -> Refusal | None:
    """The refusal that is owed to `account` for dialling `number` (E.164), or None when it may."""
    if not account.may_dial_out:
        return Refusal("dial.not_permitted", "No permission to dial out")
    if account.allowed_prefixes and not number.startswith(account.allowed_prefixes):
        return Refusal("dial.number_plan", "Number not allowed")
    if account.max_calls is not None and usage.concurrent >= account.max_calls:
        return Refusal("dial.concurrent_cap", "Too many calls at once")
    if account.max_calls_per_hour is not None and usage.last_hour >= account.max_calls_per_hour:
        return Refusal("dial.hourly_cap", "Too many calls this hour")
    return None


class DialLedger:
    """Which outside calls each account has begun. Times are the reactor's seconds.

    A call is known by its Call-ID (or any unique text); it ends with `ended`, at the latest after 12 hours.
    """

    def __init__(self) -> None:
        self._up: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()
        """By account, the one that began a call last at the end."""
        self._concurrent: dict[str, int] = {}

    def started(self, username: str, call: str, now: float) -> None:
        """An outside call begins; naming it again changes nothing."""
        self._forget_old(now)
        if call not in self._up:
            self._up[call] = (username, now)
            self._concurrent[username] = self._concurrent.get(username, 0) + 1
            self._begun.setdefault(username, deque()).append(now)
            self._begun.move_to_end(username)

    def ended(self, call: str) -> None:
        """The call is over; an unknown one is none of ours."""
        if call not in self._up:
            return
        username, _ = self._up.pop(call)
        self._concurrent[username] -= 1
        if not self._concurrent[username]:
            del self._concurrent[username]

    def knows(self, call: str) -> bool:
        """Whether the call is up: a repeated request for it is no new one."""
        return call in self._up

    def usage(self, username: str, now: float) -> Usage:
        """What `may_dial` wants to know."""
        begun = self._begun.get(username, deque())
        while begun and now - begun[0] >= _HOUR:
            begun.popleft()
        return Usage(self._concurrent.get(username, 0), len(begun))

    def _forget_old(self, now: float) -> None:
        """Guests come once and never again: nothing is kept of who has begun no call for an hour."""
        while self._begun:
            username, begun = next(iter(self._begun.items()))
            if begun and now - begun[-1] < _HOUR:
                break
            del self._begun[username]
        while self._up:
            call, (_, at) = next(iter(self._up.items()))
            if now - at < _FORGOTTEN_AFTER:
                return
            self.ended(call)
