"""Everything live at one moment, with the number of the event after which it holds."""

from collections.abc import Callable
from datetime import datetime

from pbx.acd.figures import QueueBoard
from pbx.api.services import Log
from pbx.center import Center
from pbx.contract.resources import ContactView, Snapshot


class Live:
    """Reads the center. Events published in this very turn come after `seq` and repeat what is in here already:
    every one carries whole views, so taking it again changes nothing."""

    def __init__(self, center: Center, board: QueueBoard, log: Log, utc_now: Callable[[], datetime]) -> None:
        self._center = center
        self._board = board
        self._log = log
        self._now = utc_now

    def snapshot(self) -> Snapshot:
        """What /v1/snapshot answers."""
        center, catalog = self._center, self._center.catalog()
        return Snapshot(
            boot=self._log.boot,
            seq=self._log.last,
            at=self._now(),
            agents=center.roster.views(),
            queues=self._board.views(),
            contacts=tuple(call.view() for call in center.switchboard.calls.values()),
            offers=center.dispatch.offers(),
            callbacks=center.callbacks.views(),
            pause_reasons=catalog.pause_reasons,
            dispositions=catalog.dispositions,
        )

    def contact(self, id: str) -> ContactView:
        """One live contact. Raises NotFound."""
        return self._center.switchboard.find(id).view()
