"""A request that becomes a WebSocket: the first message says who it is, the rest is a conversation."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

from flask import Response, abort, request

from agent_ui.cobrowse.commands import Rate
from agent_ui.cobrowse.errors import BadTicket, CobrowseError
from agent_ui.cobrowse.sockets import HELLO_SECONDS, REFUSED, TOO_MUCH, UNREADABLE, Connection
from agent_ui.widget.errors import WidgetRefused
from agent_ui.wiring import services

MESSAGES, MESSAGES_A_SECOND = 1000.0, 200.0
CHARACTERS, CHARACTERS_A_SECOND = 32e6, 1e6
"""How much one connection may say at once, and from then on: some times what a busy page says."""

_log = logging.getLogger(__name__)


def accepted() -> Connection:
    """The request's WebSocket; 400 for a request that asks for none."""
    if request.headers.get("Upgrade", "").lower() != "websocket":
        abort(400)
    return Connection(request.environ, services().cobrowse.sessions.beside)


def serve(connection: Connection, converse: Callable[[dict[str, Any]], None]) -> None:
    """The first message, then whatever follows; who is not wanted is told so by the close code."""
    try:
        hello = connection.receive(timeout=HELLO_SECONDS)
        if hello is not None and hello[0].get("type") == "hello":
            converse(hello[0])
    except (BadTicket, WidgetRefused):
        _log.info("a co-browsing connection is refused")
        connection.close(REFUSED)
    except CobrowseError as error:
        connection.send(json.dumps({"type": "ended", "reason": error.id}))
    except ValueError:
        _log.warning("a co-browsing connection is closed: it said what cannot be read")
        connection.close(UNREADABLE)
    finally:
        connection.end()


def said(connection: Connection, over: Callable[[], bool]) -> Iterator[tuple[dict[str, Any], int]]:
    """What the peer says, message by message, with their sizes, until it is `over`.

    A peer that says too much is sent away.
    """
    messages = Rate(MESSAGES, most=MESSAGES, per_second=MESSAGES_A_SECOND)
    characters = Rate(CHARACTERS, most=CHARACTERS, per_second=CHARACTERS_A_SECOND)
    while not over() and (got := connection.receive()) is not None and not over():
        now = monotonic()
        if not (messages.take(now) and characters.take(now, got[1])):
            _log.warning("a co-browsing connection is closed: it says too much")
            connection.close(TOO_MUCH)
            return
        yield got


class Upgraded(Response):
    """Says nothing: the connection was a WebSocket, and is over."""

    def __call__(self, *_: object) -> Iterable[bytes]:
        return []
