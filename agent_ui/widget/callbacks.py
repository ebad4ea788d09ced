"""Which callback each visitor has asked for, and its place among those who wait."""

from agent_ui.latest import Latest
from agent_ui.realtime.live import Live
from pbx.contract.base import Moment
from pbx.contract.resources import CallbackView, ContactView

KEPT = 5_000


class VisitorCallbacks:
    """The latest of each visitor, for as long as this process runs."""

    def __init__(self) -> None:
        self._ids: Latest[str] = Latest(KEPT)

    def keep(self, visitor_id: str, callback_id: str) -> None:
        """This visitor asked for this callback."""
        self._ids.put(visitor_id, callback_id)

    def of(self, visitor_id: str) -> str | None:
        """The callback that this visitor asked for."""
        return self._ids.get(visitor_id)

    def forget(self, visitor_id: str) -> None:
        """It is over."""
        self._ids.drop(visitor_id)


def place_of_callback(callback: CallbackView, live: Live) -> int:
    """1 for the next to be called."""
    return 1 + _earlier(callback.queue, callback.requested_at, live)


def place_of_caller(contact: ContactView, live: Live) -> int | None:
    """1 for the next to be answered; None for who does not wait."""
    if contact.state != "queued" or contact.queue is None or contact.queued_at is None:
        return None
    return 1 + _earlier(contact.queue, contact.queued_at, live)


def _earlier(queue: str, moment: Moment, live: Live) -> int:
    callers = sum(
        1
        for one in live.contacts.values()
        if one.queue == queue and one.state == "queued" and one.queued_at and one.queued_at < moment
    )
    callbacks = (one for one in live.callbacks.values() if one.queue == queue and one.state == "waiting")
    return callers + sum(1 for one in callbacks if one.requested_at < moment)
