"""Slows down guessing of passwords: attempts are counted by address and by user name."""

from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage

from agent_ui.windows import Windows, source_of

PER_ADDRESS = RateLimitItemPerMinute(20, 1)
PER_USER_AND_ADDRESS = RateLimitItemPerMinute(5, 5)
PER_USER = RateLimitItemPerMinute(50, 15)
"""The last one is generous: nobody shall be able to lock somebody else out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries to sign in."""

    address: str
    username: str


class SignInGuard:
    """Counts attempts before passwords are compared, so that parallel ones count too."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._windows = Windows(storage)

    def wait_for(self, attempt: Attempt) -> int:
        """Count an attempt; the seconds to wait before it may be made, 0 if it may."""
        waits = [self._windows.count(item, *keys) for item, keys in _counted(attempt)]
        return max(waits)

    def succeeded(self, attempt: Attempt) -> None:
        """Forget the failed attempts of somebody who got in."""
        for item, keys in _counted(attempt)[1:]:
            self._windows.forget(item, *keys)


def _counted(attempt: Attempt) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    username = attempt.username.strip().lower()[:64]
    source = source_of(attempt.address)
    return [
        (PER_ADDRESS, ("address", source)),
        (PER_USER_AND_ADDRESS, ("user and address", username, source)),
        (PER_USER, ("user", username)),
    ]
