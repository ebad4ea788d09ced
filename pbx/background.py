"""Starting work that nobody waits for; its failure is logged, never lost."""

from collections.abc import Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

_log = Logger()


def start(work: Coroutine[Deferred[Any], Any, Any], name: str) -> Deferred[Any]:
    """Run a coroutine in the background; the Deferred returned can be cancelled."""

    def failed(failure: Failure) -> None:
        if not isinstance(failure.value, CancelledError):
            _log.failure("Background work failed: {task}", failure=failure, task=name)

    return Deferred.fromCoroutine(work).addErrback(failed)
