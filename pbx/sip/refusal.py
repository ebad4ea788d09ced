"""What is owed to a request that goes no further."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A status, its reason phrase and the headers that explain it."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()
