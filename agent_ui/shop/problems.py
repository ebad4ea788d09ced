"""How errors become answers in the shop: all of it is in this file."""

from flask import Flask, flash, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from agent_ui.shop.language import language
from agent_ui.shop.visits import refresh, visit
from orders.errors import CartClosed, CartNotFound, Conflict
from orders.model.text import LANGUAGES

Answer = Response | tuple[str, int]

_TEXTS = {400: "problem.invalid", 404: "problem.not_found", 405: "problem.not_found", 413: "problem.invalid"}


def register(app: Flask) -> None:
    """Answer every error of the shop."""
    app.register_error_handler(CartClosed, _cart_gone)
    app.register_error_handler(CartNotFound, _cart_gone)
    app.register_error_handler(Conflict, _cart_gone)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)


def _cart_gone(_: Exception) -> Answer:
    """The cart became an order, or somebody changed it at the same moment."""
    refresh()
    flash("cart.moved", "problem")
    return redirect(f"/{_language()}/cart", 303)


def _csrf(_: CSRFError) -> Answer:
    return _page("problem.stale", 400)


def _http(error: HTTPException) -> Answer:
    code = error.code or 500
    return _page(_TEXTS.get(code, "problem.server"), code)


def _page(key: str, code: int) -> Answer:
    if code >= 500:
        g.visit = None  # whatever failed may fail again: the page does without the cart
    else:
        visit()
    g.lang = _language()
    return render_template("shop/problem.html", problem=key), code


def _language() -> str:
    """The language of the address, even of one that leads nowhere."""
    first = request.path.split("/")[1] if "/" in request.path else ""
    return first if first in LANGUAGES else language()
