"""Gathering keys: a pure machine that says when enough have come."""

from dataclasses import dataclass
from typing import Literal

CollectOutcome = Literal["complete", "terminated", "timeout", "no_input"]


@dataclass(frozen=True, slots=True)
class Collecting:
    """Keys so far, the most that are wanted, and the key that ends them ("" for none)."""

    max_digits: int
    terminator: str = ""
    keys: str = ""

    def press(self, key: str) -> "tuple[Collecting, CollectOutcome | None]":
        """Take one key; an outcome when it was the last."""
        if self.terminator and key == self.terminator:
            return self, "terminated"
        grown = Collecting(self.max_digits, self.terminator, self.keys + key)
        return grown, ("complete" if len(grown.keys) >= self.max_digits else None)

    def run_out(self) -> CollectOutcome:
        """The outcome when no further key came in time."""
        return "timeout" if self.keys else "no_input"
