"""Threads for what blocks: the database, the control API, hashing. The event loop goes on meanwhile.

The web process is not monkey-patched: whatever waits is either a gevent call or runs here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar, cast

import gevent
from gevent.event import AsyncResult
from gevent.threadpool import ThreadPool

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


class Pending(Generic[T]):
    """Work under way in a worker."""

    def __init__(self, result: AsyncResult) -> None:
        self._result = result

    def get(self, timeout: float | None = None) -> T:
        """Wait for the answer while other greenlets run; raises what the work raised.

        Raises:
            TimeoutError: it took longer than `timeout` seconds; the work goes on and is forgotten.
        """
        try:
            outcome = self._result.get(timeout=timeout)
        except gevent.Timeout:
            raise TimeoutError("the work is not done yet") from None
        if isinstance(outcome, _Failed):
            raise outcome.error
        return cast(T, outcome)


class Workers:
    """At most `size` threads."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPool(size)

    def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do it in a worker and wait for the answer."""
        return self.start(work, *args, **kwargs).get()

    def start(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Pending[T]:
        """Do it in a worker."""
        # A worker that raises would have its trace printed by gevent, even if the caller expects the error.
        return Pending(self._pool.spawn(_outcome, work, args, kwargs))

    def stop(self) -> None:
        """End the threads once they are idle."""
        self._pool.kill()


def _outcome(work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T | _Failed:
    try:
        return work(*args, **kwargs)
    except Exception as error:
        return _Failed(error)
