"""Whether the process can do its work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pbx.api.schemas import HealthView

BACKLOG = 1000
"""So many rows wait only when the database is away or much too slow."""


@dataclass(frozen=True, slots=True)
class Health:
    """`database_away` says that the database failed to answer a moment ago."""

    boot: str
    started_at: datetime
    database_away: Callable[[], bool]
    journal_waiting: Callable[[], int]
    live_legs: Callable[[], int]

    def view(self) -> HealthView:
        """What /v1/health answers."""
        away, waiting = self.database_away(), self.journal_waiting()
        return HealthView(
            status="degraded" if away or waiting > BACKLOG else "ok",
            boot=self.boot,
            started_at=self.started_at,
            database="away" if away else "ok",
            journal_waiting=waiting,
            live_legs=self.live_legs(),
        )
