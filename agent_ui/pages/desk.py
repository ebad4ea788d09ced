"""The pages of the front end: one shell for all, started with who is signed in and what they may see."""

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from agent_ui.auth import anybody, manages_users, page_for, sees_wallboard, takes_calls, visit
from agent_ui.carts.limits import discount_limit_of
from agent_ui.edge_address import edge_origin
from agent_ui.logins.model import Login
from agent_ui.messages import Boot, PageName, PreferencesView
from agent_ui.security import shell_headers, softphone_headers
from agent_ui.wiring import services

blueprint = Blueprint("desk", __name__)

ALLOWED: tuple[tuple[PageName, Callable[[Login], bool]], ...] = (
    ("desk", takes_calls),
    ("wallboard", sees_wallboard),
    ("recordings", sees_wallboard),
    ("users", manages_users),
)


@blueprint.get("/")
@page_for(anybody)
def home() -> Response:
    """The first page a person may see."""
    return redirect(url_for(f"desk.{pages_of(visit().login)[0]}"))


@blueprint.get("/desk")
@page_for(takes_calls)
def desk() -> Response:
    """An agent's desk."""
    return _shell()


@blueprint.get("/wallboard")
@page_for(sees_wallboard)
def wallboard() -> Response:
    """Agents, queues and contacts, live."""
    return _shell()


@blueprint.get("/recordings")
@page_for(sees_wallboard)
def recordings() -> Response:
    """What was recorded and kept."""
    return _shell()


@blueprint.get("/users")
@page_for(manages_users)
def users() -> Response:
    """Who may sign in."""
    return _shell()


def pages_of(login: Login) -> tuple[PageName, ...]:
    """The pages a person may see, the most useful one first."""
    return tuple(page for page, may in ALLOWED if may(login))


def preferences_of(login: Login) -> PreferencesView:
    """How the person likes the pages."""
    chosen = login.preferences
    return PreferencesView(
        language=chosen.language,
        theme=chosen.theme,
        ring_sound=chosen.ring_sound,
        shortcuts=chosen.shortcuts,
    )


def _shell() -> Response:
    login = visit().login
    boot = Boot(
        username=login.username,
        name=login.name,
        role=login.role,
        agent_id=login.agent_id,
        preferences=preferences_of(login),
        csrf=generate_csrf(),
        pages=pages_of(login),
        discount_limit=discount_limit_of(login, services().settings.web),
    )
    page = make_response(render_template("app.html", boot=boot.model_dump(mode="json")))
    viewer = services().cobrowse.places.viewer(request.host_url)
    page.headers.update(shell_headers(viewer))
    if takes_calls(login):
        edge = edge_origin(services().settings, request.host_url)
        page.headers.update(softphone_headers(viewer, edge))
    return page
