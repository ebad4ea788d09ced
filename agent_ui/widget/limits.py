"""How often one address may ask for what costs something."""

from math import ceil
from time import time
from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter

from agent_ui.logins.guard import source_of
from agent_ui.widget.errors import TooOften
from config.settings import WidgetSettings

What = Literal["session", "call", "return", "callback", "code"]


class Throttle:
    """Counts by address, or for IPv6 by its /64. Many customers may share one address, so only calls are few."""

    def __init__(self, settings: WidgetSettings, storage: Storage | None = None) -> None:
        self._windows = MovingWindowRateLimiter(storage or MemoryStorage())
        self._items: dict[What, RateLimitItem] = {
            "session": RateLimitItemPerMinute(300, 1),
            "call": RateLimitItemPerMinute(settings.calls_per_address, 10),
            "return": RateLimitItemPerMinute(60, 10),
            "callback": RateLimitItemPerMinute(settings.callbacks_per_address, 60),
            "code": RateLimitItemPerMinute(30, 10),
        }

    def count(self, what: What, address: str) -> None:
        """Count one.

        Raises:
            TooOften: it was one too many.
        """
        item, source = self._items[what], source_of(address)
        if not self._windows.hit(item, what, source):
            wait = self._windows.get_window_stats(item, what, source).reset_time - time()
            raise TooOften(minutes=str(max(1, ceil(wait / 60))))
