"""Who failed to log in too often: bans by address and by user name at one address, never by name alone."""

from collections import OrderedDict
from dataclasses import dataclass, field

from pbx.sip.edge_settings import GuardSettings
from pbx.sip.sources import source_key

_CAPACITY = 20_000


@dataclass(frozen=True, slots=True)
class Ban:
    """An address (an IPv6 /64) is refused until `until` (reactor seconds); with `user`, only that name."""

    address: str
    user: str
    until: float
    seconds: float
    times: int


@dataclass(slots=True)
class _Record:
    """Failures in the window, and how often that led to a ban."""

    failures: list[float] = field(default_factory=list)
    ban: Ban | None = None


class Bans:
    """Counts failures and answers who is banned. Times are the reactor's seconds."""

    def __init__(self, settings: GuardSettings) -> None:
        self._settings = settings
        self._records: OrderedDict[tuple[str, str], _Record] = OrderedDict()
        self._active = 0.0

    def failed(self, host: str, user: str, now: float) -> tuple[Ban, ...]:
        """Note a failed login (`user` empty when no name was given); returns the bans that it causes."""
        limits = self._settings
        address = source_key(host)
        counted = {(address, user): limits.ban_after, (address, ""): limits.ban_address_after}
        return tuple(
            ban for key, limit in counted.items() if (ban := self._count(key, limit, now)) is not None
        )

    def succeeded(self, host: str, user: str) -> None:
        """A right login forgives the name's failures at this address, not the address's own."""
        record = self._records.get((source_key(host), user))
        if record is not None:
            record.failures.clear()

    def is_banned(self, host: str, now: float, user: str = "") -> bool:
        """Whether the address is banned, or with `user` the name at it."""
        if now >= self._active:
            return False
        record = self._records.get((source_key(host), user))
        return record is not None and record.ban is not None and now < record.ban.until

    def list(self, now: float) -> tuple[Ban, ...]:
        """The bans in force."""
        bans = (record.ban for record in self._records.values() if record.ban is not None)
        return tuple(ban for ban in bans if now < ban.until)

    def lift(self, address: str, user: str = "") -> bool:
        """End a ban and forget its history; False when there was none. `address` as listed, or a host."""
        key = address if "/" in address else source_key(address)
        record = self._records.pop((key, user), None)
        return record is not None and record.ban is not None

    def _count(self, key: tuple[str, str], limit: int, now: float) -> Ban | None:
        record = self._record(key)
        record.failures = [at for at in record.failures[-limit:] if now - at < self._settings.ban_window]
        record.failures.append(now)
        if len(record.failures) < limit:
            return None
        record.failures.clear()
        record.ban = self._longer(key, record.ban, now)
        self._active = max(self._active, record.ban.until)
        return record.ban

    def _longer(self, key: tuple[str, str], before: Ban | None, now: float) -> Ban:
        limits = self._settings
        recent = before is not None and now - before.until < limits.ban_longest
        times = before.times + 1 if before is not None and recent else 1
        seconds = min(limits.ban_longest, limits.ban_first * 2.0 ** min(times - 1, 32))
        return Ban(key[0], key[1], now + seconds, seconds, times)

    def _record(self, key: tuple[str, str]) -> _Record:
        record = self._records.get(key)
        if record is None:
            if len(self._records) >= _CAPACITY:
                self._records.popitem(last=False)
            record = self._records[key] = _Record()
        self._records.move_to_end(key)
        return record
