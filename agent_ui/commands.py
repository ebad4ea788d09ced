"""`comptoir web`: serves the pages until it is told to stop."""

import argparse
import signal
import sys

from config.settings import Settings


def web(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `web`."""
    parser = commands.add_parser("web", help="serve the agents' pages and the shop (`up` runs it)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; 1 when the address cannot be listened on."""
    import gevent
    from gevent.event import Event

    from agent_ui.app import create_app
    from agent_ui.control.http import HttpControl
    from agent_ui.server import nothing_beside, serve_until
    from agent_ui.shop.server import shop_beside
    from config.database import create_engine_for, session_factory
    from config.logging import start_logging

    stop_logging = start_logging(settings.logging, "web")
    engine = create_engine_for(settings.database)
    control = HttpControl(settings.api.listen, settings.api.port, settings.api.token)
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stopped.set)
    sessions = session_factory(engine)
    web = create_app(settings, control, sessions)
    beside = shop_beside(web, settings, sessions) if settings.shop.enabled else nothing_beside
    try:
        serve_until(stopped, web, settings.web, beside)
    except OSError as error:
        where = "web.listen, web.port, web.viewer_port, or on the shop's ports"
        print(f"comptoir web: cannot listen on {where}: {error}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
        stop_logging()
    return 0
