"""Doing anew what somebody else's change at the same moment has undone."""

from collections.abc import Callable
from typing import TypeVar

from orders.errors import Conflict

TRIES = 3
T = TypeVar("T")


def retried(work: Callable[[], T], tries: int = TRIES) -> T:
    """What `work` gives. It enters its unit of work anew each time, and decides on what is there then.

    Raises:
        Conflict: others were quicker every time.
    """
    for _ in range(tries - 1):
        try:
            return work()
        except Conflict:
            continue
    return work()
