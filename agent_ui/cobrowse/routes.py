"""Where pages and viewers connect, the viewer's document, and the desk's tickets for it."""

import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, render_template, request

from agent_ui.auth import call_for, takes_calls, visit
from agent_ui.cobrowse.errors import BadTicket, CobrowseError
from agent_ui.cobrowse.hub import Customer
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.cobrowse.sockets import REFUSED, Connection
from agent_ui.cobrowse.surroundings import SUPERVISOR
from agent_ui.cobrowse.tickets import Ticket
from agent_ui.logins.model import Login
from agent_ui.realtime.audience import may_act_on
from agent_ui.widget.errors import WidgetRefused
from agent_ui.wiring import services

blueprint = Blueprint("cobrowse", __name__)

_log = logging.getLogger(__name__)


def _may_ask(login: Login) -> bool:
    return takes_calls(login) or login.sees_wallboard


@blueprint.post("/api/cobrowse/<contact>/ticket")
@call_for(_may_ask)
def ticket(contact: str) -> dict[str, str]:
    """What lets this desk's viewer in, and where the viewer is. Supervisors may join every contact."""
    found = visit()
    own = found.login.agent_id
    live = services().feed.live
    view = live.contacts.get(contact)
    has_it = own is not None and may_act_on(live, own, contact)
    if view is None or not (has_it or found.login.sees_wallboard):
        abort(404)
    visitor = services().visitors.for_contact(view)
    if visitor is None:
        return {"ticket": "", "viewer": ""}
    role = "agent" if has_it else SUPERVISOR
    watcher = own if has_it and own else found.login.username
    made = Ticket(found.session_id, watcher, found.login.name, role, contact)
    return {"ticket": _parts().tickets.issue(made), "viewer": f"/cobrowse/v1/viewer/{visitor.site}"}


@blueprint.get("/cobrowse/v1/viewer/<site>")
def viewer(site: str) -> Response:
    """The viewer's document. Of others it loads styles, pictures and fonts, and only the site's own."""
    found = services().widget.sites.get(site)
    if found is None:
        abort(404)
    script, styles = _parts().viewer_files
    page = render_template(
        "cobrowse_viewer.html", script=script, styles=styles, desk=_desk_of(request.host_url)
    )
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = viewer_policy(services().widget.sites.origins_of(found))
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def viewer_policy(shop: Iterable[str]) -> str:
    """The mirror's document inherits it: no script, nothing sent anywhere, no picture from strangers."""
    own = " ".join(sorted(shop))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            f"style-src 'self' 'unsafe-inline' {own}".rstrip(),
            f"img-src data: blob: {own}".rstrip(),
            f"font-src data: {own}".rstrip(),
            "frame-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        )
    )


@blueprint.get("/widget/v1/cobrowse", websocket=True)
def share() -> Response:
    """A customer's page shares itself: a WebSocket whose first message says who it is."""
    origin = request.headers.get("Origin", "")
    if not services().widget.sites.knows(origin):
        abort(403)
    connection = _accepted()
    _serve(connection, lambda hello: _share(connection, hello, origin))
    return _Upgraded()


@blueprint.get("/cobrowse/v1/watch", websocket=True)
def watch() -> Response:
    """An agent's viewer watches: a WebSocket whose first message holds a ticket."""
    if request.headers.get("Origin", "") != _desk_of(request.host_url):
        abort(403)
    connection = _accepted()
    _serve(connection, lambda hello: _watch(connection, hello))
    return _Upgraded()


def _share(connection: Connection, hello: dict[str, Any], origin: str) -> None:
    claims = services().widget.tokens.read(str(hello.get("token")))
    site = services().widget.sites.get(claims.site)
    if site is None or not services().widget.sites.has(site, origin):
        raise BadTicket("the page is not the site's")
    sessions = _parts().sessions
    joined = sessions.share(Customer(claims.visitor, claims.site), hello, connection.send)
    if joined is None:
        connection.send('{"type":"none"}')
        return
    session, page = joined
    try:
        while not session.ended and (got := connection.receive()) is not None:
            session.page_said(page, *got, sessions.now())
    finally:
        session.page_left(page, connection.send, sessions.now())


def _watch(connection: Connection, hello: dict[str, Any]) -> None:
    ticket = _parts().tickets.read(hello.get("ticket"))
    sessions = _parts().sessions
    watcher = sessions.admit(ticket)
    seq = hello.get("seq")
    have = (str(hello.get("epoch", "")), seq if isinstance(seq, int) else 0)
    session, viewer = sessions.watch(watcher, ticket.contact, connection.send, *have)
    try:
        while not session.ended and (got := connection.receive()) is not None:
            session.viewer_said(viewer, got[0], sessions.now())
    finally:
        session.viewer_left(viewer)


def _serve(connection: Connection, converse: Any) -> None:
    """The first message, then whatever follows; who is not wanted is told so by the close code."""
    try:
        hello = connection.receive(timeout=10)
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


def _accepted() -> Connection:
    if request.headers.get("Upgrade", "").lower() != "websocket":
        abort(400)
    return Connection(request.environ)


def _desk_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _parts() -> CobrowseParts:
    return services().cobrowse


class _Upgraded(Response):
    """Says nothing: the connection was a WebSocket, and is over."""

    def __call__(self, *_: object) -> Iterable[bytes]:
        return []
