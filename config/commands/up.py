"""`comptoir up`: runs both processes, restarts one that dies, stops both on a signal."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from config.database import cause_of, create_engine_for
from config.doctor.ports import busy_ports
from config.lock import AlreadyRunning, state_lock
from config.logging import start_logging
from config.migrating import schema_state
from config.settings import Settings

PROCESSES = ("pbx", "web")
READY_WITHIN = 60.0


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `up`."""
    parser = commands.add_parser("up", help="run everything; Ctrl-C stops it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Supervise both processes until a signal comes; return 1 when they cannot start."""
    try:
        with state_lock(settings.paths.state_dir):
            obstacles = [*_port_obstacles(settings), *_database_obstacles(settings)]
            for obstacle in obstacles:
                print(f"comptoir up: {obstacle}", file=sys.stderr)
            if not obstacles:
                _supervise(_child_options(arguments), settings)
            return 1 if obstacles else 0
    except AlreadyRunning as problem:
        print(f"comptoir up: {problem}", file=sys.stderr)
        return 1


def _supervise(options: Sequence[str], settings: Settings) -> None:
    from twisted.internet import reactor

    from config.supervisor import Supervisor, child_command

    stop_logging = start_logging(settings.logging, "up", twisted=True)
    commands = {name: child_command([*options, name]) for name in PROCESSES}
    supervisor = Supervisor(reactor, commands)
    running: Any = reactor  # zope's interfaces say little to a type checker
    running.callWhenRunning(supervisor.start)
    running.callWhenRunning(_announce, running, settings)
    running.addSystemEventTrigger("before", "shutdown", supervisor.stop)
    running.run()
    stop_logging()


def _announce(reactor: Any, settings: Settings) -> None:
    """Print the addresses as soon as both processes answer."""
    from twisted.internet.defer import ensureDeferred
    from twisted.logger import Logger

    from config.ready import wait_for_ports
    from config.welcome import welcome

    async def announce() -> None:
        ports = [(settings.api.listen, settings.api.port), (settings.web.listen, settings.web.port)]
        if settings.shop.enabled:
            ports.append((settings.shop.listen, settings.shop.port))
        if await wait_for_ports(reactor, ports, READY_WITHIN):
            print(welcome(settings), flush=True)
        else:
            print(f"comptoir up: not ready after {READY_WITHIN:.0f} s; the log says why", file=sys.stderr)

    log = Logger()
    ensureDeferred(announce()).addErrback(lambda failure: log.failure("cannot announce", failure))


def _port_obstacles(settings: Settings) -> list[str]:
    return [f"{finding.found}; {finding.advice}" for finding in busy_ports(settings)]


def _database_obstacles(settings: Settings) -> list[str]:
    engine = create_engine_for(settings.database)
    try:
        state = schema_state(engine)
    except SQLAlchemyError as problem:
        return [f"the database cannot be used ({cause_of(problem)}); `comptoir doctor` tells more"]
    finally:
        engine.dispose()
    return [] if state.up_to_date else ["the database is not up to date; run `comptoir db upgrade`"]


def _child_options(arguments: argparse.Namespace) -> list[str]:
    return ["--settings", str(arguments.settings)] if arguments.settings else []
