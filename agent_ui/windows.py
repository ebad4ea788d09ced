"""Counts in moving windows: how often somebody has done something lately. In memory: a restart forgets it."""

from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import time

from limits import RateLimitItem
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter


class Windows:
    """Each item says how often at most; the keys beside it say who does what."""

    def __init__(self, storage: Storage | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(storage or MemoryStorage())

    def count(self, item: RateLimitItem, *keys: str) -> int:
        """Count one; the seconds to wait before it may be done, 0 if it may."""
        return 0 if self._limiter.hit(item, *keys) else self._wait(item, keys)

    def wait(self, item: RateLimitItem, *keys: str) -> int:
        """The seconds to wait before one more may be done, 0 if it may; nothing is counted."""
        return 0 if self._limiter.test(item, *keys) else self._wait(item, keys)

    def forget(self, item: RateLimitItem, *keys: str) -> None:
        """Count from 0 again."""
        self._limiter.clear(item, *keys)

    def _wait(self, item: RateLimitItem, keys: tuple[str, ...]) -> int:
        return max(1, ceil(self._limiter.get_window_stats(item, *keys).reset_time - time()))


def in_minutes(seconds: int) -> str:
    """A wait in whole minutes, as the words want it."""
    return str(ceil(seconds / 60))


def source_of(address: str) -> str:
    """An address, or for IPv6 its /64, which is what one subscriber has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)
