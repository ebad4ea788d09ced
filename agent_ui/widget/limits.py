"""How often one address may ask for what costs something."""

from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import Storage

from agent_ui.widget.errors import TooOften
from agent_ui.windows import Windows, in_minutes, source_of
from config.settings import WidgetSettings

What = Literal["session", "call", "return", "callback", "code"]


class Throttle:
    """Counts by address, or for IPv6 by its /64. Many customers may share one address, so only calls are few."""

    def __init__(self, settings: WidgetSettings, storage: Storage | None = None) -> None:
        self._windows = Windows(storage)
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
        if wait := self._windows.count(self._items[what], what, source_of(address)):
            raise TooOften(minutes=in_minutes(wait))
