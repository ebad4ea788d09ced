"""What each source address has cost and earned: messages a second, and bytes in against bytes out."""

import ipaddress
from collections import OrderedDict
from functools import lru_cache

_MOST_CREDIT = 16_384
_VERIFIED_FOR = 3600.0
_ADVANCE = 4096
_ADVANCE_EVERY = 5.0


@lru_cache(maxsize=16_384)
def source_key(host: str) -> str:
    """What counts as one source: an IPv4 address, or an IPv6 /64 (RFC 6177's least assignment)."""
    address = ipaddress.ip_address(host)
    if address.version == 4:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


class Source:
    """One source's bucket of messages and its credit of bytes."""

    __slots__ = ("advanced_at", "credit", "filled_at", "tokens", "verified_until")

    def __init__(self, tokens: float, now: float) -> None:
        self.tokens = tokens
        self.filled_at = now
        self.credit = 0
        self.verified_until = 0.0
        self.advanced_at = -_ADVANCE_EVERY

    def take(self, rate: float, burst: float, now: float) -> bool:
        """Use up one message of the bucket; False when it is empty."""
        self.tokens = min(burst, self.tokens + (now - self.filled_at) * rate)
        self.filled_at = now
        if self.tokens < 1.0:
            return False
        self.tokens -= 1.0
        return True

    def received(self, size: int) -> None:
        """The source sent `size` bytes, which may be answered with as many."""
        self.credit = min(_MOST_CREDIT, self.credit + size)

    def advance(self, now: float) -> None:
        """Let a stranger's call be answered before it can prove its address: seldom, and not for much."""
        if now - self.advanced_at >= _ADVANCE_EVERY:
            self.advanced_at = now
            self.received(_ADVANCE)

    def spend(self, size: int, now: float) -> bool:
        """Use up credit for an answer; False when it is longer than what is left.

        A source that has shown that it receives what we send is not counted.
        """
        if now < self.verified_until:
            return True
        if size > self.credit:
            return False
        self.credit -= size
        return True

    def verified(self, now: float) -> None:
        """The source returned something only its receiver can know: it is no forged address."""
        self.verified_until = now + _VERIFIED_FOR


class Sources:
    """All sources seen lately, at most `capacity`; the longest silent is forgotten first."""

    def __init__(self, burst: float, capacity: int = 50_000) -> None:
        self._burst = burst
        self._capacity = capacity
        self._known: OrderedDict[str, Source] = OrderedDict()

    def of(self, host: str, now: float) -> Source:
        """The record of this address's source."""
        key = source_key(host)
        source = self._known.get(key)
        if source is None:
            if len(self._known) >= self._capacity:
                self._known.popitem(last=False)
            source = self._known[key] = Source(self._burst, now)
        else:
            self._known.move_to_end(key)
        return source
