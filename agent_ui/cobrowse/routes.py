"""Where customers' pages connect, and the desk's tickets for its viewer."""

from typing import Any

from flask import Blueprint, Response, abort, request

from agent_ui.auth import call_for, takes_calls, visit
from agent_ui.cobrowse.errors import BadTicket
from agent_ui.cobrowse.hub import Customer
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.cobrowse.places import View
from agent_ui.cobrowse.sockets import Connection
from agent_ui.cobrowse.surroundings import SUPERVISOR
from agent_ui.cobrowse.tickets import Ticket
from agent_ui.cobrowse.upgrades import Upgraded, accepted, said, serve
from agent_ui.logins.model import Login
from agent_ui.realtime.audience import may_act_on
from agent_ui.wiring import services

blueprint = Blueprint("cobrowse", __name__)


def _may_ask(login: Login) -> bool:
    return takes_calls(login) or login.sees_wallboard


@blueprint.post("/api/cobrowse/<contact>/ticket")
@call_for(_may_ask)
def ticket(contact: str) -> dict[str, str]:
    """What lets this desk's viewer in, and where the viewer is. Supervisors may join every contact."""
    found = visit()
    own = found.login.agent_id
    live = services().feed.live
    known = live.contacts.get(contact)
    has_it = own is not None and may_act_on(live, own, contact)
    if known is None or not (has_it or found.login.sees_wallboard):
        abort(404)
    visitor = services().visitors.for_contact(known)
    if visitor is None:
        return {"ticket": "", "viewer": ""}
    role = "agent" if has_it else SUPERVISOR
    watcher = own if has_it and own else found.login.username
    made = Ticket(found.session_id, watcher, found.login.name, role, contact)
    desk = _parts().places.desk(request.host_url, request.headers.get("Origin", ""))
    view = View(visitor.site, desk, found.login.preferences.language)
    return {
        "ticket": _parts().tickets.issue(made),
        "viewer": _parts().places.address(request.host_url, view),
    }


@blueprint.get("/widget/v1/cobrowse", websocket=True)
def share() -> Response:
    """A customer's page shares itself: a WebSocket whose first message says who it is."""
    origin = request.headers.get("Origin", "")
    if not services().widget.sites.knows(origin):
        abort(403)
    connection = accepted()
    serve(connection, lambda hello: _share(connection, hello, origin))
    return Upgraded()


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
        for message, size in said(connection, lambda: bool(session.ended)):
            session.page_said(page, message, size, sessions.now())
    finally:
        session.page_left(page, connection.send, sessions.now())


def _parts() -> CobrowseParts:
    return services().cobrowse
