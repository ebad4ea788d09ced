"""`comptoir web`: serves the pages until it is told to stop."""

import argparse
import signal
import sys

from config.settings import Settings


def web(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `web`."""
    parser = commands.add_parser("web", help="serve the agents' pages (`up` runs it)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; 1 when the address cannot be listened on."""
    import gevent
    from gevent.event import Event

    from agent_ui.app import create_app
    from agent_ui.control.http import HttpControl
    from agent_ui.server import serve_until
    from config.database import create_engine_for, session_factory
    from config.logging import start_logging

    stop_logging = start_logging(settings.logging, "web")
    engine = create_engine_for(settings.database)
    control = HttpControl(settings.api.listen, settings.api.port, settings.api.token)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set)
    try:
        serve_until(
            stopped,
            create_app(settings, control, session_factory(engine)),
            settings.web.listen,
            settings.web.port,
        )
    except OSError as error:
        print(f"comptoir web: cannot listen on web.listen, web.port: {error}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
        stop_logging()
    return 0
