"""The viewer's own small app, on an origin of its own: one document, its files, and the WebSocket it watches by.

It has no cookie, no session and no form. Who may watch what is in the ticket.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, abort, make_response, render_template, request
from flask.logging import default_handler
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from agent_ui.cobrowse.errors import BadTicket
from agent_ui.cobrowse.parts import CobrowseParts
from agent_ui.cobrowse.places import REPLAY, VIEWER, View
from agent_ui.cobrowse.sockets import Connection
from agent_ui.cobrowse.upgrades import Upgraded, accepted, said, serve
from agent_ui.security import UNCHANGING
from agent_ui.wiring import EXTENSION, Services, services

blueprint = Blueprint("viewing", __name__)

FILES = "/static/cobrowse"
LARGEST_BODY = 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def create_viewer_app(parts: Services) -> Flask:
    """The app, with the services of the pages' app beside it."""
    app = Flask("agent_ui", static_folder="static/cobrowse", static_url_path=FILES)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    app.logger.removeHandler(default_handler)
    app.extensions[EXTENSION] = parts
    app.after_request(_secured)
    app.register_blueprint(blueprint)
    hops = parts.settings.web.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


@blueprint.get(f"{VIEWER}/<place>")
def viewer(place: str) -> Response:
    """The viewer's document. Of others it loads styles, pictures and fonts, and only the site's own."""
    view = _view_of(place)
    site = services().widget.sites.get(view.site)
    if site is None:
        abort(404)
    shop = services().widget.sites.origins_of(site)
    return _document("cobrowse_viewer.html", view, _parts().viewer_files, viewer_policy(shop, view.desk))


@blueprint.get(f"{REPLAY}/<place>")
def replay(place: str) -> Response:
    """The document that shows a kept page. The desk hands it over by message: it asks nobody for anything else."""
    view = _view_of(place)
    site = services().widget.sites.get(view.site)
    shop = services().widget.sites.origins_of(site) if site else ()
    policy = viewer_policy(shop, view.desk, talks=False)
    return _document("cobrowse_replay.html", view, _parts().replay_files, policy)


@blueprint.get("/cobrowse/v1/watch", websocket=True)
def watch() -> Response:
    """An agent's viewer watches: a WebSocket whose first message holds a ticket."""
    if request.headers.get("Origin", "") != _parts().places.own(request.host_url):
        abort(403)
    connection = accepted()
    serve(connection, lambda hello: _watch(connection, hello))
    return Upgraded()


def viewer_policy(shop: Iterable[str], desk: str, talks: bool = True) -> str:
    """The mirror's document inherits it: no script, nothing sent anywhere, no picture from strangers.

    Only the desk may embed it. No frame but the empty one that the mirror is made in is ever loaded.
    """
    own = " ".join(sorted(shop))
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "connect-src " + ("'self'" if talks else "'none'"),
            f"style-src 'self' 'unsafe-inline' {own}".rstrip(),
            f"img-src data: blob: {own}".rstrip(),
            f"font-src data: {own}".rstrip(),
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors " + (desk or "'none'"),
            "sandbox allow-scripts allow-same-origin",
        )
    )


def _watch(connection: Connection, hello: dict[str, Any]) -> None:
    ticket = _parts().tickets.take(hello.get("ticket"))
    sessions = _parts().sessions
    watcher = sessions.admit(ticket)
    seq = hello.get("seq")
    have = (str(hello.get("epoch", "")), seq if isinstance(seq, int) else 0)
    session, viewer = sessions.watch(watcher, ticket.contact, connection.send, *have)
    try:
        for message, _ in said(connection, lambda: not session.has(viewer)):
            session.viewer_said(viewer, message, sessions.now())
    finally:
        session.viewer_left(viewer)


def _document(template: str, view: View, files: tuple[str, tuple[str, ...]], policy: str) -> Response:
    script, styles = files
    page = make_response(
        render_template(
            template,
            script=f"{FILES}/{script}",
            styles=[f"{FILES}/{style}" for style in styles],
            desk=view.desk,
            lang=view.language,
            t=partial(services().texts.say, view.language),
        )
    )
    page.headers["Content-Security-Policy"] = policy
    return page


def _view_of(place: str) -> View:
    try:
        return _parts().places.read(place)
    except BadTicket:
        abort(404)


def _secured(response: AnyResponse) -> AnyResponse:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    built = request.path.startswith(f"{FILES}/assets/") and response.status_code == 200
    response.headers["Cache-Control"] = UNCHANGING if built else "no-store"
    return response


def _parts() -> CobrowseParts:
    return services().cobrowse
