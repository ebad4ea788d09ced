"""Slows down guessing of passwords: attempts are counted by address and by user name."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter

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
        self._windows = MovingWindowRateLimiter(storage or MemoryStorage())

    def wait_for(self, attempt: Attempt) -> int:
        """Count an attempt; the seconds to wait before it may be made, 0 if it may."""
        waits = [self._wait(item, keys) for item, keys in _counted(attempt)]
        return max(waits)

    def succeeded(self, attempt: Attempt) -> None:
        """Forget the failed attempts of somebody who got in."""
        for item, keys in _counted(attempt)[1:]:
            self._windows.clear(item, *keys)

    def _wait(self, item: RateLimitItem, keys: tuple[str, ...]) -> int:
        if self._windows.hit(item, *keys):
            return 0
        return max(1, ceil(self._windows.get_window_stats(item, *keys).reset_time - time()))


def _counted(attempt: Attempt) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    username = attempt.username.strip().lower()[:64]
    source = source_of(attempt.address)
    return [
        (PER_ADDRESS, ("address", source)),
        (PER_USER_AND_ADDRESS, ("user and address", username, source)),
        (PER_USER, ("user", username)),
    ]


def source_of(address: str) -> str:
    """An address, or for IPv6 its /64, which is what one subscriber has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
