"""What of a session is kept: what its viewers were shown, and nothing while they were shown nothing."""

from dataclasses import dataclass
from enum import StrEnum

from agent_ui.cobrowse.stream import Batch


class Keep(StrEnum):
    """What becomes of a batch."""

    YES = "yes"
    NO = "no"
    SNAPSHOT = "snapshot"
    """Not this one: something before it is missing, and a snapshot must come first."""


@dataclass(slots=True)
class Cut:
    """One session's. `epoch` is the page that what comes next continues; empty after a gap."""

    epoch: str = ""

    @property
    def open(self) -> bool:
        """Whether what is kept goes on."""
        return bool(self.epoch)

    def take(self, batch: Batch, seen: bool) -> Keep:
        """Look at a batch. `seen`: somebody watches, and the customer neither pauses nor pays."""
        if not seen:
            self.epoch = ""
            return Keep.NO
        if batch.whole:
            self.epoch = batch.epoch
            return Keep.YES
        return Keep.YES if batch.epoch == self.epoch else Keep.SNAPSHOT

    def gap(self) -> None:
        """Nothing of what comes continues what is kept, until a snapshot."""
        self.epoch = ""
