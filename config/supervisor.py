"""Runs processes under twisted.runner.procmon: restarts one that dies, stops all and waits for them."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.runner.procmon import ProcessMonitor

log = Logger()

STABLE_AFTER = 10
"""A process that lives shorter (seconds) is restarted with a delay that doubles each time."""

LONGEST_DELAY = 30
STOP_TIME = 15
"""Seconds a process has to end its calls before it is killed."""

POLL = 0.05


class _Monitor(ProcessMonitor):
    """Says when a process ends by itself; procmon restarts it silently."""

    threshold = STABLE_AFTER
    maxRestartDelay = LONGEST_DELAY  # noqa: N815 - Twisted's

    def _monitoredProcessExited(self, name: str, reason: Failure | None = None) -> None:  # noqa: N802 - Twisted's
        if self.running:
            cause = reason.getErrorMessage() if reason is not None else "unknown"
            log.error("{process} ended and is started again: {cause}", process=name, cause=cause)
        super()._monitoredProcessExited(name, reason)


class Supervisor:
    """Keeps a set of named commands running."""

    def __init__(
        self, reactor: Any, commands: Mapping[str, Sequence[str]], stop_time: int = STOP_TIME
    ) -> None:
        """`commands` maps names to argument vectors; they inherit this process's environment."""
        self._reactor = reactor
        self._monitor = _Monitor(reactor)
        self._monitor.killTime = stop_time
        for name, words in commands.items():
            self._monitor.addProcess(name, list(words), env=None)  # type: ignore[arg-type]

    def start(self) -> None:
        """Start every process."""
        self._monitor.startService()

    def running(self) -> dict[str, int]:
        """Map the names of the running processes to their ids."""
        transports: dict[str, Any] = {
            name: protocol.transport for name, protocol in self._monitor.protocols.items()
        }
        return {name: transport.pid for name, transport in transports.items() if transport is not None}

    def stop(self) -> "Deferred[None]":
        """Ask every process to end; the result fires when all have ended."""
        self._monitor.stopService()
        waiting = LoopingCall(self._check_all_ended)
        waiting.clock = self._reactor
        self._waiting = waiting
        return waiting.start(POLL).addCallback(lambda _: None)

    def _check_all_ended(self) -> None:
        if not self._monitor.protocols:
            self._waiting.stop()


def child_command(arguments: Sequence[str]) -> list[str]:
    """Return the argument vector that runs a `comptoir` sub-command as a supervised child."""
    return [sys.executable, "-m", "config.child", *arguments]
