"""What all areas of the shop's pages share."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response

from agent_ui.shop.language import PREFIX, give_language, take_language
from agent_ui.shop.visits import visit

P = ParamSpec("P")
T = TypeVar("T")

Answer = Response | str | tuple[str, int]

_AFTER = "after_sign_in"


def area(name: str) -> Blueprint:
    """A blueprint below the language's prefix."""
    blueprint = Blueprint(name, __name__, url_prefix=PREFIX)
    blueprint.url_value_preprocessor(take_language)
    blueprint.url_defaults(give_language)
    return blueprint


def to(endpoint: str, **values: Any) -> Response:
    """Go and look there: after a form was taken, so that going back or reloading repeats nothing."""
    return redirect(url_for(endpoint, **values), 303)


def signed_in_only(view: Callable[P, T]) -> Callable[P, T | Response]:
    """A page for those who are signed in; others do that first and come back."""

    @wraps(view)
    def admitted(*args: P.args, **kwargs: P.kwargs) -> T | Response:
        if visit().customer is None:
            if request.method == "GET":
                session[_AFTER] = request.path
            return to("account.sign_in")
        return view(*args, **kwargs)

    return admitted


def wanted_before_sign_in() -> str | None:
    """The page that somebody came from to sign in; only a path of this shop is ever kept."""
    path: str | None = session.pop(_AFTER, None)
    return path
