"""Who is asking: the visit behind a request, and what it is allowed."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from agent_ui.logins.model import Login
from agent_ui.logins.sessions import Browser, Visit, session_id_of, visit_of
from agent_ui.wiring import services

P = ParamSpec("P")
T = TypeVar("T")

TOKEN = "token"  # noqa: S105 - the key in the signed cookie, not a secret


def current_visit() -> Visit | None:
    """The valid session this request belongs to, read once per request."""
    if "visit" not in g:
        token = session.get(TOKEN)
        g.visit = None
        if isinstance(token, str):
            g.visit = services().storage.run(visit_of, session_id_of(token), datetime.now(UTC))
    visit: Visit | None = g.visit
    return visit


def visit() -> Visit:
    """The session of a request that `signed_in` has admitted; 401 without one."""
    found = current_visit()
    if found is None:
        abort(401)
    return found


def agent_id() -> str:
    """The agent whose desk the person sees; 403 for one who takes no calls."""
    own = visit().login.agent_id
    if own is None:
        abort(403)
    return own


def browser() -> Browser:
    """Where the request comes from."""
    return Browser(request.remote_addr or "", request.user_agent.string)


def page_for(allowed: Callable[[Login], bool]) -> Callable[[Callable[P, T]], Callable[P, T | Response]]:
    """A page for those it is allowed: others sign in, or first choose a password of their own."""

    def decorate(view: Callable[P, T]) -> Callable[P, T | Response]:
        @wraps(view)
        def admitted(*args: P.args, **kwargs: P.kwargs) -> T | Response:
            found = current_visit()
            if found is None:
                return redirect(url_for("session.login"))
            if found.login.must_change and request.endpoint != "session.password":
                return redirect(url_for("session.password"))
            if not allowed(found.login):
                abort(403)
            return view(*args, **kwargs)

        return admitted

    return decorate


def call_for(allowed: Callable[[Login], bool]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A call of the page's script for those it is allowed: 401 or 403 for others."""

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def admitted(*args: P.args, **kwargs: P.kwargs) -> T:
            login = visit().login
            if login.must_change or not allowed(login):
                abort(403)
            return view(*args, **kwargs)

        return admitted

    return decorate


def anybody(_: Login) -> bool:
    """Everyone who is signed in."""
    return True


def takes_calls(login: Login) -> bool:
    """Agents, and supervisors who have a desk."""
    return login.agent_id is not None


def sees_wallboard(login: Login) -> bool:
    """Supervisors and admins."""
    return login.sees_wallboard


def manages_users(login: Login) -> bool:
    """Admins."""
    return login.manages_users
