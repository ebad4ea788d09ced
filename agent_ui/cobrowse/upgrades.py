"""A request that becomes a WebSocket: the first message says who it is, the rest is a conversation."""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, abort, request

from agent_ui.cobrowse.errors import BadTicket, CobrowseError
from agent_ui.cobrowse.sockets import HELLO_SECONDS, REFUSED, Connection
from agent_ui.widget.errors import WidgetRefused

_log = logging.getLogger(__name__)


def accepted() -> Connection:
    """The request's WebSocket; 400 for a request that asks for none."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        abort(400)
    return Connection(request.environ)


def serve(connection: Connection, converse: Callable[[dict[str, Any]], None]) -> None:
    """The first message, then whatever follows; who is not wanted is told so by the close code."""
    try:
        hello = connection.receive(timeout=HELLO_SECONDS)
        if hello is not None and hello[0].get("type") == "hello":
            converse(hello[0])
    except (BadTicket, WidgetRefused):
        connection.close(REFUSED)
    except CobrowseError as error:
        connection.send(json.dumps({"type": "ended", "reason": error.id}))
    except ValueError:
        _log.info("a co-browsing connection said what cannot be read")
    finally:
        connection.end()


class Upgraded(Response):
    """Says nothing: the connection was a WebSocket, and is over."""

    def __call__(self, *_: object) -> Iterable[bytes]:
        return []
